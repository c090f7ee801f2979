"""Symbols and habits read alike: a value is the same in every column of a kind, however it is written and however many rows there are."""

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.columns import PUPIL_COLUMNS, SCHOOL_COLUMNS, Column, Kind, level_column, line_column
from engine.errors import TableRefused
from engine.modules.table_columns import MOST_POUNDS, number
from engine.money import HUNDREDTHS, MILLION, PENCE
from engine.reading.checked_table import TableForm, checked_table
from engine.reading.small_table import MOST_ROWS
from engine.reading.table_text import table_text
from engine.table_checks import BLANK, spelled
from engine.vocabulary import ABSENT_SYMBOLS

SPACES = ("\u00a0", "\u202f", "\u2009", " ")
PARTS = {Kind.whole: 1, Kind.hours: HUNDREDTHS, Kind.pounds: PENCE, Kind.millionths: MILLION}
NUMBERS = {
    column.name: column
    for column in (
        *PUPIL_COLUMNS.values(),
        *SCHOOL_COLUMNS.values(),
        level_column("level_speech"),
        *map(line_column, ("units_fsm_primary", "amount_rates", "proportion_fsm_primary")),
    )
    if column.kind in PARTS and column.name != "la"
}


def read(column: Column, *cells: str) -> list[int]:
    """Return the whole numbers of cells, in one table."""
    form = TableForm({column.name}, (), {column.name: column}.get, lambda _: ())
    frame = pl.DataFrame({column.name: list(cells)}, schema={column.name: pl.String})
    return checked_table(table_text(frame), form).numbers[column.name].tolist()


def spellings(column: Column, held: int) -> set[str]:
    """Return the ways in which people write a number that a column holds."""
    plain = spelled(column.kind, held)
    sign, number = ("-", plain[1:]) if held < 0 else ("", plain)
    whole, dot, part = number.partition(".")
    apart = f"{int(whole):,}"
    written = {plain, f" {plain} ", f"{sign}{apart}{dot}{part}"}
    written |= {f"{sign}{apart.replace(',', one)}{dot}{part}" for one in SPACES}
    if not dot:
        written.add(f"{plain}.0")
    if column.kind is Kind.pounds:
        written |= {
            f"{sign}£{number}",
            f"{sign}£{apart}{dot}{part}",
            f"£ {number}" if not sign else f"({number})",
        }
    return written


@given(st.data(), st.sampled_from(sorted(NUMBERS)))
def test_symbols_and_habits_read_alike(data, name):
    column = NUMBERS[name]
    held = data.draw(st.integers(column.lowest, column.highest))
    written = sorted(spellings(column, held))
    assert read(column, *written) == [held] * len(written)
    one_by_one = [read(column, cell) for cell in written]
    assert one_by_one == [[held]] * len(written)
    many = written * (MOST_ROWS // len(written) + 1)
    assert read(column, *many) == [held] * len(many)


@given(st.sampled_from(sorted(NUMBERS)), st.sampled_from(sorted(ABSENT_SYMBOLS)))
def test_a_symbol_is_read_alike_in_a_small_table_and_in_a_large_one(name, symbol):
    column = NUMBERS[name]
    lasts = name in {"parts_on_roll", "days_open"}
    if column.missing is None or (lasts and symbol not in {"", "z", "[z]"}):
        return
    assert read(column, symbol) == [BLANK]
    assert read(column, *[symbol] * (MOST_ROWS + 1)) == [BLANK] * (MOST_ROWS + 1)


@pytest.mark.parametrize("share", ["27.95%", "27.95 %", "0.2795", "27.950%"])
def test_a_share_is_read_alike_with_and_without_its_sign(share):
    assert read(line_column("proportion_fsm_primary"), share) == [279_500]


@pytest.mark.parametrize(
    "cell", ["(6,000)", "(\u00a36,000.00)", "-\u00a36,000", "\u22126,000", "-6000"]
)
def test_a_term_of_a_block_is_below_nothing_as_pounds_are(cell):
    term = number("import_export", "a term", "refused", least=-MOST_POUNDS)
    assert read(term, cell) == [-6_000 * MILLION]
    with pytest.raises(TableRefused):
        read(number("pupils", "pupils", "refused"), cell)


@pytest.mark.parametrize("rows", [1, 200])
def test_a_symbol_that_is_a_band_but_for_capitals_is_refused_with_both_ways_to_write_it(rows):
    column = replace(PUPIL_COLUMNS["band"], labels=("Low", "Medium", "High"))
    assert read(column, *["Low", "[low]", "x", ""] * rows)[:4] == [0, BLANK, BLANK, BLANK]
    with pytest.raises(TableRefused, match=r"low is the symbol .* and Low a band of these rules"):
        read(column, *["low"] * rows)
    own = replace(column, labels=("low", "high"))
    assert read(own, "low", "[low]") == [0, BLANK]
