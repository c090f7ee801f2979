"""How many cells of a table hold a symbol instead of a value, or were read by a statement: said, never silent."""

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.columns import FEW_ROWS, Column, Int
from engine.reading.habits import Habits
from engine.table_checks import BLANK
from engine.tables.cell_counts import BLANK_AS_NONE, ROUNDED, CellCount
from engine.vocabulary import ABSENT_SYMBOLS

_PARTS_OF_A_PENNY = r"\.[0-9]{2}[0-9]*[1-9]"


def cell_counts(
    text: pl.DataFrame, columns: Mapping[str, Column], numbers: Mapping[str, Int], habits: Habits
) -> tuple[CellCount, ...]:
    """Return the counts of each column's cells, columns in their order; blank cells are not counted."""
    found = []
    for name, held in numbers.items():
        absent = held == BLANK
        as_none = name in habits.blank_means_none and columns[name].none is not None
        nulls = 0 if as_none else text[name].null_count()
        only_blanks = int(np.count_nonzero(absent)) == nulls
        kinds = Counter[str]() if only_blanks else _symbols(text[name], absent)
        if as_none:
            kinds[BLANK_AS_NONE] = _blanks(text[name])
        if name in habits.round_to_pence:
            kinds[ROUNDED] = int(text[name].str.contains(_PARTS_OF_A_PENNY).sum())
        found += [CellCount(name, kind, number) for kind, number in sorted(kinds.items()) if number]
    return tuple(found)


def _symbols(cells: pl.Series, absent: NDArray[np.bool_]) -> Counter[str]:
    """Return the kinds of the symbols among the cells of a column that hold no value."""
    if len(cells) <= FEW_ROWS:
        # A query of polars would be most of the time that a handful of rows takes.
        few = Counter((one or "").strip() for one in cells.to_list())
        return _kinds(few.items())
    words = cells.filter(absent).fill_null("").str.strip_chars()
    words = words.filter(words != "")
    return _kinds(words.value_counts().iter_rows()) if len(words) else Counter()


def _kinds(counts: Iterable[tuple[str, int]]) -> Counter[str]:
    kinds: Counter[str] = Counter()
    for word, number in counts:
        if word and word in ABSENT_SYMBOLS:
            kinds[ABSENT_SYMBOLS[word].name] += number
    return kinds


def _blanks(cells: pl.Series) -> int:
    return int((cells.fill_null("").str.strip_chars() == "").sum())
