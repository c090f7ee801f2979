"""Rules tried on cases: what each record should come to beside what it comes to, with the working of what differs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from sqlalchemy.orm import Session

from app.access import Asker
from app.http.disconnection import stop_if_caller_gone
from app.rule_sets.folder import Folders
from app.rule_sets.service import shipped_cases
from app.what_ifs.answers import EngineUsed, RulesUsed
from app.what_ifs.formatting import Of, Record, answer
from app.what_ifs.rules import ENGINE, rules_of, rules_used
from app.what_ifs.schemas import CasesRequest
from app.what_ifs.valuation import FIRST_ROW
from engine.cases import CaseReport, CaseTable, Choices, Refused, case_columns, table_reports
from engine.errors import Problem, TableRefused
from engine.explain import Working
from engine.money import pence
from engine.reading import records
from engine.rules.authorities import commissioners_of


@dataclass(frozen=True, slots=True)
class CaseTried:
    """One expectation of a case. ``difference`` is what was found above it, null where one of them is no figure.

    ``row`` counts from 1 as sent, or is the row of a file that comes with the rule set. ``why`` says what
    is wrong with a record that was refused. ``working`` is there where the result differs.
    """

    table: str
    row: int
    case: str | None
    column: Annotated[str, Of("heading")]
    expected: Annotated[str, Of("expected_text")]
    found: Annotated[str, Of("found_text")]
    difference: Annotated[str | None, Of("difference_text")]
    is_as_expected: bool
    why: tuple[str, ...]
    working: tuple[Working, ...] | None


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """How many cases a table has; the other counts add to it.

    ``notices`` say what was read into it, whose rows are set apart, and which figures may be wrong.
    """

    table: str
    cases: int
    as_expected: int
    different: int
    nothing_expected: int
    set_apart: int
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CasesAnswer:
    """What cases come to under rules, beside what they should come to."""

    rules: RulesUsed
    engine: EngineUsed
    tables: tuple[CaseCounts, ...]
    results: Iterable[CaseTried]


SENT = "cases"
"""The name of the table that a caller sends."""


def try_cases(asker: Asker, session: Session, request: CasesRequest, folders: Folders) -> Record:
    """Try rules on the cases of a body, or on those that come with the rule set."""
    rules = rules_of(asker, session, request)
    cost = None if request.sen_support_cost is None else pence(request.sen_support_cost)
    habits = request.habits(more=case_columns(rules))
    whose = commissioners_of([rules], request.la_map, request.other_authorities)
    choices = Choices(cost, request.absent_lines, habits, whose)
    tables = {SENT: [CaseTable(records(request.cases), FIRST_ROW)]} if request.cases else {}
    if request.cases is None:
        found = shipped_cases(asker, session, request.rule_set, rules.document.version, folders)
        tables = dict(found.tables)
    try:
        reports = [
            (name, report)
            for name, of_file in tables.items()
            for report in table_reports(rules, of_file, choices)
        ]
    except TableRefused as refused:
        raise TableRefused(_placed(refused.problems), refused.total) from refused
    stop_if_caller_gone()
    counts = [CaseCounts(name, **report.counts, notices=report.notices) for name, report in reports]
    return {
        "rules": rules_used(asker, session, rules, request),
        "engine": ENGINE,
        "tables": counts,
        "results": _tried(reports),
    }


def _placed(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems with those of a whole table at the field of the body that has it."""
    return [
        one
        if one.place or one.column or one.row is not None
        else replace(one, place=f"body.{SENT}")
        for one in problems
    ]


def _tried(reports: Sequence[tuple[str, CaseReport]]) -> Iterator[Record]:
    """Yield each result, in the order of tables and rows."""
    for name, report in reports:
        for one in report.results:
            why = one.found.sentences if isinstance(one.found, Refused) else ()
            working = list(one.workings) if one.workings else None
            yield answer(CaseTried, one, table=name, why=why, working=working)
