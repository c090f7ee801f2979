"""A frame of text to checked cells of named columns: short tables of authorities, places and schools."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from engine import table_checks as check
from engine.columns import Column, Kind
from engine.reading.report import Report
from engine.reading.text import as_text, stripped, value_of
from engine.table_checks import BLANK, Check


@dataclass(frozen=True, slots=True)
class Listed:
    """Checked cells by column, and the row of the file that each came from.

    Numbers are whole (pence, millionths), None where nothing is given; text is empty there.
    """

    numbers: Mapping[str, tuple[int | None, ...]]
    texts: Mapping[str, tuple[str, ...]]
    rows: tuple[int, ...]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def number(self, name: str, at: int) -> int | None:
        """Return a cell's whole number, None where nothing is given or the column is left out."""
        return self.numbers[name][at] if name in self.numbers else None

    def text(self, name: str, at: int) -> str:
        """Return a cell's text, empty where nothing is given or the column is left out."""
        return self.texts[name][at] if name in self.texts else ""


def listed(
    frame: pl.DataFrame,
    columns: Sequence[Column],
    *,
    required: frozenset[str],
    key: tuple[str, ...],
    labels: tuple[str, ...] = (),
    first_row: int = 2,
) -> Listed:
    """Return the checked cells of a frame, or raise ``TableRefused`` with every problem.

    ``required`` columns must be there; no two rows may have the same ``key``. ``labels``
    are the words of a column of that kind, which are kept as text.
    """
    report = Report(first_row)
    known = {column.name: column for column in columns}
    problems = check.no_header(frame.columns, known)
    if not problems:
        problems += check.unknown_columns(frame.columns, known.keys(), ())
        problems += check.missing_columns(frame.columns, required)
    report.add(problems)
    report.add(check.no_rows(frame.height))
    held = {name: known[name] for name in frame.columns if name in known}
    text, problems = as_text(frame[list(held)])
    report.add(problems)
    unread = {problem.column for problem in problems}
    held = {name: column for name, column in held.items() if name not in unread}
    values = text.select(
        stripped(name) if column.kind is Kind.text else value_of(column, _of(column, labels))
        for name, column in held.items()
    )
    _check_rows(report, values, held, tuple(name for name in key if name in held), labels)
    report.refuse()
    return _listed(text, values, held, first_row)


def _of(column: Column, labels: tuple[str, ...]) -> tuple[str, ...]:
    return labels if column.kind is Kind.label else ()


def _check_rows(
    report: Report,
    values: pl.DataFrame,
    columns: Mapping[str, Column],
    key: tuple[str, ...],
    labels: tuple[str, ...],
) -> None:
    checks: list[Check] = []
    for name, column in columns.items():
        text = column.kind is Kind.text
        checks += (
            [check.text_too_long(name)] if text else check.cell_checks(column, _of(column, labels))
        )
    if key:
        sentence = f"duplicate: a row above has the same {', '.join(key)}; keep one"
        again = ~pl.struct(key).is_first_distinct()
        checks.append(Check("repeated-row", key[0], sentence, again))
    report.look(values, checks)


def _listed(
    text: pl.DataFrame, values: pl.DataFrame, columns: Mapping[str, Column], first_row: int
) -> Listed:
    worded = {name for name, column in columns.items() if column.kind in {Kind.text, Kind.label}}
    return Listed(
        numbers={
            name: tuple(None if held == BLANK else held for held in values[name].to_list())
            for name in columns
            if name not in worded
        },
        texts={name: tuple(text.select(stripped(name)).to_series()) for name in worded},
        rows=tuple(range(first_row, first_row + values.height)),
    )
