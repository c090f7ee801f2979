"""Some years ahead of a school's result: the same counts and rules, with an uprating and a change of pupils that it states.

Nothing is foretold: each year is the answer of the rules with other numbers tried in them, and says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np

from engine.cache import Cache
from engine.columns import SCHOOL_COLUMNS, UNITS_PREFIX
from engine.expected_calls import Pence
from engine.export import numbers_of
from engine.modules.school_formula import parts as school_parts
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.money import PENCE, decimal_of, difference, half_away, pounds, scaled
from engine.rules.compile_school_tables import PROTECTION
from engine.rules.compile_trials import compile_what_if
from engine.rules.compiled import CompiledFormula, CompiledRules
from engine.rules.document import RuleSet
from engine.rules.formula import Counts
from engine.run import evaluate
from engine.statement import SchoolStatement, Statements
from engine.tables import SchoolTable, frozen
from engine.vocabulary import NOT_PRINTED

LAST_YEAR = ("prior_budget", "prior_pupils")
FACTORS, MINIMUM = "schools_formula.factors.", "schools_formula.minimum_per_pupil."
COUNTED = (Counts.school, Counts.sparsity)
"""What is paid for the school itself, by a unit value."""

UNIT_VALUE, PERCENT = "unit_value", "percent"
WHOLE = 100
MOST_UPRATED = 12
LOWEST, HIGHEST = Decimal(-50), Decimal(50)
"""Percent by which amounts or pupils may change in a year: what is beyond is a slip."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """What a school assumes of one year: by how many percent unit values and pupils change since the year before."""

    uprating: Decimal
    pupils: Decimal


@dataclass(frozen=True, slots=True)
class YearAhead:
    """A year ahead: its place, 1 for the next, what is assumed of it, and the whole answer with the change of its budget.

    ``change`` is pence since this year, None where either budget is not known.
    """

    number: int
    assumption: Assumption
    statement: SchoolStatement
    change: Pence


@dataclass(frozen=True, slots=True)
class YearsAhead:
    """The years ahead of a school's answer.

    ``protection`` is what a guarantee or cap brings this year, pence of notional SEN, None where that is not known: no year ahead
    has it. ``amounts`` are the labels of what is given in pounds, which stays as it is.
    """

    now: SchoolStatement
    years: tuple[YearAhead, ...]
    protection: Pence
    amounts: tuple[str, ...]


def years_ahead(
    outcome: NotionalOutcome, school: int, assumptions: Sequence[Assumption], cost: Pence = None
) -> YearsAhead:
    """Return the years ahead of one school of an outcome, by its position; ``cost`` is pence for a pupil on SEN support.

    Unit values and minimum levels are those of the rules times what all years together uprate, to the penny; pupils alike, to
    the millionth. Percentages, amounts in pounds, plans and pupils on SEN support stay. There is no guarantee and no cap: a year
    ahead has no last year that is known. Raises ``OverrideRefused`` where the rules do not take a number.
    """
    now = Statements(outcome, cost).whole(school)
    formula, own = school_parts.formula_of(outcome), np.asarray([school], np.intp)
    amount, pupils = Fraction(1), Fraction(1)
    years = []
    for at, one in enumerate(assumptions, 1):
        amount *= 1 + Fraction(one.uprating) / WHOLE
        pupils *= 1 + Fraction(one.pupils) / WHOLE
        rules = uprated(outcome.rules, amount)
        table = with_pupils(formula, outcome.schools.among(own), pupils)
        found = evaluate(rules, table).notional
        if found is None:
            message = "rules with a schools formula valued no school"
            raise RuntimeError(message)
        then = Statements(found, cost).whole(0)
        years.append(YearAhead(at, one, then, difference(then.budget, now.budget)))
    protection = next((one.notional for one in now.adjustments if one.name == PROTECTION), 0)
    counted = {line.name for line in formula.lines if line.counts in COUNTED}
    given = [
        one.label
        for one in now.lines
        if one.amount and one.units is None and one.name not in counted
    ]
    return YearsAhead(now, tuple(years), protection, tuple(given))


def uprated(rules: CompiledRules, by: Fraction) -> CompiledRules:
    """Return rules with every unit value and minimum level of the schools formula so many times as high, to the penny."""
    # Schools assume the same few percentages.
    found = rules.cache.get(uprated, Cache, MOST_UPRATED)
    return found.get(by, _compiled, rules, by)


def _compiled(rules: CompiledRules, by: Fraction) -> CompiledRules:
    return compile_what_if(rules.document, list(_uprated(rules.document, by)), rules.day, rules)


def _uprated(document: RuleSet, by: Fraction) -> Iterator[tuple[str, str]]:
    for one in numbers_of(document):
        name = one.path.rpartition(".")[2]
        is_level = one.path.startswith(MINIMUM) and PERCENT not in name
        is_value = one.path.startswith(FACTORS) and UNIT_VALUE in one.path.split(".")
        if not (is_level or is_value) or one.value is None or one.value == NOT_PRINTED:
            continue
        pence = scaled(decimal_of(one.value), PENCE)
        day = f"@{one.dated.from_.isoformat()}" if one.changes and one.dated else ""
        yield f"{one.path}{day}", pounds(half_away(pence * by.numerator, by.denominator))


def with_pupils(formula: CompiledFormula, schools: SchoolTable, by: Fraction) -> SchoolTable:
    """Return schools with so many times as many pupils in every line that counts them, to the millionth, and no last year."""
    names = {f"{UNITS_PREFIX}{line.name}" for line in formula.lines if line.counts is Counts.pupils}
    values = {
        name: frozen(
            np.asarray(
                [half_away(one * by.numerator, by.denominator) for one in held.tolist()], np.int64
            )
        )
        if name in names
        else held
        for name, held in schools.values.items()
    }
    none = {
        name: frozen(np.full(len(schools), column.none or 0, column.dtype))
        for name in LAST_YEAR
        if (column := SCHOOL_COLUMNS[name]).none is not None
    }
    return replace(schools, values=values, columns={**schools.columns, **none})
