"""Schools and pupils valued under rules: schools' budgets and pupils' top-ups."""

import os
import warnings
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import polars as pl

from engine.errors import PairRefused, Problem
from engine.export import exact, total_rows, with_rules
from engine.modules import adjustments, school_rows
from engine.row_chunks import Blocks
from engine.rows import Rows
from engine.run import Outcome as EngineOutcome
from engine.run import evaluate
from engine.schedule import Divided
from engine.statement import (
    Warnings,
    detail_rows,
    outcome_reasons,
    outcome_warnings,
    why_cost_is_unused,
)
from evenband.arguments import cost_of, of_kind, one_of, whole
from evenband.display import (
    MOST,
    Table,
    as_html,
    as_text,
    counted,
    in_pounds,
    listing,
    money,
    paragraph,
)
from evenband.rules import Rules, notes_on
from evenband.tables import Pupils, Schools

Detail = Literal[
    "totals", "schools", "lines", "targeted", "pupils", "schedule", "months", "periods"
]
"""One row a total or group, a school, a line of a school's formula, a pupil, or a pupil's payment.

``months`` and ``periods`` are older names of the schedules of that name.
"""

Payments = Literal["months", "periods"]
"""How a schedule divides the year: by months, or by the calendar's own periods."""

OF_SCHOOLS = {"schools", "lines", "targeted"}
NOT_KNOWN = "not_known"
ADJUSTMENTS = ("fringe", "minimum_per_pupil", "protection", NOT_KNOWN)
BUDGET_ALONE = "notional_sen_not_known"
"""A column of frames that is not shown beside ``not_known``."""

