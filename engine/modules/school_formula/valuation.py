"""Schools to formula amounts and notional SEN: gather units, price lines, add to totals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.errors import PairRefused, Problem
from engine.kernels.minimum import fill_minimum
from engine.kernels.notional import GIVEN_UNITS, LinePrices, LineUnits, OpenPart, fill_notional
from engine.modules.school_formula.fringe import fringe_of, open_part
from engine.modules.school_formula.guarantee import compare_schools, protect
from engine.modules.school_formula.line_inputs import gather
from engine.modules.school_formula.school_inputs import Gathered
from engine.money import MILLION, PERCENT_TO_MILLIONTHS, half_away, scaled
from engine.outcome import NotionalOutcome
from engine.row_chunks import Blocks
from engine.rules.compiled import CompiledFormula, CompiledLine, CompiledRules
from engine.rules.formula import Factor
from engine.rules.values import DatedValue
from engine.tables import PupilTable, SchoolTable, frozen

MOST_YEARS = 12
LARGEST = 2**63


def value_schools(
    rules: CompiledRules,
    formula: CompiledFormula,
    schools: SchoolTable,
    pupils: PupilTable | None,
    blocks: Blocks,
) -> NotionalOutcome:
    """Value each school's formula and notional SEN."""
    gathered = gather(formula, schools, pupils, blocks)
    lines = gathered.lines
    _check_bound(formula, gathered)
    amount, notional = (np.empty((len(schools), len(lines)), np.int64) for _ in range(2))
    base, exact, amount_sum, notional_sum = (np.empty(len(schools), np.int64) for _ in range(4))
    part = open_part(formula, schools)
    units = LineUnits(frozen(gathered.form.T), frozen(gathered.units.T), frozen(gathered.given.T))
    in_minimum = _marks([line.factor.in_minimum_base for line in lines])
    prices = LinePrices(_rates(lines), _percents(lines), in_minimum)
    blocks.run(
        fill_notional, len(schools), units, prices, part,
        amount, notional, base, exact, amount_sum, notional_sum,
    )  # fmt: skip
    fringe = fringe_of(
        formula, schools, lines, amount, notional, _whole_year(gathered, amount, part)
    )
    base, exact = base + fringe.minimum_base, exact + fringe.exact
    raised = _minimum(formula, base, fringe.absent, gathered, part, blocks)
    settled = (raised.absent == 0) & (fringe.absent == 0) & gathered.all_known(_is_compared)
    compared = compare_schools(formula, gathered, exact, base, raised.exact)
    protection = protect(formula, compared, settled, part)
    uplift_notional = _part(raised.uplift, formula.minimum_percent)
    protection_notional = _part(protection.adjustment, formula.protection_percent)
    formula_parts = (amount_sum, fringe.amount, raised.uplift, protection.adjustment)
    notional_parts = (notional_sum, fringe.notional, uplift_notional, protection_notional)
    absent_parts = (gathered.absent.sum(axis=1), fringe.absent, raised.absent, protection.absent)
    return NotionalOutcome(
        rules=rules, schools=schools, lines=lines, compare=None if compared is None else compared.of, form=frozen(gathered.form.T).T, units=frozen(gathered.units.T).T,
        absent=frozen(gathered.absent.T).T, amount=frozen(amount), notional=frozen(notional), minimum_base=frozen(base),
        pupils=frozen(gathered.pupils), fringe=frozen(fringe.amount),
        fringe_notional=frozen(fringe.notional), uplift=frozen(raised.uplift),
        protection=frozen(protection.adjustment), uplift_notional=frozen(uplift_notional),
        protection_notional=frozen(protection_notional),
        formula_total=frozen(sum(formula_parts, np.zeros(len(schools), np.int64))),
        notional_total=frozen(sum(notional_parts, np.zeros(len(schools), np.int64))),
        fringe_absent=frozen(fringe.absent), minimum_absent=frozen(raised.absent),
        protection_absent=frozen(protection.absent),
        absent_total=frozen(sum(absent_parts, np.zeros(len(schools), np.int64))),
    )  # fmt: skip


