"""A variant of candidates made ready: its rules, its pupils counted, and those who are worked out one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.cache import Cache
from engine.candidates.cells import Paths, cells_of
from engine.candidates.class_counts import ClassCounts, Sums
from engine.candidates.groups import Groups
from engine.candidates.lane_cells import lane_side_of
from engine.candidates.lane_counts import LaneCounts
from engine.candidates.lanes import Lanes
from engine.candidates.one_by_one import (
    Changes,
    changes_of,
    no_changes,
    outcome_of,
    rows_alone,
)
from engine.candidates.payable import Payable
from engine.candidates.sides import (
    NOTHING,
    Side,
    parts_of_year,
    pupils_by_band,
    runs_of_days,
    same_year,
    side_of,
)
from engine.candidates.structure import Variant, variant_of
from engine.candidates.values import Candidates, PathValues, Some, how_many
from engine.columns import Int
from engine.errors import NotReconciled, Refusal
from engine.modules.top_ups import TopUpOutcome
from engine.modules.top_ups.valuation import refuse_table
from engine.row_chunks import Blocks
from engine.rules.compile_trials import compile_what_if
from engine.rules.compiled import CompiledRules, CompiledTopUps
from engine.tables import PupilTable, frozen

LARGE = 2**61
"""Pence times the shares of a year from which candidates are valued by the engine's own evaluation alone."""


class Counting(Enum):
    """How pupils are worked out who are counted together."""

    lanes = auto()
    closed_form = auto()
    by_share = auto()


class Comparison(NamedTuple):
    """What all variants of some candidates are compared with, and over whom; ``varied`` are the rules whose numbers they try."""

    baseline: CompiledRules
    varied: CompiledRules
    payable: Payable
    candidates: Candidates
    outcome: TopUpOutcome
    chunks: Blocks
    sides: Cache

    @property
    def pupils(self) -> PupilTable:
        """Return the rows that are worked out; all others are paid nothing under any candidate."""
        return self.payable.pupils

    @property
    def groups(self) -> Groups:
        """Return their groups."""
        return self.payable.groups

    def rules_of(self, overrides: Sequence[tuple[str, str]]) -> CompiledRules:
        """Return the rules of a candidate by what it tries."""
        varied = self.varied
        return compile_what_if(varied.document, overrides, varied.day, varied)

    def refuse_whole(self, rules: CompiledRules) -> CompiledTopUps:
        """Return the top-ups of rules that fit the whole table; raises ``PairRefused`` where they do not."""
        top_ups = rules.top_ups
        if top_ups is None:
            message = "rules without top-ups pay no pupil"
            raise ValueError(message)
        refuse_table(top_ups, self.payable.whole)
        if not self.payable.has_all_of(top_ups):
            message = "a candidate pays pupils who were counted as paid by none"
            raise NotReconciled(message)
        return top_ups

    def prepare(self, rows: Int, amounts: Sequence[str], lanes: Lanes | None) -> "Prepared":
        """Return the variant of the candidates at ``rows`` with its pupils counted; ``lanes`` where these are its candidates.

        Raises a refusal where its rules cannot be, or do not fit the table.
        """
        variant = variant_of(self.varied, self.candidates, rows, amounts)
        top_ups = self.refuse_whole(variant.rules)
        outcome = None if lanes is not None else outcome_of(variant.rules, self.pupils, self.chunks)
        bands = pupils_by_band(variant.rules, self.pupils, self.chunks)
        if not same_year(self.baseline, variant.rules):
            everyone = Paths(0, self.payable.other_rows, len(self.pupils))
            return Prepared(
                self, variant, None, None, self.pupils, self.groups, self.outcome, everyone, bands
            )
        nows = runs_of_days(self.baseline, variant.rules)
        lane = None
        if lanes is None:
            side = side_of(variant.rules, variant.places, self.pupils, nows, self.chunks)
        else:
            lane = lane_side_of(variant, lanes, self.pupils, nows, self.chunks)
            side = lane.side
        # What the baseline pays depends on the days on which a variant changes anything, and on nothing else of it.
        days = tuple((one.first, one.last) for one in nows)
        before = self.sides.get(days, side_of, self.baseline, {}, self.pupils, nows, self.chunks)
        where = np.flatnonzero((side.code != NOTHING) | (before.code != NOTHING)).astype(np.int64)
        whole = top_ups.calendar.denominator
        parts = parts_of_year(top_ups, self.pupils, frozen(where), nows)
        cells = cells_of(self.pupils, self.groups, side, before, parts, where, whole)
        paid = before.steps.amounts((), slice(0, 1))[0]
        counted: ClassCounts | LaneCounts
        if lane is None or lanes is None:
            counted = ClassCounts(
                cells, len(self.groups), paid, whole, len(side.classes), len(variant), self.groups
            )
        else:
            counted = LaneCounts(cells, len(self.groups), paid, whole, self.groups, lane, lanes)
        singly = rows_alone(self.pupils, cells.singly)
        baseline = outcome_of(self.baseline, singly) if len(cells.singly) else None
        prepared = Prepared(
            self, variant, side, counted, singly, self.groups.at(cells.singly), baseline,
            cells.paths._replace(settled=cells.paths.settled + self.payable.other_rows), bands,
        )  # fmt: skip
        prepared.reconcile(outcome)
        return prepared


