"""A budget that the school knows already, compared with its expected costs under rules that pay for many plans."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from app.pages.answers import (
    HIGHEST_COST,
    THIS_SCHOOL,
    VERSION,
    Answers,
    Mistake,
    School,
    in_order,
    mistake,
    mistakes_of,
    pounds_in,
    symbols_in,
    unasked,
    without_commas,
)
from app.pages.fields import PLANS, SEN_SUPPORT, SEN_SUPPORT_FIGURE, Asks, Field, Part, calls_fields
from app.pages.fields import SEN_SUPPORT_COST as COST
from engine.columns import SCHOOL_COLUMNS, ColumnSelection
from engine.errors import Refusal
from engine.expected_calls import THRESHOLD, CallsStatement, calls_statement, needs_of
from engine.explain import Row, targeted_working
from engine.modules.targeted import TargetedStatement, targeted_statement
from engine.money import millionths
from engine.reading import records, school_table
from engine.rules import CompiledRules, CompiledTargeted, DatedValue, Pattern, TargetedFunding
from engine.vocabulary import SchoolPhase

NOTIONAL, PUPILS = "notional_sen", "pupils"
HIGHEST_BUDGET = 10_000_000_000
COUNTED = (SEN_SUPPORT, SEN_SUPPORT_FIGURE, PLANS)
WANTED = ColumnSelection(frozenset(), frozenset(SCHOOL_COLUMNS))
NOTHING_GIVEN = Mistake("Enter the notional SEN budget, or a cost that it is expected to pay for")
_PUPILS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Checked:
    """A budget's calls, and what the school would be due for its plans."""

    rules: CompiledRules
    calls: CallsStatement
    targeted: TargetedStatement | None

    @property
    def targeted_rows(self) -> tuple[Row, ...]:
        """Return the rows of the extra funding."""
        return () if self.targeted is None else targeted_working(self.targeted, self.rules).rows


@dataclass(frozen=True, slots=True)
class Check:
    """What a page shows: the questions, the answers and the result."""

    rules: CompiledRules
    answers: Answers
    fields: tuple[Field, ...]
    mistakes: tuple[Mistake, ...] = ()
    result: Checked | None = None

    @property
    def query(self) -> str:
        """Return the address of these answers under this version of the rules."""
        version = str(self.rules.document.version)
        return urlencode([(VERSION, version), *self.answers.given.items()])

    def of(self, part: Part) -> tuple[Field, ...]:
        """Return the questions of one part."""
        return tuple(field for field in self.fields if field.part == part)

    def wrong(self, name: str) -> str | None:
        """Return what is wrong with an answer."""
        return next((one.sentence for one in self.mistakes if one.field == name), None)


def checked(rules: CompiledRules, rule: TargetedFunding, answers: Answers, *, asked: bool) -> Check:
    """Return the check with its result or every mistake; ``asked`` for a result without answers too."""
    given, place = _threshold(rules)
    fields = _fields(rule, given)
    if not answers.given:
        return Check(rules, answers, fields, (NOTHING_GIVEN,) if asked else ())
    known = {field.name: field for field in fields}
    mistakes = [unasked(name) for name in answers.given if name not in known]
    notional = pounds_in(answers, known[NOTIONAL], HIGHEST_BUDGET, mistakes)
    pupils = _pupils(answers, known, mistakes)
    school = _school(answers, known, mistakes)
    if mistakes or school is None:
        return Check(rules, answers, fields, tuple(in_order(mistakes, fields)))
    needs = needs_of(school.table, 0, school.sen_support_cost)
    calls = calls_statement(notional, needs, given, place)
    result = Checked(rules, calls, targeted_statement(rules, calls, pupils))
    return Check(rules, answers, fields, result=result)


def _threshold(rules: CompiledRules) -> tuple[DatedValue | None, str]:
    """Return what a school meets of a plan, and its place: the formula's where it names one."""
    if rules.formula is not None and rules.formula.threshold is not None:
        return rules.formula.threshold, THRESHOLD
    targeted = rules.part(CompiledTargeted)
    return None if targeted is None else targeted.threshold, "targeted_funding.threshold"


def _fields(rule: TargetedFunding, threshold: DatedValue | None) -> tuple[Field, ...]:
    own = ("From your authority's budget statement.",)
    budget = Field(NOTIONAL, "Notional SEN budget", Asks.pounds, Part.budget, own)
    pupils = Field(PUPILS, "Pupils of the school", Asks.pupils, Part.budget)
    by_rate = rule.pattern is Pattern.plans_above_rate
    return (budget, *((pupils,) if by_rate else ()), *calls_fields(threshold))


def _pupils(answers: Answers, known: Mapping[str, Field], mistakes: list[Mistake]) -> int | None:
    """Return pupils in millionths, None where they are not given or not asked for."""
    written = answers.given.get(PUPILS)
    if written is None or PUPILS not in known:
        return None
    if _PUPILS.fullmatch(plain := without_commas(written)):
        return millionths(plain)
    mistakes.append(mistake(known[PUPILS], "unreadable", ""))
    return None


def _school(answers: Answers, known: Mapping[str, Field], mistakes: list[Mistake]) -> School | None:
    """Return the counts that the engine reads, or add its problems to the mistakes."""
    cost = pounds_in(answers, known[COST], HIGHEST_COST, mistakes)
    row = {name: without_commas(text) for name, text in answers.given.items() if name in COUNTED}
    mistakes += symbols_in(answers, {name: known[name] for name in row})
    frame = records([{"urn": THIS_SCHOOL, "phase": answers.phase.name, **row}])
    try:
        return School(school_table(frame, WANTED), cost)
    except Refusal as refusal:
        mistakes += mistakes_of(refusal.problems, known)
        return None


def taken(sent: Sequence[tuple[str, str]]) -> Answers:
    """Return the answers among what was sent; the phase of the school decides nothing here."""
    held = {name: text.strip() for name, text in sent if name != VERSION}
    return Answers(SchoolPhase.primary, {name: text for name, text in held.items() if text})
