"""A run of candidates: what is worked out once, the plan, and blocks of candidates in any order."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeVar

import numpy as np

from engine.cache import Cache
from engine.candidates.answers import BlockAnswer
from engine.candidates.cells import Cells, Paths, cells_of
from engine.candidates.class_counts import ClassCounts
from engine.candidates.groups import USUAL, Groups
from engine.candidates.one_by_one import (
    Changes,
    changes_of,
    no_changes,
    outcome_of,
    rows_alone,
)
from engine.candidates.sides import (
    NOTHING,
    Side,
    parts_of_year,
    pupils_by_band,
    runs_of_days,
    same_year,
    side_of,
)
from engine.candidates.structure import (
    LeftOut,
    Variant,
    reason_of,
    structure_of,
    variant_of,
)
from engine.candidates.values import Candidates, PathValues
from engine.columns import Int
from engine.errors import NotReconciled, Refusal
from engine.modules.top_ups import TopUpOutcome
from engine.row_chunks import ONE_THREAD, Blocks
from engine.rules.compile_trials import compile_what_if
from engine.rules.compiled import CompiledRules
from engine.rules.in_force import InForce
from engine.tables import PupilTable, frozen

T = TypeVar("T")

BLOCK = 2_048
"""Candidates of one variant that are worked out together."""

VARIANTS = 2
"""Variants whose pupils are kept counted for each thread: blocks come in the order of variants."""

LARGE = 2**61
"""Pence times the shares of a year from which candidates are valued by the engine's own evaluation alone."""


class Block(NamedTuple):
    """Some candidates of one variant: the variant's number, and where they begin and end among its rows."""

    variant: int
    start: int
    stop: int


class Plan(NamedTuple):
    """How many rows of pupils are worked out in which way, under the first structure of rules.

    structures   different structures of rules that the candidates have
    candidates   those of the first one
    closed_form, by_share  counted with all others who are paid alike, by the closed form or share by share
    one_by_one   evaluated for each candidate
    settled      paid nothing or not known, whatever a candidate pays
    """

    structures: int
    candidates: int
    closed_form: int
    by_share: int
    one_by_one: int
    settled: int


class Prepared(NamedTuple):
    """A variant with its pupils counted; ``counted`` is None where all are worked out one by one."""

    variant: Variant
    side: Side | None
    counted: ClassCounts | None
    singly: PupilTable
    groups: Groups
    baseline: TopUpOutcome | None
    paths: Paths
    bands: Int

    @property
    def band_names(self) -> tuple[str, ...]:
        """Return the bands that pupils are counted by."""
        top_ups = self.variant.rules.top_ups
        return () if top_ups is None else top_ups.bands


