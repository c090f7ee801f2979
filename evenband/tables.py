"""Tables of schools and pupils, read and checked once for all the rules that will value them."""

import os
import warnings
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Literal

import numpy as np

from engine.columns import ColumnSelection
from engine.errors import PairRefused, Problem
from engine.modules import AbsentLines, declare_absent
from engine.notices import Notice
from engine.reading import (
    STATED,
    Commissioners,
    Entry,
    TableSource,
    pupil_table,
    school_table,
    unused_statements,
)
from engine.rules import pupil_columns
from engine.rules.authorities import OtherAuthorities, commissioners_of
from engine.tables import NO_SCHOOL, PupilTable, SchoolTable
from evenband.arguments import of_kind, one_of
from evenband.display import counted, paragraph
from evenband.frames import about, habits, location_of, read_source, read_text
from evenband.rules import Rules
from evenband.sources import Source

Absent = Literal["refused", "zero", "not_supplied"]
"""What it means that a table of schools has no column for a line of the formula."""

Dates = Literal["day_first", "month_first"]
"""The order of the day and the month in a table's dates."""


Others = Literal["apart", "valued"]
"""What is done with schools and pupils of other authorities than the rules'."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Schools:
    """Schools that were read and checked, in ascending order of reference number.

    ``table`` is the engine's own form; ``read_for`` the columns that were looked for in the source.
    """

    table: SchoolTable
    read_for: ColumnSelection
    absent_lines: AbsentLines

    @property
    def notices(self) -> tuple[str, ...]:
        """Return what is to be known of the table that was read, in sentences: hidden rows, for example."""
        return tuple(map(str, self.table.notices))

    def __len__(self) -> int:
        """Return the number of schools."""
        return len(self.table)

    @property
    def row_counts(self) -> dict[str, object]:
        """Return how many rows were ``read``, are ``valued``, and are ``set_apart``, by authority and reason."""
        return self.table.row_counts.record()

    def under(self, rules: Rules) -> SchoolTable:
        """Return the table as a rule set reads it; raises ``PairRefused`` where it was not read for it."""
        if not rules.compiled.wanted.known <= self.read_for.known:
            raise _not_read(rules, "schools", "")
        formula = rules.compiled.formula
        return (
            self.table
            if formula is None
            else declare_absent(formula, self.table, self.absent_lines)
        )

    def __repr__(self) -> str:
        """Return how many schools there are."""
        return f"<Schools: {counted(len(self), 'school')}>"

    def _repr_html_(self) -> str:
        """Return how many schools there are, as HTML."""
        return paragraph(f"{counted(len(self), 'school')}, read and checked.")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Pupils:
    """Pupils who were read and checked, sorted by commissioning authority, school and key.

    ``table`` is the engine's own form. What this object displays never describes a single pupil.
    """

    table: PupilTable

    @property
    def notices(self) -> tuple[str, ...]:
        """Return what is to be known of the table that was read, in sentences: hidden rows, for example."""
        return tuple(map(str, self.table.notices))

    def __len__(self) -> int:
        """Return the number of rows: pupils, or their spells where one has several."""
        return len(self.table)

    @property
    def row_counts(self) -> dict[str, object]:
        """Return how many rows were ``read``, are ``valued``, and are ``set_apart``, by authority and reason."""
        return self.table.row_counts.record()

    def under(self, rules: Rules) -> PupilTable:
        """Return the table; raises ``PairRefused`` where it was not read for a rule set."""
        required = pupil_columns(rules.compiled, counting=False).required
        if lacking := sorted(required - {"pupil_key", *self.table.columns}):
            raise _not_read(rules, "pupils", f", and lack {', '.join(lacking)}")
        return self.table

    @property
    def _summary(self) -> str:
        schools = int(np.count_nonzero(np.unique(self.table.placement_urn) != NO_SCHOOL))
        authorities = len(np.unique(self.table.placement_la))
        paying = f"{authorities:,} authorit{'y' if authorities == 1 else 'ies'}"
        pupils = self.table.pupils_among(np.ones(len(self), np.bool_))
        return f"{counted(pupils, 'pupil')} at {counted(schools, 'school')}, of {paying}"

    def __repr__(self) -> str:
        """Return how many pupils there are, at how many schools, of how many authorities."""
        return f"<Pupils: {self._summary}>"

    def _repr_html_(self) -> str:
        """Return the same counts as HTML."""
        return paragraph(f"{self._summary}, read and checked.")


def read_schools(
    source: Source,
    *rules: Rules,
    absent_lines: Absent = "refused",
    layout: str | os.PathLike[str] | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    blank_means_none: Collection[str] = (),
    round_to_pence: Collection[str] = (),
    la_map: Mapping[str, str] | None = None,
    other_authorities: Others = "apart",
) -> Schools:
    """Return the schools of a table, one a row, checked against the columns that ``rules`` read.

    ``source`` is the path of a CSV, XLSX, Parquet or Arrow file (``sheet`` names the sheet of a
    workbook that has several with content, ``header_row`` the row that has the column names where that
    is not the first), a frame of polars or pandas, an Arrow table, or a list of records. Give every rule set that will value the schools. Columns: ``urn`` and ``phase`` of every school; ``units_…`` (pupils, up to six
    decimals), ``proportion_…`` (0 to 1) or ``amount_…`` (pounds) of each line of the formula;
    docs/columns.md lists the others. ``absent_lines`` says what a line without a column means.
    ``layout`` matches the column names and codes of a source table to ours. ``blank_means_none`` and
    ``round_to_pence`` name columns in which a blank means none, and columns of pounds whose further
    decimals are rounded. ``la_map`` says which code of an authority replaces one that was not in use in the
    rules' year, as ``{"909": "942"}``. Schools of other authorities than the rules' are counted and not valued
    (``row_counts``), and a warning says how many; ``other_authorities="valued"`` values them.

    Warns of what is to be known of the table, such as hidden rows; ``Schools.notices`` keeps it. Raises ``TableRefused`` with every problem, by row and column and never with a cell's value;
    ``PairRefused`` where none of the rule sets values schools.
    """
    _refuse_wrong(rules, layout)
    at = location_of(sheet, header_row)
    stated = habits(None, blank_means_none, round_to_pence)
    whose = commissioners(rules, la_map, other_authorities)
    one_of(absent_lines, Absent, "absent_lines")
    wanted = reduce(or_, (one.compiled.wanted for one in rules))
    if all(one.compiled.formula is None for one in rules):
        names = ", ".join(one.identifier for one in rules)
        raise PairRefused([Problem(f"{names}: values no schools; read pupils", "no-formula")])
    with about(source):
        text, stated = read_text(source, at, layout, stated)
        table = school_table(text, wanted, habits=stated, commissioners=whose)
    table = replace(table, notices=(*table.notices, *unused_statements(stated, text.frame.columns)))
    _warn(table.notices)
    return Schools(table, wanted, AbsentLines(absent_lines))


def read_pupils(
    source: Source,
    *rules: Rules,
    layout: str | os.PathLike[str] | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    dates: Dates | None = None,
    blank_means_none: Collection[str] = (),
    round_to_pence: Collection[str] = (),
    la_map: Mapping[str, str] | None = None,
    other_authorities: Others = "apart",
) -> Pupils:
    """Return the pupils of a table, one a row, checked against the columns that ``rules`` read.

    ``source``, ``layout``, ``sheet``, ``header_row``, ``blank_means_none`` and ``round_to_pence`` are as in
    ``read_schools``. Give every rule set that will
    value the pupils. Columns: ``pupil_key`` (opaque; never a UPN or a name) and ``la`` (three digits)
    of every pupil, and those that the rules decide by; pounds have up to two decimals, hours are
    hours a week, days are written 2025-09-01, or 01/09/2025 where ``dates`` says which comes first. A pupil with several spells has dated rows.
    ``la_map`` and ``other_authorities`` are as in ``read_schools``, of commissioning authorities.

    Warns of what is to be known of the table, such as hidden rows or keys that are nearly the same;
    ``Pupils.notices`` keeps it. Raises ``TableRefused`` with every problem, by row and column and never with a cell's value.
    """
    _refuse_wrong(rules, layout)
    at = location_of(sheet, header_row)
    stated = habits(dates, blank_means_none, round_to_pence)
    whose = commissioners(rules, la_map, other_authorities)
    wanted = reduce(or_, (pupil_columns(one.compiled, counting=False) for one in rules))
    with about(source):
        table, stated = read_source(source, at, layout, stated)
        pupils = pupil_table(table, wanted, habits=stated, commissioners=whose)
    if stated.stated:
        there = (table.text if isinstance(table, TableSource) else table).frame.columns
        notices = (*pupils.notices, *unused_statements(stated, there))
        pupils = replace(pupils, notices=notices)
    _warn(pupils.notices)
    return Pupils(pupils)


def commissioners(
    rules: Rules | tuple[Rules, ...], la_map: Mapping[str, str] | None, others: str
) -> Commissioners:
    """Return whose rows rules value; raises ``TypeError`` or ``ValueError`` for what is no mapping or no such word."""
    one_of(others, Others, "other_authorities")
    words = 'la_map maps codes of authorities to codes, as {"909": "942"}'
    of_kind(la_map or {}, Mapping, words)
    mapping = dict(la_map or {})
    for one in (*mapping, *mapping.values()):
        of_kind(one, str, words)
    every = [one.compiled for one in (rules if isinstance(rules, tuple) else (rules,))]
    return commissioners_of(every, mapping, OtherAuthorities(others), Entry.python)


def _warn(notices: Iterable[Notice]) -> None:
    """Warn of what is to be known of a table, at the line that reads it."""
    for one in notices:
        if one.rule in STATED:
            continue
        warnings.warn(f"{one}.", stacklevel=3)


def _refuse_wrong(rules: tuple[object, ...], layout: object) -> None:
    if not rules or not all(isinstance(one, Rules) for one in rules):
        message = (
            "give the rules that will value the table after its source, as read_rules returns them"
        )
        raise TypeError(message)
    if layout is not None:
        of_kind(layout, (str, os.PathLike), "layout is the path of a layout, or the name of one")


def _not_read(rules: Rules, what: str, because: str) -> PairRefused:
    sentence = (
        f"the {what} were read for other rules than {rules.identifier}{because}; name these too when "
        f"reading them: read_{what}(source, rules, other_rules)"
    )
    return PairRefused([Problem(sentence, "not-read-for-rules")])
