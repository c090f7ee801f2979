"""A Parquet file from pieces of a table, with no more than a few of them in memory.

The library that writes the file asks for pieces; here the code that works them out hands them in. So it has a thread of its own, and signals and
faults end the run where they happen.
"""

from collections.abc import Callable, Iterator, Mapping
from queue import Empty, Full, Queue
from threading import Thread
from types import TracebackType
from typing import BinaryIO, Self

import polars as pl
from polars.io.plugins import register_io_source

ROWS = 100_000
"""Rows of a row group, whatever the pieces are: the same rows give the same bytes."""

WAITING = 2
"""Pieces that wait to be written."""

_LOOK_SECONDS = 0.05


class _Ended(Exception):
    """Nothing more is to be written: the code that hands pieces in has failed."""


class ParquetPieces:
    """Writes pieces of a table, one after another, to an open file; complete once its block is left without a fault.

    Raises what the library raises where the file cannot be written.
    """

    def __init__(self, file: BinaryIO, schema: pl.Schema, about: Mapping[str, str]) -> None:
        self._schema = schema
        self._pieces: Queue[pl.DataFrame | None] = Queue(WAITING)
        self._fault: BaseException | None = None
        self._failed = False
        self._thread = Thread(target=self._write_all, args=(file, dict(about)), daemon=True)

    def __enter__(self) -> Self:
        """Begin to write."""
        self._thread.start()
        return self

    def write(self, piece: pl.DataFrame) -> None:
        """Hand in the next rows."""
        self._hand_in(piece)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish the file, or leave it as it is where its block has failed."""
        if error is not None:
            self._failed = True
            self._thread.join()
            return
        self._hand_in(None)
        self._thread.join()
        if self._fault is not None:
            raise self._fault

    def _hand_in(self, piece: pl.DataFrame | None) -> None:
        while self._fault is None:
            try:
                self._pieces.put(piece, timeout=_LOOK_SECONDS)
            except Full:
                continue
            return
        raise self._fault

    def _write_all(self, file: BinaryIO, about: dict[str, str]) -> None:
        try:
            scan = register_io_source(self._source(), schema=self._schema)
            scan.sink_parquet(
                file, compression="zstd", row_group_size=ROWS, metadata=about, engine="streaming"
            )
        except _Ended:
            return
        except BaseException as error:  # noqa: BLE001 - it is raised where pieces are handed in
            self._fault = error

    def _source(self) -> Callable[..., Iterator[pl.DataFrame]]:
        def pieces(*_: object) -> Iterator[pl.DataFrame]:
            while (piece := self._next()) is not None:
                yield piece

        return pieces

    def _next(self) -> pl.DataFrame | None:
        while not self._failed:
            try:
                return self._pieces.get(timeout=_LOOK_SECONDS)
            except Empty:
                continue
        raise _Ended
