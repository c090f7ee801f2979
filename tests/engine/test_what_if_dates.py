"""What-ifs replace a dated value at its own first day, and say which others stay."""

from datetime import date

import pytest

from engine.rules.override import override, what_if
from engine.rules.paths import Paths
from tests.builders import banded, rule_set
from tests.engine.test_what_if_paths import PRICES, priced, refused, tried

DATED = priced(
    {
        "band": "A",
        "pounds": [
            {"from": "2024-04-01", "value": "100"},
            {"from": "2025-09-01", "value": "200"},
            {"from": "2026-09-01", "value": "300"},
        ],
    }
)
PRICE = f"{PRICES}.A.pounds"


def values(changed):
    return [
        (one.from_.isoformat(), one.value) for one in changed.band_profile.tariff.prices[0].pounds
    ]


@pytest.mark.parametrize(
    ("which", "on", "left"),
    [
        ("", None, ["9", "200", "300"]),
        ("", date(2025, 8, 31), ["9", "200", "300"]),
        ("", date(2025, 9, 1), ["100", "9", "300"]),
        ("@2024-04-01", None, ["9", "200", "300"]),
        ("@2025-09-01", None, ["100", "9", "300"]),
        ("@*", None, ["9", "9", "9"]),
    ],
)
def test_a_value_is_replaced_at_its_own_first_day_and_the_others_stay(which, on, left):
    changed = override(DATED, [(f"{PRICE}{which}", "9")], on)
    days = ["2024-04-01", "2025-09-01", "2026-09-01"]
    assert values(changed) == list(zip(days, left, strict=True))


def test_a_new_value_may_begin_on_a_day_of_the_year():
    changed = override(DATED, [(f"{PRICE}@from:2025-06-01", "9")])
    assert values(changed)[1] == ("2025-06-01", "9")
    assert tried(DATED, (f"{PRICE}@from:2025-06-01", "9")) == [(PRICE, None, "2025-06-01")]


@pytest.mark.parametrize(
    ("which", "said"),
    [
        ("@2025-06-01", "no value begins on 2025-06-01 (values begin on: 2024-04-01, 2025-09-01, 2026-09-01); @from:2025-06-01 tries"),
        ("@from:2025-09-01", "has a value from 2025-09-01; @2025-09-01 tries one in its place"),
        ("@from:2027-01-01", "must be a day of the rule set, from 2025-04-01 to 2026-03-31"),
        ("@1 September", "after @ must be a date such as 2025-04-01"),
        ("@2025-02-30", "after @ must be a date such as 2025-04-01"),
        ("@", "after @ must be a date such as 2025-04-01"),
    ],
)  # fmt: skip
def test_a_day_on_which_no_value_begins_is_refused_with_what_would_be_right(which, said):
    [(place, sentence)] = refused(DATED, (f"{PRICE}{which}", "9"))
    assert place == f"{PRICE}{which}"
    assert sentence.startswith(said)


def test_what_stays_in_the_year_is_said():
    [first] = what_if(DATED, [(PRICE, "9")]).trials
    assert first.note == "what begins on 2025-09-01 stays as published"
    [later] = what_if(DATED, [(f"{PRICE}@2026-09-01", "9")]).trials
    assert later.note == "it is in force on no day that is valued"
    [every] = what_if(DATED, [(f"{PRICE}@*", "9")]).trials
    assert every.note is None
    [of_one_day] = what_if(DATED, [(PRICE, "9")], date(2025, 8, 31)).trials
    assert of_one_day.note is None


def test_a_path_of_which_no_value_is_in_force_says_which_day_to_add():
    first, second = ({"from": day, "value": "200"} for day in ("2025-09-01", "2026-01-01"))
    later = priced({"band": "A", "pounds": [first, second]})
    [(_, sentence)] = refused(later, (PRICE, "9"))
    assert sentence.startswith("has no value on 2025-04-01; @2025-09-01 after the path tries one")
    assert tried(later, (f"{PRICE}@2025-09-01", "9")) == [(PRICE, "200", "2025-09-01")]


def test_the_only_value_of_a_path_is_replaced_at_its_own_day_where_it_begins_within_the_year():
    """An uprating from September was refused by its plain path, which is listed."""
    parts = banded([{"band": "A", "pounds": "200"}], ["A"])
    later = {"from": "2025-09-01", "value": "3"}
    parts["band_profile"]["tariff"]["uprating_percent"] = later
    uprated = rule_set(**parts)
    path = "band_profile.tariff.uprating_percent"
    assert tried(uprated, (path, "4")) == [(path, "3", "2025-09-01")]
    assert path in Paths(uprated).names


def test_two_dates_of_one_path_are_two_numbers_and_every_one_is_each_of_them():
    assert len(tried(DATED, (PRICE, "1"), (f"{PRICE}@2025-09-01", "2"))) == 2
    [(place, _)] = refused(DATED, (PRICE, "1"), (f"{PRICE}@2024-04-01", "2"))
    assert place == f"{PRICE}@2024-04-01"
    [(place, _)] = refused(DATED, (PRICE, "1"), (f"{PRICE}@*", "2"))
    assert place == f"{PRICE}@*"


@pytest.mark.parametrize("value", ["5%", "£5", "1,000", "a lot"])
def test_a_number_with_a_sign_is_refused_in_words(value):
    [(place, sentence)] = refused(DATED, (PRICE, value))
    assert place == PRICE
    assert "with no percent sign, pound sign or comma" in sentence


TWO_DAYS = ((f"{PRICE}@2024-04-01", "9"), (f"{PRICE}@2025-09-01", "much"))


def test_the_one_of_two_values_that_does_not_fit_is_named():
    assert [place for place, _ in refused(DATED, *TWO_DAYS)] == [f"{PRICE}@2025-09-01"]
