"""What may stand behind a difference from a letter: one change of input, what it does, and how simple it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.letters.printed_figures import PrintedFigures
from engine.money import MILLION, PENCE, PERCENT_TO_MILLIONTHS
from engine.statement import SchoolStatement


class CauseKind(StrEnum):
    """Which kind of input is another one in the letter."""

    units = "units"
    """units of a line"""
    unit_value = "unit_value"
    percentage = "percentage"
    """of a line, or of lines that have one together"""
    swap = "swap"
    """the counts of two lines exchanged"""
    left_out = "left_out"
    """a whole line"""
    protection = "protection"
    """the minimum per-pupil level, the guarantee or the cap, left out"""


Figures = Mapping[tuple[str, str], int]
"""Pence by the name of a part and ``amount`` or ``notional``; the totals under an empty name."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of input.

    lines   the names of the lines, or of the adjustment, whose input it is
    labels  their names for readers
    before  what we have: millionths of units or of the whole, pence of a unit value or an amount
    after   what the letter may have, in the same unit
    """

    kind: CauseKind
    lines: tuple[str, ...]
    labels: tuple[str, ...]
    before: int
    after: int

    @property
    def alternatives(self) -> int:
        """Return how many changes of its kind are at least as simple, for one line: the fewer, the likelier by chance alone it is not.

        A count is the simpler the fewer whole pupils it moves by, a unit value the fewer steps of five pounds, one
        pound or one penny, a percentage where it is a multiple of five, or whole.
        """
        moved = abs(self.after - self.before)
        match self.kind:
            case CauseKind.units:
                whole, part = divmod(moved, MILLION)
                return 2 * whole if part == 0 else _UNLIKELY + moved // MILLION
            case CauseKind.unit_value:
                if self.after % (5 * PENCE) == 0:
                    return max(2, 2 * moved // (5 * PENCE))
                return 2 * moved // PENCE if moved % PENCE == 0 else _UNLIKELY + moved // PENCE
            case CauseKind.percentage:
                percent, part = divmod(self.after, PERCENT_TO_MILLIONTHS)
                if part:
                    return _UNLIKELY
                return 20 if percent % 5 == 0 else 100
            case CauseKind.swap:
                return _PARTNERS
            case _:
                return 1


_UNLIKELY = 1_000
"""Alternatives from which a change is listed after all that are simple."""

_PARTNERS = 10
"""Other lines that a count may be exchanged with, about."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A change that was worked out through the whole formula, with what it explains.

    explains    pence of notional SEN that the change adds to ours
    of_formula  pence of formula funding that it adds
    is_exact    whether every figure that the letter prints is then ours, to the penny
    rank        1 for the simplest; equal ranks are as simple as each other
    """

    change: Change
    explains: int
    of_formula: int
    is_exact: bool
    rank: int = 0


def figures_of(statement: SchoolStatement) -> Figures:
    """Return the pence of every part of a statement that is known, and its totals."""
    found = {
        (part.name, kind): pence
        for part in statement.parts
        for kind, pence in (("amount", part.amount), ("notional", part.notional))
        if pence is not None
    }
    totals = {"amount": statement.formula, "notional": statement.notional}
    return found | {("", kind): pence for kind, pence in totals.items() if pence is not None}


def printed_pence(letter: PrintedFigures, ours: Figures) -> Figures:
    """Return the pence that a letter prints of parts that we have, by the same names."""
    found = {
        (name, kind): pence
        for name, line in letter.lines.items()
        for kind, pence in (("amount", line.amount), ("notional", line.notional))
        if pence is not None and (name, kind) in ours
    }
    totals = {"amount": letter.formula, "notional": letter.notional}
    return found | {
        ("", kind): pence
        for kind, pence in totals.items()
        if pence is not None and ("", kind) in ours
    }
