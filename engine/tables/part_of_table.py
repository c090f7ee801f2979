"""Some rows of a table of pupils as a table of their own."""

from functools import partial

import numpy as np

from engine.columns import Int
from engine.tables.chosen_pupils import ChosenPupils
from engine.tables.combinations import frozen
from engine.tables.pupils import LaterRows, PupilTable


def part_of(whole: PupilTable, chosen: ChosenPupils, names: tuple[str, ...] = ()) -> PupilTable:
    """Return the chosen rows of a table, in its order; where a pupil has several, all of them or one must be chosen.

    The placements are those of the whole table, and some may have no pupil. Its keys are not looked at
    until they are asked for. Of what the table is laid out by, the combinations of the columns ``names`` are kept.
    """
    where = chosen.where
    later, first = whole.later_rows
    inside = is_among(where, later) & is_among(where, first)
    again = LaterRows(*(frozen(np.searchsorted(where, one[inside])) for one in (later, first)))
    return PupilTable(
        file_keys=partial(whole.keys_of, where),
        columns=chosen.columns,
        rows=chosen.rows,
        labels=whole.labels,
        offsets=chosen.offsets,
        placement_la=whole.placement_la,
        placement_urn=whole.placement_urn,
        common=tuple(one for one in chosen.common if one.names == names) if names else (),
        narrow=(chosen.narrow_by(names),) if names else (),
        known_dated=chosen.dated,
        notices=whole.notices,
        by_key=whole.by_key,
        known_later_rows=again,
    )


def is_among(where: Int, rows: Int) -> np.ndarray:
    """Return which of some rows are among those at ``where``, ascending places."""
    if not len(where):
        return np.zeros(len(rows), np.bool_)
    place = np.minimum(np.searchsorted(where, rows), len(where) - 1)
    found: np.ndarray = where[place] == rows
    return found
