"""A file, frame, Arrow table or list of records to one table of text, under our names of columns."""

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from engine.columns import Column
from engine.data import FIXTURES
from engine.errors import Problem, TableRefused
from engine.reading import (
    ANYWHERE,
    ArrowTable,
    Entry,
    Habits,
    Layout,
    Location,
    PandasFrame,
    TableSource,
    TableText,
    frame_of,
    habits_of,
    load_layout,
    read_tables_file,
    records,
)
from evenband.arguments import of_kind, whole
from evenband.sources import Source, is_records

LAYOUTS = FIXTURES / "layouts"
FRAME_ROW = 1
"""The number of the first row of a frame, which has no header above it."""


def location_of(sheet: str | None, header_row: int | None) -> Location:
    """Return where in a file a table is; raises ``TypeError`` or ``ValueError`` for what is no name or number."""
    if sheet is not None:
        of_kind(sheet, str, "sheet is the name of a sheet")
    if header_row is not None:
        whole(header_row, "header_row", 1)
    return Location(sheet, header_row)


@contextmanager
def about(source: Source) -> Iterator[None]:
    """Let a refusal say which file it is about."""
    try:
        yield
    except TableRefused as refusal:
        if isinstance(source, str | os.PathLike):
            refusal.add_note(os.fspath(source))
        raise


def read_text(
    source: Source, location: Location, layout: str | os.PathLike[str] | None, stated: Habits
) -> tuple[TableText, Habits]:
    """Return the table of a source under our names and codes, by a layout where one is named.

    With it, what was ``stated`` of how it is written, and what the layout states too.

    What ``location`` leaves open is as the layout says it. Raises ``TableRefused``, or ``TypeError`` for
    anything that is no table.
    """
    table, stated = read_source(source, location, layout, stated)
    return table.text if isinstance(table, TableSource) else table, stated


def read_source(
    source: Source, location: Location, layout: str | os.PathLike[str] | None, stated: Habits
) -> tuple[TableText | TableSource, Habits]:
    """Return what ``read_text`` does, of a file without reading its rows yet."""
    chosen = None if layout is None else _layout(layout)
    otherwise = ANYWHERE if chosen is None else chosen.location
    stated = stated if chosen is None else stated | chosen.habits
    if isinstance(source, str | os.PathLike):
        file = read_tables_file(Path(source))
        return TableSource(file, location | otherwise, chosen), stated
    text = _text_of(source, location)
    return text if chosen is None else chosen.apply_to(text), stated


def _text_of(source: Source, location: Location) -> TableText:
    if location != ANYWHERE:
        message = "sheet and header_row say where in a file its table is; leave them out where the source is no file"
        raise TypeError(message)
    if isinstance(source, pl.DataFrame | pl.LazyFrame | PandasFrame | ArrowTable):
        return TableText(frame_of(source), FRAME_ROW)
    if is_records(source):
        return TableText(records(source), FRAME_ROW)
    message = (
        "a table is read from a file (its path), a data frame, an Arrow table or a list of records "
        "(names with their values)"
    )
    raise TypeError(message)


def _layout(layout: str | os.PathLike[str]) -> Layout:
    """Return a layout by its file or the name of a shipped one; raises ``TableRefused`` where there is none."""
    path = Path(layout)
    if not path.suffix and path.parent == Path():
        known = sorted(file.stem for file in LAYOUTS.glob("*.yaml"))
        if path.name not in known:
            sentence = f"no layout is called {path.name!r}; there is {', '.join(known)}"
            raise TableRefused([Problem(sentence, "layout-unknown")])
        path = LAYOUTS / f"{path.name}.yaml"
    return load_layout(path)


def habits(
    dates: object,
    blank_means_none: object,
    round_to_pence: object,
    columns: Collection[Column] | None = None,
    more: Collection[Column] = (),
) -> Habits:
    """Return what a caller states of how a table is written; raises ``TypeError`` or ``ValueError``.

    ``columns`` are those of the table, where it is not one of pupils or schools; ``more`` those of others beside them.
    """
    named = []
    for name, value in {
        "blank_means_none": blank_means_none,
        "round_to_pence": round_to_pence,
    }.items():
        if isinstance(value, str) or not isinstance(value, Collection):
            message = f"{name} is a list of names of columns"
            raise TypeError(message)
        named.append([str(one) for one in value])
    if dates is not None and not isinstance(dates, str):
        message = "dates is 'day_first' or 'month_first'"
        raise TypeError(message)
    return habits_of(dates, named[0], named[1], Entry.python, columns, more)
