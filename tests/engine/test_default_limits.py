"""The default limits on files: each one that a small file can reach, at the limit and above it."""

import polars as pl
import pytest

from engine.errors import TableRefused
from engine.reading import Limits, read_table


def written(folder, kind, frame):
    path = folder / f"table.{kind}"
    frame.write_csv(path) if kind == "csv" else frame.write_parquet(path)
    return path


def rule_of(path):
    with pytest.raises(TableRefused) as caught:
        read_table(path)
    return caught.value.problems[0].rule


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_cell_has_four_thousand_bytes_and_not_one_more(tmp_path, kind):
    cell = pl.DataFrame({"pupil_key": ["a" * 4_000]})
    assert read_table(written(tmp_path, kind, cell)).height == 1
    assert rule_of(written(tmp_path, kind, cell.select(pl.col("pupil_key") + "b"))) == "too-long"


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_table_has_five_hundred_columns_and_not_one_more(tmp_path, kind):
    most = pl.DataFrame({f"column_{at}": ["1"] for at in range(500)})
    assert read_table(written(tmp_path, kind, most)).width == 500
    above = most.with_columns(one_more=pl.lit("1"))
    assert rule_of(written(tmp_path, kind, above)) == "too-many-columns"


def test_bounds_that_no_quick_test_can_reach_are_as_they_are_published():
    limits = Limits()
    assert (limits.file_bytes, limits.rows, limits.cells) == (2**32, 20_000_000, 400_000_000)
    assert (limits.workbook_bytes, limits.workbook_parts, limits.ratio) == (2**28, 1_000, 100)
    assert (limits.grid_cells, limits.workbook_text) == (17_000_000, 2**30)
    assert limits.parquet_bytes == 2**28
