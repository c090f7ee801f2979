"""Damaged files are refused in a sentence, and nothing that parses them speaks to the user."""

import os
import random
import subprocess
import sys

import polars as pl
import pyarrow as pa
import pytest
from pyarrow.parquet import write_table

from engine.errors import TableRefused
from engine.reading import read_table
from engine.reading.library_panic import PanicOfLibrary, without_traces
from tests.engine.test_reading_files import workbook
from tests.house.sources import ROOT

ROWS = 50
CHANGES = 40
SHARED = "shared.parquet"
"""Texts that share their beginnings (DELTA_BYTE_ARRAY), in several groups of rows."""

KINDS = ["a.parquet", SHARED, "a.xlsx", "a.csv"]
READ_ALL = """
import sys
from pathlib import Path
from engine.errors import TableRefused
from engine.reading import read_table
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        read_table(path)
    except TableRefused:
        pass
"""


TEXTS = pa.schema([("pupil_key", pa.string()), ("la", pa.string())])


def sound(path):
    frame = pl.DataFrame({"pupil_key": [f"k{row}" for row in range(ROWS)], "la": ["929"] * ROWS})
    if path.suffix == ".xlsx":
        workbook(path, [frame.columns, *frame.rows()])
    elif path.name == SHARED:
        encodings = dict.fromkeys(frame.columns, "DELTA_BYTE_ARRAY")
        form = {"use_dictionary": False, "column_encoding": encodings, "row_group_size": 20}
        write_table(frame.to_arrow().cast(TEXTS), path, **form)
    elif path.suffix == ".csv":
        frame.write_csv(path)
    else:
        frame.write_parquet(path)
    return path.read_bytes()


def damaged(content: bytes, seed: int, within: int | None = None) -> bytes:
    """Return bytes of which three have one bit changed, of all or of the first ones."""
    chance, spoilt = random.Random(seed), bytearray(content)
    for _ in range(3):
        spoilt[chance.randrange(within or len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


@pytest.mark.parametrize("name", KINDS)
def test_damaged_files_are_refused_or_read_and_never_raise_otherwise(tmp_path, name):
    path = tmp_path / name
    content, refused = sound(path), 0
    for seed in range(CHANGES):
        path.write_bytes(damaged(content, seed))
        try:
            read_table(path)
        except TableRefused:
            refused += 1
    # A changed letter within a cell is a cell all the same; an archive has sums for its parts.
    least = {"a.csv": 1, "a.parquet": CHANGES // 4, SHARED: CHANGES // 4, "a.xlsx": CHANGES // 2}
    assert refused >= least[name]


@pytest.mark.parametrize("name", ["a.parquet", SHARED, "a.xlsx"])
@pytest.mark.parametrize("kept", [0, 1, 4, 0.5, 0.99])
def test_a_file_that_was_cut_is_refused(tmp_path, name, kept):
    path = tmp_path / name
    content = sound(path)
    path.write_bytes(content[: kept if isinstance(kept, int) else int(len(content) * kept)])
    with pytest.raises(TableRefused) as caught:
        read_table(path)
    assert [one.rule for one in caught.value.problems] == ["unreadable-file"]


@pytest.mark.parametrize("name", ["a.parquet", SHARED, "a.xlsx"])
def test_a_damaged_file_prints_no_trace_of_a_library(tmp_path, name):
    content = sound(tmp_path / name)
    folder = tmp_path / "spoilt"
    folder.mkdir()
    for seed in range(300):
        # The head of the first page of a Parquet file, with its statistics, is at its start.
        within = 100 if seed % 2 and name == SHARED else None
        (folder / f"{seed}{name}").write_bytes(damaged(content, seed, within))
    ran = subprocess.run(
        [sys.executable, "-c", READ_ALL, folder], cwd=ROOT, capture_output=True, check=False
    )
    assert (ran.returncode, ran.stderr, ran.stdout) == (0, b"", b"")


def say_and_raise(words: bytes, error: BaseException) -> None:
    with without_traces():
        os.write(2, words)
        raise error


class PanicException(BaseException):
    """What a library raises beside every Exception."""


def test_a_panic_is_an_error_of_our_own_and_its_words_are_gone(capfd):
    with pytest.raises(PanicOfLibrary):
        say_and_raise(b"thread panicked at CANARY", PanicException())
    assert capfd.readouterr().err == ""


def test_a_trace_beside_a_plain_error_is_left_out_too(capfd):
    with pytest.raises(ValueError, match="damaged"):
        say_and_raise(b"thread 'reader' panicked at CANARY", ValueError("damaged"))
    assert capfd.readouterr().err == ""


def test_what_else_is_said_meanwhile_is_said_at_the_end(capfd):
    with without_traces():
        os.write(2, b"a warning")
    with pytest.raises(KeyError):
        say_and_raise(b" and another", KeyError())
    assert capfd.readouterr().err == "a warning and another"
