"""Values of a rule document that its author may not have meant are noted, and nothing else is done to them."""

import pytest

from engine.data import PUBLISHED
from engine.plausibility import rule_warnings
from engine.rules import load_rule_file
from engine.rules.load import plain, rule_set_from
from engine.rules.notes import notes
from tests.builders import banded, rule_set

RULES = {path.stem: path for path in PUBLISHED.rglob("*.yaml")}


def rules_noted(path, value):
    """Return what is noted on a document in which one value is another."""
    document = plain(load_rule_file(RULES["west-sussex-2021-22"]))
    part = document
    for name in path[:-1]:
        part = part[name]
    part[path[-1]][0]["value"] = value
    return [one.sentence for one in rule_warnings(rule_set_from(document))]


@pytest.mark.parametrize(
    ("factor", "value", "meant"),
    [("basic_entitlement", "0.05", "5"), ("basic_entitlement", "7", None), ("basic_entitlement", "0.17", None),
     ("fsm6", "0.5", "50"), ("fsm6", "1", None), ("fsm6", "0", None)],
)  # fmt: skip
def test_a_percentage_typed_as_a_share_is_noted_with_the_percentage_that_it_is(
    factor, value, meant
):
    noted = rules_noted(
        ("schools_formula", "factors", factor, "primary", "notional_percent"), value
    )
    assert [one for one in noted if "is in percent" in one] == ([noted[0]] if meant else [])
    assert meant is None or noted[0].endswith(f"If a share is meant, write {meant}")


def test_a_price_in_pence_is_noted_by_the_check():
    document = rule_set(**banded([{"pounds": "1460000"}], ["A"]))
    assert "pounds or pence?" in " ".join(notes(document))


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"threshold": {"pounds": "600000", "inside": True}}, "first part"),
     ({"threshold": {"pounds": "60", "inside": True}}, "first part"),
     ({"threshold": {"pounds": "6000", "inside": True}}, None),
     ({"threshold": {"pounds": "0", "inside": True}}, None),
     ({"cap": "146"}, "below the middle price"), ({"floor": "146"}, "below the middle price"),
     ({"cap": "1460"}, None), ({"floor": "1460"}, None), ({"floor": "0"}, None),
     ({"part_time": {"full_time_hours": "1"}}, "of any full-time week"), ({"part_time": {"full_time_hours": "0.8"}}, "of any full-time week"),
     ({"part_time": {"full_time_hours": "130"}}, "of any full-time week"), ({"part_time": {"full_time_hours": "32.5"}}, None),
     ({"part_time": {"full_time_hours": "15"}}, None), ({"cap": "90"}, "below the middle price"), ({"floor": "500000"}, "above the middle price"),
     ({"cap": "600000"}, "known to cost"), ({"floor": "14600"}, None), ({"cap": "60000"}, None)],
)  # fmt: skip
def test_a_first_part_a_floor_and_a_cap_in_pence_are_noted(changes, words):
    document = rule_set(**banded([{"band": "A", "pounds": "14600"}], ["A"], **changes))
    noted = [one.sentence for one in rule_warnings(document)]
    assert [words in one for one in noted] == ([True] if words else [])


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"area_cost_adjustment": "0.0584"}, "5.84% more is 1.0584"), ({"area_cost_adjustment": "1.0584"}, None),
     ({"modifiers": [{"label": "M", "percent": "0.1"}]}, "is in percent"),
     ({"modifiers": [{"label": "M", "percent": "-0.5"}]}, "is in percent"),
     ({"modifiers": [{"label": "M", "percent": "-50"}]}, None),
     ({"modifiers": [{"label": "M", "pounds": "300000"}]}, "above the middle price"),
     ({"modifiers": [{"label": "M", "pounds": "1500"}]}, None),
     ({"modifiers": [{"label": "M", "percent": "10"}]}, None)],
)  # fmt: skip
def test_a_share_typed_for_a_multiplier_or_a_percentage_of_a_tariff_is_noted(changes, words):
    document = banded([{"band": "A", "pounds": "14600"}], ["A"])
    document["band_profile"]["tariff"] |= changes
    noted = [one.sentence for one in rule_warnings(rule_set(**document))]
    assert [words in one for one in noted] == ([True] if words else [])


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"guarantee_percent": "0.005"}, True), ({"guarantee_percent": "-0.005"}, True), ({"cap_percent": "0.03"}, True),
     ({"guarantee_percent": "0.5", "cap_percent": "3"}, False), ({"guarantee_percent": "0"}, False),
     ({"guarantee_percent": "-0.25"}, False)],
)  # fmt: skip
def test_a_share_typed_for_a_guarantee_or_a_cap_is_noted(changes, said):
    document = plain(load_rule_file(RULES["toy-2025-26"]))
    for name, value in changes.items():
        document["schools_formula"]["protection"][name][0]["value"] = value
    noted = [one.sentence for one in rule_warnings(rule_set_from(document))]
    assert ["is in percent" in one for one in noted] == ([True] if said else [])


def test_a_cap_below_prices_of_which_a_first_part_is_taken_off_is_not_noted():
    first = {"threshold": {"pounds": "14000", "inside": True}, "cap": "600"}
    document = rule_set(**banded([{"band": "A", "pounds": "14600"}], ["A"], **first))
    assert rule_warnings(document) == ()


def test_a_price_that_is_not_printed_is_no_price_in_pence():
    document = rule_set(**banded([{"pounds": "not printed"}], ["A"]))
    assert "pounds or pence?" not in " ".join(notes(document))


@pytest.mark.parametrize(
    ("factor", "phase", "value", "words"),
    [("basic_entitlement", "primary", "31.23", "for each pupil"), ("basic_entitlement", "primary", "312300", "for each pupil"),
     ("basic_entitlement", "primary", "3123", None), ("fsm6", "primary", "5.60", "for a pupil of a factor"),
     ("fsm6", "primary", "56000", "for a pupil of a factor"), ("fsm6", "primary", "560", None), ("fsm6", "primary", "0", None),
     ("lump_sum", "all", "1178", "for a school"), ("lump_sum", "all", "11780000", "for a school"), ("lump_sum", "all", "117800", None)],
)  # fmt: skip
def test_a_unit_value_a_hundred_times_too_small_or_large_is_noted(factor, phase, value, words):
    noted = rules_noted(("schools_formula", "factors", factor, phase, "unit_value"), value)
    found = [one for one in noted if "pounds or pence?" in one]
    assert len(found) == (words is not None)
    assert words is None or words in found[0]


@pytest.mark.parametrize(("value", "is_odd"), [("41.80", True), ("418000", True), ("4180", False)])
def test_a_minimum_level_in_pence_is_noted(value, is_odd):
    noted = rules_noted(("schools_formula", "minimum_per_pupil", "primary"), value)
    assert any("minimum" in one and "pounds or pence?" in one for one in noted) == is_odd


def test_no_published_unit_value_is_noted():
    for name, path in RULES.items():
        assert not [
            one for one in rule_warnings(load_rule_file(path)) if "formula pays" in one.sentence
        ], name
