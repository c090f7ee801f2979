"""The cells of each row of comma-separated text, counted without reading them: which rows are too long or too short."""

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.errors import Problem
from engine.reading.table_text import MOST_PROBLEMS
from engine.tables import Array

_COMMA, _NEWLINE, _QUOTE = b',\n"'
_BLANK = b" \t\r\n,"
_LONGEST_BLANK = 2_000
_LOOKED_AT = 10_000
"""Lines that are looked at for being blank, and bytes of the longest that may be."""


def _number(cells: int) -> str:
    return "1 cell" if cells == 1 else f"{cells} cells"


class RowLengths:
    """The cells of each row of text that comes some megabytes at a time; ``row`` is that of the next byte.

    A row that is longer or shorter than the header is a problem; an empty line is a blank row.
    """

    def __init__(self, width: int, first_row: int = 1) -> None:
        """Expect ``width`` cells in every row; the next byte starts the row ``first_row``."""
        self.width = width
        self.row = first_row
        self.quoted = False
        self.total = 0
        self.problems: list[Problem] = []
        self._header_row = first_row - 1
        self._begun = 0
        self._bytes = 0
        self._line = b""

    def count(self, chunk: bytes) -> None:
        """Count the rows that end in ``chunk``."""
        text = np.frombuffer(chunk, np.uint8)
        marks, is_end = self._marks(text, quoted=b'"' in chunk)
        at = np.flatnonzero(is_end)
        ends = marks[at]
        cells, lengths = np.diff(at, prepend=-1), np.diff(ends, prepend=-1)
        if len(ends):
            cells[0] += self._begun
            lengths[0] += self._bytes
            self._begun, self._bytes = 0, -1 - int(ends[-1])
            marks = marks[at[-1] + 1 :]
        self._begun += len(marks)
        self._bytes += len(text)
        wrong = np.flatnonzero(cells != self.width)
        if len(wrong):
            wrong = wrong[~self._is_blank(chunk, ends[wrong], lengths[wrong])]
        self._keep(wrong, cells)
        self.row += len(ends)
        self._line = chunk[int(ends[-1]) + 1 :] if len(ends) else (self._line + chunk)
        self._line = self._line[-_LONGEST_BLANK:]

    def _is_blank(self, chunk: bytes, ends: Int, lengths: Int) -> NDArray[np.bool_]:
        """Return which lines have nothing but blanks and commas, of the first that are too long or short."""
        blank = np.zeros(len(ends), bool)
        for at, (end, length) in enumerate(zip(ends[:_LOOKED_AT], lengths, strict=False)):
            line = (self._line if length > end + 1 else b"") + chunk[max(end + 1 - length, 0) : end]
            blank[at] = length <= _LONGEST_BLANK and not line.strip(_BLANK)
        return blank

    def _marks(self, text: Array, *, quoted: bool) -> tuple[Int, Array]:
        """Return where cells end, outside quotation marks, and which of them end a row."""
        marked = (text == _COMMA) | (text == _NEWLINE)
        if self.quoted or quoted:
            quotes = np.cumsum(text == _QUOTE, dtype=np.int32) + int(self.quoted)
            marked &= quotes % 2 == 0
            self.quoted = bool(len(text) and quotes[-1] % 2)
        marks = np.flatnonzero(marked)
        return marks, text[marks] == _NEWLINE

    def _keep(self, wrong: Int, cells: Int) -> None:
        self.total += len(wrong)
        header = f"row {self._header_row}" if self._header_row > 1 else "the first row"
        self.problems += [
            Problem(
                f"has {_number(int(cells[row]))}; {header} has {self.width}",
                "ragged",
                row=self.row + int(row),
            )
            for row in wrong[: MOST_PROBLEMS - len(self.problems)]
        ]
