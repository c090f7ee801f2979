"""The contract of a module: a part of a rule set that values a table, alone or from what other modules yielded."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, ClassVar, Generic, Protocol, TypeVar, cast

import polars as pl

from engine.modules.explanation import Explanation
from engine.notices import Notice
from engine.row_chunks import Blocks
from engine.rows import Rows
from engine.rules.compiled import CompiledRules
from engine.rules.reads import Reads
from engine.tables import PupilTable, SchoolTable


@dataclass(frozen=True, slots=True)
class Options:
    """What a user chooses beside the tables: pence that a pupil on SEN support is assumed to cost."""

    sen_support_cost: int | None = None


NO_OPTIONS = Options()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What there is to value: checked schools and pupils, and an authority's own tables as text, by module."""

    schools: SchoolTable | None = None
    pupils: PupilTable | None = None
    frames: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    options: Options = NO_OPTIONS


class ModuleOutcome(Protocol):
    """What a module yields."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Return the notes on the tables that were valued."""

    def reconcile(self) -> None:
        """Raise ``NotReconciled`` unless every part adds to its total."""


Outcomes = Mapping[str, ModuleOutcome]
"""What modules yielded for one year, by their names."""

P = TypeVar("P")
O = TypeVar("O", bound=ModuleOutcome)  # noqa: E741 - what a module yields


class Module(ABC, Generic[P, O]):
    """A part of a rule set that money is worked out by.

    ``name`` is the section of the document, ``compiled`` the type that it compiles to (``RuleSet``
    and ``compile_rules`` know a section by its type alone), and ``subject`` is what it explains one
    of, in words; ``after`` are the modules of which it reads what they yielded for the same year.
    """

    name: ClassVar[str]
    subject: ClassVar[str]
    compiled: type[P]
    after: tuple["Module[Any, Any]", ...] = ()

    def of(self, rules: CompiledRules) -> P | None:
        """Return what the section compiled to, None for rules without it."""
        return rules.part(self.compiled)

    def outcome_among(self, outcomes: Outcomes) -> O | None:
        """Return what this module yielded, None where it valued nothing."""
        return cast("O | None", outcomes.get(self.name))

    @abstractmethod
    def reads(self, part: P) -> Reads:
        """Return the columns that are read, what a blank means, and which of them a table must have."""

    @abstractmethod
    def value(self, inputs: "Inputs") -> O | None:
        """Return what the module yields, None where the rules or the tables lack what it needs."""

    @abstractmethod
    def rows(self, outcome: O) -> Rows:
        """Return one row for each school, pupil or row that was valued, for any kind of file."""

    @abstractmethod
    def totals(self, outcome: O) -> Rows:
        """Return the sums of what is known, in all and by group."""

    @abstractmethod
    def explanation(self, outcome: O, subject: str) -> Explanation | None:
        """Return the working of one subject, None where it was not valued.

        Raises ``NotReconciled`` where printed steps do not come to what is paid.
        """

    def reconcile(self, outcome: O) -> None:
        """Raise ``NotReconciled`` unless every part of an outcome adds to its total."""
        outcome.reconcile()


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a module values one year from: rules, tables, and what was valued before it.

    ``year`` is what others yielded for the same year, ``earlier`` what all did for earlier years,
    by the last day of their rule sets.
    """

    reader: Module[Any, Any]
    rules: CompiledRules
    tables: Tables
    year: Outcomes
    earlier: Mapping[date, Outcomes]
    blocks: Blocks

    def of(self, module: Module[Any, O]) -> O | None:
        """Return what a module yielded for this year; it must be among those that the reader names."""
        if module not in self.reader.after:
            message = f"{self.reader.name} does not say that it reads {module.name}"
            raise LookupError(message)
        return module.outcome_among(self.year)

    def last_year(self, module: Module[Any, O]) -> O | None:
        """Return what a module yielded for the year that ended the day before this begins, else None."""
        day_before = self.rules.document.effective.first - timedelta(days=1)
        return module.outcome_among(self.earlier.get(day_before, {}))
