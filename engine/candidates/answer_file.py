"""Answers and figures of blocks in a file: to go on from, and for rows in the order of candidates whatever the order of the work.

A file of answers holds totals by group: it is as sensitive as the result.
"""

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from engine.candidates.answers import BlockAnswer
from engine.candidates.block_run import BlockRun
from engine.candidates.figures import BlockFigures, Figures
from engine.candidates.record_file import RecordFile

ARRAYS = ("rows", "people", "before", "after", "winners", "losers", "unknown", "total", "bands")
TOGETHER = 2_048
"""Candidates whose rows are put together at once."""


class AnswerFile:
    """Answers of blocks in an open file, by their numbers."""

    def __init__(self, file: BinaryIO, start: int = 0) -> None:
        """Find the answers that a file has from ``start``."""
        self._records = RecordFile(file, start)

    @property
    def numbers(self) -> list[int]:
        """Return the numbers of the blocks whose answers are there."""
        return self._records.numbers

    def put(self, answer: BlockAnswer) -> None:
        """Add the answer of a block."""
        refused = {str(row): reason for row, reason in answer.refused.items()}
        others = {"band_names": list(answer.band_names), "refused": refused}
        arrays = {name: getattr(answer, name) for name in ARRAYS}
        if answer.formula is not None:
            arrays["formula"] = answer.formula
        self._records.put(answer.number, arrays, others)

    def get(self, number: int, start: int = 0, stop: int | None = None) -> BlockAnswer:
        """Return the answer of a block, or of those of its candidates from ``start`` to ``stop``."""
        arrays, others = self._records.get(number, start, stop)
        there = set(arrays["rows"].tolist())
        refused = {int(row): reason for row, reason in others["refused"].items()}
        return BlockAnswer(
            number=number,
            **arrays,
            band_names=tuple(others["band_names"]),
            refused={row: reason for row, reason in refused.items() if row in there},
        )

    def in_order(self, run: BlockRun) -> Iterator[BlockAnswer]:
        """Yield all that is there in the order of candidates; a block comes in parts where others lie between them."""
        block_of = np.full(len(run.candidates), -1, np.int64)
        place = np.zeros(len(run.candidates), np.int64)
        for number in self.numbers:
            rows = run.rows_of(run.blocks[number])
            block_of[rows] = number
            place[rows] = np.arange(len(rows))
        for first in range(0, len(block_of), TOGETHER):
            here = block_of[first : first + TOGETHER]
            numbers, at = np.unique(here, return_index=True)
            for number in numbers[np.argsort(at)].tolist():
                if number >= 0:
                    places = place[first : first + TOGETHER][here == number]
                    yield self.get(number, int(places[0]), int(places[-1]) + 1)


class FigureFile:
    """Figures of blocks in an open file, by their numbers."""

    def __init__(self, file: BinaryIO, start: int = 0) -> None:
        """Find the figures that a file has from ``start``."""
        self._records = RecordFile(file, start)

    @property
    def numbers(self) -> list[int]:
        """Return the numbers of the blocks whose figures are there."""
        return self._records.numbers

    def put(self, block: BlockFigures) -> None:
        """Add the figures of a block."""
        arrays = {**block.figures._asdict(), "rows": block.rows, "valued": block.valued}
        refused = {str(row): reason for row, reason in block.refused.items()}
        self._records.put(block.number, arrays, {"refused": refused})

    def get(self, number: int) -> BlockFigures:
        """Return the figures of a block."""
        arrays, others = self._records.get(number)
        figures = {name: arrays[name] for name in Figures._fields} | {"keeps": arrays["keeps"] != 0}
        refused = {int(row): reason for row, reason in others["refused"].items()}
        valued = arrays["valued"] != 0
        return BlockFigures(number, arrays["rows"], Figures(**figures), valued, refused)


def in_order(run: BlockRun) -> bool:
    """Return whether the blocks of a run come in the order of its candidates, so that none has to wait for another."""
    last = -1
    for block in run.blocks:
        rows = run.rows_of(block)
        if int(rows[0]) <= last:
            return False
        last = int(rows[-1])
    return True