@dataclass(frozen=True, eq=False)
class Prepared:
    """A variant with its pupils counted; ``counted`` is None where all are worked out one by one.

    singly    the pupils who are worked out one by one, with their groups and what the baseline pays them
    baseline  None where there are none
    bands     (bands) rows of pupils in each band under the first candidate
    """

    comparison: Comparison
    variant: Variant
    side: Side | None
    counted: ClassCounts | LaneCounts | None
    singly: PupilTable
    groups: Groups
    baseline: TopUpOutcome | None
    paths: Paths
    bands: Int

    @property
    def kind(self) -> Counting:
        """Return how those are worked out who are counted together."""
        if isinstance(self.counted, LaneCounts):
            return Counting.lanes
        closed = self.counted is not None and self.counted.has_closed_form
        return Counting.closed_form if closed else Counting.by_share

    def side_at(self, at: int) -> Side | None:
        """Return what rows are paid by under one candidate; None where all are worked out one by one."""
        if not isinstance(self.counted, LaneCounts) or self.side is None:
            return self.side
        of = self.counted.classes_of(at)
        place = self.side.code
        code = np.where(place >= 0, of[np.maximum(place, 0)] if len(of) else NOTHING, place)
        return self.side._replace(code=frozen(code.astype(np.int32)))

    @property
    def band_names(self) -> tuple[str, ...]:
        """Return the bands that pupils are counted by."""
        top_ups = self.variant.rules.top_ups
        return () if top_ups is None else top_ups.bands

    def bands_of(self, some: Some) -> Int:
        """Return the rows of pupils in each band under some candidates of the variant (candidates, bands)."""
        if isinstance(self.counted, LaneCounts):
            return self.counted.bands(some, len(self.bands))
        return np.broadcast_to(self.bands, (how_many(some), len(self.bands)))

    @property
    def people(self) -> Int:
        """Return the pupils of each group of the whole table; one with several spells counts once in each."""
        alone = self._alone(self.comparison.baseline).number + self.comparison.payable.others.number
        if self.counted is None:
            return alone
        both: Int = self.counted.cells.number + alone
        return both

    @property
    def before(self) -> tuple[Int, Int]:
        """Return what the baseline pays those who are counted together, pence, and who of them is not known (groups)."""
        if self.counted is None:
            none = np.zeros(len(self.comparison.groups), np.int64)
            return none, none
        return self.counted.all_before, self.counted.cells.unknown

    def sums(self, some: Some) -> tuple[Sums, NDArray[np.bool_]]:
        """Return what some candidates of the variant pay to those who are counted together, and which pay so much that everyone is evaluated."""
        if self.counted is None or self.side is None:
            shape = how_many(some), len(self.comparison.groups)
            none = Sums(*(np.zeros(shape, np.int64) for _ in range(3)))
            return none, np.zeros(len(none.after), np.bool_)
        return self._sums(self.variant.amounts, some)

    def total_of(self, values: PathValues) -> int:
        """Return what all pupils are paid under one more value of the only path that varies, pence."""
        alone = 0
        if len(self.singly) and (self.counted is None or self.baseline is not None):
            rules = self.comparison.rules_of([(values.place, values.text(0))])
            alone = outcome_of(rules, self.singly).total
        if self.counted is None or self.side is None:
            return alone
        found, _ = self._sums([values], slice(0, 1))
        return int(found.after[0, 0]) + alone

    def _sums(self, values: Sequence[PathValues], some: Some) -> tuple[Sums, NDArray[np.bool_]]:
        """Return what the candidates of some values pay to those who are counted together."""
        if self.counted is None or self.side is None:
            message = "nobody is counted together"
            raise ValueError(message)
        steps = self.side.steps
        if isinstance(self.counted, ClassCounts) and self.counted.has_closed_form:
            found = self.counted.by_form(steps.in_stages(values, some))
            if found is not None:
                return found, np.zeros(how_many(some), np.bool_)
        amounts = steps.amounts(values, some)
        large = amounts.max(axis=(1, 2), initial=0) >= LARGE // self.counted.whole
        return self.counted.sums(amounts, some), large

    def changes(self, row: int, *, everyone: bool) -> Changes:
        """Return the changes of the pupils whom a candidate is evaluated for, or of everyone."""
        comparison = self.comparison
        if comparison.candidates.documents or len(self.variant) == 1:
            rules = self.variant.rules
        else:
            rules = comparison.rules_of(comparison.candidates.overrides(row))
        if everyone:
            outcome = outcome_of(rules, comparison.pupils)
            return changes_of(comparison.outcome, outcome, comparison.groups)
        return self._alone(rules)

    def _alone(self, rules: CompiledRules) -> Changes:
        """Return the changes of the pupils whom candidates are evaluated for, under some rules."""
        if self.baseline is None:
            return no_changes(len(self.comparison.groups))
        return changes_of(self.baseline, outcome_of(rules, self.singly), self.groups)

    def reconcile(self, outcome: TopUpOutcome | None) -> None:
        """Raise ``NotReconciled`` unless the first candidate and the last come to what the engine's own evaluation pays.

        ``outcome`` is what the first pays, where that is known already.
        """
        comparison, rows = self.comparison, self.variant.rows
        for at in sorted({0, len(rows) - 1}):
            try:
                if at == 0:
                    rules = self.variant.rules
                    found = outcome or outcome_of(rules, comparison.pupils, comparison.chunks)
                else:
                    overrides = comparison.candidates.overrides(int(rows[at]))
                    rules = comparison.rules_of(overrides)
                    found = outcome_of(rules, comparison.pupils, comparison.chunks)
            except Refusal:
                # It is refused where its block is worked out, too.
                continue
            self._reconcile_one(at, found, rules)

    def _reconcile_one(self, at: int, outcome: TopUpOutcome, rules: CompiledRules) -> None:
        """Raise ``NotReconciled`` unless one candidate has the same sums and counts in each group."""
        found, large = self.sums(slice(at, at + 1))
        if self.counted is None or large[0]:
            return
        comparison, (before, unknown) = self.comparison, self.before
        whole = changes_of(comparison.outcome, outcome, comparison.groups)
        alone = self._alone(rules)
        pairs = (
            (whole.after, found.after[0] + alone.after),
            (whole.before, before + alone.before),
            (whole.winners, found.winners[0] + alone.winners),
            (whole.losers, found.losers[0] + alone.losers),
            (whole.unknown, unknown + alone.unknown),
            (whole.number, self.counted.cells.number + alone.number),
            (
                pupils_by_band(rules, comparison.pupils, comparison.chunks),
                self.bands_of(slice(at, at + 1))[0],
            ),
        )
        if not all(np.array_equal(one, other) for one, other in pairs):
            message = "candidates do not add to what the engine's own evaluation pays"
            raise NotReconciled(message)
