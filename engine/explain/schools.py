"""A school's notional SEN budget, line by line."""

import numpy as np

from engine.columns import AMOUNT_PREFIX
from engine.explain.rows import Explanation, Operator, Row, Unit, Working, given_row
from engine.kernels.notional import GIVEN_UNITS, NOT_KNOWN
from engine.money import number, pounds
from engine.outcome import NotionalOutcome
from engine.rules.compiled import CompiledFormula, CompiledLine
from engine.rules.formula import Counts, LinePhase
from engine.rules.values import Given

PHASE_WORDS = {
    LinePhase.primary: "primary",
    LinePhase.ks3: "key stage 3",
    LinePhase.ks4: "key stage 4",
    LinePhase.secondary: "secondary",
    LinePhase.middle: "middle",
    LinePhase.all_through: "all-through",
    LinePhase.all: "",
}
COUNTED = {Counts.school: Unit.schools, Counts.units: Unit.units}
EARNED = "Earned by how small and how remote the school is"
FRINGE = "London fringe"
MINIMUM, PROTECTION = "Minimum per-pupil level", "Minimum funding guarantee, cap and scaling"
MINIMUM_PLACE = "schools_formula.minimum_per_pupil"
STAGES = (("primary", "primary"), ("ks3", "key stage 3"), ("ks4", "key stage 4"))
EITHER = "secondary"


def line_label(line: CompiledLine) -> str:
    """Return a line's name for people, for example ``Basic entitlement, key stage 3``."""
    words = PHASE_WORDS[line.key.phase]
    return f"{line.factor.label}, {words}" if words else line.factor.label


def explain_school(outcome: NotionalOutcome, urn: int) -> Explanation:
    """Return the working of one school's notional SEN; ``KeyError`` where it is not in the table."""
    found = np.flatnonzero(outcome.schools.urn == urn)
    if not len(found):
        raise KeyError(urn)
    school = int(found[0])
    workings = [
        _working(outcome, school, at, line)
        for at, line in enumerate(outcome.lines)
        if _shown(outcome, school, at)
    ]
    workings += _protections(outcome, school)
    return Explanation.of(
        outcome.rules,
        str(urn),
        workings,
        _totals(outcome, school),
        _sentence(outcome, school),
        int(outcome.absent_total[school]),
    )


def _shown(outcome: NotionalOutcome, school: int, at: int) -> bool:
    return bool(outcome.form[school, at] != NOT_KNOWN or outcome.absent[school, at] > 0)


def _working(outcome: NotionalOutcome, school: int, at: int, line: CompiledLine) -> Working:
    rules, absent = outcome.rules, int(outcome.absent[school, at])
    rows: list[Row] = []
    if outcome.form[school, at] == NOT_KNOWN:
        rows.append(Row(Operator.start, "Not supplied", None, Unit.text, line.place))
        return Working(line.name, line_label(line), tuple(rows), absent)
    if outcome.form[school, at] == GIVEN_UNITS and line.unit_value is not None:
        unit = COUNTED.get(line.counts, Unit.pupils)
        rows.append(
            Row(
                Operator.start,
                unit.value.capitalize(),
                number(int(outcome.units[school, at])),
                unit,
            )
        )
        rows.append(
            given_row(
                rules,
                Operator.times,
                "Unit value",
                line.unit_value,
                Unit.pounds,
                f"{line.place}.unit_value",
            )
        )
        rows += _area(outcome, line)
        rows.append(
            Row(Operator.equals, "Amount", pounds(int(outcome.amount[school, at])), Unit.pounds)
        )
    else:
        rows += _given(outcome, school, at, line)
    if line.notional_percent is not None:
        rows.append(_percent(outcome, line.notional_percent, f"{line.place}.notional_percent"))
        rows.append(
            Row(
                Operator.equals,
                "Notional SEN",
                pounds(int(outcome.notional[school, at])),
                Unit.pounds,
            )
        )
    return Working(line.name, line_label(line), tuple(rows), absent)


def _given(outcome: NotionalOutcome, school: int, at: int, line: CompiledLine) -> list[Row]:
    """Return the rows of an amount that was given, or that sparsity's own rule works out."""
    amount = pounds(int(outcome.amount[school, at]))
    schools, column = outcome.schools, f"{AMOUNT_PREFIX}{line.name}"
    given = column in schools.values and bool(schools.given(column)[school])
    if given or line.counts is not Counts.sparsity or line.unit_value is None:
        return [Row(Operator.start, "Amount given", amount, Unit.pounds)]
    place, words = f"{line.place}.unit_value", "Most that is paid"
    most = given_row(outcome.rules, Operator.start, words, line.unit_value, Unit.pounds, place)
    return [most, *_area(outcome, line), Row(Operator.equals, EARNED, amount, Unit.pounds)]


