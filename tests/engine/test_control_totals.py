"""Control totals are exact, the same in any pieces and in every kind of file, and say which of them is not the manifest's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.export import ControlTotals, Format, disagreements, write_rows
from engine.export.control_totals import MOST_CANDIDATES
from engine.export.file_content import ContentUnreadable, control_of_file
from engine.rows import Rows, Shape

SHAPES = {
    "candidate": Shape.text, "urn": Shape.whole, "number": Shape.whole, "top_up": Shape.pounds,
    "pupils": Shape.units, "percent": Shape.percent, "words": Shape.figure,
}  # fmt: skip
NUMBERS = st.none() | st.integers(-(10**15), 10**15)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "candidate": st.sampled_from([None, "a", "b", "=1", "5.10", "2"]),
            "urn": st.integers(100_000, 999_999), "number": NUMBERS, "top_up": NUMBERS,
            "pupils": NUMBERS, "percent": NUMBERS, "words": st.sampled_from([None, "5.00", "c"]),
        }
    ),
    max_size=7,
)  # fmt: skip
PLACES = {"number": 1, "top_up": 100, "pupils": 1_000_000}


def rows_of(records) -> Rows:
    return Rows.of_records("rows", SHAPES, records)


def written(rows, kind, path):
    with path.open("wb") as file:
        write_rows(rows, kind, file)
    return path


@given(RECORDS, st.integers(0, 7))
def test_sums_are_exact_in_any_pieces_and_by_candidate(records, cut):
    rows = rows_of(records)
    pieces = ControlTotals(SHAPES)
    for start, length in ((0, cut), (cut, len(rows))):
        pieces.add(Rows("", SHAPES, rows.frame.slice(start, length)))
    found = pieces.record()
    assert found == ControlTotals.of(rows).record()
    by_candidate = found.pop("by_candidate")
    of = {name: [one for one in records if (one["candidate"] or "") == name.lstrip("'")] for name in by_candidate}  # fmt: skip
    assert sum(len(each) for each in of.values()) == len(records)
    for record, each in [(found, records), *((by_candidate[name], of[name]) for name in of)]:
        assert record["rows"] == len(each)
        assert set(record["columns"]) == set(PLACES)
        for name, scale in PLACES.items():
            there = [one[name] for one in each if one[name] is not None]
            column = record["columns"][name]
            assert column["empty"] == len(each) - len(there)
            assert (column["sum"] is None) == (not there)
            if there:
                whole, _, part = column["sum"].lstrip("-").partition(".")
                size = int(whole) * scale + int(part or 0)
                assert size == abs(sum(there))
                assert column["sum"].startswith("-") == (sum(there) < 0)


def test_a_sum_may_be_greater_than_64_bits_hold():
    most = 2**63 - 1
    found = ControlTotals.of(rows_of([{"candidate": "a", "number": most}] * 5)).record()
    assert found["columns"]["number"]["sum"] == str(5 * most)


@pytest.mark.parametrize("kind", [Format.csv, Format.parquet, Format.xlsx])
@given(records=RECORDS)
def test_every_kind_of_file_has_the_control_totals_of_its_rows(tmp_path_factory, kind, records):
    rows = rows_of(
        [
            {name: one and one % 10**11 if name in PLACES else one for name, one in each.items()}
            for each in records
        ]
    )
    path = written(rows, kind, tmp_path_factory.mktemp("rows") / f"rows.{kind}")
    assert control_of_file(path, SHAPES, len(rows)) == ControlTotals.of(rows).record()


def test_a_csv_with_other_columns_or_with_parts_of_a_penny_is_not_read(tmp_path):
    rows = rows_of([{"candidate": "a", "top_up": 12_345}])
    path = written(rows, Format.csv, tmp_path / "rows.csv")
    plain = path.read_text("utf-8")
    for wrong in ("123.454", "123.4x", "£123.45"):
        path.write_text(plain.replace("123.45", wrong), "utf-8")
        with pytest.raises(ContentUnreadable):
            control_of_file(path, SHAPES, 1)
    path.write_text(plain.replace("top_up", "topup"), "utf-8")
    with pytest.raises(ContentUnreadable):
        control_of_file(path, SHAPES, 1)


def test_rows_without_a_column_that_counts_are_counted(tmp_path):
    shapes = {"name": Shape.text}
    rows = Rows.of_records("rows", shapes, [{"name": "a"}, {"name": "b"}])
    path = written(rows, Format.csv, tmp_path / "rows.csv")
    assert control_of_file(path, shapes, 2) == {"rows": 2, "columns": {}}
    assert control_of_file(written(rows, Format.json, tmp_path / "rows.json"), shapes, 2) is None


def test_what_does_not_agree_is_named_with_both_totals_and_its_candidate():
    one = rows_of([{"candidate": "a", "top_up": 500}, {"candidate": "b", "top_up": 700}])
    other = rows_of([{"candidate": "a", "top_up": 500}, {"candidate": "b", "top_up": None}])
    stated, found = (ControlTotals.of(each).record() for each in (one, other))
    assert list(disagreements(stated, stated)) == []
    assert list(disagreements(stated, found)) == [
        "total of top_up: 12.00 by the manifest, 5.00 here",
        "cells of top_up without a number: 0 by the manifest, 1 here",
        "total of top_up of candidate b: 7.00 by the manifest, none here",
        "cells of top_up of candidate b without a number: 0 by the manifest, 1 here",
    ]


def test_amounts_that_move_between_candidates_are_found_though_their_sum_stays():
    one = rows_of([{"candidate": "a", "top_up": 500}, {"candidate": "b", "top_up": 700}])
    other = rows_of([{"candidate": "a", "top_up": 700}, {"candidate": "b", "top_up": 500}])
    found = list(disagreements(ControlTotals.of(one).record(), ControlTotals.of(other).record()))
    assert [each.partition(":")[0] for each in found] == [
        "total of top_up of candidate a",
        "total of top_up of candidate b",
    ]


@pytest.mark.parametrize("more", [0, 1])
def test_so_many_candidates_have_one_sum_together(more):
    records = [{"candidate": str(at), "top_up": at} for at in range(MOST_CANDIDATES + more)]
    found = ControlTotals.of(rows_of(records)).record()
    assert ("by_candidate" in found) == (not more)
    assert found["rows"] == len(records)
