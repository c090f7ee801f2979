"""Counts of cells that hold a symbol instead of a value, or that were read by a statement."""

from collections.abc import Iterable
from typing import NamedTuple

from engine.vocabulary import PRESENCE_WORDS

BLANK_AS_NONE, ROUNDED = "none", "rounded"
WORDS = {one.name: words for one, words in PRESENCE_WORDS.items()} | {
    BLANK_AS_NONE: "blank, which means none",
    ROUNDED: "rounded to pence",
}
"""What is said of a kind of cell."""


class CellCount(NamedTuple):
    """How many cells of a column are of a kind: a ``Presence`` by name, ``none`` or ``rounded``."""

    column: str
    kind: str
    number: int


def count_sentences(table: str, counts: Iterable[CellCount]) -> list[str]:
    """Return what is said of a table's cells, one sentence a column."""
    columns: dict[str, list[CellCount]] = {}
    for one in counts:
        columns.setdefault(one.column, []).append(one)
    return [
        f"{table}, {name}: "
        + ", ".join(
            f"{one.number:,} {'cell' if one.number == 1 else 'cells'} {WORDS[one.kind]}"
            for one in held
        )
        + "."
        for name, held in columns.items()
    ]
