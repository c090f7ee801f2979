"""A table of margins from the user's folder, checked against the project's own table."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.check import unknown_columns
from engine.errors import Problem, TableRefused
from engine.ingest import read_table
from engine.ingest.report import LISTED
from engine.money import decimal_of

FREE = {"region"}
"""Columns that may be empty, or hold words of their own."""
_FIRST_ROW = 2
Row = dict[str, str]


def margin_rows(path: Path, like: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows of a table that is laid out ``like`` one known, or raise ``TableRefused``.

    Numbers are given where it has numbers, its own words where it has words.
    """
    frame = read_table(path)
    known = tuple(like[0])
    problems = [
        Problem("is missing from the table of margins", "missing-column", column=name)
        for name in known
        if name not in frame.columns
    ] + unknown_columns(frame.columns, known, ())
    rows = [{name: (cell or "").strip() for name, cell in row.items()} for row in frame.to_dicts()]
    if not problems:
        words = {name: {row[name] for row in like} for name in known}
        problems = [
            Problem(sentence, "unreadable", column=name, row=number)
            for number, row in enumerate(rows, start=_FIRST_ROW)
            for name in known
            if (sentence := _problem(row[name], words, name)) is not None
        ]
    if not rows:
        problems.append(Problem("has no rows", "no-rows"))
    if problems:
        raise TableRefused(problems[:LISTED], len(problems))
    return tuple(rows)


def _problem(cell: str, words: Mapping[str, set[str]], name: str) -> str | None:
    if name in FREE:
        return None
    known = words[name]
    if not all(map(_is_number, known)):
        return None if cell in known else f"must be one of {', '.join(sorted(known))}"
    whole = all("." not in one for one in known)
    if not _is_number(cell) or (whole and "." in cell):
        return "must be a whole number" if whole else "must be a number such as 12.5"
    return None


def _is_number(text: str) -> bool:
    try:
        return decimal_of(text) >= 0
    except ValueError:
        return False
