"""A frame of text to a checked table of schools, with the lines of a formula."""

from collections import defaultdict
from collections.abc import Collection, Iterable

import numpy as np
import polars as pl

from engine.columns import (
    AMOUNT_PREFIX,
    PROPORTION_PREFIX,
    SCHOOL_COLUMNS,
    UNITS_PREFIX,
    Column,
    ColumnSelection,
    line_column,
)
from engine.notices import of_table
from engine.reading.checked_table import TableForm, checked_table
from engine.reading.commissioners import ANYONE, Commissioners, sorted_rows
from engine.reading.habits import PLAIN, Habits
from engine.reading.row_checks import (
    RowCheck,
    distinct,
    none_beside_a_number,
    repeated_line,
    rows_of_none,
    zero_without_a_number,
)
from engine.reading.shares import LineValues, with_shares_as_units
from engine.reading.table_text import TableText, table_text
from engine.table_checks import BLANK
from engine.tables import SchoolTable, frozen
from engine.vocabulary import SchoolPhase

NAME = "school_name"
ALWAYS = frozenset({"urn", "phase"})
_OF_ROWS_APART = {"urn": pl.col("urn"), "phase": pl.lit(SchoolPhase.primary.name)}
"""What the rows that are set apart hold where none may be blank."""
LAST_YEAR = ("prior_budget", "prior_pupils")
ZERO_LAST_YEAR = (
    "0 does not say whether there was a last year: write none for a new school, in prior_budget and prior_pupils,"
    " and leave blank what is not known"
)
FORMS = (UNITS_PREFIX, PROPORTION_PREFIX, AMOUNT_PREFIX)


def school_table(
    table: pl.DataFrame | TableText,
    wanted: ColumnSelection,
    *,
    first_row: int = 2,
    habits: Habits = PLAIN,
    commissioners: Commissioners = ANYONE,
) -> SchoolTable:
    """Return the checked table of schools, or raise ``TableRefused`` with every problem.

    Units are millionths and amounts pence. A share of pupils becomes the line's units.
    ``first_row`` is the number of a plain frame's first row in the file: 2 under a header. ``habits``
    are what was stated of how the table is written, beside what the rules state; ``commissioners`` whose
    schools are valued.
    """
    text = table_text(table, first_row)
    habits = habits.and_of_rules(wanted.blank_means_none)
    known = wanted.known | wanted.required | ALWAYS
    forms = _forms(name for name in text.frame.columns if name in known)
    rows = sorted_rows(text, commissioners, _OF_ROWS_APART)
    form = TableForm(
        known=known,
        required=[name for name in wanted.required | ALWAYS if _line(name) not in forms],
        column=_column,
        row_checks=lambda names: [
            *_row_checks(names),
            *_of_last_year(rows.text.frame, names, habits),
        ],
        elsewhere=SCHOOL_COLUMNS,
        is_line=lambda name: name not in SCHOOL_COLUMNS,
        habits=habits,
    )
    cells = checked_table(rows.text, form, rows.rows_apart, rows.valued)
    order = np.argsort(cells.numbers["urn"], kind="stable")
    if rows.valued is not None:
        order = order[rows.valued[order]]
    lines = {}
    for name, presence in cells.presence.items():
        numbers = cells.numbers[name][order]
        lines[name] = LineValues(np.where(numbers == BLANK, 0, numbers), presence[order])
    columns = {
        name: frozen(cells.array(name)[order]) for name in cells.numbers if name not in lines
    }
    lines = with_shares_as_units(cells.text, order, lines, columns["phase"], wanted.phase_pupils)
    names = cells.words[NAME].to_list() if NAME in cells.words else [""] * text.frame.height
    return SchoolTable(
        urn=columns["urn"],
        names=tuple(names[at] for at in order.tolist()),
        columns=columns,
        values={name: frozen(one.values) for name, one in lines.items()},
        presence={name: frozen(one.presence) for name, one in lines.items()},
        rows=frozen(order.astype(np.int64) + text.first_row),
        notices=of_table("schools", (*rows.text.notices, *cells.notices)),
        apart=rows.apart,
        rows_read=text.frame.height,
    )


def _column(name: str) -> Column:
    return SCHOOL_COLUMNS.get(name) or line_column(name)


def _line(name: str) -> str | None:
    """Return the line that a column gives, or None for a column of the register."""
    if name in SCHOOL_COLUMNS:
        return None
    return next((name.removeprefix(prefix) for prefix in FORMS if name.startswith(prefix)), name)


def _forms(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the columns that give each line of the formula."""
    forms = defaultdict(list)
    for name in names:
        if (line := _line(name)) is not None:
            forms[line].append(name)
    return forms


def _of_last_year(text: pl.DataFrame, names: Collection[str], habits: Habits) -> list[RowCheck]:
    """Return the checks that a school says none of last year's budget and pupils, or of neither, and says it in a word."""
    there = {*names} & {*text.columns}
    both = (LAST_YEAR, LAST_YEAR[::-1])
    says_none = rows_of_none(text, habits.blank_means_none)
    zeros = [
        zero_without_a_number(says_none, column, other, ZERO_LAST_YEAR)
        for column, other in both
        if column in there
    ]
    if not set(LAST_YEAR) <= there:
        return zeros
    return zeros + [
        none_beside_a_number(
            says_none,
            column,
            other,
            f"must not be none beside a number in {other}: a new school says none of both; leave blank what is not known",
        )
        for column, other in both
    ]


def _row_checks(names: Collection[str]) -> list[RowCheck]:
    sentence = "duplicate school; keep one row for each school"
    schools = [distinct("repeated-school", ["urn"], sentence)] if "urn" in names else []
    lines = _forms(names).items()
    return schools + [repeated_line(line, forms) for line, forms in lines if len(forms) > 1]
