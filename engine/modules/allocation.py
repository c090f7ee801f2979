"""An authority's tables: one contract by which places, blocks and targeted funding are read, valued and printed."""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Generic, Protocol, TypeVar

import polars as pl

from engine.columns import Column
from engine.errors import NotReconciled, PairRefused, Problem
from engine.modules.explanation import Explanation, Working, titles_of
from engine.modules.module import NO_OPTIONS, Inputs, Module, Options
from engine.modules.sums import sums
from engine.money import PENCE, known_pounds
from engine.notices import Notice, of_table
from engine.reading.aliases import as_headed, one_name
from engine.reading.commissioners import ANYONE, Commissioners
from engine.reading.habits import PLAIN, Habits, unused_statements
from engine.reading.short_table import ShortTable, short_table
from engine.reading.table_text import TableText, table_text
from engine.rows import Rows, Shape
from engine.rules.compiled import CompiledRules
from engine.rules.in_force import Compiled, refuse_later
from engine.rules.measures import Topic
from engine.rules.reads import Read, Reads, needed
from engine.steps import Operator, PartlyKnown, Row, Steps, Unit, rows, work_known
from engine.tables import RowCounts, RowsApart
from engine.vocabulary import Missing

LARGEST = 10**10 * PENCE
"""Pence that one amount may come to, so that the amounts of any table can be added exactly."""

Record = dict[str, str | int | None]


class Valued(Protocol):
    """One row of a table that is valued: the row of the file, and what it comes to, pence."""

    @property
    def row(self) -> int:
        """Return the row of the file that it came from."""

    @property
    def pence(self) -> int:
        """Return what it comes to, 0 where it is not known."""

    @property
    def missing(self) -> Missing | None:
        """Return why what it comes to is not known, None where it is."""


WHY = "why_not_known"


def why_column(valued: Sequence[Valued]) -> dict[str, Shape]:
    """Return the column of why rows are not known, where any is not."""
    return {WHY: Shape.text} if any(one.missing for one in valued) else {}


P = TypeVar("P", bound=Compiled)
V = TypeVar("V", bound=Valued)


@dataclass(frozen=True, repr=False)
class Allocation(Generic[P, V]):
    """A table valued under one part of a rule set, its rows in the order given."""

    module: "AllocationModule[P, V]"
    rules: CompiledRules
    part: P
    options: Options
    valued: tuple[V, ...]
    notices: tuple[Notice, ...] = ()
    apart: tuple[RowsApart, ...] = ()
    rows_read: int | None = None
    """Rows of the table; None where the rows are schools that the formula valued."""

    @property
    def row_counts(self) -> RowCounts:
        """Return how many rows were read, are valued and are set apart."""
        read = len(self.valued) if self.rows_read is None else self.rows_read
        return RowCounts(read, len(self.valued), self.apart)

    @property
    def total(self) -> int:
        """Return what the rows that are known come to, pence."""
        return sum(one.pence for one in self.valued)

    @cached_property
    def rows(self) -> Rows:
        """Return one row for each that was given, in the order of the module's key."""
        module = self.module
        records = [module.record(one) for one in self.valued]
        rows = Rows.of_records(module.name, module.shapes(self), records)
        return replace(rows, frame=rows.frame.sort(module.key))

    def reconcile(self) -> None:
        """Raise ``NotReconciled`` unless the rows add to the total and are all there, and each sum is that of its parts."""
        *parts, amount = (int(self.rows.frame[name].sum()) for name in self.module.money)
        if amount != self.total or (parts and sum(parts) != amount):
            message = f"the rows of {self.module.name} do not add to their total"
            raise NotReconciled(message)
        self.row_counts.reconcile()

    @property
    def totals(self) -> Rows:
        """Return the sums of what is known of the table's money, in all and by group."""
        return sums(self.rows, self.module.money, {name: name for name in self.module.groupings})


