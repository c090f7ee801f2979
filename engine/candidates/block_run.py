"""A run of candidates in blocks, whatever they are valued over: each block's answer in any order, by any process."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.cache import Cache
from engine.candidates.answers import BlockAnswer
from engine.candidates.structure import LeftOut
from engine.candidates.values import Candidates, Some, how_many
from engine.columns import Int
from engine.row_chunks import Blocks
from engine.rules.compiled import CompiledRules

if TYPE_CHECKING:
    from engine.candidates.groups import Groups

T = TypeVar("T")
Elsewhere = Callable[[Sequence[int]], Iterator[BlockAnswer]]

BLOCK = 2_048
"""Candidates of one variant that are worked out together."""

MOST_ANSWERS = 2_000_000
"""Candidates times groups whose answers are kept: each number of theirs is held some five times, at 8 bytes."""


class Block(NamedTuple):
    """Some candidates of one variant: the variant's number, and their places among its rows, ascending."""

    variant: int
    some: Some

    @property
    def length(self) -> int:
        """Return how many they are."""
        return how_many(self.some)


def blocks_of(variants: Sequence[Int]) -> tuple[Block, ...]:
    """Return the blocks of some variants, each of the places of its candidates."""
    return tuple(
        Block(at, slice(start, min(start + BLOCK, len(rows))))
        for at, rows in enumerate(variants)
        for start in range(0, len(rows), BLOCK)
    )


class BlockRun(ABC):
    """Candidates in blocks, compared with a baseline.

    ``block`` is a pure function of the tables, the candidates and the number of the block: blocks may be
    worked out in any order, by any process, and more than once. ``variants`` are the places of the candidates of each variant.
    """

    baseline: CompiledRules
    varied: CompiledRules
    candidates: Candidates
    variants: tuple[Int, ...]
    left_out: tuple[LeftOut, ...]
    blocks: tuple[Block, ...]
    chunks: Blocks
    kept: Cache
    elsewhere: Elsewhere | None
    """What yields the answers of some blocks in their order where other processes work them out."""

    if TYPE_CHECKING:

        @property
        def groups(self) -> Groups:
            """Return the kinds of groups that answers have: a field of one run, worked out by another."""

    @abstractmethod
    def _answer(self, number: int) -> BlockAnswer:
        """Return what the candidates of a block come to, worked out anew."""

    @abstractmethod
    def among(self, kinds: Sequence[str]) -> Self:
        """Return the same run with other kinds of groups; few of them are worked out faster."""

    @abstractmethod
    def with_blocks(self, blocks: tuple[Block, ...]) -> Self:
        """Return the same run in other blocks, worked out here."""

    @abstractmethod
    def with_answers_from(self, elsewhere: Elsewhere) -> Self:
        """Return the same run whose answers other processes work out."""

    @property
    @abstractmethod
    def measure_name(self) -> str:
        """Return what candidates are compared by, as files name it."""

    @property
    def of_schools(self) -> bool:
        """Return whether candidates are valued over schools, not over pupils."""
        return False

    @property
    @abstractmethod
    def plan_record(self) -> dict[str, int]:
        """Return the plan as a manifest has it."""

    @property
    @abstractmethod
    def plan_sentence(self) -> str:
        """Return the plan in a sentence."""

    def answers(self) -> Iterator[BlockAnswer]:
        """Yield the answer of each block in order, worked out on the run's threads."""
        return self.each(lambda answer: answer, range(len(self.blocks)))

    def each(self, of: Callable[[BlockAnswer], T], numbers: Sequence[int]) -> Iterator[T]:
        """Yield what is made of the answers of some blocks in order, on the run's threads; ``of`` must fit that."""
        return self.chunks.in_order(lambda at: of(self.block(numbers[at])), len(numbers))

    def answers_of(self, numbers: Sequence[int]) -> Iterator[BlockAnswer]:
        """Yield the answers of some blocks, one after another, from where they are worked out."""
        if self.elsewhere is not None:
            return self.elsewhere(numbers)
        return self.each(lambda answer: answer, numbers)

    @property
    def has_answers(self) -> bool:
        """Return whether the answer of a whole block is at hand, or is worked out elsewhere."""
        return self.elsewhere is not None or self.keeps_answers

    def of_some(self, which: NDArray[np.bool_]) -> Self:
        """Return the same run in blocks that have the candidates which ``which`` marks among all, for ``blocks_among``.

        A block has no others, unless whole blocks are at hand.
        """
        return self if self.has_answers else self.narrowed(which)

    def narrowed(self, which: NDArray[np.bool_], most: int = BLOCK) -> Self:
        """Return the same run in blocks of the candidates that ``which`` marks among all, and of no others; at most so many together."""
        places = [np.flatnonzero(which[rows]).astype(np.int64) for rows in self.variants]
        return self.with_blocks(
            tuple(
                Block(at, those[start : start + most])
                for at, those in enumerate(places)
                for start in range(0, len(those), most)
            )
        )

    def rows_of(self, block: Block) -> Int:
        """Return the places of a block's candidates among all."""
        rows: Int = self.variants[block.variant][block.some]
        return rows

    def blocks_among(self, which: NDArray[np.bool_]) -> list[int]:
        """Return the numbers of the blocks that have any of some candidates, those that ``which`` marks among all."""
        return [at for at, one in enumerate(self.blocks) if which[self.rows_of(one)].any()]

    @property
    def keeps_answers(self) -> bool:
        """Return whether candidates and groups are so few that the answer of a block is kept once it is worked out."""
        return len(self.candidates) * len(self.groups) <= MOST_ANSWERS

    def block(self, number: int) -> BlockAnswer:
        """Return what the candidates of a block come to."""
        if self.keeps_answers:
            return self.kept.get(number, self._answer, number)
        return self._answer(number)


def refused_block(number: int, rows: Int, groups: int, reason: str) -> BlockAnswer:
    """Return the answer of a block of candidates none of which can be valued, for one reason."""
    nothing = np.broadcast_to(np.int64(0), (len(rows), groups))
    none = np.broadcast_to(np.int64(0), (len(rows), 0))
    refused = dict.fromkeys(rows.tolist(), reason)
    return BlockAnswer(
        number, rows, nothing, nothing, nothing, nothing, nothing, nothing,
        np.zeros(len(rows), np.int64), none, (), refused,
    )  # fmt: skip
