"""Schools to formula amounts and notional SEN: inputs of lines, their prices, adjustments, totals."""

import numpy as np

from engine.columns import Int
from engine.errors import PairRefused, Problem
from engine.kernels.notional import LinePrices, fill_notional
from engine.modules.school_formula.fitting_schools import fitting_schools
from engine.modules.school_formula.fringe import fringe_of, open_part, paid_part
from engine.modules.school_formula.guarantee import compare_schools, is_compared, protect
from engine.modules.school_formula.line_inputs import school_inputs
from engine.modules.school_formula.minimum_level import minimum_level
from engine.modules.school_formula.outcome import NotionalOutcome, SchoolGroup, merged
from engine.modules.school_formula.prior_amounts import repeated_amounts
from engine.modules.school_formula.pupil_counts import PlacedPupils
from engine.modules.school_formula.school_inputs import SchoolInputs
from engine.money import MILLION, PERCENT_TO_MILLIONTHS, half_away, scaled
from engine.row_chunks import Blocks
from engine.rules.compiled import CompiledFormula, CompiledLine, CompiledRules
from engine.rules.formula import Factor
from engine.rules.values import is_printed
from engine.steps import SourcedValue
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
    """Value each school's formula and notional SEN; by the rows that fit it of a formula with tables of values.

    Raises ``PairRefused`` with every problem.
    """
    placed = None if pupils is None else PlacedPupils(pupils, schools)
    if not formula.tables or not len(schools):
        return _valued(rules, formula, schools, placed, blocks)
    groups: list[SchoolGroup] = []
    problems: list[Problem] = []
    for at, fitted in fitting_schools(rules, formula, schools):
        some = None if placed is None else placed._replace(among=at)
        own = fitted.formula or formula
        try:
            groups.append(SchoolGroup(at, _valued(fitted, own, schools.among(at), some, blocks)))
        except PairRefused as refused:
            problems += refused.problems
    if problems:
        raise PairRefused(list(dict.fromkeys(problems)))
    return merged(rules, schools, groups)


def _valued(
    rules: CompiledRules,
    formula: CompiledFormula,
    schools: SchoolTable,
    pupils: PlacedPupils | None,
    blocks: Blocks,
) -> NotionalOutcome:
    """Value schools by a formula whose values are the same for all of them.

    Raises ``PairRefused`` with every problem of this year and of last.
    """
    of_last_year = repeated_amounts(formula, schools) if is_compared(formula) else []
    try:
        inputs = school_inputs(formula, schools, pupils, blocks)
    except PairRefused as refusal:
        raise PairRefused([*refusal.problems, *of_last_year]) from None
    if of_last_year:
        raise PairRefused(of_last_year)
    return value_inputs(rules, formula, inputs, blocks)


def value_inputs(
    rules: CompiledRules, formula: CompiledFormula, inputs: SchoolInputs, blocks: Blocks
) -> NotionalOutcome:
    """Return what schools come to by the units and amounts of their lines; the lines are those of the inputs.

    Raises ``PairRefused`` where they are too large to work out exactly.
    """
    schools, lines, units = inputs.schools, inputs.lines, inputs.units
    part, prices = open_part(formula, schools), _prices(lines, formula)
    _check_bound(formula, inputs, prices.rate)
    amount, notional = (np.empty((len(schools), len(lines)), np.int64) for _ in range(2))
    base, exact, amount_sum, notional_sum = (np.empty(len(schools), np.int64) for _ in range(4))
    blocks.run(
        fill_notional, len(schools), units, prices, part,
        amount, notional, base, exact, amount_sum, notional_sum,
    )  # fmt: skip
    fringe = fringe_of(formula, inputs, amount, notional)
    base, exact = base + fringe.minimum_base, exact + fringe.exact
    paid = paid_part(formula, part, len(schools))
    raised = minimum_level(formula, inputs, base, fringe.absent, paid)
    all_known = (raised.absent == 0) & (fringe.absent == 0) & inputs.all_known(_is_compared)
    compared = compare_schools(formula, inputs, exact, base)
    protection = protect(formula, compared, all_known, paid)
    uplift_notional = _notional(raised.uplift, formula.minimum_percent)
    protection_notional = _notional(protection.adjustment, formula.protection_percent)
    return NotionalOutcome(
        rules=rules, schools=schools, lines=lines, compare=compared,
        form=units.form.T, units=units.units.T, absent=inputs.absent.T,
        amount=frozen(amount), notional=frozen(notional), minimum_base=frozen(base),
        pupils=inputs.pupils, fringe=frozen(fringe.amount),
        fringe_notional=frozen(fringe.notional), uplift=frozen(raised.uplift),
        protection=frozen(protection.adjustment), uplift_notional=frozen(uplift_notional),
        protection_notional=frozen(protection_notional),
        formula_total=frozen(amount_sum + fringe.amount + raised.uplift + protection.adjustment),
        notional_total=frozen(notional_sum + fringe.notional + uplift_notional + protection_notional),
        fringe_absent=frozen(fringe.absent), minimum_absent=frozen(raised.absent),
        protection_absent=frozen(protection.absent),
        minimum_unprinted=frozen(raised.unprinted), protection_unprinted=frozen(protection.unprinted),
        absent_total=frozen(inputs.absent.sum(axis=0) + fringe.absent + raised.absent + protection.absent),
    )  # fmt: skip


def _check_bound(formula: CompiledFormula, inputs: SchoolInputs, rate: Int) -> None:
    """Refuse units and values whose products, over all years of a school, would not fit in 63 bits."""
    level = 0 if formula.levels is None else int(formula.levels.max())
    largest = largest_year(inputs, rate.max(axis=0, initial=0), level)
    if 2 * largest * formula.scale * max(MOST_YEARS, formula.year_days) >= LARGEST:
        sentence = "units times unit values are too large to work out exactly; check the figures"
        raise PairRefused([Problem(sentence, "too-large", place="schools_formula.factors")])


def largest_year(inputs: SchoolInputs, rates: Int, level: int) -> int:
    """Return what no school earns more of in a year, millionths of a penny: of unit values (lines) and a minimum level, pence."""
    units = inputs.units.units.max(axis=1, initial=0).tolist()
    largest = sum(most * each for most, each in zip(units, rates.tolist(), strict=True))
    for at in inputs.in_pence:
        pence = inputs.units.given[:, at]
        largest += max(int(pence.max(initial=0)), -int(pence.min(initial=0))) * MILLION
    return int(largest) + int(inputs.pupils.max(initial=0)) * level


def _prices(lines: tuple[CompiledLine, ...], formula: CompiledFormula) -> LinePrices:
    months, weights = formula.months, formula.weights
    segments = [[line.segments[at] for line in lines] for at in range(len(months))]
    rates = [[one.rate or 0 for one in of] for of in segments]
    percents = [[one.percent or 0 for one in of] for of in segments]
    in_minimum = [line.factor.in_minimum_base for line in lines]
    return LinePrices(
        *(
            frozen(np.asarray(one, np.int64))
            for one in (rates, percents, in_minimum, months, weights)
        )
    )


def _is_compared(factor: Factor) -> bool:
    """Return whether the guarantee or the cap compares what a factor pays."""
    return factor.in_guarantee or factor.in_minimum_base


def _notional(pence: Int, percent: SourcedValue | None) -> Int:
    """Return the notional part of an amount for each school, rounded once; 0 where it is not printed."""
    if not is_printed(percent):
        return np.zeros_like(pence)
    return half_away(pence * scaled(percent.decimal, PERCENT_TO_MILLIONTHS), MILLION)
