"""The figures that a letter or statement prints of a school's budget, and where ours differ from them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.money import difference
from engine.statement import SchoolStatement


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """What a letter prints of a line: millionths of units and of the whole, pence; None is not printed."""

    units: int | None = None
    unit_value: int | None = None
    amount: int | None = None
    percent: int | None = None
    notional: int | None = None


@dataclass(frozen=True, slots=True)
class PrintedFigures:
    """What a letter prints: lines by their names, and the totals in pence; None is not printed.

    A name is that of a line or an adjustment of a statement, or of several lines together (``idaci``).
    """

    lines: Mapping[str, PrintedLine] = field(default_factory=dict)
    formula: int | None = None
    notional: int | None = None

    @property
    def is_empty(self) -> bool:
        """Return whether no pounds are printed, so that there is nothing to compare."""
        pounds = (one for line in self.lines.values() for one in (line.amount, line.notional))
        return all(one is None for one in (self.formula, self.notional, *pounds))


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of ours beside that of the letter, pence; None where it is not known, or not printed."""

    name: str
    label: str
    ours: int | None
    theirs: int | None

    @property
    def pence(self) -> int | None:
        """Return by how much the letter's figure is above ours, None where either is not there."""
        return difference(self.theirs, self.ours)


@dataclass(frozen=True, slots=True)
class LineDifference:
    """A line of ours beside the letter's: its amount, and its notional SEN."""

    name: str
    label: str
    amount: Difference
    notional: Difference

    @property
    def differs(self) -> bool:
        """Return whether either is another figure in the letter."""
        return bool(self.amount.pence) or bool(self.notional.pence)


@dataclass(frozen=True, slots=True)
class LetterComparison:
    """Our statement beside a letter: line by line, in the order of the statement, and the totals.

    ``unknown`` are names that the letter prints and our statement does not have.
    """

    lines: tuple[LineDifference, ...]
    formula: Difference
    notional: Difference
    unknown: tuple[str, ...]

    @property
    def gap(self) -> int | None:
        """Return by how much the letter's notional SEN is above ours, pence: in all, else over the lines it prints."""
        if self.notional.pence is not None:
            return self.notional.pence
        known = [one.notional.pence for one in self.lines if one.notional.pence is not None]
        return sum(known) if known else None

    @property
    def is_same(self) -> bool:
        """Return whether every figure that both have is the same."""
        pairs = (
            self.formula,
            self.notional,
            *(one for line in self.lines for one in (line.amount, line.notional)),
        )
        return not any(one.pence for one in pairs)


def compare_with_letter(ours: SchoolStatement, letter: PrintedFigures) -> LetterComparison:
    """Return a school's statement beside the figures of a letter."""
    names = {part.name for part in ours.parts}
    together = [name for name in letter.lines if name not in names and _members(ours, name)]
    covered = {part for name in together for part in _members(ours, name)}
    alone = [
        _line(ours, (part.name,), part.name, part.label, letter)
        for part in ours.parts
        if part.name not in covered
    ]
    joined = [
        _line(ours, _members(ours, name), name, _together_label(name), letter) for name in together
    ]
    return LetterComparison(
        lines=(*alone, *joined),
        formula=Difference(
            "formula", "Formula funding", None if ours.not_known else ours.formula, letter.formula
        ),
        notional=Difference("notional", "Notional SEN budget", ours.budget, letter.notional),
        unknown=tuple(name for name in letter.lines if name not in names and name not in together),
    )


def _members(ours: SchoolStatement, name: str) -> tuple[str, ...]:
    """Return the lines that a name of several means: the phases of a factor, or the bands of a family."""
    return tuple(one.name for one in ours.lines if one.name.startswith(f"{name}_"))


def _together_label(name: str) -> str:
    words = name.replace("_", " ")
    return f"{words.upper() if len(words) <= _SHORT else words.capitalize()}, all together"


_SHORT = 5
"""Letters up to which the name of a factor is an abbreviation."""


def _line(
    ours: SchoolStatement, members: tuple[str, ...], name: str, label: str, letter: PrintedFigures
) -> LineDifference:
    parts = [one for one in ours.parts if one.name in members]
    printed = letter.lines.get(name, PrintedLine())
    amount = _sum(one.amount for one in parts)
    notional = _sum(one.notional for one in parts)
    return LineDifference(
        name,
        label,
        Difference(name, label, amount, printed.amount),
        Difference(name, label, notional, printed.notional),
    )


def _sum(parts: Iterator[int | None]) -> int | None:
    """Return a sum, None where any part is not known."""
    known = list(parts)
    return None if None in known else sum(one for one in known if one is not None)
