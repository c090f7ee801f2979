"""A file, frame, Arrow table or list of records to one frame, under our names of columns."""

import os
from collections.abc import Collection
from pathlib import Path

import polars as pl

from engine.data import FIXTURES
from engine.errors import Problem, TableRefused
from engine.reading import (
    ArrowTable,
    Entry,
    Habits,
    PandasFrame,
    frame_of,
    habits_of,
    load_layout,
    read_table,
    records,
)
from evenband.sources import Source, is_records

LAYOUTS = FIXTURES / "layouts"
FILE_ROW, FRAME_ROW = 2, 1
"""The number of the first row: under the header of a file, and of a frame, which has none."""


def read_frame(source: Source, sheet: str | None) -> tuple[pl.DataFrame, int]:
    """Return the columns of a source, and the number of its first row as a refusal names it.

    Raises ``TableRefused``, or ``TypeError`` for anything else.
    """
    if isinstance(source, str | os.PathLike):
        return read_table(Path(source), sheet), FILE_ROW
    if sheet is not None:
        message = "sheet names a sheet of a workbook; leave it out where the source is no file"
        raise TypeError(message)
    if isinstance(source, pl.DataFrame | pl.LazyFrame | PandasFrame | ArrowTable):
        return frame_of(source), FRAME_ROW
    if is_records(source):
        return records(source), FRAME_ROW
    message = (
        "a table is read from a file (its path), a data frame, an Arrow table or a list of records "
        "(names with their values)"
    )
    raise TypeError(message)


def laid_out(
    frame: pl.DataFrame, layout: str | os.PathLike[str] | None, stated: Habits
) -> tuple[pl.DataFrame, Habits]:
    """Return a frame under our names and codes, by a layout's file or the name of a shipped one.

    With it, what was ``stated`` of how it is written, and what the layout states too. Raises ``TableRefused``
    for a layout that is not known or does not fit the frame.
    """
    if layout is None:
        return frame, stated
    path = Path(layout)
    if not path.suffix and path.parent == Path():
        known = sorted(file.stem for file in LAYOUTS.glob("*.yaml"))
        if path.name not in known:
            sentence = f"no layout is called {path.name!r}; there is {', '.join(known)}"
            raise TableRefused([Problem(sentence, "layout-unknown")])
        path = LAYOUTS / f"{path.name}.yaml"
    chosen = load_layout(path)
    return chosen.apply(frame), stated | chosen.habits


def habits(dates: object, blank_means_none: object, round_to_pence: object) -> Habits:
    """Return what a caller states of how a table is written; raises ``TypeError`` or ``ValueError``."""
    columns = []
    for name, value in {
        "blank_means_none": blank_means_none,
        "round_to_pence": round_to_pence,
    }.items():
        if isinstance(value, str) or not isinstance(value, Collection):
            message = f"{name} is a list of names of columns"
            raise TypeError(message)
        columns.append([str(one) for one in value])
    if dates is not None and not isinstance(dates, str):
        message = "dates is 'day_first' or 'month_first'"
        raise TypeError(message)
    return habits_of(dates, columns[0], columns[1], Entry.python)
