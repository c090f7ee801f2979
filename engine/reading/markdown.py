"""Tables within Markdown text: a line of headings, a line of dashes, and a line for each row."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import polars as pl

from engine.reading.header import column_names
from engine.reading.limits import Limits
from engine.reading.report import refusal

_DASHES = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?\s*")
_EDGE = re.compile(r"(?<!\\)\|")
_MARKS = re.compile(r"(?P<mark>`|\*\*|__)(?P<text>.*)(?P=mark)")
_FENCES = ("```", "~~~")


class MarkdownTable(NamedTuple):
    """A table of a text: every cell as text, and the line of its first row, which has the number of a row."""

    frame: pl.DataFrame
    first_row: int


def read_markdown(content: bytes, limits: Limits) -> list[MarkdownTable]:
    """Return the tables of a Markdown file in their order; raises ``TableRefused`` where a row has too many cells."""
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise refusal("encoding", "is not UTF-8 text") from None
    return [_table(lines, at, limits) for at in _headings(lines)]


def _headings(lines: Sequence[str]) -> Iterator[int]:
    """Yield the position of each line that has the headings of a table, outside blocks of code."""
    fence = ""
    for at, line in enumerate(lines):
        mark = line.strip()[:3]
        if mark in _FENCES and fence in {"", mark}:
            fence = "" if fence else mark
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if not fence and "|" in line and "-" in following and _DASHES.fullmatch(following):
            yield at


def _table(lines: Sequence[str], at: int, limits: Limits) -> MarkdownTable:
    names = column_names(_cells(lines[at]), limits)
    rows: list[list[str]] = []
    for number, line in enumerate(lines[at + 2 :], start=at + 3):
        if "|" not in line:
            break
        cells = _cells(line)
        if len(cells) > len(names):
            sentence = f"has {len(cells)} cells; the first row has {len(names)}"
            raise refusal("ragged", sentence, row=number)
        rows.append([*cells, *[""] * (len(names) - len(cells))])
    schema = dict.fromkeys(names, pl.String)
    return MarkdownTable(pl.DataFrame(rows, schema=schema, orient="row"), at + 3)


def _cells(line: str) -> list[str]:
    """Return the cells of a line, without the marks by which Markdown shows them as code or bold."""
    text = line.strip()
    text = text.removeprefix("|")
    if text.endswith("|") and not text.endswith("\\|"):
        text = text[:-1]
    cells = [cell.strip().replace("\\|", "|") for cell in _EDGE.split(text)]
    return [found["text"] if (found := _MARKS.fullmatch(cell)) else cell for cell in cells]
