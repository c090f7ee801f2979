"""What a table of cases may be about: one contract by which its rows are completed and valued."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from engine.cases.expectation import Found
from engine.explain import Working
from engine.modules import AbsentLines
from engine.plausibility import Warnings
from engine.reading import PLAIN, Habits
from engine.reading.commissioners import ANYONE, Commissioners
from engine.rows import Shape
from engine.rules import CompiledRules
from engine.tables.rows_apart import RowCounts

PREFIX = "expected_"


@dataclass(frozen=True, slots=True)
class Choices:
    """What a user chooses for cases: pence of a pupil on SEN support, what a line without a column means, how cells are written, and whose rows are valued."""

    sen_support_cost: int | None = None
    absent_lines: AbsentLines = AbsentLines.zero
    habits: Habits = PLAIN
    commissioners: Commissioners = ANYONE


@dataclass(frozen=True, slots=True)
class ValuedRow:
    """What one row comes to by the names of results, and a way to its working."""

    results: Mapping[str, Found]
    workings: "Workings"


@dataclass(frozen=True, slots=True)
class Workings:
    """The workings of one row, worked out only when they are wanted."""

    every: Callable[[], tuple[Working, ...]] = field(repr=False)

    def of(self, line: str | None = None) -> tuple[Working, ...]:
        """Return all workings of the row, or only those of a line, where it has one of that name."""
        found = self.every()
        alone = tuple(one for one in found if one.name == line)
        return alone or found


@dataclass(frozen=True, slots=True)
class ValuedRows:
    """Rows by their position in their table, and what is to be noted of it: what was taken for granted, and what to check.

    Of a table of which the rules value only some rows, ``counts`` has whose the others are.
    """

    rows: Mapping[int, ValuedRow] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    warnings: Warnings | None = None
    counts: RowCounts | None = None


class Subject(ABC):
    """What the rows of a table of cases are about.

    ``name`` is the part of the rules, ``one`` and ``many`` are what rows are called, ``short`` maps the headings of
    the guide to the names of results.
    """

    name: str
    one: str
    many: str
    short: Mapping[str, str]
    not_known: Mapping[str, str] = {}
    """Sums that leave out what is not known, each with the result that counts it."""

    @abstractmethod
    def is_of(self, rules: CompiledRules) -> bool:
        """Return whether rules value this at all."""

    @abstractmethod
    def shapes(self, rules: CompiledRules) -> Mapping[str, Shape]:
        """Return the results that can be expected, by name."""

    @abstractmethod
    def inputs(self, rules: CompiledRules) -> frozenset[str]:
        """Return the columns of inputs that could be taken for results."""

    @abstractmethod
    def columns(self, rules: CompiledRules) -> frozenset[str]:
        """Return the columns of inputs that a table about this may have."""

    @abstractmethod
    def completed(self, rules: CompiledRules, frame: pl.DataFrame, height: int) -> pl.DataFrame:
        """Return inputs with the columns that a table of cases may leave out."""

    @abstractmethod
    def value(self, rules: CompiledRules, frame: pl.DataFrame, choices: Choices) -> "ValuedRows":
        """Return what each row comes to, by its position; raises refusals whose rows count from 0."""

    def result(self, rules: CompiledRules, heading: str) -> str | None:
        """Return the name of the result that a heading expects, None for a column of inputs."""
        if heading in self.short:
            return self.short[heading]
        if not heading.startswith(PREFIX) or heading in self.inputs(rules):
            return None
        return heading.removeprefix(PREFIX)
