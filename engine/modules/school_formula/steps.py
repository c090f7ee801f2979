"""A school's lines and adjustments as steps, with the school's own numbers that they take."""

from collections.abc import Callable
from fractions import Fraction

from engine.columns import AMOUNT_PREFIX
from engine.days import MONTHS
from engine.errors import NotReconciled
from engine.kernels.notional import GIVEN_AMOUNT, GIVEN_UNITS, SHARED_AMOUNT, YEARS_AMOUNT
from engine.modules.explanation import titles_of
from engine.modules.school_formula.fringe import MULTIPLIER, open_part
from engine.modules.school_formula.guarantee import gains_of
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.parts import formula_of, mainstream
from engine.money import MILLION, PENCE
from engine.rules.adjustment_steps import (
    ABOVE_ONE,
    ADJUSTMENT,
    BASE,
    MONEY,
    NO_LAST_YEAR,
    RAISED,
    UPLIFT,
    Level,
    Removed,
    fringe_steps,
    minimum_steps,
    protection_steps,
    without_pupils,
    without_steps,
)
from engine.rules.compiled import CompiledLine
from engine.rules.formula import Counts, LinePhase
from engine.rules.line_steps import (
    AMOUNT,
    DISTANCE,
    IS_OPEN,
    OF_YEARS,
    OPEN,
    PUPILS,
    UNITS,
    YEARS,
    amount_steps,
    months_part,
    months_steps,
    notional_steps,
    shared_steps,
    sparsity_steps,
    unit_steps,
)
from engine.steps import Of, Row, Steps, Unit, end_of_results, rows_of_results, run

Own = dict[str, Fraction | Of]
COUNTED = {Counts.school: Unit.schools, Counts.units: Unit.units}
STAGES = ("primary", "key stage 3", "key stage 4")


def own_of(outcome: NotionalOutcome, school: int) -> Own:
    """Return a school's own numbers by name: pupils, year groups, and days open where not all are."""
    own: Own = {
        PUPILS: Fraction(int(outcome.pupils[school]), MILLION),
        YEARS: Fraction(int(outcome.years[school].sum())),
    }
    part = open_part(formula_of(outcome), outcome.schools)
    if len(part.days) and int(part.days[school]) != part.year_days:
        own[OPEN] = Of(int(part.days[school]), part.year_days)
    return own


def line_steps(outcome: NotionalOutcome, school: int, at: int) -> tuple[Steps, Steps, Own]:
    """Return the steps of a line that is known, to its amount and on to its notional part, and the numbers they take."""
    line, formula = outcome.lines[at], formula_of(outcome)
    if not line.changes:
        amount, own = _year_steps(outcome, school, at, line)
        if formula.year_months == MONTHS:
            return amount, notional_steps(line.share), own
        return *months_steps([amount], [line.share], [formula.year_months]), own
    amounts, owns = zip(
        *(_year_steps(outcome, school, at, one) for one in line.segments), strict=True
    )
    percents = [one.share for one in line.segments]
    return *months_steps(amounts, percents, formula.months), owns[0]


def _year_steps(
    outcome: NotionalOutcome, school: int, at: int, line: CompiledLine
) -> tuple[Steps, Own]:
    """Return the steps of a whole year at a line's values in force in one segment of it."""
    own = own_of(outcome, school)
    form, rule = int(outcome.form[school, at]), line.line.sparsity
    is_open = OPEN not in own
    if form == GIVEN_UNITS and line.value is not None:
        own[UNITS] = Fraction(int(outcome.units[school, at]), MILLION)
        unit = COUNTED.get(line.counts, Unit.pupils)
        return unit_steps(line.value, line.area, unit, is_open=is_open), own
    if form == SHARED_AMOUNT and line.value is not None:
        own[OF_YEARS] = _shared(outcome, school, at)
        return shared_steps(line.value, line.area, is_open=is_open), own
    if form == YEARS_AMOUNT and rule is not None and line.value is not None:
        if rule.miles is not None:
            own[DISTANCE] = Fraction(int(outcome.schools.columns[DISTANCE][school]), MILLION)
        return sparsity_steps(rule, line.value, line.area, line.place, is_open=is_open), own
    paid = int(outcome.amount[school, at])
    given = outcome.schools.values[AMOUNT_PREFIX + line.name] if form == GIVEN_AMOUNT else None
    own[AMOUNT] = Fraction(paid if given is None else int(given[school]), PENCE)
    return amount_steps(), own


