"""What is added to a school's lines, in words: London fringe, minimum level, guarantee and cap."""

from engine.columns import Int
from engine.evaluate.fringe import open_part
from engine.evaluate.gathered import MAINSTREAM
from engine.explain.rows import Operator, Row, Unit, Working, given_row
from engine.money import MILLION, number, pounds
from engine.outcome import NotionalOutcome
from engine.rules.compiled import CompiledFormula
from engine.rules.values import Given

FRINGE = "London fringe"
ABOVE_ONE = "Multiplier, what is above 1"
MINIMUM, PROTECTION = "Minimum per-pupil level", "Minimum funding guarantee, cap and scaling"
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
    formula = outcome.rules.formula
    workings: list[Working] = []
    if formula is None:
        return workings
    funded = bool(outcome.schools.of(MAINSTREAM)[school])
    if formula.fringe and (funded or outcome.fringe[school]):
        workings.append(_fringe(outcome, school))
    if outcome.minimum_absent[school]:
        workings.append(_unknown("minimum_per_pupil", MINIMUM))
    elif formula.levels is not None and outcome.pupils[school] and funded:
        workings.append(_minimum(outcome, formula, school))
    if outcome.protection_absent[school]:
        workings.append(_unknown("protection", PROTECTION))
    elif formula.guarantee is not None or formula.cap is not None:
        adjustment = pounds(int(outcome.protection[school]))
        place = "schools_formula.protection"
        rows = [Row(Operator.start, "Adjustment", adjustment, Unit.pounds, place)]
        part = int(outcome.protection_notional[school])
        rows += _notional_part(outcome, formula.protection_percent, part, place)
        workings.append(Working("protection", PROTECTION, tuple(rows)))
    return workings


def _fringe(outcome: NotionalOutcome, school: int) -> Working:
    """Return what a London fringe multiplier adds to what it raises."""
    name = "fringe"
    if outcome.fringe_absent[school]:
        return _unknown(name, FRINGE)
    raised = [at for at, line in enumerate(outcome.lines) if line.factor.in_fringe]
    above = number(int(outcome.schools.columns["london_fringe"][school]) - MILLION)

    def added(of: str, parts: Int, label: str, amount: Int) -> list[Row]:
        whole = pounds(int(parts[school, raised].sum()))
        return [
            Row(Operator.start, of, whole, Unit.pounds),
            Row(Operator.times, ABOVE_ONE, above, Unit.multiplier, f"schools_formula.{name}"),
            Row(Operator.equals, label, pounds(int(amount[school])), Unit.pounds),
        ]

    rows = added("Funding that it raises", outcome.amount, "Added", outcome.fringe)
    of = "Notional SEN of what it raises"
    rows += added(of, outcome.notional, "Notional SEN", outcome.fringe_notional)
    return Working(name, FRINGE, tuple(rows))


def _unknown(name: str, label: str) -> Working:
    row = Row(
        Operator.start,
        "A figure that it needs is missing",
        None,
        Unit.text,
        f"schools_formula.{name}",
    )
    return Working(name, label, (row,), 1)


def _minimum(outcome: NotionalOutcome, formula: CompiledFormula, school: int) -> Working:
    """Return the uplift's working: level × pupils less what the formula already gives."""
    base = pounds_exact(int(outcome.minimum_base[school]))
    uplift = pounds(int(outcome.uplift[school]))
    rows = [
        *_levels(outcome, formula, school),
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
    part = int(outcome.uplift_notional[school])
    rows += _notional_part(outcome, formula.minimum_percent, part, MINIMUM_PLACE)
    return Working("minimum_per_pupil", MINIMUM, tuple(rows))


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


def _notional_part(
    outcome: NotionalOutcome, percent: Given | None, pence: int, place: str
) -> list[Row]:
    if percent is None:
        return []
    return [
        percent_row(outcome, percent, f"{place}.notional_percent"),
        Row(Operator.equals, "Notional SEN", pounds(pence), Unit.pounds),
    ]


def pounds_exact(millionths_of_a_penny: int) -> str:
    """Return pounds with every decimal for an amount that is not rounded.

    >>> pounds_exact(551_587_633_742_000)
    '5515876.33742'
    """
    text = number(millionths_of_a_penny, 10**8)
    whole, _, part = text.partition(".")
    return f"{whole}.{part:0<2}"
