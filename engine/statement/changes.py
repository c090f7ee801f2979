"""What changes for one school or pupil between two rule sets: both workings and the difference."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.expected_calls import Pence
from engine.explain import Explanation, Operator, Row, Unit, explain
from engine.modules.school_formula.parts import of_formula
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.modules.top_ups.school_working import PROTECTION, protection_of
from engine.money import is_digits, known_pounds
from engine.run import Outcome
from engine.statement.schools import Statements
from engine.vocabulary import Missing

NOT_BOTH = "The difference is not known, as one of the two amounts is not."


@dataclass(frozen=True, slots=True)
class ExplainedChange:
    """One school's or pupil's working under both rule sets, and the rows of what changes."""

    baseline: Explanation
    candidate: Explanation
    rows: tuple[Row, ...]


def explain_change(baseline: Outcome, candidate: Outcome, subject: str) -> ExplainedChange:
    """Return what changes for a school by its reference number, or for a pupil by the key.

    Raises ``PairRefused``, which names no pupil, where it was not valued on both sides.
    """
    before, after = (explain(side, subject) for side in (baseline, candidate))
    sides = [_amounts(side, one, subject) for side, one in ((baseline, before), (candidate, after))]
    note = NOT_BOTH if _is_funded((baseline, candidate), before.subject) else Missing.not_funded
    rows = [
        row
        for label in sides[0]
        if label in sides[1]
        for row in _change(label, sides[0][label], sides[1][label], note)
    ]
    return ExplainedChange(before, after, tuple(rows))


def _is_funded(sides: tuple[Outcome, ...], subject: str) -> bool:
    """Return whether either formula funds a school of its table; true of what is no such school."""
    found = [
        of_formula(one.notional)[one.notional.schools.urn == int(subject)]
        for one in sides
        if one.notional is not None and is_digits(subject)
    ]
    return any(one.any() or not len(one) for one in found) or not found


def _amounts(outcome: Outcome, explanation: Explanation, subject: str) -> dict[str, Pence]:
    """Return what is compared, pence by its label; None where it is not known."""
    notional, top_ups = outcome.notional, outcome.top_ups
    amounts: dict[str, Pence] = {}
    if not is_digits(explanation.subject):
        return {} if top_ups is None else {"Top-up for the year": _top_up(top_ups, subject)}
    if notional is not None and int(subject) in notional.schools.urn:
        school = int((notional.schools.urn == int(subject)).argmax())
        one = Statements(notional).totals(school)
        amounts["Formula funding"] = None if one.not_known else one.formula
        if one.budget_not_known is not None:
            amounts["Notional SEN budget"] = one.budget
    if top_ups is not None and (protection := protection_of(top_ups, int(subject)))[0]:
        amounts[PROTECTION] = protection[1]
    return amounts


def _top_up(outcome: TopUpOutcome, key: str) -> Pence:
    """Return what all rows of a pupil come to; None where one of them is not known."""
    rows = (outcome.pupils.keys == key).to_numpy()
    return int(outcome.amount[rows].sum()) if outcome.known[rows].all() else None


def _change(label: str, before: Pence, after: Pence, why: str) -> Iterator[Row]:
    known = before is not None and after is not None
    change = None if before is None or after is None else after - before
    yield Row(Operator.start, f"{label}, candidate", known_pounds(after), Unit.pounds)
    yield Row(Operator.minus, f"{label}, baseline", known_pounds(before), Unit.pounds)
    note = None if known else why
    yield Row(Operator.equals, "Change", known_pounds(change), Unit.pounds, note=note)
