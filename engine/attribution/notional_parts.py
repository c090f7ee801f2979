"""The notional SEN of schools part by part: each line and adjustment that a budget depends on, and where it is not known."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.modules.school_formula import parts as school_parts
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.rules.compile_school_tables import MINIMUM, PROTECTION
from engine.vocabulary import Missing


class NotionalPart(NamedTuple):
    """A part of schools' notional SEN: pence (schools), where it is not known, and why, as a place among ``REASONS``."""

    label: str
    pence: NDArray[np.int64]
    unknown: NDArray[np.bool_]
    why: NDArray[np.intp]


def notional_parts(outcome: NotionalOutcome) -> dict[str, NotionalPart]:
    """Return the parts by name of rules without tables of values; a line of which nothing can be notional is none.

    Where no part is unknown the budget is known, and they add to it.
    """
    formula = school_parts.formula_of(outcome)
    found = {}
    for at, line in enumerate(outcome.lines):
        if line.is_notional:
            unknown = (outcome.absent[:, at] > 0) | outcome.unprinted_notional(at)
            why = school_parts.missing_figures(outcome, at)
            found[line.name] = NotionalPart(line.label, outcome.notional[:, at], unknown, why)
    shared = {
        school_parts.FRINGE: any(line.is_notional for line in outcome.lines),
        MINIMUM: formula.minimum_percent is not None,
        PROTECTION: formula.protection_percent is not None,
    }
    based = [at for at, line in enumerate(outcome.lines) if line.factor.in_minimum_base]
    for one in school_parts.adjustments(outcome):
        if not shared[one.name]:
            continue
        unknown = (one.absent > 0) | one.unprinted_notional
        why = school_parts.missing_adjustments(outcome, one)
        if one.name == MINIMUM:
            # A school without pupils is lifted by nothing; its budget waits for the lines all the same.
            waits = (outcome.absent[:, based] > 0).any(axis=1)
            why = np.where(waits & ~unknown, school_parts.REASONS.index(Missing.parts), why)
            unknown = unknown | waits
        found[one.name] = NotionalPart(one.label, one.notional, unknown, why)
    return found
