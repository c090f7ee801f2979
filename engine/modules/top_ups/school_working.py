"""What protects a school's top-ups, by authority."""

import numpy as np

from engine.errors import NotReconciled
from engine.modules.explanation import Explanation, Working, titles_of, unknown_row
from engine.modules.top_ups.loss_protection import PLACE, own_of, protection_steps
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.money import known_pounds
from engine.rules.values import is_printed
from engine.steps import Operator, Row, Unit, rows, work
from engine.vocabulary import Missing

PROTECTION = "Protection of top-ups"
PROTECTED = "The top-ups of a school's pupils together are lifted to a share of today's."
UNEQUAL_STEPS = "the steps of a school's protection do not come to what is paid"


def explain_protection(outcome: TopUpOutcome, urn: int) -> Explanation | None:
    """Return the working of what protects a school's top-ups, None where nothing does."""
    workings, total = protection_of(outcome, urn)
    if not workings:
        return None
    row = Row(Operator.equals, PROTECTION, known_pounds(total), Unit.pounds)
    absent = sum(one.absent for one in workings)
    return Explanation.of(outcome.rules, str(urn), workings, [row], PROTECTED, absent)


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
    unprinted = not is_printed(outcome.top_ups.school_protection)
    if outcome.school_protection_absent[placement] and not unprinted:
        row = unknown_row(PLACE, Missing.parts)
        return Working("school_protection", label, (row,), 1)
    steps = protection_steps(outcome.top_ups)
    own = own_of(outcome.top_ups, outcome.pupils, outcome.placement_sum, placement)
    absent = int(outcome.school_protection_absent[placement])
    if not absent and work(steps, own) != int(outcome.school_protection[placement]):
        raise NotReconciled(UNEQUAL_STEPS)
    printed = rows(steps, own, titles_of(outcome.rules))
    return Working("school_protection", label, (*printed,), absent)
