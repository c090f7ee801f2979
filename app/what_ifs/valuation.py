"""The records of a body, checked and valued under published rules; rows count from 1 as they were sent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import or_

from app.http.disconnection import stop_if_caller_gone
from app.what_ifs.rules import formula_of
from app.what_ifs.schemas import (
    ComparisonRequest,
    LetterRequest,
    RecordsRequest,
    YearChangeRequest,
)
from engine.errors import PairRefused, Problem, TableRefused
from engine.modules import AbsentLines, NotionalOutcome, TopUpOutcome, declare_absent
from engine.notices import Notice
from engine.reading import (
    ANYONE,
    PLAIN,
    Commissioners,
    Habits,
    pupil_table,
    records,
    school_table,
    unused_statements,
)
from engine.rules import CompiledRules, pupil_columns
from engine.rules.authorities import commissioners_of
from engine.run import Outcome, evaluate
from engine.tables import PupilTable, SchoolTable

FIRST_ROW = 1
Rules = Sequence[CompiledRules]
Records = Sequence[Mapping[str, object]]
Stated = RecordsRequest | ComparisonRequest | YearChangeRequest | LetterRequest
"""A request that states how its records are written, and whose are valued."""


def pupils_sent(rules: Rules, sent: Records, request: Stated | None = None) -> PupilTable:
    """Return the pupils of a body whom the rules value, with the columns that any of the rules read."""
    columns = reduce(or_, (pupil_columns(one, counting=False) for one in rules))
    return pupil_table(
        records(sent),
        columns,
        first_row=FIRST_ROW,
        habits=_habits(request),
        commissioners=_commissioners(rules, request),
    )


def schools_sent(rules: Rules, sent: Records, request: Stated | None = None) -> SchoolTable:
    """Return the schools of a body that the rules value, with the columns that any of the rules read."""
    columns = reduce(or_, (one.wanted for one in rules))
    return school_table(
        records(sent),
        columns,
        first_row=FIRST_ROW,
        habits=_habits(request),
        commissioners=_commissioners(rules, request),
    )


def unused(habits: Habits, *tables: Records | None) -> tuple[Notice, ...]:
    """Return a notice of each column that a request states something of and no record has."""
    there = {name for sent in tables for one in sent or () for name in one}
    return unused_statements(habits, there)


def _placed(problem: Problem, field: str) -> Problem:
    """Return a problem of a table at the field of the body that has it."""
    if problem.place:
        return problem
    column = f".{problem.column}" if problem.column else ""
    return replace(problem, place=f"{field}{column}")


def _habits(request: Stated | None) -> Habits:
    """Return how records are written: as the engine writes them where a request says nothing of it."""
    return PLAIN if request is None else request.habits()


def _commissioners(rules: Rules, request: Stated | None) -> Commissioners:
    """Return whose records are valued: those of every authority where a request says nothing of authorities."""
    if request is None:
        return ANYONE
    return commissioners_of(rules, request.la_map, request.other_authorities)


def value(
    rules: CompiledRules,
    schools: SchoolTable | None = None,
    pupils: PupilTable | None = None,
    absent: AbsentLines = AbsentLines.refused,
) -> Outcome:
    """Return checked tables valued, unless the caller has gone; ``absent`` is what a line without a column means."""
    stop_if_caller_gone()
    if schools is not None:
        schools = declare_absent(formula_of(rules), schools, absent)
    return evaluate(rules, schools, pupils)


def value_schools(
    rules: CompiledRules,
    sent: Records,
    absent: AbsentLines,
    request: Stated | None = None,
    place: str = "",
) -> NotionalOutcome:
    """Return the schools of a body valued; ``place`` is the field that has them, where it is one of several."""
    formula_of(rules)
    try:
        outcome = value(rules, schools_sent([rules], sent, request), absent=absent).notional
    except (PairRefused, TableRefused) as refused:
        if not place:
            raise
        problems = [_placed(one, place) for one in refused.problems]
        raise type(refused)(problems, refused.total) from refused
    if outcome is None:
        message = "rules with a schools formula valued no school"
        raise RuntimeError(message)
    return outcome


def value_pupils(
    rules: CompiledRules, sent: Records, request: Stated | None = None
) -> TopUpOutcome:
    """Return the pupils of a body valued."""
    outcome = value(rules, pupils=pupils_sent([rules], sent, request)).top_ups
    if outcome is None:
        message = "rules with a band profile valued no pupil"
        raise RuntimeError(message)
    return outcome
