"""Comma-separated text whose cells are plain is read as any text is: the same pupils, notices and refusals."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import engine.reading.typed_pupils as by_types
from engine.columns import Column, Kind, pupil_column
from engine.kernels.plain_cells import ODD, day_number
from engine.lab.synth import synthesise
from engine.reading import TableSource, plain_text, pupil_table, read_tables_file, table_source
from engine.reading.column_values import words_of
from engine.rules.compile import compile_rules, pupil_columns
from engine.rules.load import load_rule_file
from engine.vocabulary import ABSENT_SYMBOLS, local_authorities
from tests.engine.test_typed_reading_alike import CANDIDATE, OF_ONE, PUPILS, YEAR, answer
from tests.spoilt_tables import PLAIN, SPOILT
from tests.storm_size import draws

SPELLED_OTHERWISE = {
    "a code in other capitals", "a code with space around", "empty text for nothing", "pounds with thousands",
    "R for reception",
}  # fmt: skip
"""What columns with types may hold, and the reading of text alone finds in comma-separated text."""

SHARED = [HealthCheck.function_scoped_fixture]


@pytest.fixture(scope="module")
def national() -> pl.DataFrame:
    """Return pupils as a file of them has them, with first and last days."""
    return synthesise(PUPILS, seed=11).pupils


@pytest.fixture(scope="module")
def wanted():
    return pupil_columns(compile_rules(load_rule_file(CANDIDATE)), counting=True, only_read=True)


class Reading:
    """Reads the bytes of a file in both ways, and holds the answers equal."""

    def __init__(self, folder, wanted) -> None:
        self.path, self.wanted = folder / "pupils.csv", wanted
        self.cells: list[bool] = []
        """Whether the kernel found each text plain that it read."""
        self.tables: list[bool] = []
        """Whether each table was then read by types."""

    def plain(self, content: bytes, whose=YEAR) -> bool:
        """Return whether the file is plain; fail where that makes any difference but of time."""
        self.path.write_bytes(content)
        self.cells.clear(), self.tables.clear()
        source = TableSource(read_tables_file(self.path))
        by_text = answer(lambda: pupil_table(source.text, self.wanted, commissioners=whose))
        assert self.tables == []
        assert answer(lambda: pupil_table(source, self.wanted, commissioners=whose)) == by_text
        assert self.tables in ([], [False], [True])
        assert self.tables != [True] or self.cells == [True], "the kernel has not read it"
        return self.tables == [True]


@pytest.fixture
def reading(tmp_path, wanted, monkeypatch) -> Reading:
    """Return a reader of files, however small, in several pieces."""
    found = Reading(tmp_path, wanted)
    fill, typed = plain_text.fill_plain_cells, by_types.typed_pupils
    cells = plain_text.PlainText.cells
    calls = []

    def noted_fill(*arguments):
        calls.append(arguments)
        fill(*arguments)

    def noted_cells(*arguments):
        found.cells.append(False)
        calls.clear()
        held = cells(*arguments)
        found.cells[-1] = len(calls) > 0
        return held

    def noted_typed(*arguments):
        table = typed(*arguments)
        found.tables.append(table is not None)
        return table

    monkeypatch.setattr(plain_text, "fill_plain_cells", noted_fill)
    monkeypatch.setattr(plain_text.PlainText, "cells", noted_cells)
    monkeypatch.setattr("engine.reading.pupils.typed_pupils", noted_typed)
    monkeypatch.setattr(by_types, "MANY", 2)
    monkeypatch.setattr(table_source, "LEAST_BYTES", 0)
    monkeypatch.setattr(plain_text, "_PIECE_BYTES", 5_000)
    return found


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["newline", "both"])
@pytest.mark.parametrize("name", SPOILT)
def test_plain_text_is_read_as_any_text_is(reading, national, name, line_end):
    text = SPOILT[name](national, 17).write_csv(line_terminator=line_end).encode()
    assert reading.plain(text) == (name in PLAIN and name not in SPELLED_OTHERWISE)


def test_pupils_of_one_authority_are_found_in_plain_text_too(reading, national):
    text = national.with_columns(la=pl.lit(201)).write_csv().encode()
    assert reading.plain(text, OF_ONE)
    assert not reading.plain(national.write_csv().encode(), OF_ONE)


@pytest.mark.parametrize(
    ("plain", "spoil"),
    [
        (True, lambda text: text.rstrip("\n")),
        (True, lambda text: "\ufeff" + text),
        (True, lambda text: text.replace("\n", "\r\n", 40)),
        (True, lambda text: text.replace(",0.00,", ",0,", 20).replace(",0.00,", ",0.0,", 20)),
        (False, lambda text: text.replace(",0,", ",00,", 2)),
        (False, lambda text: "Pupils in May\n" + text),
        (False, lambda text: text.replace(",", ",,", 30)),
        (False, lambda text: text + "\n\n"),
        (False, lambda text: text + "," * 22 + "\n"),
        (False, lambda text: text.replace(",", ";")),
        (False, lambda text: text.replace("mainstream", '"mainstream"', 2)),
        (False, lambda text: text.replace("mainstream", '"main\nstream"', 1)),
        (False, lambda text: text.replace("pupil_key", '"pupil_key"', 1)),
        (False, lambda text: text.replace("\n", "\r", 3)),
        (False, lambda text: text.replace("\n", "\r")),
        (False, lambda text: text.replace("\n", "\r\r\n", 3)),
        (False, lambda text: text + "\r"),
        (False, lambda text: text.replace("mainstream", "main\0stream", 1)),
        (False, lambda text: text.replace(",\n", "\n", 1).replace(",,", ",,,", 1)),
        (False, lambda text: text + text.splitlines()[0] + "\n"),
        (False, lambda text: text.splitlines()[0] + "\n"),
        (False, lambda text: text.splitlines()[0]),
        (False, lambda text: text.replace(",N,", ", N ,", 3).replace(",0,", ", 0,", 3)),
        (False, lambda text: text.replace(",0,", ",\t0,", 2)),
        (False, lambda text: text.replace(",0,", ",\f0,", 2)),
        (False, lambda text: text.replace(",0,", ",+0,", 2)),
        (False, lambda text: text.replace(",1,", ",+1,", 2)),
        (False, lambda text: text.replace(",0.00,", ",0.005,", 2)),
        (False, lambda text: text.replace(",0.00,", ",0.,", 2)),
        (False, lambda text: text.replace(",0.00,", ",.00,", 2)),
        (False, lambda text: text.replace(",0.00,", ",0.0.0,", 2)),
        (False, lambda text: text.replace(",0.00,", f",{'1' * 30},", 2)),
        (False, lambda text: text.replace(",0.00,", f",{'1.' * 40},", 2)),
        (False, lambda text: text.replace(",0.00,", ",-,", 2)),
        (False, lambda text: text.replace(",0.00,", ",--1,", 2)),
        (False, lambda text: text.replace(",0,", ",0.0,", 2)),
        (False, lambda text: text.replace("mainstream", "mainstrea", 1)),
        (False, lambda text: text.replace("mainstream", "mainstreams", 1)),
    ],
)
def test_text_of_any_form_is_read_or_refused_alike(reading, national, plain, spoil):
    assert reading.plain(spoil(national.write_csv()).encode()) == plain


def test_small_files_are_left_to_the_reading_of_text(reading, national, monkeypatch):
    text = national.write_csv().encode()
    monkeypatch.setattr(table_source, "LEAST_BYTES", len(text) + 1)
    assert not reading.plain(text)
    assert reading.cells == []


BYTES = st.sampled_from([*b',\n\r"-.0159aEx \t\0+;\x7f', 0x80, 0xC3, 0xA9, 0xEF, 0xFF])
CHANGES = st.lists(
    st.tuples(st.integers(0, 10**6), st.sampled_from(["put", "insert", "remove"]), BYTES),
    min_size=1,
    max_size=3,
)


@settings(max_examples=draws(60), suppress_health_check=SHARED, deadline=None)
@given(changes=CHANGES)
@example(changes=[(10**6, "insert", ord("\n"))])
def test_text_of_which_any_byte_is_another_is_read_or_refused_alike(reading, national, changes):
    content = bytearray(national.head(20).write_csv().encode())
    head = content.index(b"\n")
    for at, how, byte in changes:
        place = head + at % (len(content) - head)
        if how == "insert":
            content.insert(place, byte)
        elif how == "put":
            content[place] = byte
        elif len(content) > head + 1:
            del content[place]
    reading.plain(bytes(content))


def plain_cells(column: Column) -> st.SearchStrategy[str]:
    """Return plain ways in which a cell of a column is written."""
    numbers = st.integers(column.lowest, column.highest)
    match column.kind:
        case Kind.key:
            return st.text("abcXYZ019-_", min_size=1, max_size=30)
        case Kind.code | Kind.flag:
            return st.sampled_from([*sorted({*words_of(column)} - {*ABSENT_SYMBOLS}), ""])
        case Kind.date:
            return st.just("") | st.dates(date(1970, 1, 1), date(2130, 1, 1)).map(str)
        case Kind.hours | Kind.pounds:
            return st.just("") | numbers.map(
                lambda one: f"{one // 100}.{one % 100:02d}".removesuffix("0")
            )
        case Kind.millionths:
            return st.just("") | numbers.map(lambda one: f"{one // 10**6}.{one % 10**6:06d}")
        case _ if column.name == "la":
            return st.sampled_from([str(code) for code in local_authorities()])
        case _:
            return st.just("") | numbers.map(str)


def odd_cells(column: Column) -> st.SearchStrategy[str]:
    """Return ways in which a cell is written that are plain for some columns, for others hardly or not."""
    around = [column.lowest - 1, column.lowest, column.highest, column.highest + 1]
    hundredths = [f"{one // 100}.{one % 100:02d}" for one in around]
    return st.sampled_from(
        [
            *map(str, around), *hundredths, *ABSENT_SYMBOLS, "", "2026-02-29", "2026-13-01", "2026-00-10", "0000-01-01",
            "2134-04-11", "2134-04-12", "-026-01-01", "2026-1-001", "20260101", "2026-0101-", "1.234", "00.5", "-0.00",
            "-0", "1e3", "£1", "1,5", "007", "0201", "R", "none", "1.0", "a" * 100, "a" * 101, "1" * 11, "True", "N",
        ]
    )  # fmt: skip


@settings(max_examples=draws(40), suppress_health_check=SHARED, deadline=None)
@given(data=st.data(), odd=st.integers(0, 2))
def test_tables_of_random_cells_are_read_or_refused_alike(reading, wanted, data, odd):
    columns = {name: one for name in wanted.known if (one := pupil_column(name)) is not None}
    names = data.draw(st.permutations(sorted(columns.keys() - {"band"})))
    plain = st.tuples(*(plain_cells(columns[name]) for name in names))
    rows = [list(one) for one in data.draw(st.lists(plain, min_size=1, max_size=3))]
    for _ in range(odd):
        row, at = (
            data.draw(st.integers(0, len(rows) - 1)),
            data.draw(st.integers(0, len(names) - 1)),
        )
        rows[row][at] = data.draw(odd_cells(columns[names[at]]))
    reading.plain("\n".join([",".join(names), *map(",".join, rows)]).encode())
    if not odd:
        assert reading.cells == [True]


@pytest.mark.parametrize(
    ("labels", "cells", "plain"),
    [
        (("Band A", "1", "Band A+"), ["Band A", "1", "Band A+", ""], True),
        (("Band A", "1", "Band A+"), ["Band A", "band a"], False),
        (("Band A", "1"), ["Band A", "Band A "], False),
        (("Band A", "1"), ["Band"], False),
        (("low", "high"), ["low", "high"], False),
        (("A", "B", "C"), ["A", "c"], False),
        (("Übergang", "A"), ["A"], True),
        (("Übergang", "A"), ["Übergang"], False),
        ((), ["whatever it says", "", "X"], True),
        ((), ["whatever it says", "X" * 101], False),
        (tuple(f"{one:05d} is a band" for one in range(20_000)), ["00007 is a band"], False),
    ],
)  # fmt: skip
def test_bands_are_found_by_the_words_of_the_rules(reading, national, wanted, labels, cells, plain):
    reading.wanted = replace(wanted, labels=labels, known=wanted.known | {"band"})
    if labels:
        reading.wanted = replace(reading.wanted, read=reading.wanted.read | {"band"})
    bands = [cells[at % len(cells)] for at in range(len(national))]
    text = national.with_columns(band=pl.Series(bands)).write_csv(null_value="")
    assert reading.plain(text.replace('""', "").encode()) == plain


def test_days_are_those_of_the_calendar():
    first = date(1970, 1, 1)
    for number in range(-200_000, 400_000, 13):
        day = first + timedelta(number)
        assert day_number(day.year, day.month, day.day) == number
    for year in (1900, 2000, 2023, 2024):
        for month in range(14):
            for day in range(33):
                try:
                    number = (date(year, month, day) - first).days
                except ValueError:
                    number = ODD
                assert day_number(year, month, day) == number
