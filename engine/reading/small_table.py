"""A few rows read cell by cell, where every cell has the plainest spelling.

A query of polars takes most of a millisecond however few its rows are, which would be the
larger part of the answer to a cell of a spreadsheet. This module reads the plainest
spellings alone, and that nothing is wrong with them. It gives up on a table with any other
cell, and the queries read it, which know every spelling and say what is wrong.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.cache import cached
from engine.columns import Column, Int, Kind
from engine.days import day_number, day_of
from engine.reading.cell_spellings import WORDED
from engine.reading.column_values import absent_symbols, none_words, words_of
from engine.reading.odd_characters import is_identity, is_odd
from engine.reading.row_checks import RowCheck
from engine.table_checks import BLANK, LONGEST_TEXT, SPELLINGS
from engine.vocabulary import ABSENT_SYMBOLS, Presence, local_authorities

MOST_ROWS = 100
"""Rows up to which reading cell by cell is quicker than a query of polars."""

Cell = str | None
Reader = Callable[[Cell], int | None]
"""A cell's whole number, ``BLANK`` where nothing is given, None for whatever is not plain."""

_NUMBER = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,6}))?")
_DECIMALS = {Kind.whole: 0, Kind.hours: 2, Kind.pounds: 2, Kind.millionths: 6}


class FewCells(NamedTuple):
    """The cells of a few rows, as a checked table has them."""

    numbers: Mapping[str, Int]
    words: Mapping[str, pl.Series]
    presence: Mapping[str, NDArray[np.int8]]


def small_table(
    text: pl.DataFrame,
    columns: Mapping[str, Column],
    row_checks: Sequence[RowCheck] = (),
    is_line: Callable[[str], bool] = lambda _: False,
) -> FewCells | None:
    """Return the cells of a few rows, or None where one is not plain or a check may fail.

    A cell that is read is in its column's range, and is filled where it must be.
    """
    if text.height > MOST_ROWS:
        return None
    numbers: dict[str, Int] = {}
    words: dict[str, list[str]] = {}
    presence = {}
    for name, column in columns.items():
        cells = text[name].to_list()
        read = _words(cells, column) if column.dtype is None else _numbers(cells, column)
        if read is None:
            return None
        if isinstance(read, list):
            words[name] = read
        else:
            numbers[name] = read
        if is_line(name):
            presence[name] = presences(cells)
    together = {**numbers, **words}
    if any(one.may_fail(together) for one in row_checks):
        return None
    return FewCells(
        numbers, {name: _series(text[name], one) for name, one in words.items()}, presence
    )


def _series(text: pl.Series, words: list[str]) -> pl.Series:
    """Return words as a column: the text itself, where no cell of it is null."""
    return pl.Series(text.name, words, pl.String) if text.null_count() else text


def _numbers(cells: Sequence[Cell], column: Column) -> Int | None:
    reader, numbers = reader_of(column), []
    for cell in cells:
        number = reader(cell)
        if number is None:
            return None
        numbers.append(number)
    return np.asarray(numbers, np.int64)


def _words(cells: Sequence[Cell], column: Column) -> list[str] | None:
    """Return text without space around it that is not too long, and filled where it is a key."""
    words = [cell or "" for cell in cells]
    plain = all(word.strip() == word and len(word) <= LONGEST_TEXT for word in words)
    if plain and is_identity(column):
        plain = not any(map(is_odd, words))
    return words if plain and (column.kind is not Kind.key or all(words)) else None


def presences(cells: Sequence[Cell]) -> NDArray[np.int8]:
    """Return why each of some plain cells holds a value or not, as codes of ``Presence``."""
    return np.asarray([ABSENT_SYMBOLS.get(cell or "", Presence.given) for cell in cells], np.int8)


@cached(1_024)
def reader_of(column: Column) -> Reader:
    """Return what reads the plainly written cells of a column of whole numbers."""
    if column.kind in WORDED:
        words = words_of(column)
    else:
        words = dict.fromkeys(absent_symbols(column), BLANK) | none_words(column)
        words |= SPELLINGS.get(column.name, {})
    if column.missing is None:
        words = {word: number for word, number in words.items() if number != BLANK}
    # The queries look words up without the space around them.
    words = {word: number for word, number in words.items() if word == word.strip()}
    number_of = _number_of(column)

    def read(cell: Cell) -> int | None:
        cell = cell or ""
        number = words.get(cell)
        return number_of(cell) if number is None else number

    return read


def _number_of(column: Column) -> Callable[[str], int | None]:
    """Return what reads a number or a day within a column's range."""
    if column.kind not in _DECIMALS and column.kind is not Kind.date:
        return lambda _: None
    decimals, lowest, highest = _DECIMALS.get(column.kind, 0), column.lowest, column.highest
    allowed = local_authorities().keys() if column.name == "la" else None

    def number_of(cell: str) -> int | None:
        number = _day(cell) if column.kind is Kind.date else _scaled(cell, decimals)
        if number is None or not lowest <= number <= highest:
            return None
        return number if allowed is None or number in allowed else None

    return number_of


def _day(cell: str) -> int | None:
    """Return the days since 1970-01-01 of a valid date."""
    try:
        return day_number(day_of(cell))
    except ValueError:
        return None


def _scaled(cell: str, decimals: int) -> int | None:
    """Return a number that has some decimals at most, in units of the last of them."""
    match = _NUMBER.fullmatch(cell)
    if match is None:
        return None
    sign, whole, part = match.groups("")
    if len(part) > decimals:
        return None
    number = int(whole + part.ljust(decimals, "0"))
    return -number if sign else number
