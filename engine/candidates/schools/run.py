"""A run of candidates over schools: what is worked out once, the plan, and blocks of candidates in any order."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
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
from engine.candidates.groups import Groups
from engine.candidates.schools.groups import USUAL, Cells, groups_of
from engine.candidates.schools.product import Compared, SchoolProduct
from engine.candidates.schools.sides import Measure, SchoolSide, SchoolSums, side_of, sums_of
from engine.candidates.schools.tried import Tried, is_amount_of
from engine.candidates.structure import LeftOut, Variant, reason_of, structure_of, variant_of
from engine.candidates.values import Candidates
from engine.columns import Int
from engine.errors import NotReconciled, PairRefused, Problem, Refusal
from engine.kernels.school_candidates import (
    AFTER,
    FORMULA,
    KNOWN,
    KNOWN_AFTER,
    LOSERS,
    SUMS,
    TOTAL,
    WINNERS,
)
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.valuation import value_schools
from engine.row_chunks import ONE_THREAD, Blocks
from engine.rules.compile import compile_rules
from engine.rules.compile_trials import compile_what_if
from engine.rules.compiled import CompiledRules
from engine.tables import PupilTable, SchoolTable, frozen

WORTH = 4
"""Candidates of one variant from which laying its schools out is worth it."""

VARIANTS = 2
"""Variants whose schools are kept laid out for each thread: blocks come in the order of variants."""


class Plan(NamedTuple):
    """How many candidates are worked out in which way.

    schools     in the table
    structures  different structures of rules that the candidates have
    as_product  candidates whose schools are worked out together, by ``classes`` of the first structure's lines that vary
    one_by_one  candidates that are evaluated each for itself
    """

    schools: int
    structures: int
    as_product: int
    classes: int
    one_by_one: int


class _Prepared(NamedTuple):
    """A variant: its product, or None where its candidates are valued one by one; what all of them have in common."""

    variant: Variant
    product: SchoolProduct | None
    first: SchoolSums


@dataclass(frozen=True, eq=False)
class SchoolRun(BlockRun):
    """Candidates over one table of schools, compared with a baseline; ``varied`` are the rules whose numbers they try.

    ``schools`` and ``schools_before`` are the table as each rule set reads it; units that it has no column for are counted from ``pupils``.
    """

    baseline: CompiledRules
    varied: CompiledRules
    schools: SchoolTable
    schools_before: SchoolTable
    pupils: PupilTable | None
    candidates: Candidates
    groups: Groups
    cells: Cells
    measure: Measure
    before: SchoolSide
    amounts: tuple[str, ...]
    variants: tuple[Int, ...]
    left_out: tuple[LeftOut, ...]
    blocks: tuple[Block, ...]
    chunks: Blocks = ONE_THREAD
    cache: Cache = field(default_factory=lambda: Cache(VARIANTS), repr=False)
    kept: Cache = field(default_factory=lambda: Cache(MOST_ANSWERS), init=False, repr=False)
    elsewhere: Elsewhere | None = field(default=None, repr=False)

    @classmethod
    def of(
        cls,
        baseline: CompiledRules,
        schools: SchoolTable,
        candidates: Candidates,
        *,
        pupils: PupilTable | None = None,
        measure: Measure = Measure.notional_sen,
        kinds: Sequence[str] = USUAL,
        chunks: Blocks = ONE_THREAD,
        left_out: Sequence[LeftOut] = (),
        varied: tuple[CompiledRules, SchoolTable] | None = None,
    ) -> "SchoolRun":
        """Return a run of numbers tried in ``varied``, with the schools as it reads them, or else in the baseline.

        Raises ``OverrideRefused`` for paths that lead to no number and ``PairRefused`` where baseline and tables do not fit.
        """
        tried, table = (baseline, schools) if varied is None else varied
        before = side_of(notional_of(baseline, schools, pupils, chunks), measure)
        structure = structure_of(tried, candidates, partial(is_amount_of, tried))
        variants = tuple(structure.variants())
        groups = groups_of(table, kinds)
        return cls(
            baseline, tried, table, schools, pupils, candidates, groups, Cells.among(groups), measure, before,
            structure.amounts, variants, (*left_out, *structure.left_out), blocks_of(variants), chunks,
            Cache(VARIANTS * chunks.threads),
        )  # fmt: skip

    def __repr__(self) -> str:
        """Return how many candidates there are, and of how many blocks."""
        return f"<SchoolRun: {len(self.candidates)} candidates in {len(self.blocks)} blocks>"

    def among(self, kinds: Sequence[str]) -> Self:
        """Return the same run with other kinds of groups, worked out here; few of them are worked out faster."""
        groups = groups_of(self.schools, kinds)
        cache = Cache(VARIANTS * self.chunks.threads)
        return replace(self, groups=groups, cells=Cells.among(groups), cache=cache, elsewhere=None)

    @property
    def plan(self) -> Plan:
        """Return how many candidates are worked out in which way; that of a variant of few is known without valuing it."""
        product, classes = 0, 0
        for number, rows in enumerate(self.variants):
            if len(rows) < WORTH:
                continue
            try:
                found = self.prepared(number).product
            except Refusal:
                continue
            if found is not None:
                product += len(rows)
                classes = classes or found.number_of_classes
        one_by_one = sum(map(len, self.variants)) - product
        return Plan(len(self.schools), len(self.variants), product, classes, one_by_one)

    def with_blocks(self, blocks: tuple[Block, ...]) -> Self:
        """Return the same run in other blocks, worked out here."""
        return replace(self, blocks=blocks, elsewhere=None)

    def with_answers_from(self, elsewhere: Elsewhere) -> Self:
        """Return the same run whose answers other processes work out."""
        return replace(self, elsewhere=elsewhere)

    @property
    def measure_name(self) -> str:
        """Return what candidates are compared by, as files name it."""
        return self.measure.value

    @property
    def of_schools(self) -> bool:
        """Return whether candidates are valued over schools, not over pupils."""
        return True

    @property
    def plan_record(self) -> dict[str, int]:
        """Return the plan as a manifest has it."""
        return self.plan._asdict()

    @property
    def plan_sentence(self) -> str:
        """Return the plan in a sentence."""
        plan, number = self.plan, len(self.candidates)
        return (
            f"{number:,} candidate{'s' if number != 1 else ''} over {plan.schools:,} schools: {plan.as_product:,} as a product"
            f" of {plan.classes:,} classes of schools by line, {plan.one_by_one:,} one by one."
        )

    def prepared(self, variant: int) -> _Prepared:
        """Return a variant with its schools laid out; raises a refusal where its rules cannot be or do not fit the table."""
        return self.cache.once(variant, self._prepare, variant)

    def _prepare(self, number: int) -> _Prepared:
        rows = self.variants[number]
        variant = variant_of(self.varied, self.candidates, rows, self.amounts)
        outcome = notional_of(variant.rules, self.schools, self.pupils, self.chunks)
        after = side_of(outcome, self.measure)
        first = sums_of(self.before, after, self.groups)
        formula = variant.rules.formula
        if len(rows) < WORTH or formula is None or self.candidates.documents:
            return _Prepared(variant, None, first)
        known = np.where(after.known, np.where(self.before.known, KNOWN, KNOWN_AFTER), 0)
        compared = Compared(
            self.before.pence, frozen(known.astype(np.int8)), self.cells.of, self.cells.number,
            self.measure.code,
        )  # fmt: skip
        tried = Tried(variant, formula)
        product = SchoolProduct.of(tried, outcome, self.pupils, compared, self.chunks)
        if product is not None:
            self._reconcile(product, variant, first)
        return _Prepared(variant, product, first)

    def _reconcile(self, product: SchoolProduct, variant: Variant, first: SchoolSums) -> None:
        """Raise ``NotReconciled`` unless the first candidate and the last come to what the engine's own evaluation pays."""
        last = len(variant) - 1
        expected = {0: first}
        try:
            expected[last] = self.one_by_one(int(variant.rows[last]))
        except Refusal as refusal:
            message = "a candidate was refused whose schools are worked out with those of others"
            raise NotReconciled(message) from refusal
        for at, one in expected.items():
            found = self._grouped(product.sums(slice(at, at + 1)))[0]
            pairs = (
                (found, one.sums), (first.people, one.people), (first.before, one.before),
                (first.unknown, one.unknown),
            )  # fmt: skip
            if not all(np.array_equal(one_side, other) for one_side, other in pairs):
                message = "candidates do not add to what the engine's own evaluation pays schools"
                raise NotReconciled(message)

    def rules_of(self, row: int) -> CompiledRules:
        """Return the rules of one candidate."""
        if self.candidates.documents:
            return compile_rules(self.candidates.documents[row], self.varied.day)
        varied = self.varied
        return compile_what_if(varied.document, self.candidates.overrides(row), varied.day, varied)

    def one_by_one(self, row: int) -> SchoolSums:
        """Return what schools come to under one candidate by the engine's own evaluation."""
        outcome = notional_of(self.rules_of(row), self.schools, self.pupils)
        return sums_of(self.before, side_of(outcome, self.measure), self.groups)

    def _grouped(self, sums: Int) -> Int:
        """Return sums of cells (candidates, cells, ``SUMS``) by group."""
        return np.stack([self.cells.grouped(sums[:, :, at]) for at in range(SUMS)], axis=2)

    def _answer(self, number: int) -> BlockAnswer:
        block = self.blocks[number]
        rows = self.rows_of(block)
        try:
            prepared = self.prepared(block.variant)
        except Refusal as refusal:
            return refused_block(number, rows, len(self.groups), reason_of(refusal))
        if prepared.product is None:
            return self._singly(number, rows, prepared)
        first, shape = prepared.first, (len(rows), len(self.groups))
        sums = self._grouped(prepared.product.sums(block.some))
        people, before, unknown = (
            np.broadcast_to(one, shape) for one in (first.people, first.before, first.unknown)
        )
        return _answer_of(number, rows, people, before, unknown, sums, {})

    def _singly(self, number: int, rows: Int, prepared: _Prepared) -> BlockAnswer:
        """Return the answer of a block whose candidates are valued one by one."""
        groups = len(self.groups)
        people, before, unknown = (np.zeros((len(rows), groups), np.int64) for _ in range(3))
        sums, refused = np.zeros((len(rows), groups, SUMS), np.int64), dict[int, str]()
        for at, row in enumerate(rows.tolist()):
            if row == prepared.variant.rows[0]:
                one = prepared.first
            else:
                try:
                    one = self.one_by_one(row)
                except Refusal as refusal:
                    refused[row] = reason_of(refusal)
                    continue
            people[at], before[at], unknown[at], sums[at] = one
        return _answer_of(number, rows, people, before, unknown, sums, refused)


def notional_of(
    rules: CompiledRules,
    schools: SchoolTable,
    pupils: PupilTable | None,
    chunks: Blocks = ONE_THREAD,
) -> NotionalOutcome:
    """Return what rules pay schools; raises ``PairRefused`` where they do not fit, or have no schools formula."""
    formula = rules.formula
    if formula is None:
        sentence = f"{rules.document.identifier} has no schools formula"
        raise PairRefused([Problem(sentence, "nothing-to-value")])
    found = value_schools(rules, formula, schools, pupils, chunks)
    found.reconcile()
    return found


def _answer_of(
    number: int,
    rows: Int,
    people: Int,
    before: Int,
    unknown: Int,
    sums: Int,
    refused: dict[int, str],
) -> BlockAnswer:
    """Return an answer from sums by group (candidates, groups, ``SUMS``)."""
    return BlockAnswer(
        number, rows, people, before, sums[:, :, AFTER], sums[:, :, WINNERS], sums[:, :, LOSERS], unknown,
        sums[:, 0, TOTAL], np.broadcast_to(np.int64(0), (len(rows), 0)), (), refused, sums[:, :, FORMULA],
    )  # fmt: skip
