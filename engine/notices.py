"""What is said of a table that was read and is no reason to refuse it: hidden rows, keys that are nearly the same."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

MOST_ROWS = 20
"""Rows that a notice names; it counts the others."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know of a table, said on standard error, in the manifest and in every answer.

    table     which table it is about, such as ``pupils``; empty until that is known
    rule      a stable word for programs, such as ``hidden-rows``
    sentence  what it is and what it means, for people, without a value of a cell
    number    of how many rows, columns, sheets or keys it is true
    rows      the first of those rows, as the source numbers them; empty where it is not about rows
    """

    rule: str
    sentence: str
    number: int
    rows: tuple[int, ...] = ()
    table: str = ""

    def __str__(self) -> str:
        """Return the table and the sentence as one line."""
        return f"{self.table}: {self.sentence}" if self.table else self.sentence

    def record(self) -> dict[str, object]:
        """Return plain values, as manifests and answers have them."""
        return {
            "table": self.table,
            "rule": self.rule,
            "sentence": self.sentence,
            "number": self.number,
            "rows": list(self.rows),
        }


MAPPING_UNUSED = "mapping-unused"
"""The rule of a code that is replaced, as was stated, and that no row of a table has."""


def of_every_table(tables: Sequence[Iterable[Notice]]) -> tuple[Notice, ...]:
    """Return the notices of several tables: of a mapping that changes nothing only where it is used in none, and once."""
    if len(tables) == 1:
        return tuple(tables[0])
    every = [one for notices in tables for one in dict.fromkeys(notices)]
    unused = Counter(one.sentence for one in every if one.rule == MAPPING_UNUSED)
    kept = [one for one in every if one.rule != MAPPING_UNUSED]
    of_all = [
        Notice("mapping-unused", sentence, 1)
        for sentence, number in unused.items()
        if number == len(tables)
    ]
    return (*kept, *of_all)


def of_table(table: str, notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """Return notices as those of one table."""
    return tuple(replace(one, table=table) for one in notices)


def rows_named(rows: Iterable[int], most: int = 5) -> str:
    """Return the numbers of the first rows, and how many more there are.

    >>> rows_named([4]), rows_named([4, 9]), rows_named(range(2, 12), 3)
    ('row 4', 'rows 4 and 9', 'rows 2, 3, 4 and 7 more')
    """
    numbers = list(rows)
    most += len(numbers) == most + 1
    shown = [str(one) for one in numbers[:most]]
    last = f"{len(numbers) - most} more" if len(numbers) > most else shown.pop()
    listed = f"{', '.join(shown)} and {last}" if shown else last
    return f"row{'' if len(numbers) == 1 else 's'} {listed}"
