"""A what-if replaces single values of a published rule set and leaves the rule set alone."""

import pytest

from engine.errors import RuleRefused
from engine.rules.compile import compile_rules
from engine.rules.load import digest
from engine.rules.override import override
from engine.rules.values import dated_values
from engine.rules.yaml_source import place as dotted
from engine.run import evaluate
from tests.builders import banded, pupil, pupil_table, rule_set
from tests.rule_library import RULE_FILES
from tests.rule_library import document as library

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


@pytest.mark.parametrize("name", RULE_FILES)
def test_every_dated_value_of_every_rule_set_can_be_tried(name):
    document = library(name)
    series = {dotted(path[:-1]): one.value for path, one in dated_values(document)}
    changed = override(document, list(series.items()))
    assert {dotted(path[:-1]): one.value for path, one in dated_values(changed)} == series


@pytest.mark.parametrize(
    ("place", "value", "near"),
    [
        ("title", "1", ""),
        ("year_kind", "financial", ""),
        ("effective.first", "2025-04-01", ""),
        ("sources.example.title", "x", ""),
        ("schools_formula.factors.fsm.label", "Meals", ""),
        ("schools_formula.fringe", "true", ""),
        ("schools_formula.year_days", "365", ""),
        ("targeted_funding.pattern", "gap", ""),
        ("band_profile", "A", "band_profile.tariff.prices.0.pounds"),
        ("band_profile.bands", "A", "band_profile.tariff.prices.0.pounds"),
        ("band_profile.bands.0", "A", "band_profile.tariff.prices.0.pounds"),
        ("band_profile.tariff.prices", "true", "band_profile.tariff.prices.0.pounds"),
        ("band_profile.tariff.prices.B 1", "1", "band_profile.tariff.prices.1.pounds"),
        ("band_profile.tariff.prices.B 1.band", "A", "band_profile.tariff.prices.1.pounds"),
        ("band_profile.tariff.prices.1.pounds.0", "1", "band_profile.tariff.prices.1.pounds"),
        ("band_profile.tariff.prices.1.pounds.0.value", "1", "band_profile.tariff.prices.1.pounds"),
        ("band_profile.provenance", "1", "band_profile.tariff.prices.0.pounds"),
        ("band_profile.provenance.note", "1", "band_profile.tariff.prices.0.pounds"),
        ("top_up_rule.calendar.source", "example", ""),
    ],
)
def test_what_is_no_dated_value_is_refused_as_such_with_a_place_near_it(place, value, near):
    with pytest.raises(RuleRefused) as refused:
        override(PUBLISHED, [(place, value)])
    (problem,) = refused.value.problems
    such = f", such as {near}" if near else ""
    assert (problem.place, problem.sentence) == (
        place,
        f"only dated values can be tried, and this is none{such}; 'evenband rules show' lists the places",
    )
