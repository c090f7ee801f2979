"""What rules come to for each of the same schools or pupils, and where that is known."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.errors import PairRefused, Problem
from engine.modules.school_formula.missing_lines import AbsentLines, declare_absent
from engine.modules.school_formula.parts import budget_known
from engine.rules.compiled import CompiledRules
from engine.run import evaluate
from engine.tables import PupilTable, SchoolTable


class Amounts(NamedTuple):
    """What rules come to for each of the same records (records): pence, and where it is known."""

    pence: NDArray[np.int64]
    known: NDArray[np.bool_]


Valuation = Callable[[CompiledRules], Amounts]
"""Values the same records under any rules."""


def school_amounts(
    schools: SchoolTable, pupils: PupilTable | None, absent: AbsentLines
) -> Valuation:
    """Return how the notional SEN budgets of schools are worked out; ``absent`` is what a line without a column means.

    It raises ``PairRefused`` for rules without a schools formula, or that the schools do not fit.
    """

    def value(rules: CompiledRules) -> Amounts:
        if rules.formula is None:
            raise PairRefused([_lacking(rules, "schools formula")])
        found = evaluate(rules, declare_absent(rules.formula, schools, absent), pupils).notional
        if found is None:
            message = "rules with a schools formula valued no school"
            raise RuntimeError(message)
        return Amounts(found.notional_total, budget_known(found))

    return value


def pupil_amounts(pupils: PupilTable) -> Valuation:
    """Return how the top-ups of pupils are worked out, row by row; it raises ``PairRefused`` for rules without a band profile."""

    def value(rules: CompiledRules) -> Amounts:
        found = evaluate(rules, None, pupils).top_ups
        if found is None:
            raise PairRefused([_lacking(rules, "band profile")])
        return Amounts(found.amount, found.known)

    return value


def _lacking(rules: CompiledRules, part: str) -> Problem:
    document = rules.document
    sentence = f"{document.identifier} version {document.version} has no {part}"
    return Problem(sentence, "nothing-to-compare")
