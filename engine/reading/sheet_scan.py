"""The parts of a workbook measured: range of cells, errors, and formulas without a result.

Every part that is markup is read as a stream of elements, whatever its name and
however long its tags are, and nothing of it is kept but counts and places.
"""

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat

from engine.errors import TableRefused
from engine.reading.limits import Limits
from engine.reading.report import refusal

Cell = tuple[int, int]
"""A cell's column and row, from 1."""

Area = tuple[int, int, int, int]
"""The first column and row of an area of cells, and the last ones."""

_PLACE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,9})")
_ROW = re.compile(r"[0-9]{1,9}")
_LETTERS = 26
_LONGEST_REST = 1 << 22
_NAME = rb"<(?:[\w.-]+:)?"
_DIGIT = rb"&#0*(?:4[35689]|5[0-7]|69|101|[xX]0*(?:2[bBdDeE]|3[0-9]|[46]5));"
_UNCERTAIN = re.compile(
    _NAME + rb"v(?:\s[^<>]*)?(?<!/)>(?:[^<]*?" + _DIGIT + rb"|[^<]*<[^/])"
    rb"|" + _NAME + rb"c\s(?:[^<>]*\s)?t\s*=\s*[\"']s[\"'][^<>]*(?<!/)>\s*"
    + _NAME + rb"v(?:\s[^<>]*)?(?<!/)>(?![0-9]{1,9}</)"
)  # fmt: skip
"""Values that one reader takes for something else than another: with markup or an escaped digit
within, and numbers of shared texts that are no plain digits."""
_SPACE_AND_MARKS = b"\xef\xbb\xbf\xff\xfe \t\r\n\0"
MOST_MERGED = 100_000
MOST_CELLS = 1_000_000
"""Cells in error, and formulas without a result, that are kept, so that all are counted."""

_LONGEST_ZERO = 8
_DECLARES = "declares entities or a document type, which no spreadsheet does"


@dataclass(slots=True)
class PartScan:
    """What one part of a workbook holds; ``complete`` where it is markup to its end.

    ``uncertain`` where readers would differ on what a cell holds, or on which cell it is.
    ``errors`` and ``uncalculated`` are the first places of cells in error and of formulas
    without a result, ``zeros`` of formulas whose result is 0; ``hidden_columns`` are the first and last of
    each run, ``merged`` the areas of cells that are shown as one, ``styles`` are those of the
    numbers of each column. ``texts`` counts cells that name a shared text, ``lengths`` has the
    length of each shared text in characters.
    """

    complete: bool = False
    rows: int = 0
    columns: int = 0
    texts: int = 0
    uncertain: bool = False
    errors: list[Cell] = field(default_factory=list)
    uncalculated: list[Cell] = field(default_factory=list)
    lengths: "array[int]" = field(default_factory=lambda: array("L"))
    zeros: list[Cell] = field(default_factory=list)
    hidden_rows: "array[int]" = field(default_factory=lambda: array("L"))
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)
    styles: dict[int, set[str]] = field(default_factory=dict)


def scan_part(pieces: Iterable[bytes], limits: Limits) -> PartScan:
    """Return what a part holds, from its bytes; raise ``TableRefused`` where it spans too much."""
    scan = _Scan()
    for piece in pieces:
        scan.feed(piece)
        if scan.part.rows * scan.part.columns > limits.grid_cells:
            sentence = f"the cells in use span more than {limits.grid_cells} cells; delete stray cells or save the table as CSV"
            raise refusal("workbook-size", sentence)
    return scan.end()


def text_weight(pieces: Iterable[bytes], lengths: "array[int]") -> int:
    """Return how many characters the cells of a sheet hold that name shared texts."""
    scan = _TextWeight(lengths)
    for piece in pieces:
        scan.parser.Parse(piece)
    return scan.weight


