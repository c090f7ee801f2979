"""Pupils from the cache are those that the file has, whatever was kept before; no key is kept, and nothing damaged is used."""

import os
import stat
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import engine.code_cache.key as keys
import engine.reading.typed_pupils as by_types
from engine.code_cache import CodeCache, FolderRefused, PupilReading, code_cache, read_pupils
from engine.code_cache.arrays import Damaged, map_arrays, write_arrays
from engine.code_cache.folder import DAYS
from engine.code_cache.key import key_of
from engine.code_cache.tables import arrays_of, table_of
from engine.errors import FileRefused
from engine.lab.synth import synthesise, synthetic_tables
from engine.reading import ANYWHERE, PLAIN, Commissioners, Location
from engine.reading.habits import DayOrder
from engine.rules.compile import compile_rules, pupil_columns
from engine.rules.load import load_rule_file
from engine.run import evaluate
from engine.tables.pupils import PupilTable
from engine.vocabulary import FIXTURES
from tests.digests import digest_of
from tests.engine.test_typed_reading_alike import answer
from tests.spoilt_tables import SPOILT
from tests.storm_size import draws

CANDIDATE = FIXTURES / "rules" / "2026-27" / "national-profile-candidate.yaml"
YEAR = Commissioners(date(2026, 4, 1), date(2027, 3, 31))
OF_ONE = replace(YEAR, own=frozenset({354}))
PUPILS = 300


@pytest.fixture(scope="module")
def national():
    return synthesise(PUPILS, seed=11).pupils


@pytest.fixture(scope="module")
def rules():
    return compile_rules(load_rule_file(CANDIDATE))


@pytest.fixture(scope="module")
def wanted(rules):
    return pupil_columns(rules, counting=True, only_read=True)


@pytest.fixture(autouse=True)
def _many(monkeypatch):
    """Let a few pupils be read as many are: in the order of the file within their schools."""
    monkeypatch.setattr(by_types, "MANY", 2)


@pytest.fixture
def cache(tmp_path) -> CodeCache:
    return code_cache(tmp_path / "kept")


def reading_of(path: Path, wanted, whose: Commissioners = YEAR, **others) -> PupilReading:
    form = {"at": ANYWHERE, "layout": None, "layout_digest": "", "habits": PLAIN} | others
    return PupilReading(path, columns=wanted, commissioners=whose, **form)


def answers(reading: PupilReading, cache: CodeCache) -> list:
    """Return what reading gives without a cache, with an empty one, and with what was kept."""
    read = [lambda one=one: read_pupils(reading, one).table for one in (None, cache, cache)]
    return [answer(one) for one in read]


def files(cache: CodeCache) -> list[Path]:
    return sorted(cache.folder.iterdir())


@pytest.mark.parametrize("whose", [YEAR, OF_ONE], ids=["of all", "of one authority"])
@pytest.mark.parametrize("kind", ["parquet", "csv"])
@pytest.mark.parametrize("name", SPOILT)
def test_pupils_from_the_cache_are_those_of_the_file(
    tmp_path, cache, national, wanted, name, kind, whose
):
    path = tmp_path / f"pupils.{kind}"
    frame = SPOILT[name](national, 17)
    frame.write_parquet(path) if kind == "parquet" else frame.write_csv(path)
    fresh, first, again = answers(reading_of(path, wanted, whose), cache)
    assert first == fresh
    assert again == fresh
    assert len(files(cache)) == (0 if len(fresh) == 2 else 1), "what is refused is not kept"


@settings(max_examples=draws(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 10**6), st.integers(10, 400), st.booleans())
def test_what_is_worked_out_from_the_cache_is_the_same_bytes(
    tmp_path, rules, seed, number, laid_out
):
    table = synthetic_tables(number, seed=seed).pupils
    table = table.laid_out(least=0) if laid_out else table
    held = arrays_of(table)
    write_arrays(tmp_path / "one.arrow", held.record, held.arrays)
    found = table_of(map_arrays(tmp_path / "one.arrow"), lambda: table.keys)
    assert found.by_key == table.by_key
    assert (found.with_provision is None) is (table.with_provision is None)
    assert digest_of(evaluate(rules, None, found)) == digest_of(evaluate(rules, None, table))
    for name in ("offsets", "placement_la", "placement_urn", "rows", "dated"):
        held, kept = getattr(table, name), getattr(found, name)
        assert type(kept) is np.ndarray
        assert kept.dtype == held.dtype
        assert not kept.flags.writeable
        assert np.array_equal(kept, held)


