"""A run of candidates: what is worked out once, the plan, and blocks of candidates in any order."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Self

import numpy as np

from engine.cache import Cache
from engine.candidates.answers import BlockAnswer
from engine.candidates.block_run import (
    MOST_ANSWERS,
    Block,
    BlockRun,
    Elsewhere,
    blocks_of,
    refused_block,
)
from engine.candidates.cells import Paths
from engine.candidates.groups import USUAL, Groups
from engine.candidates.lanes import Lanes, lanes_of
from engine.candidates.one_by_one import outcome_of
from engine.candidates.payable import Payable
from engine.candidates.preparation import Comparison, Counting, Prepared
from engine.candidates.structure import (
    LeftOut,
    Structure,
    reason_of,
    structure_of,
)
from engine.candidates.values import Candidates, PathValues
from engine.columns import Int
from engine.errors import Refusal
from engine.modules.top_ups import TopUpOutcome
from engine.modules.top_ups.valuation import refuse_table
from engine.row_chunks import ONE_THREAD, Blocks
from engine.rules.compiled import CompiledRules, CompiledTopUps
from engine.rules.document import RuleSet
from engine.rules.yaml_source import Path
from engine.tables import PupilTable

VARIANTS = 2
"""Variants whose pupils are kept counted for each thread: blocks come in the order of variants."""


class Plan(NamedTuple):
    """How many rows of pupils are worked out in which way, under the first structure of rules.

    structures   different structures of rules that the candidates have; lanes are one
    candidates   those of the first one
    in_lanes     candidates with cut-offs of their own that are worked out side by side
    lanes, closed_form, by_share  counted with all others who are paid alike: in lanes, by the closed form or share by share
    one_by_one   evaluated for each candidate
    settled      paid nothing or not known, whatever a candidate pays
    """

    structures: int
    candidates: int
    in_lanes: int
    lanes: int
    closed_form: int
    by_share: int
    one_by_one: int
    settled: int


PAYS_WHEN: Path = ("top_up_rule", "pays_when")
"""What says whom rules pay at all."""


@dataclass(frozen=True, eq=False)
class Run(BlockRun):
    """Candidates over one table of pupils, compared with a baseline; ``varied`` are the rules whose numbers they try."""

    baseline: CompiledRules
    varied: CompiledRules
    pupils: PupilTable
    candidates: Candidates
    payable: Payable
    outcome: TopUpOutcome
    amounts: tuple[str, ...]
    variants: tuple[Int, ...]
    """The places of the candidates of each variant; with ``lanes`` the first is of those whose cut-offs move."""
    left_out: tuple[LeftOut, ...]
    blocks: tuple[Block, ...]
    chunks: Blocks = ONE_THREAD
    lanes: Lanes | None = None
    cache: Cache = field(default_factory=lambda: Cache(VARIANTS), repr=False)
    sides: Cache = field(default_factory=lambda: Cache(VARIANTS), repr=False)
    """What the baseline pays each row by, for the days on which a variant changes anything."""
    # Each run has its own: numbers of blocks say nothing of the groups and blocks of another.
    kept: Cache = field(default_factory=lambda: Cache(MOST_ANSWERS), init=False, repr=False)
    elsewhere: Elsewhere | None = field(default=None, repr=False)

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
        structure = structure_of(tried, candidates)
        if baseline.top_ups is not None:
            refuse_table(baseline.top_ups, pupils)
        paying = _who_pays(baseline, tried, candidates, structure)
        payable = Payable.of(pupils, kinds, paying, chunks)
        outcome = outcome_of(baseline, payable.pupils, chunks)
        lanes = lanes_of(baseline, tried, candidates, structure)
        variants = tuple(structure.variants()) if lanes is None else lanes.variants
        blocks = blocks_of(variants)
        return cls(
            baseline, tried, pupils, candidates, payable, outcome,
            structure.amounts, variants, (*left_out, *structure.left_out), blocks, chunks,
            lanes, Cache(VARIANTS * chunks.threads),
        )  # fmt: skip

    def __repr__(self) -> str:
        """Return how many candidates there are, and of how many blocks."""
        return f"<Run: {len(self.candidates)} candidates in {len(self.blocks)} blocks>"

    def among(self, kinds: Sequence[str]) -> Self:
        """Return the same run with other kinds of groups, worked out here; few of them are worked out faster."""
        payable, cache = self.payable.among(kinds), Cache(VARIANTS * self.chunks.threads)
        return replace(self, payable=payable, cache=cache, elsewhere=None)

    @property
    def groups(self) -> Groups:
        """Return the kinds of groups, and the groups of the rows that are worked out for each candidate."""
        return self.payable.groups

    def paths(self, variant: int = 0) -> Paths:
        """Return how many rows of the table take which path under the candidates of a variant."""
        return self.prepared(variant).paths

    @property
    def plan(self) -> Plan:
        """Return how many rows take which path under the first variant that can be, and how many candidates share it."""
        for variant, rows in enumerate(self.variants):
            with suppress(Refusal):
                prepared = self.prepared(variant)
                paths, kind = prepared.paths, prepared.kind
                lanes, closed, shares = (paths.counted if kind is one else 0 for one in Counting)
                in_lanes = len(rows) if kind is Counting.lanes else 0
                return Plan(
                    len(self.variants), len(rows), in_lanes, lanes, closed, shares,
                    paths.singly, paths.settled,
                )  # fmt: skip
        return Plan(len(self.variants), 0, 0, 0, 0, 0, 0, 0)

    def with_blocks(self, blocks: tuple[Block, ...]) -> Self:
        """Return the same run in other blocks, worked out here."""
        return replace(self, blocks=blocks, elsewhere=None)

    def with_answers_from(self, elsewhere: Elsewhere) -> Self:
        """Return the same run whose answers other processes work out."""
        return replace(self, elsewhere=elsewhere)

    @property
    def measure_name(self) -> str:
        """Return what candidates are compared by, as files name it."""
        return "top_up"

    @property
    def plan_record(self) -> dict[str, int]:
        """Return the plan as a manifest has it."""
        return self.plan._asdict()

    @property
    def plan_sentence(self) -> str:
        """Return the plan in a sentence."""
        plan, number = self.plan, len(self.candidates)
        one = plan.structures == 1
        lanes = (
            f" ({plan.in_lanes:,} in lanes, as their cut-offs keep their order)"
            if plan.in_lanes
            else ""
        )
        of = "" if one else f", under the first of {plan.structures:,} structures of rules"
        return (
            f"{number:,} candidate{'s' if number != 1 else ''}{lanes}, over {len(self.pupils):,} rows of pupils{of}:"
            f" {plan.lanes:,} in lanes, {plan.closed_form:,} by the closed form, {plan.by_share:,} by share of the year,"
            f" {plan.one_by_one:,} one by one, {plan.settled:,} paid nothing or not known in all."
        )

    def prepared(self, variant: int) -> Prepared:
        """Return a variant with its pupils counted; raises a refusal where its rules cannot be or do not fit the table."""
        return self.cache.once(variant, self._prepare, variant)

    def _prepare(self, number: int) -> Prepared:
        comparison = Comparison(
            self.baseline, self.varied, self.payable, self.candidates, self.outcome, self.chunks, self.sides,
        )  # fmt: skip
        lanes = self.lanes if number == 0 else None
        return comparison.prepare(self.variants[number], self.amounts, lanes)

    def _answer(self, number: int) -> BlockAnswer:
        block = self.blocks[number]
        rows = self.rows_of(block)
        try:
            prepared = self.prepared(block.variant)
        except Refusal as refusal:
            return refused_block(number, rows, len(self.groups), reason_of(refusal))
        shape = len(rows), len(self.groups)
        people = np.broadcast_to(prepared.people, shape)
        found, large = prepared.sums(block.some)
        after, winners, losers = found
        before, unknown = (np.broadcast_to(one, shape) for one in prepared.before)
        total = after[:, 0].copy()
        refused: dict[int, str] = {}
        alone = prepared.baseline is not None
        if alone or large.any():
            before, unknown = before.copy(), unknown.copy()
            those = np.arange(len(rows)) if alone else np.flatnonzero(large)
            for at in those.tolist():
                row = int(rows[at])
                try:
                    changes = prepared.changes(row, everyone=bool(large[at]))
                except Refusal as refusal:
                    refused[row] = reason_of(refusal)
                    continue
                if large[at]:
                    after[at] = winners[at] = losers[at] = before[at] = unknown[at] = total[at] = 0
                before[at] += changes.before
                after[at] += changes.after
                winners[at] += changes.winners
                losers[at] += changes.losers
                unknown[at] += changes.unknown
                total[at] += changes.total
        bands = prepared.bands_of(block.some)
        return BlockAnswer(
            number, rows, people, before, after, winners, losers, unknown, total, bands,
            prepared.band_names, refused,
        )  # fmt: skip

    def total_of(self, values: PathValues) -> int:
        """Return what all pupils are paid under one more value of the only path that varies, pence.

        It must have the decimals of the candidates' own.
        """
        return self.prepared(0).total_of(values)


def _pays_when(document: RuleSet) -> object:
    rule = document.top_up_rule
    return None if rule is None else rule.pays_when


def _who_pays(
    baseline: CompiledRules, varied: CompiledRules, candidates: Candidates, structure: Structure
) -> list[CompiledTopUps]:
    """Return the rule sets that say for all candidates whom they may pay; none where a candidate may say otherwise."""
    known = [one for one in (baseline, varied) if one.top_ups is not None]
    stated = [_pays_when(one.document) for one in known]
    for document in candidates.documents:
        if document.top_up_rule is not None and _pays_when(document) not in stated:
            return []
    if any(one.path[: len(PAYS_WHEN)] == PAYS_WHEN for one in structure.found.values()):
        return []
    return [one.top_ups for one in known if one.top_ups is not None]