WORDS = {"notional_sen": "notional SEN", "formula_total": "formula funding", "top_up": "top-ups"}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Outcome:
    """The amounts of schools and pupils under a rule set; parts add to totals, to the penny.

    ``parts`` is the engine's own form. ``notes`` say what was left out of a part, and how much, and what the rules
    value otherwise than they seem to say.
    ``sen_support_cost`` is pence that a pupil on SEN support is assumed to cost.
    """

    rules: Rules
    parts: EngineOutcome
    notes: tuple[str, ...] = ()
    sen_support_cost: int | None = None

    @property
    def formula_total(self) -> Decimal | None:
        """Return the schools' formula funding, pounds: the sum of what is known; None without schools."""
        return self._total("schools", "formula_total")

    @property
    def notional_sen(self) -> Decimal | None:
        """Return the schools' notional SEN budgets, pounds: the sum of what is known; None without schools."""
        return self._total("schools", "notional_sen")

    @property
    def top_up(self) -> Decimal | None:
        """Return the pupils' top-ups, pounds: the sum of what is known; None without pupils."""
        return self._total("pupils", "top_up")

    @property
    def warnings(self) -> pl.DataFrame:
        """Return the figures that may be wrong, one a row: they were used as they are.

        ``of`` is school, pupil or rules; ``row`` that of the table, null for the rules. ``correction`` is the
        figure that was perhaps meant for ``column``, where one can be suggested. No row has a pupil's value.
        """
        found = [one for part in self._warnings() for one in part]
        return pl.DataFrame(
            {
                "of": [one.of for one in found],
                "kind": [str(one.kind) for one in found],
                "row": [one.row for one in found],
                "column": [", ".join(one.columns) for one in found],
                "sentence": [one.sentence for one in found],
                "correction": [one.correction and one.correction.value for one in found],
            },
            schema={**dict.fromkeys(("of", "kind"), pl.String), "row": pl.Int64,
                    **dict.fromkeys(("column", "sentence", "correction"), pl.String)},
        )  # fmt: skip

    @property
    def missing(self) -> pl.DataFrame:
        """Return why parts are not known, one reason a row: ``of`` school or pupil, ``part``, ``why`` and their ``number``.

        A pupil is counted once: under several reasons together where it has them, with a semicolon between.
        """
        schema = {"of": pl.String, "part": pl.String, "why": pl.String, "number": pl.Int64}
        return pl.DataFrame(list(outcome_reasons(self.parts)), schema=schema)

    def _warnings(self) -> tuple[Warnings, ...]:
        return outcome_warnings(self.parts, self.sen_support_cost)

    @property
    def not_known(self) -> int:
        """Return how many parts are not known: lines of schools, and pupils."""
        return int(self._totals().frame["not_known"].sum())

    def to_polars(
        self, detail: Detail | None = None, *, schedule: Payments = "months"
    ) -> pl.DataFrame:
        """Return a frame with the columns of ``evenband value --detail``.

        By default one row a school where schools are valued, else one a pupil. The detail ``schedule``
        divides each pupil's top-up into payments, as ``schedule`` says. Money is pounds, ``Decimal`` with two
        places; units have six, percentages four. What is not known is null, and ``not_known`` counts
        the parts that a row's sums leave out. The last columns say the funding year, its kind, the rule
        set and its version. Raises ``PairRefused`` where nothing of it was valued.
        """
        if detail is not None:
            one_of(detail, Detail, "detail")
        one_of(schedule, Payments, "schedule")
        if detail == "months" or detail == "periods":  # noqa: PLR1714 - narrows the type
            schedule, detail = detail, "schedule"
        rows = self._rows(detail or ("schools" if self.parts.notional else "pupils"), schedule)
        return exact(with_rules(rows, [self.rules.record]))

    def _rows(self, detail: Detail, schedule: Payments) -> Rows:
        rows = detail_rows(self.parts, detail, Divided(schedule), self.sen_support_cost)
        if rows is None:
            lacking = "schools" if detail in OF_SCHOOLS else "pupils"
            sentence = f"no {lacking} are valued here; give {lacking}= to value()"
            raise PairRefused([Problem(sentence, "nothing-to-show")])
        return rows

    def _totals(self) -> Rows:
        rows = total_rows(self.parts)
        return Rows(rows.name, rows.shapes, rows.frame.filter(grouping="total"))

    def _total(self, part: str, column: str) -> Decimal | None:
        pence = self._totals().frame.filter(part=part)[column].to_list()
        return in_pounds(pence[0]) if pence and pence[0] is not None else None

    @property
    def _summary(self) -> str:
        parts = []
        for row in self._totals().frame.iter_rows(named=True):
            sums = [
                f"{words} £{money(row[name])}"
                for name, words in WORDS.items()
                if row[name] is not None
            ]
            what = counted(row["number"], row["part"].removesuffix("s"))
            parts.append(", ".join([what, *sums, *_unknown(row["not_known"])]))
        return "; ".join(parts)

    def __repr__(self) -> str:
        """Return the rules and the totals in one line; nothing about a single pupil."""
        return f"<Outcome under {self.rules.name}: {self._summary}>"

    def __str__(self) -> str:
        """Return the rules, the totals and the first schools, as lines of text."""
        table = self._first_schools()
        tables = [] if table is None else [as_text(table)]
        return "\n".join([self.rules.name, self._summary, *self.notes, *tables])

    def _repr_html_(self) -> str:
        """Return the rules, totals and first schools as HTML; nothing about a single pupil."""
        table = self._first_schools()
        texts = (self.rules.name, self._summary, *self.notes)
        return "".join(map(paragraph, texts)) + ("" if table is None else as_html(table))

    def _first_schools(self) -> Table | None:
        if self.parts.notional is None:
            return None
        rows = _without_nothing(school_rows(self.parts.notional))
        few = min(len(rows), MOST)
        title = "" if few == len(rows) else f"The first {few} of {len(rows):,} schools"
        named = {one.name for one in adjustments(self.parts.notional)}
        return listing(rows, title, keep=named | {NOT_KNOWN})


