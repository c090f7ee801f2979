"""Counts the cells of each row of comma-separated text, some megabytes at a time."""

import numpy as np

from engine.columns import Int
from engine.errors import Problem, TableRefused
from engine.reading.report import LISTED
from engine.tables import Array

_COMMA, _NEWLINE, _QUOTE = b',\n"'


class CellCount:
    """The cells counted so far; ``row`` is the row of the next byte."""

    def __init__(self, width: int) -> None:
        """Expect ``width`` cells in every row."""
        self.width = width
        self.row = 1
        self.quoted = False
        self.total = 0
        self._begun = 0
        self._problems: list[Problem] = []

    def count(self, chunk: bytes) -> None:
        """Count the rows that end in ``chunk``."""
        marks, is_end = self._marks(chunk)
        ends = np.flatnonzero(is_end)
        cells = np.diff(ends, prepend=-1)
        if len(ends):
            cells[0] += self._begun
            self._begun = 0
            marks = marks[ends[-1] + 1 :]
        self._begun += len(marks)
        self._keep(np.flatnonzero(cells != self.width), cells)
        self.row += len(ends)

    def _marks(self, chunk: bytes) -> tuple[Int, Array]:
        """Return where cells end, outside quotation marks, and which of them end a row."""
        text = np.frombuffer(chunk, np.uint8)
        marked = (text == _COMMA) | (text == _NEWLINE)
        if self.quoted or b'"' in chunk:
            quotes = np.cumsum(text == _QUOTE, dtype=np.int32) + int(self.quoted)
            marked &= quotes % 2 == 0
            self.quoted = bool(len(text) and quotes[-1] % 2)
        marks = np.flatnonzero(marked)
        return marks, text[marks] == _NEWLINE

    def _keep(self, wrong: Int, cells: Int) -> None:
        self.total += len(wrong)
        self._problems += [
            Problem(
                f"has {cells[row]} cells; the first row has {self.width}",
                "ragged",
                row=self.row + int(row),
            )
            for row in wrong[: LISTED - len(self._problems)]
        ]

    def refuse(self) -> None:
        """Raise ``TableRefused`` if a row was longer or shorter than the header."""
        if self.total:
            raise TableRefused(self._problems, self.total)
