"""Arrow files are read as Parquet files are; what lies of its size, or is damaged, is refused before it is unpacked."""

import io
import random

import polars as pl
import pyarrow as pa
import pyarrow.feather
import pytest

from engine.errors import TableRefused
from engine.lab.synth import synthesise
from engine.reading import Limits, TableSource, pupil_table, read_table, read_tables_file
from engine.reading.arrow_pages import arrow_file
from engine.reading.flat_buffers import RecordDamaged
from engine.rules.compile import compile_rules, pupil_columns
from engine.rules.load import load_rule_file
from engine.vocabulary import FIXTURES
from tests.storm_size import draws

CANDIDATE = FIXTURES / "rules" / "2026-27" / "national-profile-candidate.yaml"
PACKED = ("uncompressed", "lz4", "zstd")
TABLE = pl.DataFrame({"pupil_key": ["k1", "k2", "k3"], "la": [929, None, 928], "urn": [1, 2, 3]})


def written(frame: pl.DataFrame, compression="uncompressed") -> bytes:
    file = io.BytesIO()
    frame.write_ipc(file, compression=compression)
    return file.getvalue()


def refusal(path, limits: Limits) -> str:
    with pytest.raises(TableRefused) as refused:
        read_table(path, limits=limits)
    return refused.value.problems[0].rule


@pytest.mark.parametrize("ending", [".arrow", ".feather"])
@pytest.mark.parametrize("packed", PACKED)
def test_an_arrow_file_is_read_by_either_ending_however_it_is_packed(tmp_path, packed, ending):
    path = tmp_path / f"a{ending}"
    path.write_bytes(written(TABLE, packed))
    assert read_table(path).to_dict(as_series=False) == {
        "pupil_key": ["k1", "k2", "k3"],
        "la": ["929", None, "928"],
        "urn": ["1", "2", "3"],
    }


@pytest.mark.parametrize("packed", ["uncompressed", "lz4", "zstd"])
def test_what_pandas_and_arrow_write_is_read(tmp_path, packed):
    needs = pa.array(["ASD", None, "MLD"] * 400).dictionary_encode()
    table = pa.table({"la": ["929", "928", None] * 400, "primary_need": needs, "urn": range(1_200)})
    path = tmp_path / "a.feather"
    pyarrow.feather.write_feather(table, str(path), compression=packed, chunksize=500)
    read = read_table(path)
    assert read["la"].to_list() == ["929", "928", None] * 400
    assert read["primary_need"].to_list() == ["ASD", None, "MLD"] * 400
    assert read["urn"].to_list() == [str(one) for one in range(1_200)]


def test_what_a_parquet_file_may_not_have_an_arrow_file_may_not_have_either(tmp_path):
    for name, frame in {
        "float": pl.DataFrame({"la": [1.5]}),
        "nested": pl.DataFrame({"la": [[1]]}),
    }.items():
        path = tmp_path / "a.arrow"
        path.write_bytes(written(frame))
        assert refusal(path, Limits()) in {name, "unreadable-file"}
        frame.write_parquet(tmp_path / "a.parquet")
    path.write_bytes(written(TABLE))
    assert refusal(path, Limits(rows=2)) == "too-many-rows"
    assert refusal(path, Limits(cells=8)) == "too-large"
    assert refusal(path, Limits(columns=2)) == "too-many-columns"
    with pytest.raises(TableRefused, match="an Arrow file has no row of column names"):
        read_table(path, header_row=1)
    with pytest.raises(TableRefused, match="only a workbook"):
        read_table(path, "Sheet1")


def test_the_name_and_the_content_must_agree(tmp_path):
    for name, content, sentence in [
        ("a.csv", written(TABLE), "is an Arrow file, though its name ends in .csv"),
        ("a.arrow", b"la,urn\n929,1\n", "is not an Arrow file, or is damaged"),
        ("a.arrow", b"", "is not an Arrow file, or is damaged"),
        ("a.dat", written(TABLE), "is an Arrow file, and its name must end in .arrow"),
        ("a.feather", b"FEA1" + bytes(40), "is a Feather file of the first version"),
    ]:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(TableRefused, match=sentence.replace(".", r"\.")):
            read_table(tmp_path / name)


@pytest.mark.parametrize("packed", ["lz4", "zstd"])
def test_a_small_file_that_unpacks_to_much_is_refused_by_what_it_states(tmp_path, packed):
    path = tmp_path / "a.arrow"
    path.write_bytes(
        written(pl.DataFrame({"la": pl.zeros(3_000_000, pl.Int64, eager=True)}), packed)
    )
    assert path.stat().st_size < 1_000_000
    assert refusal(path, Limits(parquet_bytes=10_000_000, ratio=0)) == "too-large"
    assert read_table(path).height == 3_000_000


def test_texts_that_lie_in_one_place_are_measured(tmp_path):
    path = tmp_path / "a.arrow"
    long = pl.DataFrame({"la": pl.Series(["x" * 1_000]).new_from_index(0, 40_000)})
    path.write_bytes(written(long))
    assert refusal(path, Limits(parquet_bytes=20_000_000, ratio=0)) == "too-large"
    assert refusal(path, Limits(cell_bytes=999)) == "too-long"


def test_a_part_that_states_another_size_is_refused(tmp_path):
    content = written(pl.DataFrame({"la": list(range(5_000))}), "zstd")
    (batch,) = arrow_file(memoryview(content)).batches
    start = max(batch.parts, key=lambda one: one.size).start
    path = tmp_path / "a.arrow"
    for stated in (2**62, 10**12, -5):
        head = stated.to_bytes(8, "little", signed=True)
        path.write_bytes(content[:start] + head + content[start + 8 :])
        assert refusal(path, Limits()) in {"too-large", "unreadable-file"}


def test_the_parts_of_a_file_lie_inside_of_it():
    content = written(TABLE)
    file = arrow_file(memoryview(content))
    assert file.names == ("pupil_key", "la", "urn")
    assert [one.rows for one in file.batches] == [3]
    for size in range(len(content)):
        with pytest.raises(RecordDamaged):
            arrow_file(memoryview(content)[:size])


@pytest.mark.parametrize("packed", PACKED)
def test_a_damaged_file_is_read_or_refused_and_ends_no_process(tmp_path, packed):
    pupils = synthesise(60, seed=3).pupils
    good = written(
        pupils.with_columns(pl.col("setting").cast(pl.String).cast(pl.Categorical)), packed
    )
    wanted = pupil_columns(compile_rules(load_rule_file(CANDIDATE)), counting=True, only_read=True)
    path, chance = tmp_path / "a.arrow", random.Random(7)
    read = 0
    for _ in range(draws(150)):
        content = bytearray(good)
        for _ in range(chance.choice([1, 1, 3])):
            place = chance.choice([len(good), 3_000, len(good)])
            at = chance.randrange(place)
            content[at] = chance.choice([0, 127, 128, 255, chance.randrange(256)])
        path.write_bytes(content)
        try:
            pupil_table(TableSource(read_tables_file(path)), wanted)
            read += 1
        except TableRefused:
            continue
    assert read
