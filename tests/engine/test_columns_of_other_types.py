"""A column of a type that no table has is named together with all other mistakes of its table, and makes none."""

import struct
from datetime import UTC, date, datetime

import polars as pl
import pytest

from engine.columns import PUPIL_COLUMNS, ColumnSelection
from engine.errors import TableRefused
from engine.reading import (
    Commissioners,
    Layout,
    TableSource,
    TableText,
    pupil_table,
    read_table_file,
    read_tables_file,
)
from engine.reading.arrow_pages import arrow_file
from engine.reading.flat_buffers import RecordDamaged
from engine.reading.limits import Limits

WANTED = ColumnSelection(frozenset({"urn", "band"}), frozenset(PUPIL_COLUMNS), ("A", "B"))
YEAR = Commissioners(date(2026, 4, 1), date(2027, 3, 31))
OF_ONE = Commissioners(date(2026, 4, 1), date(2027, 3, 31), frozenset({201}))
TYPES = {
    "list": pl.Series([[1], [2, 3], None]),
    "list of lists": pl.Series([[[1]], [[2], [3]], [[]]]),
    "struct": pl.Series([{"a": 1, "b": "x"}, {"a": 2, "b": "y"}, None]),
    "list of structs": pl.Series([[{"a": 1}], [], [{"a": 2}, {"a": 3}]]),
    "array": pl.Series([[1, 2], [3, 4], [5, 6]], dtype=pl.Array(pl.Int64, 2)),
    "bytes": pl.Series([b"1", b"2", b"3"]),
    "time zone": pl.Series([datetime(2026, 4, 1, tzinfo=UTC)] * 3),
}


def pupils(**columns: object) -> pl.DataFrame:
    """Return three pupils, with columns of their own."""
    sound = {"pupil_key": ["a", "b", "c"], "urn": [900_001] * 3, "la": [201] * 3, "band": ["A"] * 3}
    return pl.DataFrame(sound | columns)


def save(frame: pl.DataFrame, folder, kind: str):
    """Return the path of a frame in a file of a kind."""
    path = folder / f"pupils.{kind}"
    frame.write_parquet(path) if kind == "parquet" else frame.write_ipc(path)
    return path


def mistakes(table, whose: Commissioners = YEAR) -> set[tuple[str, str | None, int | None]]:
    """Return each mistake of a table by its rule, column and row, once."""
    with pytest.raises(TableRefused) as caught:
        pupil_table(table, WANTED, commissioners=whose)
    problems = caught.value.problems
    assert caught.value.total == len(problems)
    found = {(one.rule, one.column, one.row) for one in problems}
    assert len(found) == len(problems)
    return found


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
@pytest.mark.parametrize("held", TYPES)
def test_it_hides_no_wrong_cell_and_no_other_column_of_such_a_type(tmp_path, kind, held):
    frame = pupils(
        band=TYPES[held],
        hours=[1.5, 2.0, None],
        sen_provision=["E", "moon", None],
        la=[201, 201, 100],
        notes=TYPES[held],
    ).drop("urn")
    path = save(frame, tmp_path, kind)
    assert (
        mistakes(TableSource(read_tables_file(path)))
        == mistakes(read_table_file(path)[0])
        == {
            ("nested", "band", None),
            ("float", "hours", None),
            ("unknown-code", "sen_provision", 3),
            ("unknown-authority", "la", 4),
            ("missing-column", "urn", None),
            ("unknown-column", "notes", None),
        }
    )


