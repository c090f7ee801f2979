"""A comparison explained: one pupil's or school's working under both rule sets, and what changes."""

from decimal import Decimal

import pytest

import evenband as eb
from engine.vocabulary import FIXTURES

PUPILS = FIXTURES / "tables" / "toy_pupils.csv"


@pytest.fixture(scope="module")
def comparison():
    """Return the pupils of the toy table under the toy rules, and with a lower cap."""
    rules = eb.read_rules("toy-2025-26")
    capped = rules.override({"top_up_rule.cap": "1000"})
    pupils = eb.read_pupils(PUPILS, rules, capped)
    return eb.compare(eb.value(rules, pupils=pupils), eb.value(capped, pupils=pupils))


def key_of_a_loser(comparison):
    frame = comparison.to_polars("pupils")
    return frame.filter(frame["change"] < 0)["pupil_key"][0]


def test_the_rows_of_a_change_are_those_of_both_sides_and_the_difference(comparison):
    key = key_of_a_loser(comparison)
    change = eb.explain(comparison, key)
    frame = change.to_polars()
    assert frame["side"].unique(maintain_order=True).to_list() == [
        "baseline",
        "candidate",
        "change",
    ]
    row = comparison.to_polars("pupils").filter(pupil_key=key).to_dicts()[0]
    (said,) = frame.filter(side="change", row="Change")["value"].to_list()
    assert Decimal(said) == row["change"]
    for side, outcome in {
        "baseline": comparison.baseline,
        "candidate": comparison.candidate,
    }.items():
        alone = eb.explain(outcome, key).to_polars()
        assert frame.filter(side=side).drop("side").equals(alone)


def test_printed_it_is_both_workings_and_the_change(comparison):
    change = eb.explain(comparison, key_of_a_loser(comparison))
    for text in (str(change), change._repr_html_()):
        assert all(word in text for word in ("Baseline", "Candidate", "Change"))
    assert repr(change).startswith("<ChangeExplanation of a pupil under toy-2025-26")


def test_who_was_not_valued_is_refused_without_the_key(comparison):
    with pytest.raises(eb.PairRefused) as refused:
        eb.explain(comparison, "nobody-here")
    assert "nobody-here" not in str(refused.value)


def test_a_cost_compares_budgets_with_what_they_are_expected_to_pay_for():
    rules = eb.read_rules("west-sussex-2021-22")
    school = {"urn": 900001, "phase": "primary", "units_basic_entitlement_primary": 100,
              "sen_support_pupils": 20, "ehc_plans": 3}  # fmt: skip
    schools = eb.read_schools([school], rules, absent_lines="not_supplied")
    for cost in ("800", 800, Decimal("800.00")):
        outcome = eb.value(rules, schools=schools, sen_support_cost=cost)
        assert outcome.to_polars("schools")["all_calls"].to_list() == [Decimal("34000.00")]
        assert "All expected costs" in str(eb.explain(outcome, 900001))
    for cost in ("-1", 1.5, True, "many"):
        with pytest.raises((TypeError, ValueError), match="sen_support_cost is pounds"):
            eb.value(rules, schools=schools, sen_support_cost=cost)
