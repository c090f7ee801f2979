"""What rows say has one digest in every kind of file and in any pieces; a Parquet file and a workbook are read back to it."""

import io
import json
import zipfile
from contextlib import suppress

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.export import ContentDigest, Format, put_in_parquet, write_rows
from engine.export.embedding import EMBEDDED, PLACE, manifest_text, manifest_within
from engine.export.file_content import ContentUnreadable, content_of_file
from engine.rows import Rows, Shape

SHAPES = {
    "text": Shape.text, "figure": Shape.figure, "whole": Shape.whole, "pounds": Shape.pounds,
    "units": Shape.units, "percent": Shape.percent,
}  # fmt: skip
TEXTS = st.sampled_from(
    [
        None,
        "",
        "plain",
        " spaces ",
        "=1+1",
        "'=1",
        "-5",
        "a\nb",
        "_x0041_",
        "é 中",
        "\x01",
        "TRUE",
        "5.10",
    ]
)
FIGURES = st.sampled_from([None, "", "5.00", "-5.10", "0", "100", "not known", "5.000001"])
NUMBERS = st.none() | st.integers(-(10**12), 10**12)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "text": TEXTS, "figure": FIGURES, "whole": NUMBERS, "pounds": NUMBERS,
            "units": NUMBERS, "percent": NUMBERS,
        }
    ),
    max_size=6,
)  # fmt: skip


def rows_of(records) -> Rows:
    return Rows.of_records("rows", SHAPES, records)


def written(rows: Rows, kind: Format, path, about=None):
    with path.open("wb") as file:
        write_rows(rows, kind, file, about)
    return path


@given(RECORDS, st.integers(0, 6))
def test_the_digest_is_that_of_the_rows_in_any_pieces(records, cut):
    rows = rows_of(records)
    pieces = ContentDigest(SHAPES)
    for part in (rows.frame.head(cut), rows.frame.slice(cut)):
        pieces.add(Rows("rows", SHAPES, part))
    assert pieces.record() == ContentDigest.of(rows).record()


@pytest.mark.parametrize("kind", [Format.parquet, Format.xlsx])
@given(records=RECORDS)
def test_rows_that_are_read_back_have_the_digest_that_they_were_written_with(
    kind, records, tmp_path_factory
):
    rows = rows_of(records)
    path = written(rows, kind, tmp_path_factory.mktemp("content") / f"rows.{kind}")
    assert content_of_file(path, SHAPES, len(rows)) == ContentDigest.of(rows).record()


@given(RECORDS, st.data())
def test_another_cell_another_order_or_another_name_is_another_digest(records, data):
    if not records:
        return
    before = ContentDigest.of(rows_of(records)).record()["sha256"]
    at, name = data.draw(st.integers(0, len(records) - 1)), data.draw(st.sampled_from(list(SHAPES)))
    other = [dict(one) for one in records]
    is_text = SHAPES[name].is_text
    other[at][name] = "another" if is_text else (other[at][name] or 0) + 1
    assert ContentDigest.of(rows_of(other)).record()["sha256"] != before
    named = {("other" if one == name else one): shape for one, shape in SHAPES.items()}
    renamed = Rows("rows", named, rows_of(records).frame.rename({name: "other"}))
    assert ContentDigest.of(renamed).record()["sha256"] != before
    turned = records[::-1]
    same = rows_of(turned).frame.equals(rows_of(records).frame)
    if not same and len({json.dumps(one) for one in records}) == len(records):
        plain = [one for one in records if one["text"] != "" and one["figure"] != ""]
        assert plain != records or ContentDigest.of(rows_of(turned)).record()["sha256"] != before


def test_a_number_that_is_missing_is_not_none():
    one, other = (
        ContentDigest.of(rows_of([{"whole": number}])).record()["sha256"] for number in (None, 0)
    )
    assert one != other


