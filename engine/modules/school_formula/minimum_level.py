"""The minimum per-pupil level: what lifts each school to it, or why it is not known.

Source: technical notes of the schools national funding formula, minimum per-pupil levels.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.kernels.minimum_level import uplift_of
from engine.kernels.notional import OpenPart
from engine.modules.school_formula.school_inputs import SchoolInputs
from engine.rules.compiled import CompiledFormula
from engine.rules.formula import Factor
from engine.tables import frozen


@dataclass(frozen=True, slots=True)
class MinimumLevel:
    """The uplift to the minimum per-pupil level of each school.

    uplift  (schools) pence, for the part of the year that is paid
    absent  (schools) 1 where it cannot be known
    unprinted  (schools) where it cannot because a level is not printed, and all else is known
    """

    uplift: Int
    absent: Int
    unprinted: NDArray[np.bool_]


def minimum_level(
    formula: CompiledFormula,
    inputs: SchoolInputs,
    base: Int,
    fringe_absent: Int,
    part: OpenPart,
) -> MinimumLevel:
    """Return each school's uplift; ``base`` is what the level counts, as ``exact_amounts`` has it.

    It is not known where the pupils, their year groups or a part of what the school has are not:
    what is not known would count as nothing, and lift the school by as much. A school without
    pupils is lifted by nothing, whatever else of it is not known. With a level that is not printed no school's
    lift is known who has that key stage.
    """
    schools = len(base)
    uplift = np.zeros(schools, np.int64)
    if formula.levels is None:
        return MinimumLevel(uplift, np.zeros(schools, np.int64), np.zeros(schools, np.bool_))
    countable = (inputs.pupils > 0) & inputs.pupils_known
    stages = frozen(np.where(countable, inputs.schools.years, 0))
    uplift = _uplifts(formula, inputs, base, stages, part)
    unknown = ~inputs.pupils_known | (fringe_absent > 0) | ~inputs.all_known(_is_in_base)
    unknown |= inputs.year_groups == 0
    unprinted = np.zeros(schools, np.bool_)
    for groups, level in zip(stages, formula.level_givens, strict=True):
        if level is None:
            unknown |= groups > 0
        elif not level.is_printed:
            unprinted |= groups > 0
    uplift[unknown | unprinted] = 0
    of_them = inputs.mainstream & ~inputs.empty
    unprinted &= of_them & ~unknown
    unknown = (unknown | unprinted) & of_them
    return MinimumLevel(uplift, unknown.astype(np.int64), unprinted)


def _uplifts(
    formula: CompiledFormula, inputs: SchoolInputs, base: Int, stages: Int, part: OpenPart
) -> Int:
    """Return what lifts each school to its level (schools), pence; 0 for one that has no year groups of ``stages`` (3, schools)."""
    if formula.levels is None:
        return np.zeros(len(base), np.int64)
    groups = stages.sum(axis=0)
    short = (formula.levels @ stages) * inputs.pupils * formula.scale - base * groups
    open_days = part.days if len(part.days) else part.year_days
    lifts = uplift_of(
        np.maximum(short, 0), np.maximum(groups, 1) * formula.scale, open_days, part.year_days
    )
    return np.where(groups > 0, lifts, 0)


def _is_in_base(factor: Factor) -> bool:
    """Return whether the minimum per-pupil level counts what a factor pays."""
    return factor.in_minimum_base
