"""What is added to a school's lines, in words: London fringe, minimum level, guarantee and cap."""

from collections.abc import Callable

from engine.columns import Int
from engine.evaluate.fringe import open_part
from engine.explain.rows import Operator, Row, Unit, Working, given_row
from engine.missing import Missing
from engine.money import MILLION, number, pounds
from engine.outcome import NotionalOutcome
from engine.rules.compiled import CompiledFormula
from engine.rules.values import Given
from engine.school_parts import (
    Adjustment,
    adjustments,
    formula_of,
    mainstream,
    missing_adjustment,
)

ABOVE_ONE = "Multiplier, what is above 1"
MINIMUM_PLACE = "schools_formula.minimum_per_pupil"
STAGES = (("primary", "primary"), ("ks3", "key stage 3"), ("ks4", "key stage 4"))
EITHER = "secondary"


def percent_row(outcome: NotionalOutcome, percent: Given, place: str) -> Row:
    """Return the row of a notional SEN percentage."""
    return given_row(
        outcome.rules, Operator.times, "Notional SEN percentage", percent, Unit.percent, place
    )


def protections(outcome: NotionalOutcome, school: int) -> list[Working]:
    """Return the workings of what is added to a school's lines: fringe, minimum level, guarantee."""
    workings = []
    for one in adjustments(outcome):
        why = missing_adjustment(outcome, one, school)
        rows = [] if why is None else [_unknown(one, why)]
        if why is None and (mainstream(outcome)[school] or one.amount[school]):
            rows = ROWS[one.name](outcome, school)
            rows += _notional_part(outcome, one, school)
        if rows:
            workings.append(Working(one.name, one.label, tuple(rows), int(why is not None)))
    return workings


def _fringe(outcome: NotionalOutcome, school: int) -> list[Row]:
    """Return what a London fringe multiplier adds to what it raises."""
    raised = [at for at, line in enumerate(outcome.lines) if line.factor.in_fringe]
    above = number(int(outcome.schools.columns["london_fringe"][school]) - MILLION)

    def added(of: str, parts: Int, label: str, amount: Int) -> list[Row]:
        whole = pounds(int(parts[school, raised].sum()))
        return [
            Row(Operator.start, of, whole, Unit.pounds),
            Row(Operator.times, ABOVE_ONE, above, Unit.multiplier, "schools_formula.fringe"),
            Row(Operator.equals, label, pounds(int(amount[school])), Unit.pounds),
        ]

    rows = added("Funding that it raises", outcome.amount, "Added", outcome.fringe)
    of = "Notional SEN of what it raises"
    return rows + added(of, outcome.notional, "Notional SEN", outcome.fringe_notional)


def _protection(outcome: NotionalOutcome, school: int) -> list[Row]:
    adjustment = pounds(int(outcome.protection[school]))
    place = "schools_formula.protection"
    return [Row(Operator.start, "Adjustment", adjustment, Unit.pounds, place)]


def _unknown(one: Adjustment, why: Missing) -> Row:
    words, place = "A figure that it needs is missing", f"schools_formula.{one.name}"
    return Row(Operator.start, words, None, Unit.text, place, note=why)


def _minimum(outcome: NotionalOutcome, school: int) -> list[Row]:
    """Return the uplift's rows: level × pupils less what the formula already gives."""
    if not outcome.pupils[school]:
        return []
    base = pounds_exact(int(outcome.minimum_base[school]))
    uplift = pounds(int(outcome.uplift[school]))
    return [
        *_levels(outcome, formula_of(outcome), school),
        Row(Operator.times, "Pupils", number(int(outcome.pupils[school])), Unit.pupils),
        Row(
            Operator.minus,
            "Pupil-led funding, lump sum and sparsity (not rounded)",
            base,
            Unit.pounds,
        ),
        *open_part_rows(outcome, school),
        Row(Operator.equals, "Uplift (none if the level is already reached)", uplift, Unit.pounds),
    ]


def _levels(outcome: NotionalOutcome, formula: CompiledFormula, school: int) -> list[Row]:
    """Return the rows of a school's level a pupil, with the source of the level of each key stage.

    A school of several key stages has the level of each for as many of its year groups.
    """
    document = outcome.rules.document.schools_formula
    minimum = document.minimum_per_pupil if document is not None else None
    rows: list[Row] = []
    stages: list[tuple[str, int, int]] = []
    years = outcome.years[school].tolist()
    for at, (name, words) in enumerate(STAGES):
        given = formula.level_givens[at]
        if not years[at] or given is None or formula.levels is None:
            continue
        own = getattr(minimum, name) or ()
        place, label = f"{MINIMUM_PLACE}.{name if given in own else EITHER}", f"Level of {words}"
        rows.append(given_row(outcome.rules, Operator.start, label, given, Unit.pounds, place))
        rows.append(Row(Operator.times, f"Year groups of {words}", str(years[at]), Unit.text))
        stages.append((words, years[at], years[at] * int(formula.levels[at])))
        rows.append(_together(Operator.equals, *stages[-1]))
    if len(stages) == 1:
        # The only level is that of each year group.
        return rows[:1]
    rows += [_together(Operator.plus, *one) for one in stages[:-1]]
    return [*rows, Row(Operator.divided_by, "Year groups", str(sum(years)), Unit.text)]


def _together(operator: Operator, words: str, years: int, pence: int) -> Row:
    return Row(operator, f"{years} year groups of {words}", pounds(pence), Unit.pounds)


def open_part_rows(outcome: NotionalOutcome, school: int) -> list[Row]:
    """Return the row of the days that a school is open, where it is not open all the year."""
    formula = outcome.rules.formula
    part = open_part(formula, outcome.schools) if formula is not None else None
    if part is None or not len(part.days) or int(part.days[school]) == part.year_days:
        return []
    days = f"{int(part.days[school])} of {part.year_days}"
    return [
        Row(Operator.times, "Days of the year open", days, Unit.share, "schools_formula.year_days")
    ]


def _notional_part(outcome: NotionalOutcome, one: Adjustment, school: int) -> list[Row]:
    if one.percent is None:
        return []
    part = pounds(int(one.notional[school]))
    return [
        percent_row(outcome, one.percent, f"schools_formula.{one.name}.notional_percent"),
        Row(Operator.equals, "Notional SEN", part, Unit.pounds),
    ]


ROWS: dict[str, Callable[[NotionalOutcome, int], list[Row]]] = {
    "fringe": _fringe,
    "minimum_per_pupil": _minimum,
    "protection": _protection,
}
"""How each adjustment of a school is explained."""


def pounds_exact(millionths_of_a_penny: int) -> str:
    """Return pounds with every decimal for an amount that is not rounded.

    >>> pounds_exact(551_587_633_742_000)
    '5515876.33742'
    """
    text = number(millionths_of_a_penny, 10**8)
    whole, _, part = text.partition(".")
    return f"{whole}.{part:0<2}"
