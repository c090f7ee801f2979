"""Rules tried on cases whose results are known: what differs, to the penny, with its working."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import polars as pl

from engine.cases import (
    CaseReport,
    CaseTable,
    Choices,
    Refused,
    case_columns,
    case_files,
    case_tables,
    result_rows,
    table_reports,
)
from engine.errors import PairRefused, Problem
from engine.export import exact, with_rules
from engine.modules import AbsentLines
from engine.reading import PLAIN, Location
from engine.rows import Rows
from engine.rules import files_by_identifier
from evenband.arguments import cost_of, of_kind, one_of
from evenband.display import as_html, as_text, listing, paragraph, working_table
from evenband.frames import habits, location_of, read_text
from evenband.rules import Rules, read_document, rules_folder
from evenband.sources import Source
from evenband.tables import Absent, Dates, Others, commissioners

FRAME = "cases"
"""The name of the table of cases that come from no file."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CaseResults:
    """What cases come to under rules beside what they should come to; printed, it is what differs and why.

    ``reports`` are the engine's own form: those of each file by its name.
    """

    rules: Rules
    reports: dict[str, tuple[CaseReport, ...]]

    @property
    def as_expected(self) -> int:
        """Return how many cases come to all that they expect."""
        return sum(one.cases_as_expected for one in self._tables)

    @property
    def different(self) -> int:
        """Return how many cases do not."""
        return sum(one.cases_different for one in self._tables)

    def to_polars(self) -> pl.DataFrame:
        """Return one row an expectation, as ``evenband rules test --out`` writes it.

        Columns: ``file``, ``row``, ``case``, ``column``, ``expected``, ``found``, ``difference``,
        ``as_expected`` (yes or no), ``why`` a row was refused, and the year and rule set.
        """
        return exact(with_rules(result_rows(self.reports), [self.rules.record]))

    @property
    def _tables(self) -> list[CaseReport]:
        return [one for of_file in self.reports.values() for one in of_file]

    @property
    def _summaries(self) -> list[str]:
        return [
            f"{name}: {one.summary}" for name, of_file in self.reports.items() for one in of_file
        ]

    def __repr__(self) -> str:
        """Return the counts in one line; nothing of a single case."""
        return f"<CaseResults: {'; '.join(self._summaries)}>"

    def __str__(self) -> str:
        """Return the rules, each difference with its working, and the counts, as lines of text."""
        lines = [self.rules.name]
        for name, of_file in self.reports.items():
            for report in of_file:
                lines += [f"{name}: {notice}" for notice in report.notices]
                for one in report.different:
                    lines.append(f"{name}, {one.sentence}")
                    lines += one.found.sentences if isinstance(one.found, Refused) else ()
                    lines += [
                        as_text(working_table(each.label, each.rows)) for each in one.workings
                    ]
        return "\n".join([*lines, *self._summaries])

    def _repr_html_(self) -> str:
        """Return the rules, the counts and the first results that differ, as HTML."""
        rows = result_rows(self.reports)
        differing = Rows(rows.name, rows.shapes, rows.frame.filter(as_expected="no"))
        table = as_html(listing(differing)) if len(differing) else ""
        return "".join(map(paragraph, [self.rules.name, *self._summaries])) + table


def try_cases(
    rules: Rules,
    cases: Source | None = None,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    absent_lines: Absent = "zero",
    sen_support_cost: str | int | Decimal | None = None,
    dates: Dates | None = None,
    blank_means_none: Collection[str] = (),
    round_to_pence: Collection[str] = (),
    la_map: Mapping[str, str] | None = None,
    other_authorities: Others = "apart",
) -> CaseResults:
    """Return what cases come to under rules, beside what each should come to, to the penny.

    ``cases`` is a table as ``read_pupils`` or ``read_schools`` takes it, or a Markdown file, with columns
    of what is expected: ``paid``, ``budget``, ``notional_sen``, ``extra``, ``deduction`` or ``block``, or
    ``expected_`` and the name of a result. Left out, they are the worked examples that come with the
    published rule set. ``sheet`` and ``header_row`` are as in ``read_schools``; ``absent_lines`` says what a line of the formula
    without a column means, ``sen_support_cost`` what a pupil on SEN support is assumed to cost, pounds.
    ``dates``, ``blank_means_none`` and ``round_to_pence`` say how its cells are written, ``la_map`` and
    ``other_authorities`` whose rows are valued, as in ``read_pupils``. Figures that may be wrong are among the notices.

    Raises ``TableRefused`` for a table that expects nothing, or a cell that cannot be read as an
    expectation; ``PairRefused`` where the rules value no such table, or no cases come with them. A row
    that cannot be valued is a result, and no refusal.
    """
    of_kind(rules, Rules, "rules are what read_rules returns")
    one_of(absent_lines, Absent, "absent_lines")
    cost = None if sen_support_cost is None else cost_of(sen_support_cost, "sen_support_cost")
    more = case_columns(rules.compiled)
    stated = habits(dates, blank_means_none, round_to_pence, more=more)
    whose = commissioners(rules, la_map, other_authorities)
    choices = Choices(cost, AbsentLines(absent_lines), stated, whose)
    tables = _shipped(rules) if cases is None else _tables_of(cases, location_of(sheet, header_row))
    reports = {
        name: table_reports(rules.compiled, of_file, choices) for name, of_file in tables.items()
    }
    return CaseResults(rules, reports)


def _tables_of(cases: Source, location: Location) -> dict[str, list[CaseTable]]:
    if isinstance(cases, str | os.PathLike):
        path = Path(cases)
        return {path.name: case_tables(path, location)[0]}
    text, _ = read_text(cases, location, None, PLAIN)
    return {FRAME: [CaseTable.of(text)]}


def _shipped(rules: Rules) -> dict[str, list[CaseTable]]:
    """Return the tables of cases beside the published document of rules; raises ``PairRefused`` where there are none."""
    files = [
        file
        for path in files_by_identifier(rules_folder()).get(rules.identifier, ())
        if read_document(path).version == rules.version
        for file in case_files(path)
    ]
    if not files:
        sentence = f"no cases come with {rules.identifier}; give a table of cases"
        raise PairRefused([Problem(sentence, "no-cases")])
    return {file.name: case_tables(file)[0] for file in files}
