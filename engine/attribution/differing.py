"""In what two sides differ: each ingredient of each line, school by school, and those of the whole formula.

What is not known, or not printed, differs: nothing says that it is the same.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.kernels.notional import GIVEN_AMOUNT, GIVEN_UNITS, NOT_KNOWN
from engine.modules.school_formula.fringe import MULTIPLIER
from engine.modules.school_formula.guarantee import is_compared
from engine.modules.school_formula.mixtures import (
    OF_PROTECTION,
    FormulaSide,
    Ingredient,
    Mixtures,
    is_last_years,
)
from engine.rules.compile_school_tables import MINIMUM, NOTIONAL, PROTECTION
from engine.rules.compiled import CompiledLine
from engine.steps import DocumentValue
from engine.tables import SchoolTable
from engine.vocabulary import NOT_PRINTED

Places = dict[tuple[Ingredient, str], NDArray[np.bool_]]
"""By ingredient and the name of what it is of, the schools (schools) of which it differs."""

MARKS = (
    "counts", "in_minimum_base", "in_guarantee", "in_fringe", "removed_from_prior", "prior_amount",
)  # fmt: skip
"""Marks of a factor by which its lines are valued."""

ASIDE = {MULTIPLIER, "la", "sen_support_pupils", "ehc_plans", "sen_support_figure"}
"""Columns of schools that are no count that a line or adjustment reads."""


def differing(mixtures: Mixtures) -> Places:
    """Return what differs, of what differs for any school."""
    nobody = np.zeros(len(mixtures.sides[0].inputs.schools), np.bool_)
    found = {place: nobody | of for place, of in _every(mixtures)}
    return {place: of for place, of in found.items() if of.any()}


def _every(mixtures: Mixtures) -> Iterator[tuple[tuple[Ingredient, str], NDArray[np.bool_] | bool]]:
    for name in mixtures.names:
        before, after = mixtures.lines(name)
        if before is None or after is None:
            yield (Ingredient.line, name), True
            continue
        counts, amounts = _units(mixtures, name)
        yield (Ingredient.counts, name), counts
        yield (Ingredient.line, name), amounts | (_form(before) != _form(after))
        for at, one in enumerate((Ingredient.unit_value, Ingredient.percentage)):
            pays = [
                [month.pays[at] for month in mixtures.segments_of(line, second=bool(second))]
                for second, line in enumerate((before, after))
            ]
            yield (one, name), pays[0] != pays[1] or NOT_PRINTED in pays[0]
    before_side, after_side = mixtures.sides
    yield (Ingredient.counts, ""), _counts(before_side, after_side)
    yield (Ingredient.fringe, ""), _fringe(before_side, after_side)
    yield from _adjustments(before_side, after_side)


def _form(line: CompiledLine) -> tuple[Any, ...]:
    """Return by what a line is valued besides its numbers."""
    rule = line.line.sparsity
    marks = tuple(getattr(line.factor, name) for name in MARKS)
    return (*marks, None if rule is None else rule.model_dump_json(), line.key)


def _units(mixtures: Mixtures, name: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the schools whose units of a line differ, and those whose amounts do."""
    sides = [
        (side.inputs, held[name])
        for side, held in zip(mixtures.sides, mixtures.positions, strict=True)
    ]
    forms = [inputs.units.form[at] for inputs, at in sides]
    units = [inputs.units.units[at] for inputs, at in sides]
    absent = [inputs.absent[at] for inputs, at in sides]
    amount = (forms[0] == GIVEN_AMOUNT) | (forms[1] == GIVEN_AMOUNT)
    amount |= np.bool_(name in mixtures.covered)
    pence = [inputs.units.given[:, at] for inputs, at in sides]
    # Segments may be other months; an amount that is given is the same in all of them.
    same = (forms[0] == forms[1]) & (pence[0][0] == pence[1][0])
    missing = (absent[0] > 0) | (absent[1] > 0)
    counted = [np.where(form == NOT_KNOWN, 0, of) for form, of in zip(forms, units, strict=True)]
    unequal = (counted[0] != counted[1]) | (_kind(forms[0]) != _kind(forms[1]))
    return ~amount & (unequal | missing), amount & (~same | missing | (units[0] != units[1]))


def _kind(form: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return the forms of a line, of which nothing and no units are one."""
    return np.where(form == NOT_KNOWN, np.int8(GIVEN_UNITS), form)


def _counts(before: FormulaSide, after: FormulaSide) -> NDArray[np.bool_]:
    """Return the schools whose pupils, year groups, phase or days open differ, or are not known."""
    one, other = before.inputs, after.inputs
    found: NDArray[np.bool_] = (one.pupils != other.pupils) | ~(
        one.pupils_known & other.pupils_known
    )
    found |= (one.schools.years != other.schools.years).any(axis=0)
    found |= np.bool_(before.formula.year_days != after.formula.year_days)
    names = {*one.schools.columns, *other.schools.columns} - ASIDE
    for name in names:
        if not is_last_years(name):
            found |= _unequal(one.schools, other.schools, name)
    return found


def _fringe(before: FormulaSide, after: FormulaSide) -> NDArray[np.bool_] | bool:
    if not (before.formula.fringe or after.formula.fringe):
        return False
    differs = before.formula.fringe != after.formula.fringe
    return differs | _unequal(before.inputs.schools, after.inputs.schools, MULTIPLIER)


def _unequal(one: SchoolTable, other: SchoolTable, name: str) -> NDArray[np.bool_]:
    """Return the schools whose cells of a column differ; all where one table alone has it."""
    if name not in one.columns or name not in other.columns:
        return np.full(len(one), (name in one.columns) != (name in other.columns))
    unequal: NDArray[np.bool_] = one.columns[name] != other.columns[name]
    return unequal


def _adjustments(
    before: FormulaSide, after: FormulaSide
) -> Iterator[tuple[tuple[Ingredient, str], NDArray[np.bool_] | bool]]:
    formulas = before.formula, after.formula
    levels = [[_text(one) for one in formula.level_values] for formula in formulas]
    yield (Ingredient.levels, ""), _differ(*levels)
    values = [formula.values for formula in formulas]
    for one in OF_PROTECTION:
        place = f"{PROTECTION}.{one.value}"
        yield (one, ""), _differ(*([_text(held.get(place))] for held in values))
    for name in (MINIMUM, PROTECTION):
        place = f"{name}.{NOTIONAL}"
        yield (Ingredient.percentage, name), _differ(*([_text(held.get(place))] for held in values))
    if not any(is_compared(formula) for formula in formulas):
        return
    yield (Ingredient.last_year, ""), _last_year(before.inputs.schools, after.inputs.schools)


def _last_year(one: SchoolTable, other: SchoolTable) -> NDArray[np.bool_]:
    """Return the schools whose figures of last year differ."""
    found = np.zeros(len(one), np.bool_)
    for name in {*one.columns, *other.columns}:
        if is_last_years(name):
            found |= _unequal(one, other, name)
    for name in {*one.values, *other.values}:
        if is_last_years(name):
            both = name in one.values and name in other.values
            found |= (
                (one.values[name] != other.values[name])
                | (one.presence[name] != other.presence[name])
                if both
                else np.bool_(1)
            )
    return found


def _text(value: DocumentValue | None) -> str | None:
    return None if value is None else value.dated.value


def _differ(before: list[str | None], after: list[str | None]) -> bool:
    return before != after or NOT_PRINTED in before
