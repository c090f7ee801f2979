"""Which places of a rule set a what-if may replace: those of numbers, each of them, and nothing else."""

import pytest

from engine.errors import RuleRefused
from engine.rules.override import override
from engine.rules.paths import Paths
from engine.rules.values import dated_values
from tests.engine.test_override import PUBLISHED
from tests.rule_library import RULE_FILES
from tests.rule_library import document as library


@pytest.mark.parametrize("name", RULE_FILES)
def test_every_dated_value_of_every_rule_set_can_be_tried(name):
    document = library(name)
    numbered = Paths(document).numbered
    series = {numbered(path[:-1]): one.value for path, one in dated_values(document)}
    changed = override(document, list(series.items()))
    assert {numbered(path[:-1]): one.value for path, one in dated_values(changed)} == series


@pytest.mark.parametrize(
    ("place", "value", "near"),
    [
        ("title", "1", ""),
        ("year_kind", "financial", ""),
        ("effective.first", "2025-04-01", ""),
        ("sources.example.title", "x", ""),
        ("band_profile", "A", "band_profile.tariff.prices.A.pounds"),
        ("band_profile.bands", "A", "band_profile.tariff.prices.A.pounds"),
        ("band_profile.bands.0", "A", "band_profile.tariff.prices.A.pounds"),
        ("band_profile.tariff.prices", "true", "band_profile.tariff.prices.A.pounds"),
        ("band_profile.tariff.prices.B 1", "1", "band_profile.tariff.prices.B 1.pounds"),
        ("band_profile.tariff.prices.B 1.band", "A", "band_profile.tariff.prices.B 1.pounds"),
        ("band_profile.tariff.prices.1.pounds.0", "1", "band_profile.tariff.prices.B 1.pounds"),
        (
            "band_profile.tariff.prices.1.pounds.0.value",
            "1",
            "band_profile.tariff.prices.B 1.pounds",
        ),
        ("band_profile.provenance", "1", "band_profile.tariff.prices.A.pounds"),
        ("top_up_rule.calendar.source", "example", ""),
    ],
)
def test_what_is_no_number_is_refused_as_such_with_a_place_near_it(place, value, near):
    with pytest.raises(RuleRefused) as refused:
        override(PUBLISHED, [(place, value)])
    (problem,) = refused.value.problems
    such = f", such as {near}" if near else ""
    sentence = f"only values, cut-offs and other numbers can be tried, and this is none{such}"
    assert problem.place == place
    assert problem.sentence == f"{sentence}; 'evenband rules paths' lists every path"


@pytest.mark.parametrize(
    ("place", "lacking"),
    [
        ("schools_formula.fringe", "schools_formula"),
        ("schools_formula.factors.fsm.label", "schools_formula"),
        ("schools_formula.year_days", "schools_formula"),
        ("targeted_funding.pattern", "targeted_funding"),
        ("top_up_rule.part_time.full_time_hours", "top_up_rule.part_time"),
        ("band_profile.provenance.note", "band_profile.provenance"),
    ],
)
def test_a_part_that_the_rules_do_not_have_is_named(place, lacking):
    with pytest.raises(RuleRefused) as refused:
        override(PUBLISHED, [(place, "1")])
    (problem,) = refused.value.problems
    sentence = f"the rule set has no {lacking}; 'evenband rules paths' lists every path"
    assert (problem.place, problem.sentence) == (place, sentence)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("northumberland-2025-26", "schools_formula.year_days"),
        ("toy-2025-26", "schools_formula.fringe"),
        ("toy-2025-26", "version"),
        ("toy-2025-26", "top_up_rule.pays_when.sen_provision.from"),
        ("devon-special-schools-2023-24", "band_profile.tariff.prices.0.when.urn.from"),
    ],
)
def test_what_is_a_fact_and_no_rule_cannot_be_tried(name, place):
    with pytest.raises(RuleRefused) as refused:
        override(library(name), [(place, "1")])
    assert [problem.place for problem in refused.value.problems] == [place]
