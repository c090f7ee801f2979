"""A school's notional SEN budget, line by line."""

import numpy as np

from engine import school_parts
from engine.columns import AMOUNT_PREFIX
from engine.explain.protections import open_part_rows, percent_row, protections
from engine.explain.rows import Explanation, Operator, Row, Unit, Working, given_row
from engine.kernels.notional import GIVEN_UNITS, NOT_KNOWN
from engine.money import number, pounds
from engine.outcome import NotionalOutcome
from engine.rules.compiled import CompiledLine
from engine.rules.formula import Counts

COUNTED = {Counts.school: Unit.schools, Counts.units: Unit.units}
EARNED = "Share earned, by how small and remote the school is"


def explain_school(outcome: NotionalOutcome, urn: int) -> Explanation:
    """Return the working of one school's notional SEN; ``KeyError`` where it is not in the table."""
    found = np.flatnonzero(outcome.schools.urn == urn)
    if not len(found):
        raise KeyError(urn)
    school = int(found[0])
    workings = [_working(outcome, school, at) for at in school_parts.lines_of(outcome, school)]
    workings += protections(outcome, school)
    return Explanation.of(
        outcome.rules,
        str(urn),
        workings,
        _totals(outcome, school),
        _sentence(outcome, school),
        int(outcome.absent_total[school]),
    )


def _working(outcome: NotionalOutcome, school: int, at: int) -> Working:
    rules, absent = outcome.rules, int(outcome.absent[school, at])
    line, rows = outcome.lines[at], []
    if outcome.form[school, at] == NOT_KNOWN:
        why = school_parts.missing_figure(outcome, at, school)
        rows.append(Row(Operator.start, "Not supplied", None, Unit.text, line.place, note=why))
        return Working(line.name, line.label, tuple(rows), absent)
    if outcome.form[school, at] == GIVEN_UNITS and line.unit_value is not None:
        unit = COUNTED.get(line.counts, Unit.pupils)
        counted, units = unit.value.capitalize(), number(int(outcome.units[school, at]))
        area = _area(outcome, line)
        # A unit value that is adjusted is rounded first, so it is printed before the count.
        joined = (Operator.start, Operator.times) if area else (Operator.times, Operator.start)
        value = given_row(
            rules, joined[0], "Unit value", line.unit_value, Unit.pounds, f"{line.place}.unit_value"
        )
        number_of = Row(joined[1], counted, units, unit)
        rows += [value, *area, number_of] if area else [number_of, value]
        rows += open_part_rows(outcome, school)
        rows.append(
            Row(Operator.equals, "Amount", pounds(int(outcome.amount[school, at])), Unit.pounds)
        )
    else:
        rows += _given(outcome, school, at, line)
    if line.notional_percent is not None:
        rows.append(percent_row(outcome, line.notional_percent, f"{line.place}.notional_percent"))
        rows.append(
            Row(
                Operator.equals,
                "Notional SEN",
                pounds(int(outcome.notional[school, at])),
                Unit.pounds,
            )
        )
    return Working(line.name, line.label, tuple(rows), absent)


def _given(outcome: NotionalOutcome, school: int, at: int, line: CompiledLine) -> list[Row]:
    """Return the rows of an amount that was given, or that sparsity's own rule works out."""
    amount = pounds(int(outcome.amount[school, at]))
    schools, column = outcome.schools, f"{AMOUNT_PREFIX}{line.name}"
    given = column in schools.values and bool(schools.given(column)[school])
    if given or line.counts is not Counts.sparsity or line.unit_value is None:
        return [Row(Operator.start, "Amount given", amount, Unit.pounds)]
    place, words = f"{line.place}.unit_value", "Most that is paid"
    most = given_row(outcome.rules, Operator.start, words, line.unit_value, Unit.pounds, place)
    earned = Row(Operator.equals, EARNED, amount, Unit.pounds)
    return [most, *_area(outcome, line), *open_part_rows(outcome, school), earned]


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


def _totals(outcome: NotionalOutcome, school: int) -> list[Row]:
    """Return the rows of the sums: of notional SEN where any part of the rules is."""
    known = bool(school_parts.funded(outcome)[school])
    sums = {"Formula funding": outcome.formula_total}
    if school_parts.formula_of(outcome).is_notional:
        sums["Notional SEN budget"] = outcome.notional_total
    return [
        Row(Operator.equals, label, pounds(int(held[school])) if known else None, Unit.pounds)
        for label, held in sums.items()
    ]


def _sentence(outcome: NotionalOutcome, school: int) -> str:
    absent = int(outcome.absent_total[school])
    sentence = "Each line's amount is multiplied by its percentage, rounded to the penny and added."
    if absent:
        sentence += f" {absent} part{'s are' if absent > 1 else ' is'} not known and left out, so the total is not complete."
    return sentence
