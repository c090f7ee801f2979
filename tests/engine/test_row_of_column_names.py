"""The row of a file that has the names of its columns may be named, and rows keep their numbers."""

import polars as pl
import pytest

from engine.errors import TableRefused
from engine.modules import TARGETED_FUNDING
from engine.reading import Location, load_layout, pupil_table, read_table, read_table_file
from tests.pupil_files import WANTED, book, refused, saved
from tests.rule_library import compiled

TEXT = "pupil_key,la,band\nk1,928,A\nk2,928,B\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_row_of_column_names_is_named_and_rows_keep_their_numbers(end, tmp_path):
    text = ('"A title\nof two lines"\n\n' + TEXT).replace("\n", end)
    path = saved(tmp_path, "a.csv", text)
    read = pupil_table(read_table_file(path, Location(header_row=3))[0], WANTED)
    assert sorted(read.rows.tolist()) == [4, 5]
    wrong = saved(tmp_path, "b.csv", text.replace("928,B", "928,Z"))
    assert refused(wrong, header_row=3).startswith("row 5: band:")
    assert "row 2: is blank; the row with the column names" in refused(path, header_row=2)
    assert "the column names are in row 3" in refused(path, header_row=4)


def test_a_parquet_file_has_no_row_of_names(tmp_path):
    pl.DataFrame({"la": ["928"]}).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(TableRefused, match="has no row of column names"):
        read_table(tmp_path / "a.parquet", header_row=1)


def test_a_layout_says_where_its_table_is_and_names_the_row_to_say(tmp_path):
    layout = saved(
        tmp_path,
        "layout.yaml",
        "about: x\nsource: x\nheader_row: 2\ncolumns: {pupil_key: Pupil ref, la: Council, band: Level}\n",
    )
    path = saved(tmp_path, "a.csv", "Our pupils,,\nPupil ref,Council,Level\nk1,928,A\nk2,928,Z\n")
    chosen = load_layout(layout)
    text, _ = read_table_file(path, chosen.location)
    with pytest.raises(TableRefused, match=r"^row 4: band:"):
        pupil_table(chosen.apply_to(text), WANTED)
    with pytest.raises(TableRefused, match="the column names are in row 2"):
        chosen.apply_to(read_table_file(path)[0])


def test_an_authoritys_own_table_below_a_title_is_refused_for_that_alone(tmp_path):
    text = "Plans of schools,,,\nurn,notional_sen,plans,pupils\n100001,50000,4,210\n"
    rules = compiled("toy-targeted-rate-2025-26")
    path = saved(tmp_path, "a.csv", text)
    with pytest.raises(TableRefused) as caught:
        TARGETED_FUNDING.allocate(rules, read_table_file(path)[0])
    assert str(caught.value).startswith("row 1: the column names are in row 2")
    text, _ = read_table_file(path, Location(header_row=2))
    assert [one.row for one in TARGETED_FUNDING.allocate(rules, text).valued] == [3]


def test_what_is_wrong_with_columns_that_a_layout_leaves_out_is_no_matter(tmp_path):
    rows = [
        ["Ref", "Council", "Notes", "Notes", None],
        ["k1", 928, "=A1", "x", "y"],
        ["k2", 928, "#N/A", "x", "y"],
    ]
    path = book(tmp_path / "a.xlsx", rows)
    words = "about: x\nsource: x\ncolumns: {pupil_key: Ref, la: Council}\n"
    others = load_layout(saved(tmp_path, "a.yaml", words + "ignore: all others\n"))
    assert others.apply_to(read_table_file(path)[0]).problems == ()
    named = load_layout(saved(tmp_path, "b.yaml", words + "ignore: [Notes]\n"))
    left = named.apply_to(read_table_file(path)[0]).problems
    assert [one.rule for one in left] == ["no-name"]
