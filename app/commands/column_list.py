"""Columns of tables for people: each with what it holds below its name, within the width of a terminal."""

import textwrap
from collections.abc import Iterator, Mapping

from engine.rows import Rows

USUAL = 80
"""Letters of a line where standard output is not a terminal."""

WIDEST, NARROWEST = 100, 40
_INDENT = 4
_LINES = {
    "meaning": "",
    "codes": "One of: ",
    "blank": "Blank: ",
    "none": "None is written: ",
    "read_by": "Read by: ",
}
"""What is said of a column below its name, with the word before it."""


def column_list(rows: Rows, title: str, width: int = USUAL) -> str:
    """Return the columns of a table under its title, no line longer than a width in letters."""
    wide = min(max(width, NARROWEST), WIDEST)
    return "\n".join([title, *(line for row in _records(rows) for line in _column(row, wide))])


def _records(rows: Rows) -> list[dict[str, str | None]]:
    return rows.frame.to_dicts()


def _column(row: Mapping[str, str | None], width: int) -> Iterator[str]:
    low, high = row["lowest"], row["highest"]
    span = "" if low is None else f", {low} to {high}"
    unit = row["unit"] or row["kind"] or ""
    required = "; required" if row["required"] == "yes" else ""
    yield ""
    yield from _lines(f"{row['column']}: {unit}{span}{required}", "", width)
    for name, word in _LINES.items():
        if row[name]:
            yield from _lines(f"{word}{row[name]}", " " * _INDENT, width)


def _lines(text: str, indent: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent or " " * _INDENT,
        break_on_hyphens=False,
    )
