"""One school or pupil explained by its reference number or key."""

from dataclasses import replace

import numpy as np

from engine.errors import NotReconciled, PairRefused, Problem
from engine.explain.pupils import explain_pupil
from engine.explain.rows import Explanation, Operator, Row, Unit, Working, titles_of, unknown_row
from engine.explain.schools import explain_school
from engine.modules.top_ups.loss_protection import PLACE, own_of, protection_steps
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.money import is_digits, known_pounds
from engine.run import Outcome
from engine.steps import rows, work
from engine.vocabulary import Missing

LONGEST_URN = 9
"""Digits of the longest number that is looked for among schools; a key may be of any length."""

PROTECTION = "Protection of top-ups"
PROTECTED = "The top-ups of a school's pupils together are lifted to a share of today's."
UNEQUAL_STEPS = "the steps of a school's protection do not come to what is paid"


def explain(outcome: Outcome, subject: str) -> Explanation:
    """Return the working of a school by its reference number, else of a pupil by the key.

    A school's ends with what protects its top-ups.
    Raises ``PairRefused``, which names no pupil, where neither was valued.
    """
    school = _school(outcome, int(subject)) if _may_be_urn(subject) else None
    if school is not None:
        return school
    notional, top_ups = outcome.notional, outcome.top_ups
    looked_for = [] if notional is None else ["school with this reference number"]
    if top_ups is not None:
        looked_for.append("pupil with this key")
        if (top_ups.pupils.keys == subject).any():
            return explain_pupil(top_ups, subject)
    sentence = f"not found: no {' and no '.join(looked_for)} was valued"
    raise PairRefused([Problem(sentence, "unknown-subject")])


def _may_be_urn(subject: str) -> bool:
    return is_digits(subject) and len(subject) <= LONGEST_URN


def _school(outcome: Outcome, urn: int) -> Explanation | None:
    """Return the working of a school in all that was valued, None where it is in none of it."""
    notional, found = outcome.notional, None
    if notional is not None and urn in notional.schools.urn:
        found = explain_school(notional, urn)
    if outcome.top_ups is None:
        return found
    workings, total = protection_of(outcome.top_ups, urn)
    if not workings:
        return found
    absent = sum(one.absent for one in workings)
    row = Row(Operator.equals, PROTECTION, known_pounds(total), Unit.pounds)
    if found is None:
        return Explanation.of(outcome.rules, str(urn), workings, [row], PROTECTED, absent)
    return replace(
        found,
        workings=(*found.workings, *workings),
        totals=(*found.totals, row),
        absent=found.absent + absent,
    )


def protection_of(outcome: TopUpOutcome, urn: int) -> tuple[list[Working], int | None]:
    """Return what protects a school's top-ups, by authority, and in all, pence; None where not known."""
    if outcome.top_ups.school_protection is None:
        return [], None
    placements = np.flatnonzero(outcome.pupils.placement_urn == urn)
    workings = [_protection(outcome, int(one)) for one in placements]
    known = not outcome.school_protection_absent[placements].any()
    return workings, int(outcome.school_protection[placements].sum()) if known else None


def _protection(outcome: TopUpOutcome, placement: int) -> Working:
    """Return the steps to what one authority adds; ``NotReconciled`` where they come to another amount."""
    la = int(outcome.pupils.placement_la[placement])
    label = f"{PROTECTION}, authority {la}"
    if outcome.school_protection_absent[placement]:
        row = unknown_row(PLACE, Missing.parts)
        return Working("school_protection", label, (row,), 1)
    steps = protection_steps(outcome.top_ups)
    own = own_of(outcome.top_ups, outcome.pupils, outcome.placement_sum, placement)
    if work(steps, own) != int(outcome.school_protection[placement]):
        raise NotReconciled(UNEQUAL_STEPS)
    printed = rows(steps, own, titles_of(outcome.rules))
    return Working("school_protection", label, (*printed,))
