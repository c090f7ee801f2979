"""A school worked out again with one input changed: through the whole formula, as the published answer is."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from engine.columns import AMOUNT_PREFIX, UNITS_PREFIX
from engine.errors import Refusal
from engine.letters.causes import CauseKind, Change, Figures, figures_of
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.money import MILLION, PENCE, PERCENT_TO_MILLIONTHS, number
from engine.rules.compile_trials import compile_what_if
from engine.rules.compiled import CompiledLine
from engine.run import evaluate
from engine.statement import SchoolStatement, Statements
from engine.tables import SchoolTable, frozen
from engine.vocabulary import Presence

OF_A_TABLE = {CauseKind.units, CauseKind.swap, CauseKind.left_out}
"""Changes of what the school has; the others change the rules, or are read from the statement."""


@dataclass(frozen=True, slots=True)
class SchoolTrials:
    """One school of an outcome, with its statement and its figures as published."""

    outcome: NotionalOutcome
    school: int
    statement: SchoolStatement
    figures: Figures

    @classmethod
    def of(cls, outcome: NotionalOutcome, school: int) -> "SchoolTrials":
        """Take a school by its position in the table of an outcome."""
        statement = Statements(outcome).whole(school)
        return cls(outcome, school, statement, figures_of(statement))

    @property
    def lines(self) -> dict[str, CompiledLine]:
        """Return the lines of the formula by their names."""
        formula = self.outcome.rules.formula
        return {} if formula is None else {line.name: line for line in formula.lines}

    @property
    def pupil_lines(self) -> tuple[str, ...]:
        """Return the names of the lines that count the pupils on roll."""
        formula = self.outcome.rules.formula
        return () if formula is None else formula.pupil_lines

    def figures_with(self, changes: Sequence[Change]) -> list[Figures | None]:
        """Return the school's figures with each of some changes alone; None where the rules do not allow one."""
        found: dict[Change, Figures | None] = {}
        of_table = [one for one in changes if one.kind in OF_A_TABLE]
        found |= zip(of_table, self._of_table(of_table), strict=True)
        for one in changes:
            if one.kind is CauseKind.protection:
                found[one] = self._without(one)
            elif one not in found:
                found[one] = self._under_rules(one)
        return [found[one] for one in changes]

    def _of_table(self, changes: Sequence[Change]) -> list[Figures]:
        """Return the figures of the school in as many forms as there are changes, valued at once."""
        if not changes:
            return []
        table = _copies(self.outcome.schools, self.school, len(changes))
        values = {name: held.copy() for name, held in table.values.items()}
        presence = {name: held.copy() for name, held in table.presence.items()}

        def put(column: str, row: int, value: int) -> None:
            if column not in values:
                values[column] = np.zeros(len(changes), np.int64)
                presence[column] = np.full(len(changes), Presence.not_supplied, np.int8)
            values[column][row], presence[column][row] = value, Presence.given

        for row, one in enumerate(changes):
            units = [f"{UNITS_PREFIX}{line}" for line in one.lines]
            match one.kind:
                case CauseKind.swap:
                    put(units[0], row, one.after)
                    put(units[1], row, one.before)
                case CauseKind.units:
                    put(units[0], row, one.after)
                case _:
                    by_units = units[0] in values and presence[units[0]][row] == Presence.given
                    put(units[0] if by_units else f"{AMOUNT_PREFIX}{one.lines[0]}", row, 0)
        changed = replace(
            table,
            values={name: frozen(held) for name, held in values.items()},
            presence={name: frozen(held) for name, held in presence.items()},
        )
        outcome = evaluate(self.outcome.rules, changed).notional
        if outcome is None:
            message = "rules with a schools formula valued no school"
            raise RuntimeError(message)
        return [figures_of(one) for one in Statements(outcome).wholes(range(len(changes)))]

    def _under_rules(self, change: Change) -> Figures | None:
        """Return the figures under rules with one number changed; None where they have no such number."""
        rules = self.outcome.rules
        name, scale = (
            ("unit_value", PENCE)
            if change.kind is CauseKind.unit_value
            else ("notional_percent", PERCENT_TO_MILLIONTHS)
        )
        paths = [f"{self.lines[line].place}.{name}" for line in change.lines]
        value = number(change.after, scale)
        with suppress(Refusal):
            tried = compile_what_if(
                rules.document, [(path, value) for path in paths], rules.day, rules
            )
            alone = _copies(self.outcome.schools, self.school, 1)
            outcome = evaluate(tried, alone).notional
            return None if outcome is None else figures_of(Statements(outcome).whole(0))
        return None

    def _without(self, change: Change) -> Figures:
        """Return the figures of the statement without an adjustment: nothing else changes with it."""
        left = dict(self.figures)
        for kind in ("amount", "notional"):
            pence = left.get((change.lines[0], kind), 0)
            left[change.lines[0], kind] = 0
            if ("", kind) in left:
                left["", kind] -= pence
        return left


def _copies(schools: SchoolTable, school: int, times: int) -> SchoolTable:
    """Return one school of a table as many times as wanted, each under a number of its own."""
    table = schools.among(np.full(times, school, np.intp))
    return replace(
        table,
        urn=frozen(np.arange(1, times + 1, dtype=table.urn.dtype)),
        rows=frozen(np.arange(1, times + 1, dtype=table.rows.dtype)),
    )


def units_of(trials: SchoolTrials, line: str) -> int | None:
    """Return the units of a line that the school's own cell gives, millionths; None where it gives none."""
    table, column = trials.outcome.schools, f"{UNITS_PREFIX}{line}"
    if column not in table.values or table.presence[column][trials.school] != Presence.given:
        return None
    return int(table.values[column][trials.school])


ONE_UNIT = MILLION