def _shared(outcome: NotionalOutcome, school: int, at: int) -> Of:
    """Return the year groups by which a line for the school is shared."""
    years = outcome.years[school]
    primary, total = int(years[0]), int(years.sum())
    is_primary = outcome.lines[at].key.phase is LinePhase.primary
    return Of(primary if is_primary else total - primary, total)


def _fringe(outcome: NotionalOutcome, school: int) -> list[tuple[Steps, Own]]:
    """Return the steps of what the multiplier adds to the formula, and to notional SEN."""
    raised = [at for at, line in enumerate(outcome.lines) if line.factor.in_fringe]
    above = Fraction(int(outcome.schools.columns[MULTIPLIER][school]) - MILLION, MILLION)
    return [
        (
            fringe_steps(of, label),
            {RAISED: Fraction(int(held[school, raised].sum()), PENCE), ABOVE_ONE: above},
        )
        for of, label, held in (
            ("Funding that it raises", "Added", outcome.amount),
            ("Notional SEN of what it raises", "Notional SEN", outcome.notional),
        )
    ]


def _minimum(outcome: NotionalOutcome, school: int) -> list[tuple[Steps, Own]]:
    own = own_of(outcome, school)
    if not outcome.pupils[school]:
        return [(without_pupils(UPLIFT), own)]
    own[BASE] = Fraction(int(outcome.minimum_base[school]), MONEY * formula_of(outcome).scale)
    return [(minimum_steps(_levels(outcome, school), _part(outcome, own)), own)]


def _part(outcome: NotionalOutcome, own: Own) -> Steps:
    """Return the steps from what is compared for a year to the part of it that a school is paid."""
    return (IS_OPEN,) if OPEN in own else months_part(formula_of(outcome).year_months)


def _levels(outcome: NotionalOutcome, school: int) -> list[Level]:
    """Return the level of each key stage that a school has, with its place in the document."""
    years = outcome.years[school].tolist()
    stages = zip(STAGES, formula_of(outcome).level_values, years, strict=True)
    return [
        Level(words, level, number)
        for words, level, number in stages
        if number and level is not None
    ]


def _protection(outcome: NotionalOutcome, school: int) -> list[tuple[Steps, Own]]:
    if outcome.compare is None or not mainstream(outcome)[school]:
        return []
    own = own_of(outcome, school)
    if outcome.compare.first_year[school]:
        return [(NO_LAST_YEAR, own)]
    if not outcome.pupils[school]:
        return [(without_pupils(ADJUSTMENT), own)]
    own |= outcome.compare.of(school)
    removed = [Removed(label, name) for name, label in outcome.compare.labels(school).items()]
    gains = gains_of(formula_of(outcome))
    is_above = gains.are_printed or outcome.compare.is_above(school)
    steps = protection_steps(gains, _part(outcome, own), removed, is_above=is_above)
    return [((*without_steps(outcome.compare.without(school)), *steps), own)]


ADJUSTMENTS: dict[str, Callable[[NotionalOutcome, int], list[tuple[Steps, Own]]]] = {
    "fringe": _fringe,
    "minimum_per_pupil": _minimum,
    "protection": _protection,
}
"""The steps of each adjustment of a school that is known."""


UNEQUAL_STEPS = "the steps of a school's part do not come to what is paid"


def checked_rows(
    outcome: NotionalOutcome, parts: tuple[Steps, Steps], own: Own, paid: tuple[int | None, int]
) -> list[Row]:
    """Return the rows of an amount, None where a value is not printed, and its notional part.

    Raises ``NotReconciled`` where the steps do not come to the pence that are paid.
    """
    amount, notional = parts
    worked = [*run((*amount, *notional), own)]
    ends = end_of_results(worked[: len(amount)]), end_of_results(worked)
    if ends[0] != paid[0] or (notional and ends[1] not in {paid[1], None}):
        raise NotReconciled(UNEQUAL_STEPS)
    return [*rows_of_results(worked, own, titles_of(outcome.rules))]
