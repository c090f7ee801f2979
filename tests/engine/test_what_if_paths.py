"""What-ifs name the numbers of a document: by number or name of a row, by date, and never by guessing."""

import pytest

from engine.errors import OverrideRefused
from engine.rules.override import what_if
from engine.rules.paths import Paths
from tests.builders import banded, rule_set
from tests.rule_library import RULE_FILES, document

PRICES = "band_profile.tariff.prices"
SPECIAL = {"setting": ["special", "non_maintained_special"]}


def priced(*prices, bands=None):
    """Return a document with these prices."""
    named = bands or list(dict.fromkeys(one["band"] for one in prices if "band" in one))
    return rule_set(**banded(list(prices), named))


def tried(published, *pairs, on=None):
    """Return what each value replaces, as path, published number and first day."""
    trials = what_if(published, pairs, on).trials
    return [
        (one.path, one.published, one.first and one.first.isoformat())
        for trial in trials
        for one in trial.replaced
    ]


def refused(published, *pairs, on=None):
    """Return the place and the sentence of each problem."""
    with pytest.raises(OverrideRefused) as caught:
        what_if(published, pairs, on)
    return [(one.place, one.sentence) for one in caught.value.problems]


BY_SETTING = priced(
    {"band": "A1", "when": SPECIAL, "pounds": "900"},
    {"band": "A1", "pounds": "500"},
    {"band": "2.5", "pounds": "25"},
    {"band": "F mid", "pounds": "7"},
)


@pytest.mark.parametrize(
    ("row", "published"),
    [
        ("A1.special", "900"),
        ("special.A1", "900"),
        ("A1.special,non_maintained_special", "900"),
        ("band:A1.setting:special", "900"),
        ("special", "900"),
        ("0", "900"),
        ("band:A1", "500"),
        ("1", "500"),
        ("2.5", "25"),
        ("band:2.5", "25"),
        ("F mid", "7"),
    ],
)
def test_a_price_is_named_by_its_band_and_conditions_in_any_order_or_by_its_number(row, published):
    [(_, number, _)] = tried(BY_SETTING, (f"{PRICES}.{row}.pounds", "1"))
    assert number == published


def test_a_name_that_fits_several_prices_is_refused_with_each_of_them():
    [(place, sentence)] = refused(BY_SETTING, (f"{PRICES}.A1.pounds", "1"))
    assert place == f"{PRICES}.A1.pounds"
    assert f"{PRICES}.A1.special,non_maintained_special.pounds (900 from 2025-04-01)" in sentence
    assert f"{PRICES}.band:A1.pounds (500 from 2025-04-01)" in sentence


DIGITS = priced(*({"band": band, "pounds": band} for band in ("1", "2", "3")))


def test_a_number_that_is_a_row_s_and_another_s_name_is_refused_with_both_ways_out():
    assert refused(DIGITS, (f"{PRICES}.1.pounds", "9")) == [
        (
            f"{PRICES}.1.pounds",
            (
                f"has two readings: give {PRICES}.band:1.pounds by its name, or by the number of the row, from 0,"
                f" {PRICES}.row:1.pounds, which is {PRICES}.band:2.pounds"
            ),
        )
    ]


@pytest.mark.parametrize(
    ("row", "published"),
    [("band:1", "1"), ("0", "1"), ("3", "3"), ("row:1", "2"), ("row:0", "1")],
)
def test_a_band_of_digits_is_named_with_its_key_or_where_no_row_has_the_number(row, published):
    [trial] = what_if(DIGITS, [(f"{PRICES}.{row}.pounds", "9")]).trials
    assert trial.replaced[0].published == published
    assert trial.note is None


@pytest.mark.parametrize("name", RULE_FILES)
def test_every_listed_path_names_one_number_and_its_number_names_the_same(name):
    paths = Paths(document(name))
    for path, _ in paths.every():
        found = paths.find(paths.name(path))
        assert [one.path for one in found if one.exact or len(found) == 1] == [path]
        numbered = paths.find(".".join(map(str, path)))
        assert path in {one.path for one in numbered}
        if paths.at(path) is not None:
            assert {one.path for one in paths.find(paths.numbered(path)) if one.exact} == {path}
        assert {one.path for one in numbered if one.by_number} <= {path}


def test_one_number_in_two_spellings_is_a_duplicate():
    first, second = f"{PRICES}.F mid.pounds", f"{PRICES}.3.pounds"
    assert refused(BY_SETTING, (first, "1"), (second, "1")) == [
        (second, f"duplicate of {first}; give each number once")
    ]