def test_a_workbook_whose_cell_was_changed_or_rounded_is_found(tmp_path):
    rows = rows_of([{"text": "a", "pounds": 12_345}, {"text": "b", "pounds": 5}])
    path = written(rows, Format.xlsx, tmp_path / "rows.xlsx")
    stated = ContentDigest.of(rows).record()
    book = openpyxl.load_workbook(path)
    book.save(path)
    assert content_of_file(path, SHAPES, 2) == stated
    for value in (123.46, "123.45", True):
        book["rows"]["D2"] = value
        book.save(path)
        with suppress(ContentUnreadable):
            assert content_of_file(path, SHAPES, 2) != stated
    book["rows"]["D2"] = 123.454
    book.save(path)
    with pytest.raises(ContentUnreadable):
        content_of_file(path, SHAPES, 2)


@pytest.mark.parametrize("kind", [Format.parquet, Format.xlsx])
def test_a_file_that_is_damaged_or_has_other_columns_cannot_be_read(tmp_path, kind):
    path = written(rows_of([{"text": "a"}]), kind, tmp_path / f"rows.{kind}")
    with pytest.raises(ContentUnreadable):
        content_of_file(path, {**SHAPES, "more": Shape.text}, 1)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(ContentUnreadable):
        content_of_file(path, SHAPES, 2)


RECORD = {
    "format": "evenband-manifest/1",
    "title": 'quotes " & <marks> \u00e9\n',
    "long": ["x" * 40_000],
}


@pytest.mark.parametrize("kind", [Format.parquet, Format.xlsx])
def test_a_file_carries_its_manifest_and_is_read_as_before(tmp_path, kind):
    rows = rows_of([{"text": "a", "pounds": 12_345}])
    path = written(rows, kind, tmp_path / "rows", {EMBEDDED: manifest_text(RECORD)})
    assert manifest_within(path) == RECORD
    assert content_of_file(path, SHAPES, len(rows)) == ContentDigest.of(rows).record()
    assert manifest_within(written(rows, kind, tmp_path / "none")) is None


FLAGS, PACKING = (6, 8), (8, 10)
"""Where the flags of a part and the way in which it is packed are in its own head, and in the archive's list."""


@pytest.mark.parametrize(("places", "value"), [(FLAGS, 1), (PACKING, 99)])
def test_a_workbook_that_is_encrypted_or_packed_in_an_unknown_way_has_no_manifest_to_read(
    tmp_path, places, value
):
    rows = rows_of([{"text": "a", "pounds": 12_345}])
    path = written(rows, Format.xlsx, tmp_path / "rows", {EMBEDDED: manifest_text(RECORD)})
    content = bytearray(path.read_bytes())
    for head, place in zip((b"PK\x03\x04", b"PK\x01\x02"), places, strict=True):
        at = content.find(head)
        while at >= 0:
            content[at + place] = value
            at = content.find(head, at + 4)
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"encrypted|compression method"):
        manifest_within(path)


@pytest.mark.parametrize("kind", [Format.csv, Format.json])
def test_a_file_of_text_carries_none(tmp_path, kind):
    assert manifest_within(written(rows_of([]), kind, tmp_path / "rows")) is None


@pytest.mark.parametrize("record", [{}, RECORD, {"x": "y" * 200}])
def test_a_manifest_takes_its_place_in_a_parquet_file_that_is_written(record):
    rows = rows_of([{"text": "a", "pounds": 12_345}] * 5)
    file = io.BytesIO()
    write_rows(rows, Format.parquet, file, {"first": "1", EMBEDDED: PLACE, "last": "2"})
    put_in_parquet(file, record)
    said = pl.read_parquet_metadata(io.BytesIO(file.getvalue()))
    assert json.loads(said[EMBEDDED]) == record
    assert (said["first"], said["last"]) == ("1", "2")
    plain = io.BytesIO()
    write_rows(rows, Format.parquet, plain)
    read, before = (pl.read_parquet(io.BytesIO(one.getvalue())) for one in (file, plain))
    assert read.equals(before)


def test_the_parts_of_a_workbook_name_the_manifest_among_them(tmp_path):
    path = written(rows_of([]), Format.xlsx, tmp_path / "rows", {EMBEDDED: manifest_text(RECORD)})
    with zipfile.ZipFile(path) as archive:
        relations = archive.read("xl/_rels/workbook.xml.rels").decode()
        assert relations.count("../customXml/item1.xml") == 1
        assert len(archive.namelist()) == len(set(archive.namelist()))
