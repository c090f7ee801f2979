"""An authority's own tables valued under rules: places, the high needs block, and extra funding for schools with many plans."""

import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import polars as pl

from engine.export import exact, with_rules
from engine.modules import (
    HIGH_NEEDS_BLOCK,
    PLACES,
    TARGETED_FUNDING,
    WHY,
    AllocationModule,
    Options,
)
from engine.modules import Allocation as EngineAllocation
from engine.reading import ANYONE
from engine.rows import Rows
from engine.statement import allocation_warnings
from evenband.arguments import cost_of, of_kind, one_of
from evenband.display import as_html, as_text, counted, in_pounds, listing, money, paragraph
from evenband.frames import about, habits, location_of, read_text
from evenband.rules import Rules, notes_on
from evenband.sources import Source
from evenband.tables import Others, commissioners

Detail = Literal["rows", "totals"]
"""One row a row of the table, or the sums of its money, in all and by group."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Allocation:
    """What the rows of an authority's own table come to under a rule set, to the penny.

    ``parts`` is the engine's own form. ``notes`` say what is to be known of the table, such as rows that are set
    apart, and what the rules value otherwise than they seem to say.
    """

    rules: Rules
    parts: EngineAllocation[Any, Any]
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> Decimal:
        """Return what the rows that are known come to, pounds."""
        return in_pounds(self.parts.total)

    @property
    def not_known(self) -> int:
        """Return how many rows are not known, as they depend on a value that is not printed."""
        rows = self.parts.rows.frame
        return rows.height - rows[WHY].null_count() if WHY in rows.columns else 0

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return the figures that may be wrong, a sentence each with its row: they were used as they are."""
        return tuple(map(str, allocation_warnings(self.parts)))

    def to_polars(self, detail: Detail = "rows") -> pl.DataFrame:
        """Return a frame with the columns that the command writes, in the order of the table's key; or its totals.

        Money is pounds, ``Decimal`` with two places; what is not known is null, and ``why_not_known`` says why. The
        last columns say the funding year, its kind, the rule set and its version.
        """
        one_of(detail, Detail, "detail")
        rows = self.parts.rows if detail == "rows" else self.parts.totals
        return exact(with_rules(rows, [self.rules.record]))

    @property
    def _summary(self) -> str:
        absent = f", {self.not_known:,} not known and left out" if self.not_known else ""
        what = counted(len(self.parts.valued), self.parts.module.row_is)
        return f"{what}, {self.parts.module.label} £{money(self.parts.total)}{absent}"

    @property
    def _texts(self) -> tuple[str, ...]:
        return (self.rules.name, self._summary, *self.notes)

    @property
    def _rows(self) -> Rows:
        return self.parts.rows

    def __repr__(self) -> str:
        """Return the rules and the total in one line."""
        return f"<Allocation under {self.rules.name}: {self._summary}>"

    def __str__(self) -> str:
        """Return the rules, the total and the first rows, as lines of text."""
        return "\n".join([*self._texts, as_text(listing(self._rows))])

    def _repr_html_(self) -> str:
        """Return the rules, the total and the first rows as HTML."""
        return "".join(map(paragraph, self._texts)) + as_html(listing(self._rows))


def value_places(
    rules: Rules,
    table: Source,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    blank_means_none: Collection[str] = (),
    round_to_pence: Collection[str] = (),
    la_map: Mapping[str, str] | None = None,
    other_authorities: Others = "apart",
) -> Allocation:
    """Work out the money for places: each period's rate to the penny, each row up to a whole pound.

    ``table`` is a file's path, a frame or records: ``la``, ``institution_group`` where it is known, ``place_type``,
    ``places_1`` and so on for each period. ``sheet``, ``header_row``, ``blank_means_none``, ``round_to_pence``, ``la_map``
    and ``other_authorities`` are as in ``read_schools``.

    Raises ``TableRefused`` with every problem of the table, ``PairRefused`` where the rules have no places. Warns of
    what is to be known of the table and of the rules, and where a figure may be wrong.
    """
    written = _TableForm(sheet, header_row, blank_means_none, round_to_pence)
    return _allocated(PLACES, rules, table, written, (la_map, other_authorities))


def value_high_needs_block(
    rules: Rules,
    table: Source,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    blank_means_none: Collection[str] = (),
    round_to_pence: Collection[str] = (),
    la_map: Mapping[str, str] | None = None,
    other_authorities: Others = "apart",
) -> Allocation:
    """Add up authorities' high needs blocks from their terms, up to a whole pound.

    ``table`` is a file's path, a frame or records: ``la`` and the terms of the block by their names in the rule set, in
    pounds or numbers. Its other arguments, what it raises and what it warns of are as in ``value_places``.
    """
    written = _TableForm(sheet, header_row, blank_means_none, round_to_pence)
    return _allocated(HIGH_NEEDS_BLOCK, rules, table, written, (la_map, other_authorities))


def value_targeted_funding(
    rules: Rules,
    table: Source,
    *,
    sen_support_cost: Decimal | str | int | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    blank_means_none: Collection[str] = (),
    round_to_pence: Collection[str] = (),
) -> Allocation:
    """Work out extra funding for schools with many plans, and budgets against the calls on them.

    ``table`` is a file's path, a frame or records: ``urn``, ``notional_sen`` (pounds), ``ehc_plans`` and, where the rules
    need them, ``pupils`` and ``expected_calls`` (pounds). ``sen_support_cost`` is pounds a year that a pupil on SEN
    support is assumed to cost: with it each budget is compared with its expected calls. Its other arguments, what it
    raises and what it warns of are as in ``value_places``.
    """
    cost = None if sen_support_cost is None else cost_of(sen_support_cost, "sen_support_cost")
    written = _TableForm(sheet, header_row, blank_means_none, round_to_pence)
    return _allocated(TARGETED_FUNDING, rules, table, written, None, Options(cost))


@dataclass(frozen=True, slots=True)
class _TableForm:
    """Where in a file a table is, and what is stated of how it is written."""

    sheet: str | None
    header_row: int | None
    blank_means_none: Collection[str]
    round_to_pence: Collection[str]


def _allocated(
    module: AllocationModule[Any, Any],
    rules: Rules,
    table: Source,
    written: _TableForm,
    authorities: tuple[Mapping[str, str] | None, str] | None,
    options: Options | None = None,
) -> Allocation:
    """Return a table valued by a module; ``authorities`` is None where rows have none. Warns at the caller's caller."""
    of_kind(rules, Rules, "rules are what read_rules returns")
    at = location_of(written.sheet, written.header_row)
    whose = ANYONE if authorities is None else commissioners(rules, *authorities)
    columns = module.columns(module.required(rules.compiled))
    stated = habits(None, written.blank_means_none, written.round_to_pence, columns)
    with about(table):
        text, stated = read_text(table, at, None, stated)
        outcome = module.allocate(
            rules.compiled, text, options or Options(None), habits=stated, commissioners=whose
        )
    doubts = notes_on(rules, [module.name])
    notes = tuple(f"{one}." for one in outcome.notices)
    for note in (*notes, *(sentence for sentence, changes in doubts.items() if changes)):
        warnings.warn(note, stacklevel=3)
    for line in allocation_warnings(outcome).lines():
        warnings.warn(f"check: {line}", stacklevel=3)
    return Allocation(rules, outcome, (*notes, *doubts))
