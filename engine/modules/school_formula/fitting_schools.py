"""Which schools the same rows of a formula's tables of values fit, and the rules with those rows."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.rules.compiled import CompiledFormula, CompiledRules
from engine.rules.fitted_rules import fitted_rules
from engine.rules.grid import NONE
from engine.rules.in_force import Fitting
from engine.rules.phases_paid import MAINSTREAM
from engine.tables import SchoolTable
from engine.vocabulary import SchoolPhase

LA = "la"
PHASES = max(SchoolPhase) + 1


def fitting_schools(
    rules: CompiledRules, formula: CompiledFormula, schools: SchoolTable
) -> Iterator[tuple[NDArray[np.intp], CompiledRules]]:
    """Yield the positions of schools that the same rows fit, and the rules by these; every school once.

    A school that a schools formula does not fund is taken with those of its authority.
    """
    la = schools.columns.get(LA, np.zeros(len(schools), np.int16)).astype(np.int64)
    phase = np.where(schools.of(MAINSTREAM), schools.columns["phase"], int(MAINSTREAM[0]))
    kind, first, of_kind = np.unique(
        np.maximum(la, 0) * PHASES + phase, return_index=True, return_inverse=True
    )
    rows = np.stack([table.of(la[first], phase[first]) for table in formula.tables])
    _, example, of_rows = np.unique(rows, axis=1, return_index=True, return_inverse=True)
    group = of_rows.reshape(len(kind))[of_kind]
    order = np.argsort(group, kind="stable")
    ends = np.cumsum(np.bincount(group, minlength=len(example)))[:-1]
    for at, which in zip(np.split(order, ends), example.tolist(), strict=True):
        yield at, fitted_rules(rules, fitting_of(formula, rows[:, which].tolist()))


def example_authority(rules: CompiledRules, phase: SchoolPhase) -> int:
    """Return an authority whose schools of a phase have the most rows of tables; 0 where no table asks for one."""
    tables = (
        [] if rules.formula is None else [one for one in rules.formula.tables if one.by_authority]
    )
    if not tables:
        return 0
    rows = sum((one.rows[:, int(phase)] > NONE).astype(np.int64) for one in tables)
    return int(np.argmax(rows))


def fitting_of(formula: CompiledFormula, rows: list[int]) -> Fitting:
    """Return which row of each table counts, for the rows that were found; a table without one is left out."""
    held = ((table.path, table.row(row)) for table, row in zip(formula.tables, rows, strict=True))
    return tuple((path, row) for path, row in held if row is not None)


def rules_of_school(rules: CompiledRules, la: int, phase: SchoolPhase) -> CompiledRules:
    """Return the rules for a school of an authority and phase; 0 for an authority that is not known."""
    formula = rules.formula
    if formula is None or not formula.tables:
        return rules
    at = np.asarray([la]), np.asarray([int(phase)])
    rows = [int(table.of(*at)[0]) for table in formula.tables]
    return fitted_rules(rules, fitting_of(formula, rows))
