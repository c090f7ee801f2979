"""Rule sets as rows: what is in force on a day and where it comes from, and each place where two differ."""

from datetime import date

from engine.export import difference_rows, numbers_of, rule_set_rows, value_rows
from engine.rules.load import digest
from engine.rules.override import what_if
from engine.rules.summary import summary
from tests.builders import banded, rule_set

DATED = [
    {"from": "2025-04-01", "value": "100", "note": "from the paper"},
    {"from": "2025-09-01", "value": "200", "standing": "verified"},
]
TWO = {"band": "B", "pounds": "5", "when": {"setting": ["special", "mainstream"]}}
ONE = {"band": "B", "pounds": "5", "when": {"setting": ["special"]}, "note": "said of it alone"}
PRICES = "band_profile.tariff.prices"
FIRST = rule_set(**banded([{"band": "A", "pounds": DATED}, TWO], ["A", "B"]))
OTHER = rule_set(
    **banded([{"band": "A", "pounds": "100"}, ONE, {"band": "C", "pounds": "7"}], ["A", "B", "C"], floor="3"),
    title="Another title",
)  # fmt: skip


def test_a_value_has_the_day_from_which_it_is_in_force_its_source_standing_and_note():
    spring = value_rows(FIRST, date(2025, 8, 31)).frame
    assert spring.columns == ["place", "value", "from", "source", "standing", "note"]
    assert spring.rows() == [
        (f"{PRICES}.A.pounds", "100", "2025-04-01", "Invented for tests", "proposed", "from the paper"),
        (f"{PRICES}.B.pounds", "5", "2025-04-01", "Invented for tests", "proposed", None),
    ]  # fmt: skip
    autumn = value_rows(FIRST, date(2025, 9, 1)).frame
    assert autumn.rows()[0] == (
        f"{PRICES}.A.pounds", "200", "2025-09-01", "Invented for tests", "verified", None,
    )  # fmt: skip


def test_a_place_that_only_one_rule_set_has_is_a_difference_and_a_title_or_note_is_none():
    assert difference_rows(FIRST, OTHER, date(2025, 4, 1)).frame.rows() == [
        (f"{PRICES}.B.when.setting", "special, mainstream", "special", None),
        ("band_profile.bands.2", None, "C", None),
        (f"{PRICES}.C.band", None, "C", None),
        (f"{PRICES}.C.pounds", None, "7", "proposed"),
        ("top_up_rule.floor", None, "3", "proposed"),
    ]


def test_values_of_a_year_have_a_row_each_and_differ_where_any_of_them_does():
    rows = value_rows(FIRST).frame.select("place", "value", "from").rows()
    assert rows[:2] == [
        (f"{PRICES}.A.pounds", "100", "2025-04-01"),
        (f"{PRICES}.A.pounds", "200", "2025-09-01"),
    ]
    assert (f"{PRICES}.A.pounds", "100; 200 from 2025-09-01", "100", "proposed") in difference_rows(
        FIRST, OTHER
    ).frame.rows()


def test_values_differ_as_of_a_day_and_have_the_standing_of_the_second_set():
    assert difference_rows(OTHER, FIRST, date(2025, 9, 1)).frame.rows() == [
        ("band_profile.bands.2", "C", None, None),
        (f"{PRICES}.B.when.setting", "special", "special, mainstream", None),
        (f"{PRICES}.C.band", "C", None, None),
        (f"{PRICES}.A.pounds", "100", "200", "verified"),
        (f"{PRICES}.C.pounds", "7", None, None),
        ("top_up_rule.floor", "3", None, None),
    ]
    assert list(difference_rows(OTHER, FIRST).shapes) == ["place", "before", "after", "standing"]


def test_a_list_of_rule_sets_says_where_and_when_each_applies():
    mine = rule_set(
        **banded([{"band": "A", "pounds": "1"}], ["A"]),
        authority={"code": "201", "name": "City of London"}, version=3, standing="verified",
    )  # fmt: skip
    rows = rule_set_rows([summary(mine), summary(FIRST)]).frame
    assert rows.row(0, named=True) == {
        "identifier": "invented", "version": 3, "title": "Invented", "la": "201",
        "funding_year": "2025-26", "first": "2025-04-01", "last": "2026-03-31",
        "standing": "verified", "values": "top-ups", "digest": digest(mine),
    }  # fmt: skip
    assert rows["la"].to_list() == ["201", None]


def test_a_value_is_shown_by_the_path_that_a_what_if_takes():
    by_place = {
        "rows": [
            {"when": {"la": ["201"]}, "value": "5"},
            {"when": {"setting": ["special"]}, "value": "6"},
        ]
    }
    document = rule_set(**banded([{"band": "A", "pounds": by_place}, TWO], ["A", "B"]))
    shown = value_rows(document).frame["place"].to_list()
    assert shown[:2] == [
        f"{PRICES}.A.pounds.rows.la:201.value",
        f"{PRICES}.A.pounds.rows.special.value",
    ]
    assert shown == [one.path for one in numbers_of(document) if one.dated is not None]
    for place in shown:
        assert what_if(document, [(place, "7")]).trials