def test_a_document_that_is_wrong_as_a_whole_names_the_numbers_that_made_it_so():
    hours = {"band": "A", "pounds_each": "5", "each": "support_hours", "each_above": "3"}
    place = f"{PRICES}.A.each_up_to"
    [(named, sentence)] = refused(priced(hours), (place, "2"))
    assert named == place
    assert sentence.endswith("'each_up_to' must be more than 'each_above'")


@pytest.mark.parametrize(
    ("name", "path", "published"),
    [
        ("toy-targeted-tiers-2025-26", "targeted_funding.tiers.consumed_percent:50.paid_percent", "25"),
        ("suffolk-early-years-2023-24", f"{PRICES}.severe.times_a_year", "3"),
        ("herefordshire-2025-26", "top_up_rule.part_time.full_time_hours", "30"),
        ("calendar-norfolk-2025-26", "top_up_rule.calendar.periods.Summer.weight", "5"),
        ("calendar-derby-2025-26", "top_up_rule.calendar.parts.number", None),
        ("backdating-gloucestershire-2022-23", "top_up_rule.backdating.weeks", None),
        ("dedicated-schools-grant-2020-21", "places.types.pre16_ap.periods.April to August.months", "5"),
        ("toy-levels-2025-26", "band_profile.assignment.points.dimensions.learning.weight", None),
    ],
)  # fmt: skip
def test_numbers_without_dates_are_tried_too_and_have_none(name, path, published):
    [(named, number, first)] = tried(document(name), (path, published or "1"))
    assert (named, first) == (path, None)
    assert published is None or number == published
    assert refused(document(name), (f"{path}@2025-04-01", "1")) == [
        (f"{path}@2025-04-01", "has no dates; leave out the @ and what follows")
    ]


BY_PLACE = {
    "rows": [
        {"when": {"la": ["201"], "setting": ["special"]}, "value": "5000"},
        {"when": {"la": ["202"]}, "value": "4800"},
        {"value": "4000"},
    ]
}
OF_TABLES = priced({"band": "A", "pounds": BY_PLACE}, {"band": "B", "pounds": "700"})


def test_a_table_of_values_is_answered_with_its_own_rows_and_never_with_another_band():
    ((_, sentence),) = refused(OF_TABLES, (f"{PRICES}.A.pounds", "5000"))
    rows = [one for one in Paths(OF_TABLES).names if one.startswith(f"{PRICES}.A.pounds.rows")]
    named = zip(rows, ("5000", "4800", "4000"), strict=True)
    assert sentence == "has a value for each of its rows; give one of " + "; ".join(
        f"{row} ({value} from 2025-04-01)" for row, value in named
    )
    assert [row.removeprefix(f"{PRICES}.A.pounds.rows.") for row in rows[:2]] == [
        "201.special.value", "la:202.value",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (f"{PRICES}.A.pounds.rows.la:209.value", f"{PRICES}.A.pounds.rows."),
        (f"{PRICES}.A.pounds.rows.202.valeu", f"{PRICES}.A.pounds.rows."),
        (f"{PRICES}.A.pounds.rows.7.value", f"{PRICES}.A.pounds.rows."),
        (f"{PRICES}.band:B.ponds", f"{PRICES}.B.pounds"),
        (f"{PRICES}.C.pounds", f"{PRICES}."),
        (f"{PRICES}.b.pounds", f"{PRICES}.B.pounds"),
    ],
)
def test_the_nearest_path_is_one_of_the_part_that_was_named(text, start):
    ((_, sentence),) = refused(OF_TABLES, (text, "5000"))
    named = [one for one in Paths(OF_TABLES).names if one in sentence]
    assert named, sentence
    assert all(one.startswith(start) for one in named), sentence


@pytest.mark.parametrize("name", RULE_FILES)
def test_every_path_that_is_one_letter_wrong_is_answered_with_paths_that_exist_beside_it(name):
    published = document(name)
    known = Paths(published).names
    for path in known[:: max(len(known) // 5, 1)]:
        wrong = f"{path}x"
        ((_, sentence),) = refused(published, (wrong, "1"))
        near = [one for one in known if f" {one};" in sentence or f" {one}?" in sentence]
        above = path.rpartition(".")[0]
        assert near == [] or near[0].startswith(above), (wrong, sentence)
        assert near, (wrong, sentence)
