"""A table that takes more memory than there is, is refused before it is read, with a way out."""

import subprocess
import sys

import polars as pl
import pytest

from engine.reading import memory
from tests.house.sources import ROOT

ROWS = 4_000_000
FREE = 400_000_000
CHILD = """
import resource, sys
from pathlib import Path
import polars as pl
from engine.errors import TableRefused
from engine.reading import TableSource, read_tables_file
pl.scan_parquet(sys.argv[1]).select(pl.len()).collect()  # starts the library's threads
source = TableSource(read_tables_file(Path(sys.argv[1])))
pages = int(Path("/proc/self/statm").read_text().split()[0])
resource.setrlimit(resource.RLIMIT_AS, (pages * 4096 + int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    source.text if sys.argv[3] == "text" else source.typed()
except TableRefused as refused:
    print(refused.problems[0].rule, refused.problems[0].sentence)
"""
"""Reads a table in a process that may take up so many bytes more than it has."""


def said(path, free: int, how: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(path), str(free), how],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Return a file of four million pupils with ten columns."""
    path = tmp_path_factory.mktemp("large") / "pupils.parquet"
    columns = {name: pl.lit(1, pl.Int8) for name in "abcdefgh"}
    key = pl.arange(ROWS, eager=True).cast(pl.String).alias("pupil_key")
    frame = pl.DataFrame([key]).with_columns(la=pl.lit(201, pl.Int16), **columns)
    frame.write_parquet(path, compression="uncompressed")
    return path


def test_reading_as_text_is_refused_for_want_of_memory(large):
    told = said(large, FREE, "text")
    assert told.startswith(
        "too-little-memory reading it as text takes about 1.3 GB of memory, and 0."
    )
    assert "divide the file by authority" in told


def test_reading_by_types_is_refused_for_want_of_memory(large):
    assert said(large, FREE, "typed").startswith("too-little-memory reading it (4,000,000 rows)")


def test_reading_is_not_refused_where_there_is_memory(large):
    assert said(large, 100_000_000_000, "text") == said(large, 100_000_000_000, "typed") == ""


def test_the_least_of_all_limits_counts(monkeypatch):
    for name, least in {"_of_groups": [7], "_of_machine": [9], "_of_limits": [-3, 8]}.items():
        monkeypatch.setattr(memory, name, lambda least=least: iter(least))
    assert memory.available() == 0


def test_a_control_group_counts_what_files_take_up_as_free(tmp_path):
    for name, text in {
        "memory.max": "1000", "memory.current": "900", "memory.stat": "anon 1\ninactive_file 50\n",
    }.items():  # fmt: skip
        (tmp_path / name).write_text(f"{text}\n")
    assert list(memory._of_group(tmp_path)) == [150]
    (tmp_path / "memory.max").write_text("max\n")
    assert list(memory._of_group(tmp_path)) == []
