"""What plans bring a school, and what it meets itself: the first part is what is taken off, or what comes before the price."""

from fractions import Fraction

import pytest

from engine.band_prices import band_price, band_rules, whole_year
from engine.money import half_away
from engine.plan_costs import PlanRules, plan_costs
from engine.rules.compile import compile_rules
from engine.vocabulary import Reason, Setting
from tests.builders import banded, rule_set
from tests.rule_library import compiled, document, with_part

SEPTEMBER = {"start": "2025-09-01"}
INSIDE = {"pounds": "6000", "inside": True}
OUTSIDE = {"pounds": "6000", "inside": False}


def pence(text):
    return int(Fraction(text) * 100)


def cost_of(rules, plans=1, **case):
    return PlanRules(rules).cost(plans, {"setting": "mainstream", **case})


def invented(threshold=None, **clauses):
    prices = [
        {"band": "A", "pounds": "4000"},
        {"band": "B", "pounds": "10000"},
        {"band": "C", "pounds": "not printed"},
    ]
    parts = banded(
        prices, ["A", "B", "C"], **({"threshold": threshold} if threshold else {}), **clauses
    )
    return compile_rules(rule_set(**parts))


def test_a_published_band_from_september_is_paid_its_days_and_the_school_meets_its_part():
    found = cost_of(compiled("solihull-2025-26"), 2, band="2b", sen_provision="E", **SEPTEMBER)
    days = Fraction(212, 365)
    assert found.paid_each == half_away(520200 * 212, 365)
    assert found.first_part_each == half_away(600000 * 212, 365)
    assert (found.paid, found.first_part) == (2 * found.paid_each, 2 * found.first_part_each)
    assert abs(Fraction(found.paid_each + found.first_part_each) - 1120200 * days) < 1


@pytest.mark.parametrize(
    ("threshold", "band", "paid", "met"),
    [
        (INSIDE, "A", 0, 4000_00), (INSIDE, "B", 4000_00, 6000_00), (INSIDE, "C", None, None),
        (OUTSIDE, "A", 4000_00, 6000_00), (OUTSIDE, "C", None, 6000_00), (None, "B", 10000_00, None),
    ],
)  # fmt: skip
def test_the_first_part_is_taken_off_the_price_or_comes_before_it(threshold, band, paid, met):
    found = cost_of(invented(threshold), band=band)
    assert (found.paid_each, found.first_part_each) == (paid, met)


def test_the_first_part_is_met_in_the_settings_that_the_rules_name():
    rules = invented(OUTSIDE | {"settings": ["mainstream"]})
    assert cost_of(rules, band="A").first_part_each == 6000_00
    assert cost_of(rules, band="A", setting="special").first_part_each == 0


def test_part_time_changes_what_is_paid_and_not_a_first_part_before_the_price():
    rules = invented(OUTSIDE, part_time={"full_time_hours": "25"})
    half = cost_of(rules, band="B", hours="12.5")
    assert (half.paid_each, half.first_part_each) == (5000_00, 6000_00)


def test_totals_add_and_one_that_is_not_known_leaves_its_total_unknown():
    rules = PlanRules(invented(OUTSIDE))
    case = {"setting": "mainstream"}
    known = plan_costs(rules, [(3, case | {"band": "A"}), (1, case | {"band": "B"})])
    assert (known.plans, known.paid, known.first_part) == (4, 22000_00, 24000_00)
    part = plan_costs(rules, [(3, case | {"band": "A"}), (1, case | {"band": "C"})])
    assert (part.paid, part.first_part) == (None, 24000_00)
    silent = plan_costs(PlanRules(invented()), [(1, case | {"band": "A"})])
    assert (silent.says_first_part, silent.first_part) == (False, None)


def test_price_is_first_part_and_top_up_for_every_published_band():
    for name in with_part("band_profile"):
        hold_price_to_its_parts(name)


def hold_price_to_its_parts(name):
    """Hold what is paid and what the school meets of every band of a rule set to the price."""
    rules, priced = PlanRules(compiled(name)), band_rules(compiled(name), whole_year=True)
    rule = document(name).top_up_rule
    is_plain = not (rule.floor or rule.cap or rule.part_time)
    for band in rules.paid.top_ups.labels:
        for setting in Setting.__members__:
            case = {"band": band, "setting": setting, "sen_provision": "E", "hours": "25"}
            time = whole_year(rules.paid.top_ups)
            found = rules.cost(1, case | time)
            if rule.threshold is None:
                assert found.first_part_each is None
            elif found.reason is Reason.not_funded:
                assert (found.paid_each, found.first_part_each) == (0, 0)
            elif rule.threshold.settings and setting not in rule.threshold.settings:
                assert found.first_part_each == 0
            elif not rule.threshold.inside:
                assert found.first_part_each == pence(rule.threshold.pounds[0].value)
            elif is_plain and found.paid_each is not None:
                price = band_price(priced, case | whole_year(priced.top_ups))
                assert found.paid_each + found.first_part_each == price.amount
