"""What-ifs: published rules, values to try and records in; pence by the engine; nothing kept."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.access import Asker
from app.calculations.answers import NotionalSenAnswer, NotionalSenTotals, Reason, TopUpsAnswer
from app.calculations.compared import ComparisonAnswer
from app.calculations.comparison import pupils_compared, schools_compared
from app.calculations.pupils import payments_of, pupils_valued, sums_of, value_pupils
from app.calculations.rules import ENGINE, formula_of, rules_of, told, top_ups_of
from app.calculations.schemas import (
    ComparisonWanted,
    NotionalSenWanted,
    TopUpsWanted,
    WorkingWanted,
)
from app.calculations.schools import schools_totalled, schools_valued, value_schools
from engine.errors import PairRefused, Problem
from engine.schedule import payment_schedule
from engine.statement import ReasonCount, pupil_reasons, school_reasons


def notional_sen(
    asker: Asker, session: Session, wanted: NotionalSenWanted
) -> NotionalSenAnswer | NotionalSenTotals:
    """Value the notional SEN budgets of schools."""
    rules = rules_of(asker, session, wanted)
    outcome = value_schools(rules, formula_of(rules), wanted.schools, wanted.absent_lines)
    cost, used = wanted.sen_support_cost, told(rules, wanted)
    missing = reasons_of(school_reasons(outcome))
    if wanted.shown is WorkingWanted.none:
        return NotionalSenTotals(used, ENGINE, missing, schools_totalled(outcome, cost))
    valued = schools_valued(outcome, cost, explain=wanted.shown is WorkingWanted.whole)
    return NotionalSenAnswer(used, ENGINE, missing, valued)


def top_ups(asker: Asker, session: Session, wanted: TopUpsWanted) -> TopUpsAnswer:
    """Value the bands and top-ups of pupils."""
    rules = rules_of(asker, session, wanted)
    top_ups_of(rules)
    outcome = value_pupils(rules, wanted.pupils)
    total, sums = sums_of(outcome)
    missing = reasons_of(pupil_reasons(outcome))
    divided = wanted.schedule
    schedule = None if divided is None else payment_schedule(outcome, divided)
    payments = None if schedule is None else payments_of(outcome, schedule)
    valued = pupils_valued(outcome, explain=wanted.shown is WorkingWanted.whole, schedule=schedule)
    return TopUpsAnswer(told(rules, wanted), ENGINE, total, missing, payments, valued, sums)


def comparison(asker: Asker, session: Session, wanted: ComparisonWanted) -> ComparisonAnswer:
    """Compare a candidate with a baseline over the same schools, pupils, or both."""
    sides = rules_of(asker, session, wanted.baseline), rules_of(asker, session, wanted.candidate)
    pupils = schools = paid = None
    if wanted.pupils is None and wanted.schools is None:
        sentence = "is missing; send schools, pupils or both"
        raise PairRefused([Problem(sentence, "nothing-to-compare", place="body")])
    if wanted.pupils is not None:
        for rules in sides:
            top_ups_of(rules)
        pupils, paid = pupils_compared(sides, wanted.pupils)
    if wanted.schools is not None:
        schools = schools_compared(sides, wanted.schools, wanted.absent_lines)
    before, after = told(sides[0], wanted.baseline), told(sides[1], wanted.candidate)
    return ComparisonAnswer(before, after, ENGINE, pupils, schools, paid)


def reasons_of(counted: Iterable[ReasonCount]) -> tuple[Reason, ...]:
    """Return counted reasons as they are answered."""
    return tuple(Reason(one.part, one.why, one.number) for one in counted)