def _area(outcome: NotionalOutcome, line: CompiledLine) -> list[Row]:
    formula = outcome.rules.formula
    if (
        formula is None
        or formula.area is None
        or not line.factor.area_adjusted
        or line.rate is None
    ):
        return []
    place = "schools_formula.area_cost_adjustment"
    adjusted = Row(
        Operator.equals,
        "Unit value after area adjustment, to the penny",
        pounds(line.rate),
        Unit.pounds,
    )
    return [
        given_row(
            outcome.rules,
            Operator.times,
            "Area cost adjustment",
            formula.area,
            Unit.multiplier,
            place,
        ),
        adjusted,
    ]


def _percent(outcome: NotionalOutcome, percent: Given, place: str) -> Row:
    return given_row(
        outcome.rules, Operator.times, "Notional SEN percentage", percent, Unit.percent, place
    )


def _protections(outcome: NotionalOutcome, school: int) -> list[Working]:
    formula = outcome.rules.formula
    workings: list[Working] = []
    if formula is None:
        return workings
    if formula.fringe:
        workings.append(_fringe(outcome, school))
    if outcome.minimum_absent[school]:
        workings.append(_unknown("minimum_per_pupil", MINIMUM))
    elif formula.levels is not None and outcome.pupils[school]:
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
    multiplier = number(int(outcome.schools.columns["london_fringe"][school]))
    place = f"schools_formula.{name}"
    rows = (
        Row(
            Operator.start,
            "Funding that it raises",
            pounds(int(outcome.amount[school, raised].sum())),
            Unit.pounds,
        ),
        Row(Operator.times, "Multiplier", multiplier, Unit.multiplier, place),
        Row(Operator.equals, "Added", pounds(int(outcome.fringe[school])), Unit.pounds),
        Row(
            Operator.equals,
            "Notional SEN",
            pounds(int(outcome.fringe_notional[school])),
            Unit.pounds,
        ),
    )
    return Working(name, FRINGE, rows)


def _unknown(name: str, label: str) -> Working:
    row = Row(Operator.start, "Not supplied", None, Unit.text, f"schools_formula.{name}")
    return Working(name, label, (row,), 1)


def _minimum(outcome: NotionalOutcome, formula: CompiledFormula, school: int) -> Working:
    """Return the uplift's working: level × pupils less what the formula already gives."""
    years = outcome.years[school]
    base = pounds_exact(int(outcome.minimum_base[school]))
    uplift = pounds(int(outcome.uplift[school]))
    rows = _levels(outcome, formula, school)
    rows += [
        Row(Operator.divided_by, "Year groups", str(int(years.sum())), Unit.text),
        Row(Operator.times, "Pupils", number(int(outcome.pupils[school])), Unit.pupils),
        Row(
            Operator.minus,
            "Pupil-led funding, lump sum and sparsity, not rounded",
            base,
            Unit.pounds,
        ),
        Row(Operator.equals, "Uplift, nothing where the level is already met", uplift, Unit.pounds),
    ]
    part = int(outcome.uplift_notional[school])
    rows += _notional_part(outcome, formula.minimum_percent, part, MINIMUM_PLACE)
    return Working("minimum_per_pupil", MINIMUM, tuple(rows))


def _levels(outcome: NotionalOutcome, formula: CompiledFormula, school: int) -> list[Row]:
    """Return a row for each key stage that the school has year groups of, with who says its level."""
    document = outcome.rules.document.schools_formula
    minimum = document.minimum_per_pupil if document is not None else None
    rows: list[Row] = []
    for at, (name, words) in enumerate(STAGES):
        years, given = int(outcome.years[school, at]), formula.level_givens[at]
        if not years or given is None:
            continue
        own = getattr(minimum, name) or ()
        place = f"{MINIMUM_PLACE}.{name if given in own else EITHER}"
        label = f"{years} year groups of {words} at"
        joined = Operator.plus if rows else Operator.start
        rows.append(given_row(outcome.rules, joined, label, given, Unit.pounds, place))
    return rows


def _notional_part(
    outcome: NotionalOutcome, percent: Given | None, pence: int, place: str
) -> list[Row]:
    if percent is None:
        return []
    return [
        _percent(outcome, percent, f"{place}.notional_percent"),
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


def _totals(outcome: NotionalOutcome, school: int) -> list[Row]:
    return [
        Row(
            Operator.equals,
            "Formula funding",
            pounds(int(outcome.formula_total[school])),
            Unit.pounds,
        ),
        Row(
            Operator.equals,
            "Notional SEN budget",
            pounds(int(outcome.notional_total[school])),
            Unit.pounds,
        ),
    ]


def _sentence(outcome: NotionalOutcome, school: int) -> str:
    absent = int(outcome.absent_total[school])
    sentence = "Each line's amount times its percentage, rounded to the penny, then added."
    if absent:
        sentence += f" {absent} part{'s are' if absent > 1 else ' is'} not known and left out: the total is not complete."
    return sentence
