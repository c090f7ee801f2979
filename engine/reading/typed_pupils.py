"""Pupils of a source whose columns have types: narrow at once, in the order of their placements.

What ``typed_columns`` and ``typed_keys`` do not read as plain is left to ``pupils``, which reads the
whole table as text. Both give the same table and the same notices, or the second its refusal.
"""

from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np
import polars as pl

from engine.columns import Column, ColumnSelection
from engine.notices import Notice, of_table
from engine.reading.commissioners import LA, Commissioners, codes_of_rows
from engine.reading.library_panic import PanicOfLibrary, without_traces
from engine.reading.row_checks import KEY, NO_UPN, ONE_STAY_AT_A_TIME, pupil_checks
from engine.reading.typed_columns import NotPlain
from engine.reading.typed_keys import check_repeated, plain_keys
from engine.reading.typed_table import TypedTable
from engine.tables import Array, PupilTable
from engine.tables.pupils import MANY

BESIDE_OTHERS = ("start", "end", "parts_on_roll", "sen_provision", "primary_need", "secondary_need")
"""Columns of which a row is checked by several together."""


def typed_pupils(
    table: TypedTable,
    wanted: ColumnSelection,
    column: Callable[[str], Column | None],
    commissioners: Commissioners,
) -> PupilTable | None:
    """Return the checked table of pupils; None where it must be read as text, to be read or refused.

    ``wanted`` has the columns that the table must have, and may have; ``column`` gives each of them.
    """
    try:
        with without_traces():
            names = {*table.names}
            if wanted.required - names or names - wanted.known - wanted.required:
                return None
            read = ((name, column(name)) for name in table.names if name != KEY)
            columns = {name: one for name, one in read if one is not None}
            return _table(table, columns, wanted, commissioners)
    except (NotPlain, pl.exceptions.PolarsError, PanicOfLibrary, OSError):
        # What is packed wrongly is an error of reading to the library; the bytes are in memory.
        return None


def _table(
    table: TypedTable,
    columns: Mapping[str, Column],
    wanted: ColumnSelection,
    commissioners: Commissioners,
) -> PupilTable:
    kept = {name for name in columns if wanted.read is None or name in wanted.read}
    cells = table.cells(columns, {*kept, *BESIDE_OTHERS})
    held, keys = cells.numbers, plain_keys(cells.keys)
    _check_rows(held, columns)
    check_repeated(keys, {name: held[name] for name in ("start", "end") if name in held})
    notices = _notices(held[LA], commissioners)
    rows = np.arange(table.first_row, table.first_row + len(keys), dtype=np.int32)
    return PupilTable.of(
        keys,
        {name: one for name, one in held.items() if name in kept},
        rows,
        wanted.labels,
        of_table("pupils", notices),
        by_key=len(keys) < MANY,
    )


def _check_rows(held: Mapping[str, Array], columns: Mapping[str, Column]) -> None:
    """Raise ``NotPlain`` where a check of several cells of a row fails; a missing value is null to it."""
    some = {name: held[name] for name in BESIDE_OTHERS if name in held}
    checks = [
        found.fails
        for one in pupil_checks(frozenset({KEY, *some}))
        if one not in {ONE_STAY_AT_A_TIME, NO_UPN}
        and (found := one.of_frame(pl.DataFrame())) is not None
    ]
    if not checks:
        return
    given = [
        pl.when(pl.col(name) != columns[name].missing).then(pl.col(name)).alias(name)
        for name in some
    ]
    failing = pl.LazyFrame(some).with_columns(given).select(pl.any_horizontal(checks).any())
    if failing.collect(engine="streaming").item():
        raise NotPlain(KEY)


def _notices(la: Array, commissioners: Commissioners) -> tuple[Notice, ...]:
    """Return the notices of codes; raises ``NotPlain`` where rows are set apart, or read by other codes."""
    if commissioners.first is None:
        return ()
    number = np.bincount(la)
    found = codes_of_rows(
        Counter({str(code): int(number[code]) for code in np.flatnonzero(number)}), commissioners
    )
    if found.problems or not found.as_they_are:
        raise NotPlain(LA)
    return found.notices
