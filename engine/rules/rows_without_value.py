"""Rows of a table of values in a file that have no value: blank cells, which say nothing, and none, which must be true.

A row that says none is left out of the table. That is true of its pupils where no row further down may fit
them, none above it fits them all, and the table says ``otherwise: none``.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from engine.money import is_digits
from engine.notices import rows_named
from engine.rules.cut_offs import is_number
from engine.vocabulary import NONE_WORDS, NOT_PRINTED

BLANK = (
    f"write {NONE_WORDS[0]} where such pupils have none of it, {NOT_PRINTED} where the source gives no figure, or leave"
    " the row out of the file"
)


class FileRow(NamedTuple):
    """A row of a file: its number there, its conditions, and its value as text."""

    number: int
    when: Mapping[str, str]
    value: str

    @property
    def is_none(self) -> bool:
        """Return whether the row says that its pupils have none of the value."""
        return self.value in NONE_WORDS


def faults_of(rows: Sequence[FileRow], column: str, otherwise: object) -> Iterator[str]:
    """Yield what is wrong with the rows of a column that have no value, each sentence with the rows that it is of."""
    blank = [row.number for row in rows if not row.value]
    if blank:
        have = "has" if len(blank) == 1 else "have"
        yield f"{rows_named(blank)} {have} no value in column '{column}'; {BLANK}"
    none = [row for row in rows if row.is_none]
    if none and otherwise != NONE_WORDS[0]:
        yield (
            f"{rows_named(row.number for row in none)}: {NONE_WORDS[0]} in column '{column}' needs 'otherwise: none' beside"
            " it in the document, as pupils whom no row fits have no known value without it"
        )
        return
    if covered := [row.number for row in _covered(rows)]:
        yield (
            f"{rows_named(covered)}: {NONE_WORDS[0]} in column '{column}' does not hold, as another row gives the same"
            " pupils a value; give that row conditions which leave them out"
        )


def _covered(rows: Sequence[FileRow]) -> Iterator[FileRow]:
    """Yield the rows that say none, and have one with a value further down that may fit their pupils, or above that fits all."""
    valued = [(at, row.when) for at, row in enumerate(rows) if row.value and not row.is_none]
    ranges = {
        name
        for row in rows
        for name, text in row.when.items()
        if is_number(name) and not is_digits(text)
    }
    forms = {frozenset(when) for _, when in valued}
    places: dict[tuple[frozenset[str], frozenset[str]], dict[tuple[str, ...], list[int]]] = {}
    for at, row in enumerate(rows):
        if row.is_none and any(
            _is_covered(at, row, valued, form, ranges, places) for form in forms
        ):
            yield row


def _is_covered(
    at: int,
    row: FileRow,
    valued: Sequence[tuple[int, Mapping[str, str]]],
    form: frozenset[str],
    ranges: set[str],
    places: dict[tuple[frozenset[str], frozenset[str]], dict[tuple[str, ...], list[int]]],
) -> bool:
    """Return whether one of the valued rows with some conditions gives a row's pupils a value; ``places`` is filled."""
    both = frozenset(form & row.when.keys()) - ranges
    names = sorted(both)
    if (form, both) not in places:
        found = places.setdefault((form, both), {})
        for place, when in valued:
            if frozenset(when) == form:
                found.setdefault(tuple(when[name] for name in names), []).append(place)
    held = places[form, both].get(tuple(row.when[name] for name in names), [])
    is_whole = both == form
    return bool(held) and (held[-1] > at or (is_whole and held[0] < at))