def test_neither_a_key_nor_the_name_of_a_file_is_kept_and_others_cannot_read_it(
    tmp_path, cache, national, wanted
):
    path = tmp_path / "ann_of_abbey_road.parquet"
    national.write_parquet(path)
    reading = reading_of(path, wanted)
    table = read_pupils(reading, cache).table
    (kept,) = files(cache)
    content = kept.read_bytes()
    assert not [one for one in table.keys if one.encode() in content]
    assert b"abbey" not in content + str(kept.name).encode()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(cache.folder.stat().st_mode) == 0o700


def test_keys_are_found_in_the_file_again_and_never_in_one_that_has_changed(
    tmp_path, cache, national, wanted, monkeypatch
):
    path = tmp_path / "pupils.parquet"
    national.write_parquet(path)
    reading = reading_of(path, wanted)
    fresh = read_pupils(reading, cache).table
    found = read_pupils(reading, cache).table
    monkeypatch.setattr(
        PupilReading, "table", lambda *_: pytest.fail("read before it is asked for")
    )
    assert found.members is None
    monkeypatch.undo()
    monkeypatch.setattr(by_types, "MANY", 2)
    assert found.keys.equals(fresh.keys)
    late = read_pupils(reading, cache).table
    national.reverse().write_parquet(path)
    with pytest.raises(FileRefused, match="changed"):
        _ = late.keys
    assert read_pupils(reading, cache).table.keys.equals(read_pupils(reading, None).table.keys)


def test_two_files_and_two_ways_of_reading_one_never_share_an_entry(
    tmp_path, cache, national, wanted
):
    path, other = tmp_path / "pupils.parquet", tmp_path / "other.parquet"
    national.write_parquet(path)
    national.reverse().write_parquet(other)
    readings = [
        reading_of(path, wanted),
        reading_of(other, wanted),
        reading_of(path, wanted, OF_ONE),
        reading_of(path, wanted, replace(YEAR, mapping={"909": "942"})),
        reading_of(path, replace(wanted, read=None)),
        reading_of(path, replace(wanted, labels=("A", "B"))),
        reading_of(path, wanted, habits=replace(PLAIN, dates=DayOrder.day_first)),
        reading_of(path, wanted, layout_digest="0" * 64),
    ]
    found = [read_pupils(one, cache).file for one in readings]
    keys = {one.key(file) for one, file in zip(readings, found, strict=True)}
    assert len(keys) == len(files(cache)) == len(readings)
    headed = reading_of(path, wanted, at=Location(header_row=1))
    assert headed.key(found[0]) not in keys


def test_an_entry_belongs_to_the_engine_that_wrote_it(monkeypatch):
    before = key_of(source="a")
    keys._reader.cache_clear()
    monkeypatch.setattr(keys, "source_digest", lambda: "another")
    assert key_of(source="a") != before
    monkeypatch.undo()
    keys._reader.cache_clear()
    assert key_of(source="a") == before


def cut(content: bytes, share: float) -> bytes:
    return content[: int(len(content) * share)]


def changed(content: bytes, share: float) -> bytes:
    at = int(len(content) * share)
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


SPOILS = {
    "nothing": lambda _: b"",
    "one byte": lambda _: b"A",
    "other text": lambda _: b"la,urn\n" * 100,
    **{f"cut to {share}": (lambda x, s=share: cut(x, s)) for share in (0.1, 0.5, 0.9, 0.999)},
    **{f"blank from {share}": (lambda x, s=share: cut(x, s).ljust(len(x), b"\0")) for share in (0.2, 0.8)},
}  # fmt: skip


