"""Tables of values of a schools formula, each with which of its rows fits a school of an authority and phase."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.rules.formula import SchoolsFormula
from engine.rules.grid import NONE, UNSURE, intervals
from engine.rules.in_force import NO_ROW, Fitting, InForce
from engine.rules.inputs import Input
from engine.rules.line_steps import FORMULA
from engine.rules.school_value_tables import SchoolInput
from engine.rules.value_tables import SeriesOrTable, ValueTable
from engine.rules.yaml_source import first_of
from engine.vocabulary import SchoolPhase

AREA = "area_cost_adjustment"
MINIMUM, PROTECTION = "minimum_per_pupil", "protection"
LEVELS = ("primary", "ks3", "ks4", "secondary")
NOTIONAL = "notional_percent"
OF_PROTECTION = ("guarantee_percent", "cap_percent", "scaling_percent")
THRESHOLD = f"{FORMULA}.expected_calls.high_needs_threshold"
"""Where the first part of a plan is in a document."""

MOST_AUTHORITIES = 1000
"""Codes of authorities are of three digits; 0 is in the place of one that is not supplied."""


class CompiledSchoolTable(NamedTuple):
    """A table of values of schools: where it is, and which of its rows fits whom.

    rows    (codes of authorities, phases) the first row that fits, ``NONE``, or ``UNSURE`` where the authority of a
            school is not supplied and decides
    needed  whether the amount of a school that no row fits is not known
    by_authority, by_phase  whether any of its rows asks for the authority, or the phase
    """

    path: str
    rows: NDArray[np.int32]
    needed: bool
    by_authority: bool
    by_phase: bool

    def of(self, la: Int, phase: Int) -> NDArray[np.int32]:
        """Return the row of each of some schools; an authority below 0 is not supplied."""
        found: NDArray[np.int32] = self.rows[np.maximum(la, 0), phase]
        return found

    def row(self, at: int) -> int | None:
        """Return what is in the place of a found row among those that fit: None where none does and none is needed.

        Where it depends on an authority that is not supplied, no value is known.
        """
        return at if at > NONE else NO_ROW if self.needed or at == UNSURE else None


def school_value_fields(formula: SchoolsFormula) -> Iterator[tuple[str, SeriesOrTable | None]]:
    """Yield each value of a formula that may be a table, with its path."""
    yield f"{FORMULA}.{AREA}", formula.area_cost_adjustment
    for key, _, line in formula.lines():
        place = f"{FORMULA}.factors.{key.factor}.{key.phase.value}"
        yield f"{place}.unit_value", line.unit_value
        yield f"{place}.{NOTIONAL}", line.notional_percent
    for part, section, names in (
        (MINIMUM, formula.minimum_per_pupil, LEVELS),
        (PROTECTION, formula.protection, OF_PROTECTION),
    ):
        if section is not None:
            for name in (*names, NOTIONAL):
                yield f"{FORMULA}.{part}.{name}", getattr(section, name)
    if formula.expected_calls is not None:
        yield THRESHOLD, formula.expected_calls.high_needs_threshold


def school_tables(formula: SchoolsFormula) -> dict[str, ValueTable]:
    """Return the tables of values of a formula by their paths."""
    return {
        path: held for path, held in school_value_fields(formula) if isinstance(held, ValueTable)
    }


def compile_school_tables(formula: SchoolsFormula) -> tuple[CompiledSchoolTable, ...]:
    """Return each table of values with which of its rows fits; raises ``RuleRefused`` for what is no authority or phase."""
    return tuple(_compiled(path, table) for path, table in school_tables(formula).items())


def _compiled(path: str, table: ValueTable) -> CompiledSchoolTable:
    rows = np.full((MOST_AUTHORITIES, max(SchoolPhase) + 1), NONE, np.int32)
    names = {str(name) for row in table.rows for name in row.when}
    for at in range(len(table.rows) - 1, -1, -1):
        when = table.rows[at].when
        phases = (
            _phases(when[SchoolInput.phase]) if SchoolInput.phase in when else list(SchoolPhase)
        )
        if SchoolInput.la not in when:
            rows[:, phases] = at
            continue
        # A row that might fit, were the authority supplied, leaves it open which row decides.
        rows[0, phases] = UNSURE
        rows[np.ix_(_authorities(when[SchoolInput.la]), phases)] = at
    rows.flags.writeable = False
    return CompiledSchoolTable(
        path, rows, table.otherwise is None, SchoolInput.la in names, SchoolInput.phase in names
    )


def _authorities(choices: Sequence[str]) -> list[int]:
    return [first for first, _ in intervals(Input.la, choices, ())]


def _phases(choices: Sequence[str]) -> list[int]:
    return [SchoolPhase[one] for one in choices]


def misread_of_schools(name: str, choices: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with each choice that a column of schools cannot have."""
    for choice in dict.fromkeys(choices):
        if name == SchoolInput.la:
            try:
                _authorities((choice,))
            except ValueError as error:
                yield str(error)
        elif choice not in SchoolPhase.__members__:
            known = ", ".join(SchoolPhase.__members__)
            yield f"{choice!r} is not a phase of schools; the phases are {known}"


def begun_rows(tables: Mapping[str, ValueTable], now: InForce) -> Fitting:
    """Return of every table the first row that has a value in force: what is the same for all rows is read off it."""
    return tuple(
        (
            path,
            next((at for at, row in enumerate(table.rows) if now.latest(row.value)), 0),
        )
        for path, table in tables.items()
    )


def refuse_units_not_begun(tables: Mapping[str, ValueTable], now: InForce) -> None:
    """Raise ``RuleRefused`` for each row of unit values and shares of lines that has no value in force yet."""
    problems = [
        problem
        for path, table in tables.items()
        if ".factors." in path
        for at, row in enumerate(table.rows)
        for problem in now.not_begun(row.value, table.place(path, at))
    ]
    if problems:
        raise first_of(problems)