def _check_bound(formula: CompiledFormula, gathered: Gathered) -> None:
    """Refuse units and values whose products, over all years of a school, would not fit in 63 bits."""
    units = gathered.units.max(axis=0, initial=0).tolist()
    largest = sum(most * (line.rate or 0) for most, line in zip(units, gathered.lines, strict=True))
    for at in gathered.in_pence:
        given = gathered.given[:, at]
        largest += max(int(given.max(initial=0)), -int(given.min(initial=0))) * MILLION
    if formula.levels is not None:
        largest += int(gathered.pupils.max(initial=0)) * int(formula.levels.max())
    if 2 * largest * max(MOST_YEARS, formula.year_days) >= LARGEST:
        sentence = "units times unit values are too large to work out exactly; check the figures"
        raise PairRefused([Problem(sentence, "too-large", place="schools_formula.factors")])


def _whole_year(gathered: Gathered, amount: Int, part: OpenPart) -> Int:
    """Return each line's amount for a whole year, pence, for comparison, even where a school is open for part of it."""
    if not len(part.days):
        return amount
    rounded = half_away(gathered.units * _rates(gathered.lines), MILLION)
    return np.where(gathered.form == GIVEN_UNITS, rounded, gathered.given)


@dataclass(frozen=True, slots=True)
class Raised:
    """The uplift to the minimum per-pupil level: in pence, and as an exact ratio for the guarantee."""

    uplift: Int
    exact: list[tuple[int, int]]
    absent: NDArray[np.int64]


def _rates(lines: tuple[CompiledLine, ...]) -> Int:
    return frozen(np.asarray([line.rate or 0 for line in lines], np.int64))


def _percents(lines: tuple[CompiledLine, ...]) -> Int:
    return frozen(np.asarray([line.percent or 0 for line in lines], np.int64))


def _marks(marks: list[bool]) -> Int:
    return frozen(np.asarray(marks, np.int64))


def _is_in_base(factor: Factor) -> bool:
    """Return whether the minimum per-pupil level counts what a factor pays."""
    return factor.in_minimum_base


def _is_compared(factor: Factor) -> bool:
    """Return whether the guarantee or the cap compares what a factor pays."""
    return factor.in_guarantee or factor.removed_from_prior or factor.in_minimum_base


def _minimum(
    formula: CompiledFormula,
    base: Int,
    fringe_absent: Int,
    gathered: Gathered,
    part: OpenPart,
    blocks: Blocks,
) -> Raised:
    """Return each school's uplift to the minimum per-pupil level, pence.

    It is not known where the pupils, their year groups or a part of what the school has are not:
    what is not known would count as nothing, and lift the school by as much.
    """
    schools = len(base)
    uplift = np.zeros(schools, np.int64)
    if formula.levels is None:
        return Raised(uplift, [(0, 1)] * schools, np.zeros(schools, np.int64))
    countable = (gathered.pupils > 0) & gathered.pupils_known
    stages = frozen(np.where(countable, gathered.schools.years, 0))
    blocks.run(
        fill_minimum,
        schools,
        frozen(base),
        frozen(gathered.pupils),
        stages,
        formula.levels,
        part,
        uplift,
    )
    exact: list[tuple[int, int]] = []
    if formula.guarantee or formula.cap:
        exact = _exact(formula.levels @ stages, gathered.pupils, base, stages.sum(axis=0))
    unknown = ~gathered.pupils_known | (fringe_absent > 0) | ~gathered.all_known(_is_in_base)
    unknown |= gathered.years.sum(axis=1) == 0
    for held, given in zip(stages, formula.level_givens, strict=True):
        if given is None:
            uplift[held > 0] = 0
            unknown |= held > 0
    uplift[unknown] = 0
    unknown &= gathered.mainstream
    return Raised(uplift, exact, unknown.astype(np.int64))


def _exact(weighted: Int, pupils: Int, base: Int, groups: Int) -> list[tuple[int, int]]:
    """Return each school's uplift as a ratio, pence: protection compares unrounded amounts."""
    return [
        (max(int(level) * int(units) - int(funded) * int(number), 0), int(number) * MILLION)
        if number
        else (0, 1)
        for level, units, funded, number in zip(weighted, pupils, base, groups, strict=True)
    ]


def _part(pence: Int, percent: DatedValue | None) -> Int:
    """Return the notional part of an amount for each school, rounded once."""
    if percent is None:
        return np.zeros_like(pence)
    return half_away(pence * scaled(percent.decimal, PERCENT_TO_MILLIONTHS), MILLION)
