"""A Parquet file whose pages lie, or unpack to far more than they are, is refused before it is unpacked."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from pyarrow.parquet import write_table

from engine.errors import TableRefused
from engine.reading import Limits, TableSource, read_table, read_tables_file
from engine.reading.parquet_pages import check_pages
from tests.engine.test_reading_files import problems
from tests.parquet_files import (
    BYTE_ARRAY,
    DATA_PAGE_2,
    DELTA_BINARY_PACKED,
    DELTA_TEXTS,
    DICTIONARY,
    DICTIONARY_PAGE,
    GZIP,
    INT64,
    SNAPPY,
    ZSTD,
    page,
    parquet,
    texts,
    varint,
    zigzag,
)

CODECS = {"snappy": SNAPPY, "gzip": GZIP, "zstd": ZSTD}
MOST = 2**31 - 1
CELLS = texts("929", "928")
INDICES = bytes([1, 4, 0])
"""Two values, both the first of a dictionary."""

SHARED = {
    "use_dictionary": False,
    "column_encoding": {"la": "DELTA_BYTE_ARRAY"},
    "compression": "zstd",
}
"""How Arrow writes texts that share their beginnings."""

LIMIT_MEGABYTES = 4_000
USUAL_MEGABYTES = 300
"""What a process needs that reads a table of two rows, and as much again."""

READ = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]) << 20,) * 2)
from engine.errors import TableRefused
from engine.reading import read_table
try:
    said = read_table(Path(sys.argv[1])).height
except TableRefused as refused:
    said = refused.problems[0].rule
# What the system counts for a process begins with the memory of the one that started it.
lines = Path("/proc/self/status").read_text().splitlines()
print(said, next(int(one.split()[1]) for one in lines if one.startswith("VmHWM:")) >> 10)
"""


def packed(content: bytes, codec: str) -> bytes:
    return pa.compress(content, codec=codec, asbytes=True)


