"""A what-if replaces single values of a published rule set and leaves the rule set alone."""

import pytest

from engine.errors import OverrideRefused, RuleRefused
from engine.rules.compile import compile_rules
from engine.rules.load import digest
from engine.rules.override import override, what_if
from engine.run import evaluate
from engine.vocabulary import Reason
from tests.builders import banded, pupil, pupil_table, rule_set

PUBLISHED = rule_set(
    **banded([{"band": "A", "pounds": "100"}, {"band": "B 1", "pounds": "200"}], ["A", "B 1"])
)


def paid(document):
    rules = compile_rules(document)
    return evaluate(rules, None, pupil_table([pupil(band="B 1")], ["A", "B 1"])).top_ups.total


@pytest.mark.parametrize(
    "place",
    [
        pytest.param("band_profile.tariff.prices.1.pounds", id="a price is found by its number"),
        pytest.param("band_profile.tariff.prices.B 1.pounds", id="a price is found by its band"),
    ],
)
def test_a_price_is_replaced(place):
    assert paid(override(PUBLISHED, [(place, "250.50")])) == 25_050


def test_the_published_rule_set_stays_as_it_is():
    before = digest(PUBLISHED)
    changed = override(PUBLISHED, [("band_profile.tariff.prices.0.pounds", "1")])
    assert digest(PUBLISHED) == before != digest(changed)


def test_a_value_tried_is_marked_proposed():
    changed = override(PUBLISHED, [("band_profile.tariff.prices.0.pounds", "1")])
    given = changed.band_profile.tariff.prices[0].pounds[0]
    assert (given.standing, given.source) == ("proposed", "what_if")


def test_a_value_that_was_not_there_can_be_tried():
    assert paid(override(PUBLISHED, [("top_up_rule.cap", "150")])) == 15_000


@pytest.mark.parametrize(
    ("place", "value"),
    [
        pytest.param("band_profile.tariff.prices.7.pounds", "1", id="a row that is not there"),
        pytest.param("band_profile.tariff.prise", "1", id="a word that does not belong"),
        pytest.param("title", "1", id="a word of the document itself"),
        pytest.param(
            "band_profile.tariff.prices.0.band", "B 1", id="something that is not a value"
        ),
        pytest.param(
            "band_profile.tariff.prices.0.pounds", "a lot", id="text that is not a number"
        ),
        pytest.param("band_profile.tariff.prices.0.pounds", "1.005", id="more decimals than pence"),
    ],
)
def test_what_cannot_stand_there_is_refused_with_its_place(place, value):
    with pytest.raises(RuleRefused) as refused:
        override(PUBLISHED, [(place, value)])
    assert any(place.rpartition(".")[0] in str(problem.place) for problem in refused.value.problems)


def test_a_place_that_is_given_two_values_is_refused():
    place = "band_profile.tariff.prices.1.pounds"
    with pytest.raises(RuleRefused, match="duplicate"):
        override(PUBLISHED, [(place, "1"), (place, "2")])


@pytest.mark.parametrize("value", ["abc", "£5", "1,000", "1.234"])
@pytest.mark.parametrize("row", ["0", "B 1"])
def test_a_value_that_does_not_fit_is_refused_at_the_place_that_was_named(value, row):
    place = f"band_profile.tariff.prices.{row}.pounds"
    with pytest.raises(RuleRefused) as refused:
        override(PUBLISHED, [(place, value)])
    assert [problem.place for problem in refused.value.problems] == [place]


def uprated(pounds="4000", **tariff):
    """Return a document of a price of 2023 that is uprated by 3 % from 2024 and by an area's cost."""
    parts = banded([{"band": "A", "pounds": {"from": "2023-04-01", "value": pounds}}], ["A"])
    uprating = [{"from": "2024-04-01", "value": "3"}]
    parts["band_profile"]["tariff"] |= {"uprating_percent": uprating, **tariff}
    return rule_set(**parts)


def paid_for_a(document, on=None):
    rules = compile_rules(document, on)
    return evaluate(rules, None, pupil_table([pupil(band="A")], ["A"])).top_ups.total


PRICE = "band_profile.tariff.prices.A.pounds"
UPRATING = "band_profile.tariff.uprating_percent"


@pytest.mark.parametrize(
    ("place", "value", "pence"),
    [
        (PRICE, "4000", 4_120_00),
        (PRICE, "4000.00", 4_120_00),
        (f"{PRICE}@2023-04-01", "4000", 4_120_00),
        (f"{PRICE}@*", "4000", 4_120_00),
        (PRICE, "5000", 5_150_00),
        (f"{PRICE}@*", "5000", 5_150_00),
        (UPRATING, "3", 4_120_00),
        (UPRATING, "4", 4_160_00),
    ],
)
def test_a_value_that_is_tried_is_uprated_as_the_published_one_is(place, value, pence):
    assert paid_for_a(uprated()) == 4_120_00
    assert paid_for_a(override(uprated(), [(place, value)])) == pence


def test_area_adjustment_and_rounding_go_on_as_published():
    published = uprated(area_cost_adjustment="1.02", uprated_to_nearest="5")
    assert paid_for_a(published) == 4_202_40
    assert paid_for_a(override(published, [(PRICE, "4000")])) == 4_202_40
    assert paid_for_a(override(published, [(PRICE, "4001")])) == 4_202_40
    assert paid_for_a(override(published, [(PRICE, "4003")])) == 4_207_50


def test_an_earlier_uprating_is_tried_without_a_word_for_it_still_counts():
    published = uprated(
        uprating_percent=[
            {"from": "2024-04-01", "value": "3"},
            {"from": "2025-04-01", "value": "10"},
        ]
    )
    trial = what_if(published, [(f"{UPRATING}@2024-04-01", "0")])
    assert trial.trials[0].note is None
    assert (paid_for_a(published), paid_for_a(trial.document)) == (4_532_00, 4_400_00)


def test_a_price_that_is_not_printed_is_tried_in_a_what_if():
    published = uprated("not printed")
    tried = what_if(published, [(PRICE, "5000")])
    assert tried.trials[0].replaced[0].published == "not printed"
    assert paid_for_a(tried.document) == 5_150_00
    unknown = override(uprated(), [(PRICE, "not printed")])
    top_ups = evaluate(compile_rules(unknown), None, pupil_table([pupil(band="A")], ["A"])).top_ups
    assert [Reason(one).name for one in top_ups.reason] == ["not_printed"]


def test_a_path_that_is_none_hides_no_number_that_does_not_fit_its_place():
    document = rule_set(
        **banded([{"band": "A", "pounds": "1"}, {"band": "B", "pounds": "2"}], ["A", "B"])
    )
    places = [f"band_profile.tariff.prices.{at}.pounds" for at in (0, 1)]
    with pytest.raises(OverrideRefused) as refused:
        override(document, [("nonsense", "5"), (places[0], "x"), (places[1], "1.234")])
    assert [one.place for one in refused.value.problems] == ["nonsense", *places]
    assert refused.value.total == 3
