"""Pupils of a file, from the cache where they were read in the same way before, else read and kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from engine.code_cache.arrays import CachedArrays, Damaged
from engine.code_cache.folder import CodeCache
from engine.code_cache.key import key_of
from engine.code_cache.tables import arrays_of, table_of
from engine.columns import ColumnSelection
from engine.input_file import STANDARD_INPUT, InputFile, digested_input
from engine.reading import (
    Commissioners,
    Habits,
    Layout,
    Limits,
    Location,
    TableSource,
    pupil_table,
    read_tables_file,
)
from engine.tables import PupilTable


@dataclass(frozen=True, slots=True)
class PupilReading:
    """A file of pupils, and everything that decides how it is read.

    ``layout`` is None where none is of pupils; ``layout_digest`` is that of its file.
    """

    path: Path
    at: Location
    layout: Layout | None
    layout_digest: str
    columns: ColumnSelection
    habits: Habits
    commissioners: Commissioners

    def source(self) -> TableSource:
        """Return the table of the file, read now."""
        return TableSource(read_tables_file(self.path), self.at, self.layout)

    def table(self, source: TableSource) -> PupilTable:
        """Return the checked table of pupils; raises ``TableRefused``."""
        return pupil_table(
            source, self.columns, habits=self.habits, commissioners=self.commissioners
        )

    def key(self, file: InputFile) -> str:
        """Return the digest by which what is read from a file with these bytes is kept."""
        # The ending of a name is among what says of which kind a file is.
        ending = "" if file.path is None else file.path.suffix.lower()
        return key_of(
            source=file.sha256, ending=ending, at=self.at, layout=self.layout_digest,
            columns=self.columns, habits=self.habits, commissioners=self.commissioners,
        )  # fmt: skip


class PupilsRead(NamedTuple):
    """A table of pupils, the file that it is from, and the names of its columns where something is stated of some."""

    table: PupilTable
    file: InputFile
    names: Sequence[str]


def read_pupils(reading: PupilReading, cache: CodeCache | None) -> PupilsRead:
    """Return the pupils of a file; with a cache from there, where the same bytes were read in the same way before."""
    if cache is None:
        return _fresh(reading, reading.source())
    source = None
    if reading.path == STANDARD_INPUT:
        source = reading.source()
        file = source.source
    else:
        file = digested_input(reading.path, Limits().file_bytes)
    held = cache.get(reading.key(file))
    if held is not None:
        try:
            keys = partial(_keys_again, reading, source, file, held)
            return PupilsRead(table_of(held, keys), file, held.record["names"])
        except (Damaged, KeyError):
            pass
    found = _fresh(reading, source or reading.source())
    kept = arrays_of(found.table)
    record = {**kept.record, "names": list(found.names), "pupils": len(found.table)}
    cache.put(reading.key(found.file), CachedArrays(record, kept.arrays))
    return found


def _fresh(reading: PupilReading, source: TableSource) -> PupilsRead:
    table = reading.table(source)
    # Names are needed where something is stated of columns: the text of all other files need not be read.
    names = source.text.frame.columns if reading.habits.stated else ()
    return PupilsRead(table, source.source, names)


def _keys_again(
    reading: PupilReading, source: TableSource | None, file: InputFile, held: CachedArrays
) -> pl.Series:
    """Return the keys of a table's pupils, read from its file again; raises ``FileRefused`` where that has changed."""
    again = reading.source() if source is None else source
    if again.source.sha256 != file.sha256:
        raise file.changed()
    table = reading.table(again)
    if not np.array_equal(table.rows, held.arrays["rows"]):
        raise file.changed()
    return table.keys
