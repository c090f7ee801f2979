"""Part of a table of pupils: those of some authorities, with every other row of theirs."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from engine.tables.chosen_pupils import some_pupils
from engine.tables.combinations import frozen
from engine.tables.part_of_table import part_of
from engine.tables.pupils import PupilTable


class Authorities(NamedTuple):
    """Authorities one after another in a table, by the codes of the first and of the last."""

    first: int
    last: int


def authorities_of(pupils: PupilTable, rows: int) -> Iterator[Authorities]:
    """Yield the authorities of a table in its order, each time as many as have at least so many ``rows``."""
    la = pupils.placement_la
    starts = np.flatnonzero(np.r_[True, la[1:] != la[:-1]]) if len(la) else np.zeros(0, np.int64)
    held, first = 0, None
    for start, stop in zip(starts, np.r_[starts[1:], len(la)], strict=False):
        first = int(la[start]) if first is None else first
        held += int(pupils.offsets[stop] - pupils.offsets[start])
        if held >= rows or stop == len(la):
            yield Authorities(first, int(la[start]))
            held, first = 0, None


def pupils_of(pupils: PupilTable, authorities: Authorities) -> PupilTable:
    """Return the rows of some authorities and every other row of their pupils, in the order of the table.

    A pupil's spells are rounded together, so that what is paid for one depends on the others. The table itself where
    these are all of its rows.
    """
    first = int(np.searchsorted(pupils.placement_la, authorities.first, "left"))
    last = int(np.searchsorted(pupils.placement_la, authorities.last, "right"))
    start, stop = int(pupils.offsets[first]), int(pupils.offsets[last])
    if stop - start == len(pupils):
        return pupils
    later, first_rows = pupils.later_rows
    inside = (later >= start) & (later < stop)
    inside |= (first_rows >= start) & (first_rows < stop)
    theirs = np.isin(first_rows, first_rows[inside])
    rows = (np.arange(start, stop), later[theirs], first_rows[theirs])
    where = frozen(np.unique(np.concatenate(rows)).astype(np.int64))
    part = part_of(pupils, some_pupils(pupils, where))
    there = np.flatnonzero(np.diff(part.offsets))
    return replace(
        part,
        offsets=frozen(np.r_[part.offsets[there], len(where)].astype(np.int64)),
        placement_la=frozen(part.placement_la[there]),
        placement_urn=frozen(part.placement_urn[there]),
    )