def deltas(count: int, first: int, *steps: int) -> bytes:
    """Return whole numbers, each by its step from the one before; the last step goes on."""
    written = varint(128) + varint(4) + varint(count) + zigzag(first)
    for start in range(0, count - 1, 128):
        parts = [*steps[start : start + 128], *[steps[-1]] * 128][:128]
        low = min(parts)
        width = max(one - low for one in parts).bit_length()
        bits = sum((one - low) << (width * place) for place, one in enumerate(parts))
        # Of the four quarters of a block those are left out that no number is in.
        quarters = min(4, (count - 1 - start + 31) // 32)
        widths = bytes([width] * quarters + [0] * (4 - quarters))
        written += (
            zigzag(low) + widths + bits.to_bytes(width * 16, "little")[: width * 4 * quarters]
        )
    return written


def shared_beginnings(count: int, length: int) -> bytes:
    """Return one long text many times, each as the whole of the one before and nothing more."""
    return deltas(count, 0, length, 0) + deltas(count, length, -length, 0) + b"x" * length


def zeros(path: Path, codec: str) -> Path:
    content = packed(bytes(600 << 20), codec)
    return parquet(path, [page(content, 2, unpacked=600 << 20)], 2, codec=CODECS[codec])


def lying(path: Path, codec: str, **form: int) -> Path:
    content = packed(CELLS, codec)
    return parquet(path, [page(content, 2, unpacked=MOST, **form)], 2, codec=CODECS[codec])


def shared_pages(path: Path, count: int, codec: str) -> Path:
    content = shared_beginnings(10_000, 3_000)
    one = page(packed(content, codec), 10_000, DELTA_TEXTS, unpacked=len(content))
    return parquet(path, [one] * count, 10_000 * count, codec=CODECS[codec])


def dictionary(path: Path, codec: str) -> Path:
    first = page(packed(texts("929"), codec), 1, kind=DICTIONARY_PAGE, unpacked=MOST)
    then = page(packed(INDICES, codec), 2, DICTIONARY, unpacked=len(INDICES))
    return parquet(path, [first, then], 2, codec=CODECS[codec], dictionary=True)


ATTACKS = {
    "a page of zeros, by zstd": lambda path: zeros(path, "zstd"),
    "a page of zeros, by gzip": lambda path: zeros(path, "gzip"),
    "a page that lies, by snappy": lambda path: lying(path, "snappy"),
    "a page that lies, by gzip": lambda path: lying(path, "gzip"),
    "a page of the second kind that lies": lambda path: lying(path, "snappy", kind=DATA_PAGE_2),
    "a dictionary that lies of its size, by snappy": lambda path: dictionary(path, "snappy"),
    "a dictionary that lies of its size, by gzip": lambda path: dictionary(path, "gzip"),
    "one long text, shared by half a million": lambda path: parquet(
        path, [page(shared_beginnings(500_000, 3_000), 500_000, DELTA_TEXTS)], 500_000
    ),
    "one long text, shared on many pages and packed": lambda path: shared_pages(path, 50, "zstd"),
    "two thousand million texts of nothing": lambda path: parquet(
        path, [page(deltas(2, 0, 0)[:3] + bytes(600), MOST, DELTA_TEXTS)], MOST
    ),
}


def read_apart(path: Path) -> tuple[str, int]:
    """Return what a new process prints about a file, and the most memory it took in megabytes."""
    command = [sys.executable, "-c", READ, path, str(LIMIT_MEGABYTES)]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    said, peak = done.stdout.split()
    return said, int(peak)


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_a_small_file_does_not_fill_the_memory(attack, tmp_path):
    path = attack(tmp_path / "a.parquet")
    assert path.stat().st_size < 1_000_000
    said, peak = read_apart(path)
    assert said == "too-large"
    assert peak < USUAL_MEGABYTES


def test_a_dictionary_that_claims_two_thousand_million_values_does_not_end_the_process(tmp_path):
    first = page(texts("929"), MOST, kind=DICTIONARY_PAGE)
    pages = [first, page(INDICES, 2, DICTIONARY)]
    path = parquet(tmp_path / "a.parquet", pages, 2, dictionary=True)
    assert read_apart(path)[0] == "unreadable-file"


HONEST = {
    "plain text": ([page(CELLS, 2)], {}),
    "a dictionary": (
        [page(texts("929"), 1, kind=DICTIONARY_PAGE), page(INDICES, 2, DICTIONARY)],
        {"dictionary": True},
    ),
    "two pages": ([page(texts("929"), 1), page(texts("928"), 1)], {}),
    "steps": ([page(deltas(2, 929, -1), 2, DELTA_BINARY_PACKED)], {"kind": INT64}),
    "a dictionary, then shared beginnings": (
        [
            page(texts("929"), 1, kind=DICTIONARY_PAGE),
            page(INDICES[:2] + bytes(1), 1, DICTIONARY),
            page(shared_beginnings(1, 3), 1, DELTA_TEXTS),
        ],
        {"dictionary": True},
    ),
    "shared beginnings": ([page(shared_beginnings(2, 3), 2, DELTA_TEXTS)], {"kind": BYTE_ARRAY}),
}


@pytest.mark.parametrize(("pages", "form"), HONEST.values(), ids=HONEST)
def test_a_file_made_by_hand_is_read_where_it_is_honest(pages, form, tmp_path):
    assert read_table(parquet(tmp_path / "a.parquet", pages, 2, **form)).height == 2


FALSE = {
    "a text that shares less than nothing": (
        [page(deltas(2, -3, 0) + deltas(2, 3, 0) + b"929928", 2, DELTA_TEXTS)],
        {},
    ),
    "a text that shares more than there is": (
        [page(deltas(2, 0, 9) + deltas(2, 3, 0) + b"929928", 2, DELTA_TEXTS)],
        {},
    ),
    "texts that share nothing that can be read": ([page(b"\xff" * 9, 2, DELTA_TEXTS)], {}),
    "more values in a page than rows": ([page(CELLS, MOST)], {}),
    "fewer values in a page than rows": ([page(CELLS, 1)], {}),
    "more values in a column than rows": ([page(CELLS, 2)], {"values": 3}),
    "more rows in the file than in its groups": ([page(CELLS, 2)], {"file_rows": 3}),
    "a column beyond the end": ([page(CELLS, 2)], {"bytes_of_chunk": 10_000}),
    "a column cut short": ([page(CELLS, 2)], {"bytes_of_chunk": 20}),
    "a column that starts within a page": ([page(CELLS, 2)], {"start": 9}),
    "a page of less than nothing": ([page(CELLS, 2, unpacked=-1)], {}),
    "a page of an unknown kind": ([page(CELLS, 2, kind=9)], {}),
    "no page": ([], {}),
}


@pytest.mark.parametrize(("pages", "claims"), FALSE.values(), ids=FALSE)
def test_a_file_whose_parts_contradict_each_other_is_refused(pages, claims, tmp_path):
    path = parquet(tmp_path / "a.parquet", pages, 2, **claims)
    assert problems(path) == [("unreadable-file", None)]


@pytest.mark.parametrize("codec", ["uncompressed", "snappy", "gzip", "zstd", "lz4", "brotli"])
def test_what_polars_writes_is_read_however_it_is_packed(codec, tmp_path):
    table = pl.DataFrame(
        {"pupil_key": [f"K{number}" for number in range(3_000)], "la": [929, None, 928] * 1_000}
    )
    table.write_parquet(tmp_path / "a.parquet", compression=codec, row_group_size=700)
    assert read_table(tmp_path / "a.parquet")["pupil_key"].to_list() == table["pupil_key"].to_list()


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("dictionary", [True, False])
def test_what_arrow_writes_is_read_in_both_forms_of_pages(version, dictionary, tmp_path):
    table = pa.table({"la": ["929", None, "928"] * 1_000, "hours": [1, 2, None] * 1_000})
    form = {"data_page_version": version, "use_dictionary": dictionary, "data_page_size": 500}
    write_table(table, tmp_path / "a.parquet", row_group_size=900, **form)
    assert read_table(tmp_path / "a.parquet")["la"].to_list() == table["la"].to_pylist()


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("codec", ["none", "snappy", "gzip", "zstd", "lz4", "brotli"])
def test_texts_that_share_their_beginnings_are_read_at_any_length(codec, version, tmp_path):
    keys = [f"K{number:07}" for number in range(30_000)]
    table = pa.table({"la": ["929", None, "928"] * 10_000, "pupil_key": keys})
    encoding = dict.fromkeys(("la", "pupil_key"), "DELTA_BYTE_ARRAY")
    form = SHARED | {"compression": codec, "column_encoding": encoding, "row_group_size": 12_000}
    write_table(table, tmp_path / "a.parquet", data_page_version=version, **form)
    read = read_table(tmp_path / "a.parquet")
    assert read.to_dict(as_series=False) == table.to_pydict()


def test_the_lengths_that_texts_share_are_added_up(tmp_path):
    write_table(pa.table({"la": ["x" * 1_000] * 40}), tmp_path / "a.parquet", **SHARED)
    assert read_table(tmp_path / "a.parquet", limits=Limits(parquet_bytes=50_000, ratio=0)).height
    with pytest.raises(TableRefused, match="more memory than its size"):
        read_table(tmp_path / "a.parquet", limits=Limits(parquet_bytes=39_000, ratio=0))


def test_the_sizes_of_all_pages_are_added_up(tmp_path):
    pages = [page(texts("929"), 1), page(texts("928"), 1)]
    path = parquet(tmp_path / "a.parquet", pages, 2)
    assert read_table(path, limits=Limits(parquet_bytes=50, ratio=0)).height == 2
    with pytest.raises(TableRefused, match="more memory than its size"):
        read_table(path, limits=Limits(parquet_bytes=13, ratio=0))


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("encoding", [None, "PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"])
def test_the_pages_say_how_long_all_texts_are_at_most_or_that_they_do_not(
    encoding, version, tmp_path
):
    cells = [None if n % 7 == 0 else "x" * (n % 40) for n in range(5_000)]
    form = {"use_dictionary": encoding is None, "data_page_version": version}
    if encoding is not None:
        form["column_encoding"] = {"la": encoding}
    path = tmp_path / "a.parquet"
    write_table(pa.table({"la": cells, "urn": range(5_000)}), path, row_group_size=900, **form)
    most = check_pages(path.read_bytes(), Limits())
    if encoding == "DELTA_BYTE_ARRAY":
        assert most is None
    else:
        assert most is not None
        assert sum(len(one) for one in cells if one) <= most < 10_000_000


def test_texts_that_the_pages_do_not_bound_are_measured_for_a_reading_by_types_too(tmp_path):
    path = tmp_path / "a.parquet"
    write_table(pa.table({"pupil_key": ["x" * 1_000] * 4_000}), path)
    room = Limits(parquet_bytes=3_000_000, ratio=0)
    with pytest.raises(TableRefused, match="more memory than its size"):
        TableSource(read_tables_file(path, limits=room)).typed()
    assert TableSource(read_tables_file(path)).typed() is not None