def _without_nothing(rows: Rows) -> Rows:
    """Return rows without the adjustments that are zero for every school: a frame holds them all."""
    zero = {
        name
        for name in ADJUSTMENTS
        if name in rows.shapes and (rows.frame[name] == 0).fill_null(value=False).all()
    }
    zero.add(BUDGET_ALONE)
    kept = {name: shape for name, shape in rows.shapes.items() if name not in zero}
    return Rows(rows.name, kept, rows.frame.select(list(kept)))


def _unknown(parts: int) -> list[str]:
    return [f"{parts:,} not known and left out"] if parts else []


def value(
    rules: Rules,
    *,
    schools: Schools | None = None,
    pupils: Pupils | None = None,
    sen_support_cost: Decimal | str | int | None = None,
    threads: int = 0,
) -> Outcome:
    """Value schools' notional SEN budgets and pupils' top-ups under a rule set, to the penny.

    The units of a line that the table of schools has no column for are counted from the pupils, where
    both are given. ``sen_support_cost`` is pounds a year that a pupil on SEN support is assumed to cost: with
    it the rows of schools and explanations compare each budget with what it is expected to pay for.
    ``threads`` is 0 for one a processor; the answer is the same for any number.

    Raises ``PairRefused`` where rules and tables do not fit, or nothing can be valued. Warns where
    pupils are counted at no school, as none of those given has their reference number, where a
    figure may be wrong, where the rules have gaps, contradictions or values that are not printed, and where a
    cost of SEN support changes nothing.
    """
    of_kind(rules, Rules, "rules are what read_rules returns")
    if schools is not None:
        of_kind(schools, Schools, "schools are what read_schools returns")
    if pupils is not None:
        of_kind(pupils, Pupils, "pupils are what read_pupils returns")
    whole(threads, "threads", 0)
    cost = None if sen_support_cost is None else cost_of(sen_support_cost, "sen_support_cost")
    compiled = rules.compiled
    valued = (compiled.formula is not None and schools is not None) or (
        compiled.top_ups is not None and pupils is not None
    )
    if not valued:
        raise PairRefused([Problem(_nothing(rules), "nothing-to-value")])
    parts = evaluate(
        compiled,
        None if schools is None else schools.under(rules),
        None if pupils is None else pupils.under(rules),
        blocks=Blocks(threads or os.cpu_count() or 1),
    )
    notes, doubts = _notes(rules, parts, schools, pupils), notes_on(rules, parts.outcomes)
    for note in (*notes, *(sentence for sentence, changes in doubts.items() if changes)):
        warnings.warn(note, stacklevel=2)
    unused = None if cost is None else why_cost_is_unused(parts)
    if unused is not None:
        warnings.warn(f"sen_support_cost changes nothing: {unused}.", stacklevel=2)
    outcome = Outcome(rules, parts, (*notes, *doubts), cost)
    for line in (line for part in outcome_warnings(parts, cost) for line in part.lines()):
        warnings.warn(f"check: {line}", stacklevel=2)
    return outcome


def _nothing(rules: Rules) -> str:
    """Return what the rules can value, for a refusal where none of it was given."""
    held = {
        "schools": rules.compiled.formula is not None,
        "pupils": rules.compiled.top_ups is not None,
    }
    names = [name for name, there in held.items() if there]
    if not names:
        return f"{rules.identifier} values neither schools nor pupils"
    options = " or ".join(f"{name}=" for name in names)
    return f"{rules.identifier} values {' and '.join(names)}; give {options}"


def _notes(
    rules: Rules, parts: EngineOutcome, schools: Schools | None, pupils: Pupils | None
) -> tuple[str, ...]:
    """Return one sentence for each input that no part includes, and for what the rules do not pay again."""
    read = () if pupils is None else pupils.table.notices
    of_pupils = () if parts.top_ups is None else parts.top_ups.notices
    said = tuple(f"{one}." for one in of_pupils if one not in read)
    if parts.notional is None:
        given = schools is not None
        left_out = (f"{rules.identifier} values no schools: those given are left out.",) * given
        return (*left_out, *said)
    note = None if pupils is None else pupils.table.elsewhere_note(parts.notional.schools.urn)
    return said if note is None else (note, *said)
