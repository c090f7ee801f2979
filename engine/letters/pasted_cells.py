"""Text that was copied from a sheet, a page or a letter, as rows of cells with their numbers."""

import re
from dataclasses import dataclass
from decimal import Decimal

from engine.letters.label_words import LabelKind, label_words, named, plain_words
from engine.reading import exact_pounds

MOST_ROWS = 400
MOST_CELLS = 80
_BLANKS = re.compile(r" {2,}|\s*\|\s*")
_NOTHING = {"", "-", "\N{EN DASH}", "\N{EM DASH}", "n/a", "na", "nil"}
_WORDS_AFTER = re.compile(r"\s*(?:per pupil|a pupil|each|pupils?)$", re.IGNORECASE)
_PART_OF_NAMES = {"stage", "eal", "ever", "band", "fsm", "years", "year"}
"""Words after which a number belongs to the label, as in "Key stage 3"."""

_ANY_SPACE = re.compile("[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}]")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a statement: its column from 0, its text, its number where it is one, and the sign beside it.

    ``sign`` is ``"%"``, ``"£"`` or empty. ``is_blank`` where nothing is printed: that is not 0.
    """

    column: int
    text: str
    number: Decimal | None = None
    sign: str = ""

    @property
    def is_blank(self) -> bool:
        """Return whether the cell prints nothing."""
        return self.text.casefold() in _NOTHING


@dataclass(frozen=True, slots=True)
class CellRow:
    """A row of what was copied: its number from 1, its label, and its cells in their columns.

    ``form`` is the same for rows whose columns are comparable: 0 with tabs, else the number of cells of rows that are
    parted by blanks, and below 0 a row of its own.
    """

    number: int
    cells: tuple[Cell, ...]
    form: int = 0

    @property
    def label(self) -> str:
        """Return the words of the row, without its numbers."""
        return " ".join(one.text for one in self.cells if one.number is None and not one.is_blank)

    @property
    def figures(self) -> tuple[Cell, ...]:
        """Return the cells that are numbers."""
        return tuple(one for one in self.cells if one.number is not None)

    @property
    def words(self) -> tuple[Cell, ...]:
        """Return the cells that are words."""
        return tuple(one for one in self.cells if one.number is None and not one.is_blank)

    @property
    def text(self) -> str:
        """Return the row as one line."""
        return " ".join(one.text for one in self.cells if one.text)


def pasted_rows(text: str) -> tuple[CellRow, ...]:
    """Return the rows of a text that are not empty, each with its cells; a sheet that lies across is turned.

    Columns are parted by tabs, else by two blanks or more, or by upright lines; where there is neither, the numbers
    at the end of a line are its figures. Rows after the first 400 are not read: ``is_cut`` says so.

    >>> [cell.text for cell in pasted_rows("Lump sum  £134,400")[0].cells]
    ['Lump sum', '£134,400']
    """
    lines = [(at, line) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    return tuple(_upright([_row(at, line) for at, line in lines[:MOST_ROWS]]))


def is_cut(text: str) -> bool:
    """Return whether a text has more rows than are read."""
    return sum(1 for line in text.splitlines() if line.strip()) > MOST_ROWS


def _row(at: int, line: str) -> CellRow:
    plain = _ANY_SPACE.sub(" ", line)
    if "\t" in plain:
        return CellRow(at, _cells([one.strip() for one in plain.rstrip().split("\t")][:MOST_CELLS]))
    cells = _cells(_split(plain))
    return CellRow(at, cells, len(cells))


def _split(plain: str) -> list[str]:
    parts = [one for one in _BLANKS.split(plain.strip()) if one]
    if len(parts) > 1:
        return parts[:MOST_CELLS]
    return _from_the_end(plain.split())[:MOST_CELLS]


def _from_the_end(tokens: list[str]) -> list[str]:
    """Return a line of words with single blanks as its label and the figures at its end."""
    at = len(tokens)
    while at > 0 and (number_of(tokens[at - 1])[0] is not None or tokens[at - 1] in _NOTHING):
        if at > 1 and tokens[at - 2].casefold() in _PART_OF_NAMES and len(tokens[at - 1]) == 1:
            break
        at -= 1
    return [" ".join(tokens[:at]), *tokens[at:]] if at else tokens


def _cells(texts: list[str]) -> tuple[Cell, ...]:
    return tuple(Cell(at, one, *number_of(one)) for at, one in enumerate(texts))


def number_of(text: str) -> tuple[Decimal | None, str]:
    """Return the number that a cell prints with its sign: ``%``, ``£`` or none; percent are not divided.

    >>> number_of("(1,234.50)"), number_of("27.95%"), number_of("£12"), number_of("KS3")
    ((Decimal('-1234.50'), ''), (Decimal('27.95'), '%'), (Decimal('12'), '£'), (None, ''))
    """
    bare = _WORDS_AFTER.sub("", text.strip())
    if bare.endswith("%"):
        return exact_pounds(bare.removesuffix("%").strip()), "%"
    return exact_pounds(bare), "£" if "£" in bare else ""


def _upright(rows: list[CellRow]) -> list[CellRow]:
    """Return rows as they are, or turned where labels are in one row and their figures in the next.

    So lies the Department's Authority Proforma Tool: a column a factor, a row a school.
    """
    if not 1 < len(rows) <= _MOST_LYING:
        return rows
    first, *others = rows
    factors = label_words(LabelKind.factor)
    if (
        sum(named(plain_words(one.text), factors) is not None for one in first.words)
        < _LEAST_ACROSS
    ):
        return rows
    across = {one.column for one in first.words}
    lying = [one for one in others if len(one.figures) * 2 > len(across)]
    if not lying or len(lying) < len(others):
        return rows
    return [
        CellRow(at, _turned(label, others), -at)
        for at, label in enumerate(first.words, first.number)
    ]


def _turned(label: Cell, others: list[CellRow]) -> tuple[Cell, ...]:
    below = [
        next((one for one in row.cells if one.column == label.column), Cell(0, ""))
        for row in others
    ]
    figures = (
        Cell(at, one.text, one.number, one.sign)
        for at, one in enumerate(below, 1)
        if one.number is not None
    )
    return (Cell(0, label.text), *figures)


_LEAST_ACROSS, _MOST_LYING = 3, 3
"""Names of factors in a row from which a sheet may lie across, and the rows that such a sheet has at most."""
