"""Rows in pieces give the bytes that the same rows give whole, whatever the pieces; a fault ends the run where it happens."""

import io
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import TableRefused
from engine.export import Format, formats, rows_as_bytes, write_rows
from engine.export.long_rows import LongRows, write_long
from engine.export.parquet_pieces import ParquetPieces
from engine.rows import Rows, Shape

SHAPES = {
    "candidate": Shape.text,
    "total": Shape.pounds,
    "share": Shape.percent,
    "number": Shape.whole,
}
ABOUT = {"evenband.engine.version": "1"}


def rows_of(number: int) -> Rows:
    records = [
        {
            "candidate": None if at % 7 == 0 else f'=c{at}, "one"',
            "total": None if at % 5 == 0 else at * 137 - 1_000,
            "share": at * 1_001,
            "number": at,
        }
        for at in range(number)
    ]
    return Rows.of_records("groups", SHAPES, records)


def in_pieces(rows: Rows, cuts: list[int]) -> LongRows:
    bounds = [0, *sorted(cuts), len(rows)]
    pieces = (
        Rows(rows.name, rows.shapes, rows.frame.slice(start, stop - start))
        for start, stop in pairwise(bounds)
    )
    return LongRows(rows.name, rows.shapes, pieces)


def written(rows: LongRows, kind: Format) -> bytes:
    buffer = io.BytesIO()
    write_long(rows, kind, buffer, ABOUT)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", list(Format))
@given(number=st.integers(0, 40), cuts=st.lists(st.integers(0, 40), max_size=4))
def test_pieces_give_the_bytes_of_the_whole(kind, number, cuts):
    rows = rows_of(number)
    whole = io.BytesIO()
    write_rows(rows, kind, whole, ABOUT)
    long = in_pieces(rows, [min(one, number) for one in cuts])
    assert written(long, kind) == whole.getvalue()
    assert len(long) == number


def test_row_groups_of_a_long_file_are_those_of_the_whole_and_in_its_order():
    rows = rows_of(250_000)
    whole = io.BytesIO()
    write_rows(rows, Format.parquet, whole, ABOUT)
    content = written(in_pieces(rows, [7, 130_000, 130_001]), Format.parquet)
    assert content == whole.getvalue()
    assert pl.read_parquet(io.BytesIO(content))["number"].is_sorted()


@pytest.mark.parametrize("kind", list(Format))
def test_no_pieces_give_the_bytes_of_no_rows(kind):
    buffer = io.BytesIO()
    write_long(LongRows("groups", SHAPES, []), kind, buffer)
    assert buffer.getvalue() == rows_as_bytes(rows_of(0), kind)


@pytest.mark.parametrize("kind", list(Format))
def test_a_fault_in_a_later_piece_is_raised_as_it_is(kind):
    def pieces():
        yield rows_of(3)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        written(LongRows("groups", SHAPES, pieces()), kind)


def test_a_workbook_is_refused_as_soon_as_a_sheet_does_not_hold_the_rows(monkeypatch):
    monkeypatch.setattr(formats, "MOST_SHEET_ROWS", 5)
    asked = []

    def pieces():
        for at in range(9):
            asked.append(at)
            yield rows_of(3)

    with pytest.raises(TableRefused, match="write CSV or Parquet"):
        written(LongRows("groups", SHAPES, pieces()), Format.xlsx)
    assert asked == [0, 1]


def test_a_disk_that_takes_no_more_ends_the_run_and_leaves_no_thread_waiting():
    class Full(io.BytesIO):
        def write(self, _):
            raise OSError(28, "No space left on device")

    parquet = ParquetPieces(Full(), pl.Schema({"a": pl.Int64}), {})

    def write_much():
        with parquet:
            for _ in range(10_000):
                parquet.write(pl.DataFrame({"a": range(10_000)}))

    with pytest.raises((OSError, pl.exceptions.PolarsError)):
        write_much()
    assert not parquet._thread.is_alive()