class _Scan:
    """The state of a part half read; an element is known by its local name."""

    def __init__(self) -> None:
        self.part = PartScan()
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = _refuse_declaration
        self.parser.EntityDeclHandler = _refuse_declaration
        self._sound: bool | None = None
        self._row, self._next_row, self._next_column = 1, 1, 1
        self._at: Cell = (1, 1)
        self._above = (0, 0)
        self._values = 0
        self._rest = b""
        self._text = ""
        self._style: str | None = None
        self._formula = self._empty_is_text = self._calculated = False

    def feed(self, piece: bytes) -> None:
        """Read on, unless the part is no markup or no longer is."""
        if self._sound is None and piece:
            self._sound = piece.lstrip(_SPACE_AND_MARKS).startswith(b"<")
        if self._sound:
            try:
                self.parser.Parse(piece)
            except expat.ExpatError:
                self._sound = False
            else:
                self._look(piece)

    def _look(self, piece: bytes, *, to_the_end: bool = False) -> None:
        """Note a value that is not plain text; what may go on in the next piece waits for it."""
        waiting = self._rest + piece
        at = waiting.rfind(b"</")
        if to_the_end or (at < 0 and len(waiting) > _LONGEST_REST):
            at = len(waiting)
        if at >= 0 and _UNCERTAIN.search(waiting, 0, at + len(b"</")):
            self.part.uncertain = True
        self._rest = waiting[max(at, 0) :]

    def end(self) -> PartScan:
        """Return what was found once the part is read."""
        if self._sound:
            self._look(b"", to_the_end=True)
            try:
                self.parser.Parse(b"", True)  # noqa: FBT003 - the parser takes no keywords
                self.part.complete = True
            except expat.ExpatError:
                pass
        self._close_cell()
        return self.part

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name[name.find(":") + 1 :]
        if local == "c":
            self._cell(attributes)
        elif local in {"v", "is"}:
            self._values += 1
            if self._style is not None:
                self.part.styles.setdefault(self._at[0], set()).add(self._style)
                self._style = None
            if self._values > 1:
                self.part.uncertain = True
            if self._formula:
                self._calculated = self._calculated or self._empty_is_text
                self.parser.CharacterDataHandler = self._result
        elif local == "f":
            self._formula = True
        elif local == "row":
            self._start_row(attributes.get("r"))
            if _is_hidden(attributes, "ht"):
                self.part.hidden_rows.append(self._row)
        elif local == "si":
            self.part.lengths.append(0)
            self.parser.CharacterDataHandler = self._shared_text
        else:
            self._around_cells(local, attributes)

    def _around_cells(self, local: str, attributes: dict[str, str]) -> None:
        """Note which columns are hidden and which cells are merged."""
        if local == "col":
            self._columns(attributes)
        elif local == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _start_row(self, number: str | None) -> None:
        if number is not None and _ROW.fullmatch(number):
            self._next_row = int(number)
        elif number is not None:
            self.part.uncertain = True
        self._row, self._next_column = self._next_row, 1
        self._next_row += 1
        self.part.rows = max(self.part.rows, self._row)

    def _columns(self, attributes: dict[str, str]) -> None:
        ends = attributes.get("min", ""), attributes.get("max", "")
        if _is_hidden(attributes, "width") and all(map(_ROW.fullmatch, ends)):
            self.part.hidden_columns.append((int(ends[0]), int(ends[1])))

    def _merge(self, text: str) -> None:
        area = area_of(text)
        if area is not None:
            self.part.merged.append(area)
        if len(self.part.merged) > MOST_MERGED:
            sentence = f"a sheet may have at most {MOST_MERGED} merged cells; save the table as CSV"
            raise refusal("workbook-size", sentence)

    def _cell(self, attributes: dict[str, str]) -> None:
        self._close_cell()
        column, row = self._next_column, self._row
        place = attributes.get("r")
        if place is not None:
            found = _PLACE.fullmatch(place)
            if found is None:
                self.part.uncertain = True
            else:
                column, row = _column(found[1]), int(found[2])
        if (row, column) <= self._above:
            self.part.uncertain = True
        self._above, self._values = (row, column), 0
        self._at, self._next_column = (column, row), column + 1
        part = self.part
        part.columns = max(part.columns, column)
        part.rows = max(part.rows, row)
        kind = attributes.get("t")
        self._style = None
        if kind == "s":
            part.texts += 1
        elif kind == "e" and len(part.errors) < MOST_CELLS:
            part.errors.append(self._at)
        elif kind is None or kind == "n":
            self._style = attributes.get("s", "")
        self._empty_is_text = kind in {"str", "inlineStr"}

    def _close_cell(self) -> None:
        """Note a formula that no result was kept for; it would be read as an empty cell."""
        if self._formula:
            found = self.part.zeros if self._calculated else self.part.uncalculated
            if (not self._calculated or self._text.strip() == "0") and len(found) < MOST_CELLS:
                found.append(self._at)
            self._formula = self._calculated = False
            self._text = ""
            self.parser.CharacterDataHandler = None

    def _result(self, text: str) -> None:
        if text.strip():
            self._calculated = True
            self._text = (self._text + text)[:_LONGEST_ZERO]

    def _shared_text(self, text: str) -> None:
        self.part.lengths[-1] += len(text)


class _TextWeight:
    """Adds up the shared texts that cells name by their number."""

    def __init__(self, lengths: "array[int]") -> None:
        self.weight = 0
        self._lengths = lengths
        self._number = ""
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._names_text = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name[name.find(":") + 1 :]
        if local == "c":
            self._names_text = attributes.get("t") == "s"
        elif local == "v" and self._names_text:
            self._number = ""
            self.parser.CharacterDataHandler = self._digits

    def _digits(self, text: str) -> None:
        self._number += text

    def _end(self, name: str) -> None:
        if name[name.find(":") + 1 :] == "v" and self.parser.CharacterDataHandler is not None:
            self.parser.CharacterDataHandler = None
            if _ROW.fullmatch(self._number) and int(self._number) < len(self._lengths):
                self.weight += self._lengths[int(self._number)]


def area_of(text: str) -> Area | None:
    """Return the area that a reference such as A1:F2 names, or a single cell; None for anything else.

    >>> area_of("A1:F2"), area_of("B3"), area_of("A:B")
    ((1, 1, 6, 2), (2, 3, 2, 3), None)
    """
    first, _, last = text.replace("$", "").partition(":")
    ends = [_PLACE.fullmatch(one) for one in (first, last or first)]
    if ends[0] is None or ends[1] is None:
        return None
    (left, top), (right, bottom) = ((_column(one[1]), int(one[2])) for one in ends if one)
    return left, top, right, bottom


def _is_hidden(attributes: dict[str, str], size: str) -> bool:
    """Return whether a row or columns are hidden, or have no height or width."""
    try:
        nothing = float(attributes.get(size, "1")) == 0
    except ValueError:
        nothing = False
    return nothing or attributes.get("hidden") in {"1", "true"}


def _refuse_declaration(*_: object) -> None:
    raise _declaration()


def _declaration() -> TableRefused:
    return refusal("unreadable-file", _DECLARES)


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number
