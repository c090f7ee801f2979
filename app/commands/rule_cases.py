"""``evenband rules test``: rules tried on a table of cases, each with what it should come to."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands import options
from app.commands.exits import CODES, REFUSED, Misuses, about, answered, say

if TYPE_CHECKING:
    from app.commands.inputs import Read, Side
    from engine.cases import CaseReport, CaseResult, Choices
    from engine.explain import Working
    from engine.notices import Notice
    from engine.reading import Location

MOST = 20
"""Cases that are shown with their working; all are counted, and a file has them all."""


def try_cases(
    rules: options.RuleSet,
    cases: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="CASES",
            help="Tables of cases: CSV, XLSX, Parquet, or the tables of a Markdown file. By default those "
            "that come with the rule set: NAME.cases.csv beside NAME.yaml.",
            show_default=False,
        ),
    ] = None,
    sheet: options.Sheet = None,
    header_row: options.HeaderRow = None,
    on: options.On = None,
    overrides: options.Overrides = None,
    sen_support_cost: options.SenSupportCost = None,
    absent_lines: options.AbsentLines = "zero",
    dates: options.Dates = None,
    blank_means_none: options.BlankMeansNone = None,
    round_to_pence: options.RoundToPence = None,
    la_map: options.LaMap = None,
    other_authorities: options.RowsOfOthers = "apart",
    out: options.Out = None,
    kind: options.Kinds = None,
) -> None:
    """Compare what rules give with what a table of cases expects, to the penny.

    Each row has the columns of a table of pupils or schools, and one or more of what it should come to:
    paid, budget, notional_sen, extra, deduction or block, or expected_ and the name of a result, such as
    expected_band. Each difference is shown with its working, and ends the command with exit code 1.
    """
    with answered():
        from app.commands.inputs import (
            Read,
            Tables,
            cost_of,
            inputs_of,
            read_side,
            say_notices,
        )
        from app.commands.outputs import output_of, refuse_changes, write_result
        from app.commands.table_options import authorities_record, habits, la_map_of
        from engine.cases import Choices, case_columns, result_rows
        from engine.columns import Column
        from engine.modules import AbsentLines
        from engine.reading import Entry, Location
        from engine.refusals import Refusals
        from engine.rules.authorities import OtherAuthorities, commissioners_of

        misuses, refusals, more = Misuses(), Refusals(), tuple[Column, ...]()
        meaning = absent_lines.replace("-", "_")
        with misuses.part():
            cost = cost_of(sen_support_cost)
        with misuses.part():
            mapping = la_map_of(la_map)
        with misuses.part(), refusals.part():
            side = read_side(rules, on, overrides)
            more = case_columns(side.rules)
        with misuses.part():
            stated = habits(dates, blank_means_none, round_to_pence, more=more)
        misuses.refuse(cases or ())
        refusals.refuse()
        files = cases or _shipped(side)
        output = output_of(out, kind, [side], files)
        at, others = Location(sheet, header_row), OtherAuthorities(other_authorities)
        whose = commissioners_of([side.rules], mapping, others, Entry.command)
        choices = Choices(cost, AbsentLines(meaning), stated, whose)
        how = {**at.record(), **stated.record(), **authorities_record(mapping, others)}
        reports, read, notices = _reports(side, files, at, choices, how)
        say_notices(notices)
        tables = Tables(
            (side,),
            None,
            inputs_of([Read("rules", side.file), *read]),
            (side.file, *(one.file for one in read)),
            notices,
        )
        if output.is_for_screen:
            refuse_changes(tables.files)
            _show(side, reports)
        else:
            counts = {name: [one.counts for one in of_file] for name, of_file in reports.items()}
            _say_notices(reports)
            write_result(output, result_rows(reports), tables, [], cost=cost, cases=counts)
            say(list(_summaries(reports)))
        if any(one.different for of_file in reports.values() for one in of_file):
            raise typer.Exit(REFUSED)


try_cases.__doc__ = f"{try_cases.__doc__}\n\n{CODES}"


def _shipped(side: "Side") -> list[Path]:
    """Return the files of cases beside a rule document, or refuse a document without any."""
    from engine.cases import case_files
    from engine.errors import PairRefused, Problem

    files = [] if side.file.path is None else case_files(side.file.path)
    if not files:
        name = side.rules.document.identifier
        sentence = f"no cases come with {name}; name a file of cases"
        raise PairRefused([Problem(sentence, "no-cases")])
    return files


def _reports(
    side: "Side",
    files: list[Path],
    location: "Location",
    choices: "Choices",
    how: dict[str, object],
) -> "tuple[dict[str, tuple[CaseReport, ...]], list[Read], tuple[Notice, ...]]":
    """Return the reports of each file by its name, the files that were read, and notes on them.

    All files are tried before any is refused.
    """
    from app.commands.inputs import Read
    from engine.cases import case_tables, table_reports
    from engine.refusals import Refusals

    reports: dict[str, tuple[CaseReport, ...]] = {}
    read: list[Read] = []
    notices: tuple[Notice, ...] = ()
    refusals = Refusals()
    for path in files:
        with refusals.part(), about(path):
            tables, file = case_tables(path, location)
            reports[file.name] = table_reports(side.rules, tables, choices)
            rows = sum(one.frame.height for one in tables)
            read.append(Read("cases", file, rows, how))
            notices += tuple(notice for one in tables for notice in one.notices)
    refusals.refuse()
    return reports, read, notices


def _show(side: "Side", reports: "dict[str, tuple[CaseReport, ...]]") -> None:
    """Print what differs with its working, and how many cases are as expected."""
    from app.commands.display import console, heading

    screen = console()
    screen.print(heading(side))
    shown = 0
    _say_notices(reports)
    for name, of_file in reports.items():
        for report in of_file:
            workings: tuple[Working, ...] = ()
            for one in report.different[: max(MOST - shown, 0)]:
                _show_difference(name, one, () if one.workings == workings else one.workings)
                workings = one.workings
            shown += len(report.different)
    if shown > MOST:
        screen.print(f"and {shown - MOST:,} more differences; --out writes them all")
    for line in _summaries(reports):
        screen.print(line, soft_wrap=True)


def _say_notices(reports: "dict[str, tuple[CaseReport, ...]]") -> None:
    """Say what was read into the tables of cases, whose rows are set apart, and which figures may be wrong."""
    notices = [
        (name, one) for name, held in reports.items() for each in held for one in each.notices
    ]
    say([f"{name}: {one}" + ("" if one.endswith((".", "?")) else ".") for name, one in notices])


def _show_difference(name: str, result: "CaseResult", workings: "tuple[Working, ...]") -> None:
    """Print a difference, why a row was refused, and the working unless it was just printed."""
    from app.commands.display import console, rows_table
    from engine.cases import Refused

    screen = console()
    screen.print(f"\n{name}, {result.sentence}.", soft_wrap=True)
    if isinstance(result.found, Refused):
        for sentence in result.found.sentences:
            screen.print(f"  {sentence}", soft_wrap=True)
    for one in workings:
        screen.print(rows_table(one.label, one.rows))


def _summaries(reports: "dict[str, tuple[CaseReport, ...]]") -> list[str]:
    """Return the counts of each table of each file, in a line."""
    return [f"{name}: {one.summary}." for name, of_file in reports.items() for one in of_file]
