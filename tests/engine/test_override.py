"""A what-if replaces single values of a published rule set and leaves the rule set alone."""

import pytest

from engine.errors import RuleRefused
from engine.rules.compile import compile_rules
from engine.rules.load import digest
from engine.rules.override import override
from engine.run import evaluate
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
