"""A price costed from salaries, in words: each adult's cost, and the pupils they teach."""

from decimal import Decimal
from fractions import Fraction

from engine.explain.rows import Operator, Row, Unit, given_row
from engine.money import decimal_of
from engine.rules.compile_prices import adult_cost
from engine.rules.compiled import CompiledRules
from engine.rules.dated import in_force
from engine.rules.prices import Staffing


def staffing_rows(rules: CompiledRules, staffing: Staffing, place: str) -> list[Row]:
    """Return the rows of a price costed from salaries, each adult's and then the pupils they teach."""
    rows: list[Row] = []
    costs: list[tuple[str, Fraction]] = []
    for at, adult in enumerate(staffing.adults):
        where = f"{place}.staffing.adults.{at}"
        salary = in_force(adult.salary, rules.day)
        extra = in_force(adult.on_costs_percent, rules.day)
        if salary is None:
            continue
        words, leaf = f"Salary of a {adult.role}", f"{where}.salary"
        rows.append(given_row(rules, Operator.start, words, salary, Unit.pounds, leaf))
        if extra is not None:
            words, leaf = "On-costs, added to the salary", f"{where}.on_costs_percent"
            rows.append(given_row(rules, Operator.plus, words, extra, Unit.percent, leaf))
        words, leaf = f"Number of {adult.role}", f"{where}.number"
        rows.append(Row(Operator.times, words, adult.number, Unit.text, leaf))
        cost = adult_cost(salary, extra, decimal_of(adult.number))
        costs.append((adult.role, cost))
        rows.append(_exact(Operator.equals, f"Cost of {adult.role}, not rounded", cost))
    for role, cost in costs[:-1]:
        rows.append(_exact(Operator.plus, f"Cost of {role}", cost))
    if len(costs) > 1:
        total = sum((cost for _, cost in costs), Fraction(0))
        rows.append(_exact(Operator.equals, "Cost of all adults, not rounded", total))
    words, leaf = "Pupils taught together", f"{place}.staffing.pupils"
    rows.append(Row(Operator.divided_by, words, staffing.pupils, Unit.pupils, leaf))
    return rows


def _exact(operator: Operator, label: str, cost: Fraction) -> Row:
    """Return the row of a cost in pounds that has as many decimals as it needs."""
    written = f"{Decimal(cost.numerator) / Decimal(cost.denominator):f}"
    whole, _, part = written.partition(".")
    return Row(operator, label, f"{whole}.{part:0<2}", Unit.pounds)
