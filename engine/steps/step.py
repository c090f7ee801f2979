"""One step of a calculation, as on a pocket calculator: an operation, its label, and a value."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, Protocol

from engine.money import PENCE, number
from engine.vocabulary import NOT_PRINTED, Standing

PENNY, WHOLE_POUND = Fraction(1), Fraction(PENCE)


class Unit(StrEnum):
    """What a row's value counts."""

    pounds = "pounds"
    pupils = "pupils"
    units = "units"
    schools = "schools"
    percent = "percent"
    multiplier = "multiplier"
    hours = "hours"
    share = "share"
    days = "days"
    school_days = "school days"
    parts = "parts"
    pound_parts = "pounds × parts"
    text = "text"

    @property
    def is_money(self) -> bool:
        """Return whether a value is counted in pence and printed in pounds."""
        return self in {Unit.pounds, Unit.pound_parts}

    @property
    def words(self) -> str:
        """Return what people read beside a value; nothing where the value says it all, such as 153 of 365."""
        return "" if self in {Unit.share, Unit.text} else self.value


class Op(StrEnum):
    """What a step does to the number held so far.

    start       begins anew with the value
    add_percent adds a percentage of what is held; ``percent_of`` leaves that part of it
    at_least, at_most  replace what is held by the value where it is less, or more
    one_from, one_to   leave 1 from the value on, or up to it, and 0 otherwise
    whole_part  leaves the whole part of what is held, and may name it as a result does
    note        says what was decided, and changes nothing
    result      rounds what is held, where it says to what, and may name it for a later step
    """

    start = "start"
    plus = "plus"
    minus = "minus"
    times = "times"
    per = "divided by"
    add_percent = "plus percent"
    percent_of = "percent of"
    at_least = "at least"
    at_most = "at most"
    one_from = "one from"
    one_to = "one up to"
    whole_part = "whole part"
    note = "decides"
    result = "equals"


class SourcedValue(Protocol):
    """A value of a rule document as steps read it: text, source and how far it was checked."""

    @property
    def from_(self) -> date:
        """Return the first day in force."""

    @property
    def value(self) -> str:
        """Return the value as written."""

    @property
    def source(self) -> str:
        """Return the key of its source."""

    @property
    def standing(self) -> Standing:
        """Return how far it was checked."""

    @property
    def note(self) -> str | None:
        """Return its note."""

    @property
    def is_printed(self) -> bool:
        """Return whether the source gives a number."""

    @property
    def decimal(self) -> Decimal:
        """Return the exact number."""


Conditions = tuple[tuple[str, tuple[str, ...]], ...]
"""Columns, each with the choices of which one must hold."""


class DocumentValue(NamedTuple):
    """A value of the rule document; ``path`` is its place there.

    ``of`` are the conditions of the row, where it is a row of a table: columns with their choices.
    """

    dated: SourcedValue
    path: str
    unit: Unit
    of: Conditions = ()


class Plain(NamedTuple):
    """A number of the rule's form, which has no source of its own, such as 2/3 or 38.5."""

    text: str
    unit: Unit = Unit.text
    path: str | None = None


class Own(NamedTuple):
    """A number of the pupil's or school's own row, such as hours; its column counts ``scale`` parts of one."""

    name: str
    scale: int = 1
    unit: Unit = Unit.text
    path: str | None = None


class Earlier(NamedTuple):
    """A result that an earlier step of the same calculation named."""

    name: str
    unit: Unit = Unit.pounds
    path: str | None = None


Value = DocumentValue | Plain | Own | Earlier


class Of(NamedTuple):
    """An own number that is said as so many of so many, never reduced.

    >>> str(Of(1300, 3250, 100)), Of(40, 365).exact
    ('13 of 32.5', Fraction(8, 73))
    """

    part: int
    whole: int
    scale: int = 1

    @property
    def exact(self) -> Fraction:
        """Return the share."""
        return Fraction(self.part, self.whole)

    def __str__(self) -> str:
        """Return the words of a row."""
        return f"{number(self.part, self.scale)} of {number(self.whole, self.scale)}"


class Step(NamedTuple):
    """One step. ``value`` is None for a result alone.

    nearest  what a result is rounded to, in pence; None where it is not rounded
    name     by which a later step takes the result; a named result always has a row
    unit     of a result
    up       whether a result is rounded up, and not to the nearest
    """

    op: Op
    label: str
    value: Value | None = None
    nearest: Fraction | None = None
    name: str = ""
    unit: Unit = Unit.pounds
    up: bool = False


Steps = tuple[Step, ...]


def start(label: str, value: Value) -> Step:
    """Return the step that begins a calculation."""
    return Step(Op.start, label, value)


def result(
    label: str, nearest: Fraction | None = PENNY, name: str = "", unit: Unit = Unit.pounds
) -> Step:
    """Return the step that rounds what is held, by default to the penny, and gives it a row."""
    return Step(Op.result, label, None, nearest, name, unit)


def up_to_a_pound(label: str, name: str = "") -> Step:
    """Return the step that takes what is held up to a whole pound."""
    return Step(Op.result, label, None, WHOLE_POUND, name, up=True)


def document_values(steps: Iterable[Step]) -> list[SourcedValue]:
    """Return the values of the document that steps come of."""
    return [step.value.dated for step in steps if isinstance(step.value, DocumentValue)]


def are_printed(*values: SourcedValue | None) -> bool:
    """Return whether every value that there is has a number in its source."""
    return all(one is None or one.value != NOT_PRINTED for one in values)


def own_names(steps: Iterable[Step]) -> set[str]:
    """Return the names of the row's own numbers that steps read."""
    return {step.value.name for step in steps if isinstance(step.value, Own)}
