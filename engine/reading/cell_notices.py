"""How many cells of a table hold a symbol instead of a value, or were read as was stated: said, never silent."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.columns import FEW_ROWS, Column, Int
from engine.notices import Notice
from engine.reading.habits import Habits
from engine.table_checks import BLANK
from engine.vocabulary import ABSENT_SYMBOLS, PRESENCE_WORDS

BLANK_AS_NONE, ROUNDED = "blank-means-none", "rounded-to-pence"
STATED = {BLANK_AS_NONE, ROUNDED}
"""Rules of notices on what a person stated of the table."""

WORDS = {f"{one.name.replace('_', '-')}-cells": words for one, words in PRESENCE_WORDS.items()} | {
    BLANK_AS_NONE: "blank, which means none as was stated",
    ROUNDED: "rounded to pence as was stated",
}
"""What is said of cells, by the rule of their notice."""

_MOST_NAMED = 10
_PARTS_OF_A_PENNY = r"\.[0-9]{2}[0-9]*[1-9]"


def cell_notices(
    text: pl.DataFrame,
    columns: Mapping[str, Column],
    numbers: Mapping[str, Int],
    habits: Habits,
    rows_apart: int = 0,
) -> tuple[Notice, ...]:
    """Return a notice for each kind of cell, with how many there are in which columns.

    Blank cells are not counted, unless it was stated that they mean none; those of ``rows_apart``, which
    are made blank, never are.
    """
    kinds: dict[str, dict[str, int]] = defaultdict(dict)
    for name, held in numbers.items():
        for rule, each in _rules(text[name], columns[name], held, habits).items():
            number = each - rows_apart if rule == BLANK_AS_NONE else each
            if number:
                kinds[rule][name] = number
    return tuple(
        Notice(rule, _sentence(rule, kinds[rule]), sum(kinds[rule].values()))
        for rule in WORDS
        if rule in kinds
    )


def _sentence(rule: str, columns: Mapping[str, int]) -> str:
    number = sum(columns.values())
    named = [f"{name} {each:,}" for name, each in columns.items()]
    more = f" and {len(named) - _MOST_NAMED} more columns" if len(named) > _MOST_NAMED else ""
    cells = "1 cell is" if number == 1 else f"{number:,} cells are"
    return f"{cells} {WORDS[rule]} ({', '.join(named[:_MOST_NAMED])}{more})"


def _rules(cells: pl.Series, column: Column, held: Int, habits: Habits) -> Counter[str]:
    """Return the cells of a column that there is something to say of, by the rule of the notice."""
    absent = held == BLANK
    as_none = column.name in habits.blank_means_none and column.none is not None
    nulls = 0 if as_none else cells.null_count()
    only_blanks = int(np.count_nonzero(absent)) == nulls
    rules = Counter[str]() if only_blanks else _symbols(cells, absent)
    if as_none:
        rules[BLANK_AS_NONE] = int((cells.fill_null("").str.strip_chars() == "").sum())
    if column.name in habits.round_to_pence:
        rules[ROUNDED] = int(cells.str.contains(_PARTS_OF_A_PENNY).sum())
    return rules


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
            kinds[f"{ABSENT_SYMBOLS[word].name.replace('_', '-')}-cells"] += number
    return kinds