@pytest.mark.parametrize("spoil", SPOILS.values(), ids=SPOILS)
def test_an_entry_that_is_not_whole_is_ignored_and_replaced(
    tmp_path, cache, national, wanted, spoil
):
    path = tmp_path / "pupils.parquet"
    national.write_parquet(path)
    reading = reading_of(path, wanted)
    whole = answer(lambda: read_pupils(reading, cache).table)
    (kept,) = files(cache)
    good = kept.read_bytes()
    kept.write_bytes(spoil(good))
    assert answer(lambda: read_pupils(reading, cache).table) == whole
    assert kept.read_bytes() == good, "replaced"
    assert len(files(cache)) == 1


def test_a_changed_byte_anywhere_in_the_numbers_is_noticed(tmp_path):
    path = tmp_path / "one.arrow"
    write_arrays(
        path, {"pupils": 3}, {"a": np.arange(1, 30, dtype=np.int16), "b": np.ones((3, 2), np.int32)}
    )
    good = path.read_bytes()
    held = map_arrays(path)
    assert held.record == {"pupils": 3}
    assert held.arrays["b"].shape == (3, 2)
    noticed = 0
    for at in range(len(good)):
        path.write_bytes(changed(good, at / len(good)))
        try:
            found = map_arrays(path)
        except Damaged:
            noticed += 1
            continue
        assert found.record == held.record
        assert all(np.array_equal(found.arrays[name], one) for name, one in held.arrays.items())
    assert noticed > 200


def test_an_entry_under_the_name_of_another_is_not_used(tmp_path, cache, national, wanted):
    path, other = tmp_path / "pupils.parquet", tmp_path / "other.parquet"
    national.write_parquet(path)
    national.reverse().write_parquet(other)
    one, two = reading_of(path, wanted), reading_of(other, wanted)
    read_pupils(one, cache)
    (kept,) = files(cache)
    key = two.key(read_pupils(two, None).file)
    kept.rename(cache.folder / f"pupils-{key}.arrow")
    assert cache.get(key) is None
    assert answer(lambda: read_pupils(two, cache).table) == answer(
        lambda: read_pupils(two, None).table
    )


def test_what_is_too_old_goes_and_no_other_file_is_touched(tmp_path, cache, national, wanted):
    path = tmp_path / "pupils.parquet"
    national.write_parquet(path)
    read_pupils(reading_of(path, wanted), cache)
    (kept,) = files(cache)
    others = [cache.folder / name for name in ("notes.txt", "pupils-1.arrow", "pupils.arrow")]
    for one in others:
        one.write_text("mine", encoding="utf-8")
        os.utime(one, (0, 0))
    left = cache.folder / ".unfinished-abc"
    left.write_bytes(b"half")
    now = time.time()
    os.utime(kept, (now, now - (DAYS - 1) * 86_400))
    code_cache(cache.folder)
    assert {*files(cache)} == {kept, left, *others}
    for one in (kept, left):
        os.utime(one, (now, now - (DAYS + 1) * 86_400))
    code_cache(cache.folder)
    assert files(cache) == sorted(others)
    read_pupils(reading_of(path, wanted), cache)
    (entry,) = cache.entries()
    assert entry.pupils == PUPILS
    assert cache.empty() == 1
    assert files(cache) == sorted(others)


def test_a_folder_that_others_may_read_is_refused_with_the_way_out(tmp_path):
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    with pytest.raises(FolderRefused, match="chmod 700"):
        code_cache(folder)


def test_a_folder_that_cannot_be_written_to_changes_no_answer(
    tmp_path, cache, national, wanted, monkeypatch
):
    path = tmp_path / "pupils.parquet"
    national.write_parquet(path)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.code_cache.folder.write_arrays", full)
    fresh, first, again = answers(reading_of(path, wanted), cache)
    assert first == again == fresh
    assert not files(cache)


def test_a_table_that_was_kept_says_how_many_pupils_it_has_and_no_more(
    tmp_path, cache, national, wanted
):
    path = tmp_path / "pupils.parquet"
    national.write_parquet(path)
    reading = reading_of(path, wanted)
    read_pupils(reading, cache)
    table = read_pupils(reading, cache).table
    assert isinstance(table, PupilTable)
    assert repr(table) == f"<PupilTable: {PUPILS} pupils>"