class AllocationModule(Module[P, "Allocation[P, V]"], Generic[P, V]):
    """A part of a rule set that values a table of an authority's own.

    ``label`` is what readers call it, ``table`` the name of its table, with a ``title``, what it is
    ``about``, and what ``numbers`` with decimals count. No two rows have the same ``key``. ``money`` are the
    columns of ``rows`` that are summed, in all and by ``groupings``: the amount last, and any others
    its parts. ``row_is`` what a row is about. ``aliases`` maps older names of columns to theirs.
    """

    subject = "row of the table"
    label: ClassVar[str]
    table: ClassVar[str]
    title: ClassVar[str]
    about: ClassVar[str]
    numbers: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    money: ClassVar[tuple[str, ...]]
    groupings: ClassVar[tuple[str, ...]] = ()
    row_is: ClassVar[str] = "row"
    aliases: ClassVar[Mapping[str, str]] = {}

    @abstractmethod
    def columns(self, part: P) -> Sequence[Column]:
        """Return every column that a table may have; ``absence`` says what a blank means."""

    def columns_under(self, rules: CompiledRules) -> Sequence[Column]:
        """Return the columns of a table under rules, none for rules without the section."""
        part = self.of(rules)
        return () if part is None else self.columns(part)

    def may_lack(self, part: P) -> frozenset[str]:  # noqa: ARG002 - for those whose tables may
        """Return the columns that a table may leave out."""
        return frozenset()

    def reads(self, part: P) -> Reads:
        """Return every column, what a blank means, and which of them a table must have."""
        section, lacking = self.name.replace("_", " "), self.may_lack(part)
        return tuple(
            Read(one.name, section, one.absence, needed=one.name not in lacking)
            for one in self.columns(part)
        )

    def columns_by_choice(self, options: Options) -> frozenset[str]:  # noqa: ARG002 - for those with options
        """Return the columns that a table may leave out because what a user chose gives them."""
        return frozenset()

    @abstractmethod
    def topics(self, part: P) -> Iterator[Topic]:
        """Yield what the atlas says of the section, each value with its standing."""

    @abstractmethod
    def values(
        self, rules: CompiledRules, cells: ShortTable, options: Options
    ) -> Callable[[int], V]:
        """Return how the row at a position is valued; ``PairRefused`` for what cannot be."""

    @abstractmethod
    def steps(self, one: V) -> tuple[Steps, PartlyKnown] | None:
        """Return the steps to what a row comes to and the numbers that they take, None where it is not known."""

    @abstractmethod
    def shapes(self, outcome: Allocation[P, V]) -> Mapping[str, Shape]:
        """Return the columns of the rows of an outcome."""

    @abstractmethod
    def record(self, one: V) -> Record:
        """Return one row of an outcome: pence, millionths and text; only its ``shapes`` are shown."""

    def required(self, rules: CompiledRules) -> P:
        """Return what the section compiled to; raise ``PairRefused`` for rules without it."""
        part = self.of(rules)
        if part is None:
            sentence = f"this rule set has no {self.label}; choose another"
            rule = f"no-{self.name.replace('_', '-')}"
            raise PairRefused([Problem(sentence, rule, place=self.name)])
        refuse_later(part.later)
        return part

    def value(self, inputs: Inputs) -> Allocation[P, V] | None:
        """Value the module's own table, where there is one."""
        frame, options = inputs.tables.frames.get(self.name), inputs.tables.options
        return None if frame is None else self.allocate(inputs.rules, frame, options)

    def rows(self, outcome: Allocation[P, V]) -> Rows:
        """Return one row for each of the table, in the order of the key."""
        return outcome.rows

    def totals(self, outcome: Allocation[P, V]) -> Rows:
        """Return the sums of the table's money."""
        return outcome.totals

    def explanation(self, outcome: Allocation[P, V], subject: str) -> Explanation | None:
        """Return the working of the rows whose first column of the key has the subject, None where none has."""
        found = [one for one in outcome.valued if str(self.record(one)[self.key[0]]) == subject]
        if not found:
            return None
        workings = [self.working(outcome, one) for one in found]
        absent = sum(one.absent for one in workings)
        total = None if absent else sum(one.pence for one in found)
        row = Row(Operator.equals, self.title, known_pounds(total), Unit.pounds)
        sentence = "Each row is worked out by itself, and their amounts are added."
        return Explanation.of(outcome.rules, subject, workings, [row], sentence, absent)

    def working(self, outcome: Allocation[P, V], one: V) -> Working:
        """Return the steps to what a row comes to; ``NotReconciled`` where they come to another amount."""
        record, steps = self.record(one), self.steps(one)
        label = ", ".join(str(record[name]) for name in self.key[1:] if record[name]) or self.title
        if steps is None:
            return Working(self.name, label, (), 1)
        if work_known(*steps) != (None if one.missing else one.pence):
            message = f"the steps of {self.name} do not come to what is paid"
            raise NotReconciled(message)
        found = tuple(rows(*steps, titles_of(outcome.rules)))
        return Working(self.name, label, found, int(one.missing is not None))

    def allocate(
        self,
        rules: CompiledRules,
        table: pl.DataFrame | TableText,
        options: Options = NO_OPTIONS,
        *,
        first_row: int = 2,
        habits: Habits = PLAIN,
        commissioners: Commissioners = ANYONE,
    ) -> Allocation[P, V]:
        """Value a table of text under rules, written as ``habits`` state; of its rows those of ``commissioners``.

        Raises ``TableRefused`` for cells that cannot be read, ``PairRefused`` for what the rules
        cannot work with, each with every problem by row (the first of a plain frame is ``first_row``).
        """
        text = table_text(table, first_row)
        with as_headed(text.frame.columns, self.aliases):
            part = self.required(rules)
            text = one_name(text, self.aliases)
            cells = short_table(
                text,
                self.columns(part),
                required=needed(self.reads(part)) - self.columns_by_choice(options),
                key=self.key,
                habits=habits,
                commissioners=commissioners,
            )
            value = self.values(rules, cells, options)
            unused = unused_statements(habits, text.frame.columns)
            notices = (*of_table(self.table, cells.notices), *unused)
            valued = _each(cells.rows, value)
            outcome = Allocation(
                self, rules, part, options, valued, notices, cells.apart, cells.rows_read
            )
        outcome.reconcile()
        return outcome


def _each(rows: Sequence[int], value: Callable[[int], V]) -> tuple[V, ...]:
    """Return every row valued, or raise ``PairRefused`` with the problems of all rows."""
    valued: list[V] = []
    problems: list[Problem] = []
    for at, row in enumerate(rows):
        try:
            valued.append(value(at))
        except PairRefused as refusal:
            problems += [replace(one, row=row) for one in refusal.problems]
        else:
            problems += [replace(one, row=row) for one in too_large(valued[-1].pence)]
    if problems:
        raise PairRefused(problems)
    return tuple(valued)


def too_large(pence: int) -> list[Problem]:
    """Return the problem of an amount that is too large to add exactly; none where it is not."""
    if abs(pence) <= LARGEST:
        return []
    return [Problem("is more money than can be added exactly; check the figures", "too-large")]