@dataclass(frozen=True, eq=False)
class Run:
    """Candidates over one table of pupils, compared with a baseline; ``varied`` are the rules whose numbers they try.

    ``block`` is a pure function of the table, the candidates and the number of the block: blocks may be
    worked out in any order, by any process, and more than once.
    """

    baseline: CompiledRules
    varied: CompiledRules
    pupils: PupilTable
    candidates: Candidates
    groups: Groups
    outcome: TopUpOutcome
    amounts: tuple[str, ...]
    variants: tuple[Int, ...]
    left_out: tuple[LeftOut, ...]
    blocks: tuple[Block, ...]
    chunks: Blocks = ONE_THREAD
    cache: Cache = field(default_factory=lambda: Cache(VARIANTS), repr=False)

    @classmethod
    def of(
        cls,
        baseline: CompiledRules,
        pupils: PupilTable,
        candidates: Candidates,
        kinds: Sequence[str] = USUAL,
        chunks: Blocks = ONE_THREAD,
        left_out: Sequence[LeftOut] = (),
        varied: CompiledRules | None = None,
    ) -> "Run":
        """Return a run of numbers tried in ``varied``, or else in the baseline.

        Raises ``OverrideRefused`` for paths that lead to no number and ``PairRefused`` where baseline and table do not fit.
        """
        tried = baseline if varied is None else varied
        outcome = outcome_of(baseline, pupils, chunks)
        structure = structure_of(tried, candidates)
        blocks = tuple(
            Block(at, start, min(start + BLOCK, len(rows)))
            for at, rows in enumerate(structure.variants)
            for start in range(0, len(rows), BLOCK)
        )
        return cls(
            baseline, tried, pupils, candidates, Groups.among(pupils, kinds), outcome,
            structure.amounts, structure.variants, (*left_out, *structure.left_out), blocks, chunks,
            Cache(VARIANTS * chunks.threads),
        )  # fmt: skip

    def __repr__(self) -> str:
        """Return how many candidates there are, and of how many blocks."""
        return f"<Run: {len(self.candidates)} candidates in {len(self.blocks)} blocks>"

    def answers(self) -> Iterator[BlockAnswer]:
        """Yield the answer of each block in order, worked out on the run's threads."""
        return self.each(lambda answer: answer, range(len(self.blocks)))

    def each(self, of: Callable[[BlockAnswer], T], numbers: Sequence[int]) -> Iterator[T]:
        """Yield what is made of the answers of some blocks in order, on the run's threads; ``of`` must fit that."""
        return self.chunks.in_order(lambda at: of(self.block(numbers[at])), len(numbers))

    def among(self, kinds: Sequence[str]) -> "Run":
        """Return the same run with other kinds of groups; few of them are worked out faster."""
        groups = Groups.among(self.pupils, kinds)
        return replace(self, groups=groups, cache=Cache(VARIANTS * self.chunks.threads))

    def paths(self, variant: int = 0) -> Paths:
        """Return how many rows of the table take which path under the candidates of a variant."""
        return self.prepared(variant).paths

    @property
    def plan(self) -> Plan:
        """Return how many rows take which path under the first variant that can be, and how many candidates share it."""
        for variant, rows in enumerate(self.variants):
            with suppress(Refusal):
                prepared = self.prepared(variant)
                closed = prepared.counted is not None and prepared.counted.has_closed_form
                paths = prepared.paths
                by_form = paths.counted if closed else 0
                return Plan(
                    len(self.variants), len(rows), by_form, paths.counted - by_form,
                    paths.singly, paths.settled,
                )  # fmt: skip
        return Plan(len(self.variants), 0, 0, 0, 0, 0)

    @property
    def plan_sentence(self) -> str:
        """Return the plan in a sentence."""
        plan, number = self.plan, len(self.candidates)
        one = plan.structures == 1
        of = "" if one else f", under the first of {plan.structures:,} structures of rules"
        return (
            f"{number:,} candidate{'s' if number != 1 else ''}, over {len(self.pupils):,} rows of pupils{of}:"
            f" {plan.closed_form:,} by the closed form, {plan.by_share:,} by share of the year,"
            f" {plan.one_by_one:,} one by one, {plan.settled:,} paid nothing or not known in all."
        )

    def prepared(self, variant: int) -> Prepared:
        """Return a variant with its pupils counted; raises a refusal where its rules cannot be or do not fit the table."""
        return self.cache.once(variant, self._prepare, variant)

    def rows_of(self, block: Block) -> Int:
        """Return the places of a block's candidates among all."""
        rows: Int = self.variants[block.variant][block.start : block.stop]
        return rows

    def block(self, number: int) -> BlockAnswer:
        """Return what the candidates of a block come to."""
        block = self.blocks[number]
        rows = self.rows_of(block)
        try:
            prepared = self.prepared(block.variant)
        except Refusal as refusal:
            return self._refused(number, rows, reason_of(refusal))
        counted, groups = prepared.counted, len(self.groups)
        shape = (len(rows), groups)
        refused: dict[int, str] = {}
        people = np.broadcast_to(self._people(prepared), shape)
        if counted is None or prepared.side is None:
            after, winners, losers = (np.zeros(shape, np.int64) for _ in range(3))
            before, unknown = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
            large = np.zeros(len(rows), np.bool_)
        else:
            amounts = prepared.side.steps.amounts(prepared.variant.amounts, block.start, block.stop)
            large = amounts.max(axis=(1, 2), initial=0) >= LARGE // counted.whole
            after, winners, losers = counted.sums(amounts)
            before = np.broadcast_to(counted.all_before, shape)
            unknown = np.broadcast_to(counted.cells.unknown, shape)
        total = after[:, 0].copy()
        alone = prepared.baseline is not None
        if alone or large.any():
            before, unknown = before.copy(), unknown.copy()
            those = np.arange(len(rows)) if alone else np.flatnonzero(large)
            for at in those.tolist():
                row = int(rows[at])
                try:
                    found = self._singly(prepared, row, everyone=bool(large[at]))
                except Refusal as refusal:
                    refused[row] = reason_of(refusal)
                    continue
                if large[at]:
                    after[at] = winners[at] = losers[at] = before[at] = unknown[at] = total[at] = 0
                before[at] += found.before
                after[at] += found.after
                winners[at] += found.winners
                losers[at] += found.losers
                unknown[at] += found.unknown
                total[at] += found.total
        bands = np.broadcast_to(prepared.bands, (len(rows), len(prepared.bands)))
        return BlockAnswer(
            number, rows, people, before, after, winners, losers, unknown, total, bands,
            prepared.band_names, refused,
        )  # fmt: skip

    def total_of(self, values: PathValues) -> int:
        """Return what all pupils are paid under one more value of the only path that varies, pence.

        It must have the decimals of the candidates' own.
        """
        prepared, alone = self.prepared(0), 0
        if len(prepared.singly) and (prepared.counted is None or prepared.baseline is not None):
            overrides = [(values.place, values.text(0))]
            rules = self._tried(overrides)
            alone = outcome_of(rules, prepared.singly).total
        if prepared.counted is None or prepared.side is None:
            return alone
        amounts = prepared.side.steps.amounts([values], 0, 1)
        return int(prepared.counted.sums(amounts).after[0, 0]) + alone

    def _refused(self, number: int, rows: Int, reason: str) -> BlockAnswer:
        nothing = np.broadcast_to(np.int64(0), (len(rows), len(self.groups)))
        none = np.broadcast_to(np.int64(0), (len(rows), 0))
        total = np.zeros(len(rows), np.int64)
        refused = dict.fromkeys(rows.tolist(), reason)
        return BlockAnswer(
            number,
            rows,
            nothing,
            nothing,
            nothing,
            nothing,
            nothing,
            nothing,
            total,
            none,
            (),
            refused,
        )

    def _people(self, prepared: Prepared) -> Int:
        """Return the pupils of each group; one with several spells counts once in each."""
        alone = self._alone(prepared, self.baseline).number
        if prepared.counted is None:
            return alone
        both: Int = prepared.counted.cells.number + alone
        return both

    def _singly(self, prepared: Prepared, row: int, *, everyone: bool) -> Changes:
        """Return the changes of the pupils whom a candidate is evaluated for, or of everyone."""
        if self.candidates.documents or len(prepared.variant) == 1:
            rules = prepared.variant.rules
        else:
            rules = self._tried(self.candidates.overrides(row))
        if everyone:
            return changes_of(self.outcome, outcome_of(rules, self.pupils), self.groups)
        return self._alone(prepared, rules)

    def _tried(self, overrides: Sequence[tuple[str, str]]) -> CompiledRules:
        """Return the rules of a candidate by what it tries."""
        varied = self.varied
        return compile_what_if(varied.document, overrides, varied.day, varied)

    def _alone(self, prepared: Prepared, rules: CompiledRules) -> Changes:
        """Return the changes of the pupils whom candidates are evaluated for, under some rules."""
        if prepared.baseline is None:
            return no_changes(len(self.groups))
        return changes_of(prepared.baseline, outcome_of(rules, prepared.singly), prepared.groups)

    def _prepare(self, number: int) -> Prepared:
        variant = variant_of(self.varied, self.candidates, self.variants[number], self.amounts)
        outcome = outcome_of(variant.rules, self.pupils, self.chunks)
        bands = pupils_by_band(variant.rules, self.pupils, self.chunks)
        if not same_year(self.baseline, variant.rules):
            everyone = Paths(0, 0, len(self.pupils))
            return Prepared(
                variant, None, None, self.pupils, self.groups, self.outcome, everyone, bands
            )
        nows = runs_of_days(self.baseline, variant.rules)
        side = side_of(variant.rules, variant.places, self.pupils, nows, self.chunks)
        before = side_of(self.baseline, {}, self.pupils, nows, self.chunks)
        counted, cells = self._count(variant, side, before, nows)
        singly = rows_alone(self.pupils, cells.singly)
        groups = self.groups.at(cells.singly)
        baseline = outcome_of(self.baseline, singly) if len(cells.singly) else None
        prepared = Prepared(variant, side, counted, singly, groups, baseline, cells.paths, bands)
        self._reconcile(prepared, outcome)
        return prepared

    def _count(
        self, variant: Variant, side: Side, before: Side, nows: Sequence[InForce]
    ) -> tuple[ClassCounts, Cells]:
        top_ups = variant.rules.top_ups
        if top_ups is None:
            message = "rules without top-ups pay no pupil"
            raise ValueError(message)
        where = np.flatnonzero((side.code != NOTHING) | (before.code != NOTHING)).astype(np.int64)
        whole = top_ups.calendar.denominator
        parts = parts_of_year(top_ups, self.pupils, frozen(where), nows)
        cells = cells_of(self.pupils, self.groups, side, before, parts, where, whole)
        paid = before.steps.amounts((), 0, 1)[0]
        return (
            ClassCounts(cells, len(self.groups), len(side.classes), paid, whole, len(variant)),
            cells,
        )

    def _reconcile(self, prepared: Prepared, outcome: TopUpOutcome) -> None:
        """Raise ``NotReconciled`` unless the first candidate and the last come to what the engine's own evaluation pays."""
        variant = prepared.variant
        self._reconcile_one(prepared, 0, outcome, variant.rules)
        if len(variant) > 1:
            last = int(variant.rows[-1])
            overrides = self.candidates.overrides(last)
            rules = self._tried(overrides)
            try:
                outcome = outcome_of(rules, self.pupils, self.chunks)
            except Refusal:
                # It is refused where its block is worked out, too.
                return
            self._reconcile_one(prepared, len(variant) - 1, outcome, rules)

    def _reconcile_one(
        self, prepared: Prepared, at: int, outcome: TopUpOutcome, rules: CompiledRules
    ) -> None:
        """Raise ``NotReconciled`` unless one candidate of a variant has the same sums and counts in each group."""
        counted, side = prepared.counted, prepared.side
        if counted is None or side is None:
            return
        amounts = side.steps.amounts(prepared.variant.amounts, at, at + 1)
        if int(amounts.max(initial=0)) >= LARGE // counted.whole:
            return
        whole, alone = changes_of(self.outcome, outcome, self.groups), self._alone(prepared, rules)
        found, cells = counted.sums(amounts), counted.cells
        pairs = (
            (whole.after, found.after[0] + alone.after),
            (whole.before, counted.all_before + alone.before),
            (whole.winners, found.winners[0] + alone.winners),
            (whole.losers, found.losers[0] + alone.losers),
            (whole.unknown, cells.unknown + alone.unknown),
            (whole.number, cells.number + alone.number),
        )
        if not all(np.array_equal(one, other) for one, other in pairs):
            message = "candidates do not add to what the engine's own evaluation pays"
            raise NotReconciled(message)
