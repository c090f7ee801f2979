"""How people write the values of cells: thousands, pounds, shares, capitals, days in a stated order, none, and symbols."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.columns import (
    PUPIL_COLUMNS,
    SCHOOL_COLUMNS,
    ColumnSelection,
    Kind,
    line_column,
)
from engine.days import day_number
from engine.errors import RuleRefused, TableRefused
from engine.reading import Entry, Habits, habits_of, pupil_table, school_table
from engine.vocabulary import (
    ABSENT_SYMBOLS,
    NONE_WORDS,
    SYMBOLS,
    Idaci,
    Need,
    Presence,
    SecondaryNeed,
)
from tests.builders import banded, rule_set

LINES = ("units_fsm_primary", "proportion_fsm_primary", "amount_rates")
PUPILS = ColumnSelection(frozenset(), frozenset(PUPIL_COLUMNS), ("A", "Band B", "low"))
SCHOOLS = ColumnSelection(frozenset(), frozenset({*SCHOOL_COLUMNS, *LINES}))
DAY_FIRST = habits_of("day-first", (), ())
MONTH_FIRST = habits_of("month_first", (), ())


def pupils(name: str, *cells: str | None, habits: Habits = Habits()):  # noqa: B008 - frozen
    keys = [f"pupil-{at}" for at in range(len(cells))]
    rows = {"pupil_key": keys, "la": ["929"] * len(cells), name: list(cells)}
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows, pl.String))
    return pupil_table(frame, PUPILS, habits=habits)


def said(table) -> dict[str, int]:
    """Return how many cells each notice of a table is about."""
    return {one.rule: one.number for one in table.notices}


def held(name: str, *cells: str | None, habits: Habits = Habits()) -> list[int]:  # noqa: B008 - frozen
    return pupils(name, *cells, habits=habits).columns[name].tolist()


def sentence(name: str, cell: str, habits: Habits = Habits()) -> str:  # noqa: B008 - frozen
    with pytest.raises(TableRefused) as caught:
        held(name, cell, habits=habits)
    [problem] = caught.value.problems
    assert (problem.column, problem.row) == (name, 2)
    return problem.sentence


def school(name: str, *cells: str | None, habits: Habits = Habits()):  # noqa: B008 - frozen
    rows = {
        "urn": [str(100_001 + at) for at in range(len(cells))],
        "phase": ["primary"] * len(cells),
        name: list(cells),
    }
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows, pl.String))
    return school_table(frame, SCHOOLS, habits=habits)


@pytest.mark.parametrize("space", [",", " ", "\u00a0", "\u202f", "\u2009"])
def test_thousands_are_apart_in_counts_as_in_pounds(space):
    apart = f"1{space}234"
    assert held("top_up", apart, f"£{apart}.50") == [123_400, 123_450]
    assert school("sen_support_pupils", apart).columns["sen_support_pupils"].tolist() == [1234]
    assert school("units_fsm_primary", f"{apart}.5").values["units_fsm_primary"].tolist() == [
        1_234_500_000
    ]
    assert held("level", "12.5", "12") == [12_500_000, 12_000_000]


@pytest.mark.parametrize("cell", ["1,23", "12,34", "1,2345", ",123", "1,,234", "1, 234"])
@pytest.mark.parametrize("name", ["score", "top_up", "hours"])
def test_a_comma_that_divides_no_thousands_is_refused(name, cell):
    assert sentence(name, cell)


@pytest.mark.parametrize(
    ("cell", "pence"),
    [("(1,234.00)", -123_400), ("-£12", -1_200), ("£-12.5", -1_250), ("\u221212", -1_200)],
)
def test_pounds_below_nothing_are_read_as_accountants_write_them(cell, pence):
    assert school("amount_rates", cell).values["amount_rates"].tolist() == [pence]


@pytest.mark.parametrize("cell", ["-(12)", "(-12)", "--12", "((12))", "()", "£", "££1"])
def test_pounds_that_are_below_nothing_twice_are_refused(cell):
    with pytest.raises(TableRefused, match="must be pounds"):
        school("amount_rates", cell)


def test_a_share_is_read_as_a_percentage_and_nothing_else_is():
    read = school("proportion_fsm_primary", "27.95%", "27.95 %", "0.2795")
    assert read.notices == ()
    assert {one.tolist()[0] for one in read.presence.values()} == {Presence.not_supplied}
    with pytest.raises(TableRefused, match="no percentage"):
        school("units_fsm_primary", "27.95%")


@given(st.dates(date(1970, 1, 1), date(2134, 4, 1)), st.sampled_from("/.-"), st.booleans())
def test_a_day_is_read_in_the_order_that_is_stated(day, divider, padded):
    numbers = (f"{day:%d}", f"{day:%m}") if padded else (str(day.day), str(day.month))
    written = divider.join((*numbers, f"{day:%Y}"))
    american = divider.join((*reversed(numbers), f"{day:%Y}"))
    expected = [day_number(day)]
    assert held("start", written, habits=DAY_FIRST) == expected
    assert held("start", american, habits=MONTH_FIRST) == expected
    assert held("start", day.isoformat(), habits=DAY_FIRST) == expected
    for words in (f"{day.day} {day:%b} {day:%Y}", f"{day.day}-{day:%B}-{day:%Y}"):
        assert held("start", words, habits=MONTH_FIRST) == expected


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("01/09/2025", "state their order: --dates day-first"),
        ("1 Sep 2025", "state their order: --dates day-first"),
        ("01/09/2025 09:30", "has a time of day"),
        ("2025-09-01T09:30:00", "has a time of day"),
        ("1/9/25", "a year of two digits"),
        ("1-Sep-25", "a year of two digits"),
        ("45901", "a number by which a spreadsheet keeps a day"),
        ("2025-02-30", "there is no such day"),
        ("c", "leaves open how much of the year is paid"),
        ("soon", "must be a day written as year-month-day"),
    ],
)
def test_a_day_that_cannot_be_read_is_refused_in_words_of_how_it_is_written(cell, said):
    assert said in sentence("start", cell, Habits(entry=Entry.command))


@pytest.mark.parametrize(
    ("habits", "cell"), [(DAY_FIRST, "31/02/2025"), (MONTH_FIRST, "31/01/2025")]
)
def test_a_day_that_is_not_in_the_calendar_is_refused_in_the_order_stated(habits, cell):
    assert "there is no such day" in sentence("start", cell, habits)


def test_a_request_is_told_of_the_one_form_that_it_may_have():
    assert sentence("start", "01/09/2025").endswith("for example 2025-09-01")


def test_midnight_is_the_day_itself():
    day = [day_number(date(2025, 9, 1))]
    for cell in ("2025-09-01 00:00:00", "2025-09-01T00:00", "2025-09-01 00:00:00.000000"):
        assert held("start", cell) == day
    frame = pl.DataFrame({"pupil_key": ["a"], "la": ["929"], "start": [date(2025, 9, 1)]})
    typed = frame.with_columns(pl.col("start").cast(pl.Datetime))
    assert pupil_table(typed, PUPILS).columns["start"].tolist() == day


@pytest.mark.parametrize("word", NONE_WORDS)
def test_none_is_an_answer_where_it_has_a_meaning(word):
    missing = PUPIL_COLUMNS["start"].missing
    assert held("secondary_need", word, "", "HI") == [
        SecondaryNeed.none,
        PUPIL_COLUMNS["secondary_need"].missing,
        Need.HI,
    ]
    assert held("fsm", word, "yes") == [0, 1]
    assert held("sen_provision", word) == [0]
    assert held("primary_need", word) == [PUPIL_COLUMNS["primary_need"].missing]
    assert held("idaci", word) == [Idaci.G]
    assert held("top_up", word) == held("support_hours", word) == [0]
    assert held("start", word) == held("end", word) == [missing]
    assert school("units_fsm_primary", word).values["units_fsm_primary"].tolist() == [0]
    assert school("ehc_plans", word).columns["ehc_plans"].tolist() == [0]


@pytest.mark.parametrize("name", ["year_group", "score", "level", "setting", "band"])
def test_none_is_refused_where_it_has_no_meaning(name):
    assert sentence(name, "none")


def test_a_blank_means_none_where_that_is_stated_and_a_symbol_still_does_not():
    stated = habits_of(None, ["secondary_need", "end", "fsm", "units_fsm_primary"], ())
    needs = pupils("secondary_need", "", None, " ", "c", "HI", habits=stated)
    missing = PUPIL_COLUMNS["secondary_need"].missing
    assert needs.columns["secondary_need"].tolist() == [0, 0, 0, missing, Need.HI]
    assert said(needs) == {"blank-means-none": 3, "suppressed-cells": 1}
    assert str(needs.notices[0]) == "pupils: 1 cell is suppressed (secondary_need 1)"
    assert held("fsm", "", "1", habits=stated) == [0, 1]
    lines = school("units_fsm_primary", "", "c", "5", habits=stated)
    assert lines.presence["units_fsm_primary"].tolist() == [0, Presence.suppressed, 0]


def test_what_is_stated_of_a_column_without_it_is_refused_by_name():
    with pytest.raises(
        ValueError, match=r"setting has no word for none; the columns are .*secondary_need"
    ):
        habits_of(None, ["setting"], ())
    with pytest.raises(ValueError, match="secundary_need is an unknown column"):
        habits_of(None, ["secundary_need"], ())
    with pytest.raises(ValueError, match=r"score has no pounds; the columns are .*assessed_cost"):
        habits_of(None, (), ["score"])
    with pytest.raises(ValueError, match="must be day-first or month-first"):
        habits_of("american", (), ())
    with pytest.raises(TableRefused, match="two orders of days"):
        DAY_FIRST | MONTH_FIRST


def test_parts_of_a_penny_are_rounded_once_where_that_is_stated_and_refused_elsewhere():
    stated = habits_of(None, (), ["assessed_cost"])
    table = pupils("assessed_cost", "9876.543218", "0.005", "1,234.995", "12", habits=stated)
    assert table.columns["assessed_cost"].tolist() == [987_654, 1, 123_500, 1_200]
    assert said(table) == {"rounded-to-pence": 3}
    by_command = Habits(entry=Entry.command)
    assert "--round-to-pence assessed_cost" in sentence("assessed_cost", "9876.543218", by_command)
    assert "at most two decimals" in sentence("top_up", "9876.543218", stated)


SIGNS = sorted(one for words in SYMBOLS.values() for one in words)


@pytest.mark.parametrize("symbol", SIGNS)
@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name, one in PUPIL_COLUMNS.items()
        if one.missing is not None
        and one.kind is not Kind.date
        and name not in {"parts_on_roll", "band"}
    ),
)
def test_every_symbol_is_not_known_in_every_column_and_counted_by_its_kind(name, symbol):
    table = pupils(name, symbol, f"[{symbol}]")
    assert table.columns[name].tolist() == [PUPIL_COLUMNS[name].missing] * 2
    assert said(table) == {f"{ABSENT_SYMBOLS[symbol].name.replace('_', '-')}-cells": 2}


@pytest.mark.parametrize("symbol", SIGNS)
@pytest.mark.parametrize("name", LINES)
def test_every_symbol_in_a_line_is_kept_by_its_kind(name, symbol):
    table = school(name, symbol, "0")
    assert said(table) == {f"{ABSENT_SYMBOLS[symbol].name.replace('_', '-')}-cells": 1}
    if not name.startswith("proportion"):
        assert table.presence[name].tolist() == [ABSENT_SYMBOLS[symbol], Presence.given]


def test_the_bands_of_the_rules_come_before_a_symbol_of_several_letters():
    assert held("band", "low", "A", "band b", "c") == [2, 0, 1, PUPIL_COLUMNS["band"].missing]


@pytest.mark.parametrize("name", ["c", "x", "z", ":", "-"])
def test_a_band_called_by_a_symbol_is_refused_when_its_rules_are_read(name):
    with pytest.raises(RuleRefused, match="is how tables write a value that is missing"):
        rule_set(**banded([{"band": name, "pounds": "5"}], [name]))


def test_codes_are_read_in_any_capitals_with_spaces_or_hyphens():
    assert held("setting", "Mainstream", "Resourced Provision", "SEN-unit") == [1, 2, 3]
    assert held("primary_need", "SpLD", "asd", "Asc") == [Need.SPLD, Need.ASD, Need.ASD]
    assert held("sen_provision", "e", "K") == [2, 1]
    assert held("year_group", "r", "n2", "3.0") == [0, -1, 3]
    assert "in these capitals" in sentence("idaci", "a")


@pytest.mark.parametrize("cell", ["98,76,5", "98765.4321£", "98765%", "98765 pounds", "98765/4/3"])
@pytest.mark.parametrize("name", ["score", "top_up", "start", "setting", "fsm", "band", "level"])
def test_no_refusal_repeats_a_cell(name, cell):
    with pytest.raises(TableRefused) as caught:
        held(name, cell)
    assert "98" not in caught.value.text()


def test_a_number_is_never_read_from_a_code_or_an_error():
    assert "has an error" in sentence("top_up", "#N/A")
    assert "without £" in sentence("score", "£5")
    assert "leaves open how much of the year" in sentence("parts_on_roll", "c")
    assert line_column("amount_rates").none == 0
