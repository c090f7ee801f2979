"""How the plain cells of columns are written, as a kernel takes it: forms, ranges, and the words of lists."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from string import ascii_letters, digits
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Column, Int, Kind
from engine.kernels.plain_cells import DAY, KEY, NUMBER, ODD, WORD, CellBytes, CellForms, WordTree
from engine.reading.cell_spellings import WORDED
from engine.reading.column_values import words_of
from engine.reading.row_checks import KEY as PUPIL_KEY
from engine.reading.typed_columns import DECIMALS, LA, NotPlain
from engine.table_checks import BLANK
from engine.tables import Array, frozen
from engine.vocabulary import ABSENT_SYMBOLS, local_authorities

_ASCII = 128
_PRINTED = frozenset(chr(one) for one in range(ord(" "), _ASCII - 1)) - {",", '"'}
"""Characters that a plain cell may have at all."""

_OF_KEYS = frozenset(f"{ascii_letters}{digits}-_")
_MOST_PLACES = 32_000
"""Places of the tree of words, of two bytes each: the words of a long list of bands may be too many."""

_ALIGNED = 8
"""Bytes of which each column begins at a multiple."""


class PlainForms(NamedTuple):
    """How columns are written, the words of their lists, and where those that are kept are among ``size`` bytes."""

    forms: CellForms
    words: WordTree
    kept: CellBytes
    columns: Mapping[str, tuple[slice, np.dtype[np.signedinteger]]]
    size: int

    @classmethod
    def of(
        cls, names: Sequence[str], columns: Mapping[str, Column], kept: Collection[str], rows: int
    ) -> "PlainForms":
        """Return how the columns of a file of so many rows are written, by their names.

        Raises ``NotPlain`` for words too many for the kernel.
        """
        tree = _Tree()
        written = zip(*(_form(name, columns.get(name), tree) for name in names), strict=True)
        widths, firsts, size = [], [], 0
        places = {}
        for name in names:
            dtype = columns[name].dtype if name in kept else None
            widths.append(0 if dtype is None else dtype.itemsize)
            firsts.append(size)
            end = size + rows * widths[-1]
            if dtype is not None:
                places[name] = slice(size, end), dtype
            size = -(-end // _ALIGNED) * _ALIGNED
        forms, of_kept = CellForms(*map(_whole, written)), CellBytes(_whole(widths), _whole(firsts))
        return cls(forms, tree.laid_out(), of_kept, places, size)

    def numbers(self, held: NDArray[np.uint8]) -> dict[str, Array]:
        """Return the columns that are kept, not to be written, from the bytes that hold all."""
        return {name: frozen(held[at].view(dtype)) for name, (at, dtype) in self.columns.items()}


class _Form(NamedTuple):
    """The entries of ``CellForms`` of a column, but for where it is kept."""

    form: int
    single: NDArray[np.int64]
    blank: int = ODD
    lowest: int = 0
    highest: int = 0
    decimals: int = 0
    mark: int = 0
    root: int = 0


def _form(name: str, column: Column | None, tree: "_Tree") -> _Form:
    """Return how a column is written; of one without a list nothing is held, as the reading of text holds nothing."""
    if name == PUPIL_KEY:
        return _Form(KEY, _single(dict.fromkeys(_OF_KEYS, 0)), root=tree.any_of(_OF_KEYS))
    if column is None or column.dtype is None:
        words = dict.fromkeys(_PRINTED, 0)
        return _Form(WORD, _single(words), blank=0, root=tree.any_of(_PRINTED))
    blank = ODD if column.missing is None else column.missing
    if column.kind in WORDED or column.name == LA:
        words = dict(_words_of(column))
        return _Form(WORD, _single(words), blank, root=tree.root(words))
    lowest, highest = column.lowest, column.highest
    if column.kind is Kind.date:
        return _Form(DAY, _single({}), blank, lowest, highest, mark=ord("-"))
    decimals = DECIMALS[column.kind]
    of_digits = {str(one): one * 10**decimals for one in range(10)}
    found = {digit: value for digit, value in of_digits.items() if lowest <= value <= highest}
    point = ord(".") if decimals else 0
    return _Form(NUMBER, _single(found), blank, lowest, highest, decimals, point)


def _words_of(column: Column) -> Iterator[tuple[str, int]]:
    """Yield the words that a plain cell of a column may be, with what it holds; no symbol, of which there is a notice."""
    if column.name == LA:
        yield from ((str(code), code) for code in local_authorities())
        return
    for word, value in words_of(column).items():
        held = column.missing if value == BLANK else value
        if word not in ABSENT_SYMBOLS and held is not None and _is_plain(word):
            yield word, held


def _is_plain(word: str) -> bool:
    """Return whether a word has plain characters alone; others the reading of text finds."""
    return word == word.strip() and _PRINTED.issuperset(word)


def _single(values: Mapping[str, int]) -> NDArray[np.int64]:
    """Return what cells of one character hold, by the character."""
    table = np.full(_ASCII, ODD, np.int64)
    for text, value in values.items():
        if len(text) == 1:
            table[ord(text)] = value
    return table


def _whole(numbers: object) -> Int:
    return frozen(np.array(numbers, np.int64))


class _Tree:
    """The words of lists, a character at a time; equal lists have their places once."""

    def __init__(self) -> None:
        # No word goes on from the first place, which means none.
        self._further: list[dict[str, int]] = [{}]
        self._meaning = [ODD]
        self._roots: dict[frozenset[tuple[str, int]], int] = {}

    def root(self, words: Mapping[str, int]) -> int:
        """Return where the words of a column begin."""
        held = frozenset(words.items())
        if held not in self._roots:
            self._roots[held] = self._place()
            for word, value in words.items():
                self._add(self._roots[held], word, value)
        return self._roots[held]

    def any_of(self, signs: Collection[str]) -> int:
        """Return where cells begin of which each character is one of some, and which hold nothing."""
        root, again = self._place(), self._place()
        self._further[root] = self._further[again] = dict.fromkeys(signs, again)
        self._meaning[again] = 0
        return root

    def _add(self, root: int, word: str, value: int) -> None:
        at = root
        for sign in word:
            if sign not in self._further[at]:
                self._further[at][sign] = self._place()
            at = self._further[at][sign]
        self._meaning[at] = value

    def _place(self) -> int:
        if len(self._further) == _MOST_PLACES:
            message = "words of all columns"
            raise NotPlain(message)
        self._further.append({})
        self._meaning.append(ODD)
        return len(self._further) - 1

    def laid_out(self) -> WordTree:
        """Return the words as arrays."""
        step = np.zeros((len(self._further), _ASCII), np.int16)
        for at, further in enumerate(self._further):
            for sign, place in further.items():
                step[at, ord(sign)] = place
        return WordTree(frozen(step), _whole(self._meaning))