@pytest.mark.parametrize("whose", [YEAR, OF_ONE], ids=["of all", "of one authority"])
@pytest.mark.parametrize("name", ["la", "pupil_key", "urn", "start"])
def test_of_such_a_column_of_any_name_nothing_else_is_said(tmp_path, name, whose):
    frame = pupils(end=["2026-05-31", "2026-04-01", "soon"], **{name: TYPES["list"]})
    expected = {("nested", name, None), ("unreadable", "end", 4)}
    for kind in ("parquet", "arrow"):
        assert (
            mistakes(TableSource(read_tables_file(save(frame, tmp_path, kind))), whose) == expected
        )
    assert mistakes(frame, whose) == expected


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_a_file_of_such_columns_alone_is_refused(tmp_path, kind):
    path = save(pl.DataFrame({"la": TYPES["list"], "urn": [1.5, 2.5, 3.5]}), tmp_path, kind)
    with pytest.raises(TableRefused) as caught:
        TableSource(read_tables_file(path)).typed()
    assert [(one.rule, one.column) for one in caught.value.problems] == [
        ("nested", "la"),
        ("float", "urn"),
    ]


def layout(**columns: str) -> Layout:
    """Return a layout of columns, and of no others."""
    return Layout(about="an example", source="invented", columns=columns, ignore=("Notes",))


THEIRS = {"pupil_key": "Ref", "urn": "Site", "la": "Council", "band": "Plan", "level": "Plan"}


def test_a_layout_hides_no_mistake_of_the_table_that_it_names(tmp_path):
    """A column that was missing, not named or of another type was refused before any cell was looked at."""
    frame = pl.DataFrame(
        {"Ref": ["a", "b", "c"], "Council": ["201", "moon", "201"], "Plan": TYPES["list"], "More": ["1", "2", "3"]}
    )  # fmt: skip
    expected = {
        ("missing-column", "Site", None),
        ("nested", "band", None),
        ("unknown-column", "More", None),
        ("unreadable", "la", 3),
    }
    chosen = layout(**THEIRS)
    assert mistakes(chosen.apply_to(TableText(frame))) == expected
    for kind in ("parquet", "arrow"):
        source = TableSource(read_tables_file(save(frame, tmp_path, kind)), layout=chosen)
        assert mistakes(source) == expected


def test_a_cell_that_is_too_long_is_named_under_a_layout_too(tmp_path):
    """Its mistake was taken for that of a column which is not read, and the table was accepted."""
    path = tmp_path / "pupils.csv"
    path.write_text(f"Ref,Site,Council,Plan\na,900001,201,{'A' * 200}\nb,900001,moon,A\n")
    chosen = layout(pupil_key="Ref", urn="Site", la="Council", band="Plan")
    text = read_table_file(path, limits=Limits(cell_bytes=100))[0]
    assert mistakes(chosen.apply_to(text)) == {("too-long", "band", 2), ("unreadable", "la", 3)}


def record(fields: dict[int, bytes | int], after: int) -> bytes:
    """Return a record whose fields lead to what comes after it, by numbers of bytes from there."""
    vtable = [4 + 4 * (1 + list(fields).index(at)) - 4 if at in fields else 0 for at in range(6)]
    head = struct.pack("<HH6H", 16, 4 + 4 * len(fields), *vtable)
    size = 4 + 4 * len(fields)
    leads = [size - 4 * (1 + at) + one + after for at, one in enumerate(fields.values())]
    return head + struct.pack(f"<i{len(leads)}I", 16, *leads)


def file_of(steps: int) -> memoryview:
    """Return an Arrow file of one column, of which each step down claims the next one twice."""

    def entries(number: int) -> bytes:
        # Each leads to the record after the list, behind its table of fields.
        return struct.pack(
            f"<I{number}I", number, *(4 * (number - at) + 16 for at in range(number))
        )

    fields = b"".join(record({5: 0}, 0) + entries(2) for _ in range(steps)) + record({}, 0)
    content = record({1: 0}, 16) + record({1: 0}, 0) + entries(1) + fields
    footer = struct.pack("<I", 4 + 16) + content
    return memoryview(b"ARROW1\0\0" + footer + struct.pack("<I", len(footer)) + b"ARROW1")


def test_columns_that_claim_the_same_columns_inside_of_them_are_refused_at_once():
    """Forty steps of two each would be a million million columns."""
    assert arrow_file(file_of(3)).sizes == (15,)
    with pytest.raises(RecordDamaged):
        arrow_file(file_of(40))
