"""None of what is not known is nothing: pupils, blocks and lines with a blank that changes nothing, and that does."""

from datetime import date

import pytest

from engine.explain import explain_pupil
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.vocabulary import Reason
from tests.builders import banded, pupil, pupil_table, rule_set

HOURLY = {"band": "A", "each": "support_hours", "pounds_each": "500", "shared_in_group": True}
BOTH = HOURLY | {"pounds": "1000"}
FREE = {"band": "A", "pounds": "0"}
ABOVE = {"band": "A", "each": "support_hours", "pounds_each": "500", "each_above": "13"}
BY_HOURS = {"part_time": {"full_time_hours": "25"}}
UNTIL_MARCH = {"until": "2026-03-31", "pupil_percent": "100"}
LEFT = {"end": date(2024, 7, 31)}


def paid(price, record, **rule):
    """Return the reason, the pounds that a pupil is paid, and the working."""
    rules = compile_rules(rule_set(**banded([price], ["A"], **rule)))
    held = {"band": "A", "sen_provision": "E", "setting": "mainstream"} | record
    outcome = evaluate(rules, pupils=pupil_table([pupil(**held)], ["A"])).top_ups
    found = Reason(int(outcome.reason[0])).name, int(outcome.amount[0]) / 100
    return (*found, bool(outcome.rate_known[0])), explain_pupil(outcome, "pupil-1")


KNOWN = [
    pytest.param(HOURLY, {"support_hours": 0, "group_size": None}, {}, ("rate", 0, True), id="no hours shared in a group of any size"),
    pytest.param(BOTH, {"support_hours": 0, "group_size": None}, {}, ("rate", 1000, True), id="a sum and no hours to share"),
    pytest.param(ABOVE | {"shared_in_group": True}, {"support_hours": 13, "group_size": None}, {}, ("rate", 0, True), id="no hours that count"),
    pytest.param(HOURLY, {"support_hours": None, "group_size": 2, "hours": 0}, BY_HOURS, ("rate", 0, False), id="no hours of a week of any price"),
    pytest.param(HOURLY, {"support_hours": 9, "group_size": None, "hours": 0}, BY_HOURS, ("rate", 0, False), id="no hours of a week, any group"),
    pytest.param(HOURLY, {"support_hours": None, "group_size": 2, "hours": 0}, BY_HOURS | {"floor": "700"}, ("floor", 700, False), id="the floor lifts nothing"),
    pytest.param(FREE, {"hours": None}, BY_HOURS, ("rate", 0, True), id="any hours of a price of nothing"),
    pytest.param(HOURLY, {"support_hours": 0, "group_size": None, "hours": None}, BY_HOURS, ("rate", 0, True), id="any hours of no quantity"),
    pytest.param(HOURLY, LEFT | {"support_hours": None, "group_size": None}, {}, ("not_on_roll", 0, False), id="no days of any price"),
    pytest.param({"band": "A", "pounds": "900"}, LEFT | {"hours": None}, BY_HOURS | {"floor": "700"}, ("not_on_roll", 0, True), id="no days of any hours"),
    pytest.param(FREE, {"hours": None, "top_up": "800.00"}, BY_HOURS | {"protection": UNTIL_MARCH}, ("protected", 800, True), id="protection lifts nothing"),
]  # fmt: skip
NOT_KNOWN = [
    pytest.param(HOURLY, {"support_hours": 1, "group_size": None}, {}, "group_size", id="hours shared in a group"),
    pytest.param(HOURLY, {"support_hours": None, "group_size": 2, "hours": "0.01"}, BY_HOURS, "support_hours", id="some hours of a week"),
    pytest.param({"band": "A", "pounds": "0.01"}, {"hours": None}, BY_HOURS, "hours", id="a price of a penny"),
    pytest.param(HOURLY, {"support_hours": None, "group_size": 2, "end": date(2025, 4, 30)}, {}, "support_hours", id="some days on roll"),
    pytest.param(FREE, {"hours": None, "top_up": None}, BY_HOURS | {"protection": UNTIL_MARCH}, "hours, top_up", id="protection of what is not known"),
]  # fmt: skip


@pytest.mark.parametrize(("price", "record", "rule", "expected"), KNOWN)
def test_a_blank_that_changes_nothing_leaves_the_top_up_known(price, record, rule, expected):
    found, working = paid(price, record, **rule)
    assert found == expected
    assert (working.absent, working.totals[-1].value) == (0, f"{expected[1]:.2f}")


@pytest.mark.parametrize(("price", "record", "rule", "lacking"), NOT_KNOWN)
def test_a_blank_that_changes_the_amount_leaves_it_not_known(price, record, rule, lacking):
    (reason, _, known), working = paid(price, record, **rule)
    assert (reason, known, working.absent) == ("not_supplied", False, 1)
    assert working.sentence == f"The amount is not known. Not supplied: {lacking}."


def rows(price, record, **rule):
    _, working = paid(price, record, **rule)
    return [(row.label, row.text) for row in working.workings[-1].rows]


def test_a_working_prints_what_is_not_known_and_what_it_is_multiplied_by():
    assert rows(FREE, {"hours": None}, **BY_HOURS) == [
        ("Price a year", "0.00"),
        ("Annual rate, to the penny", "0.00"),
        ("Hours of a full-time week", "not known"),
        ("Top-up for the year", "0.00"),
    ]
    nothing = ("Nothing, whatever the annual rate, which is not known", "0.00")
    assert rows(HOURLY, {"support_hours": None, "group_size": 2, "hours": 0}, **BY_HOURS) == [
        nothing,
        ("Hours of a full-time week", "0 of 25"),
        ("Top-up for the year", "0.00"),
    ]
    shared = rows(HOURLY, {"support_hours": 0, "group_size": None})
    assert ("Pupils who share the support", "not known") in shared
    assert rows(HOURLY, LEFT | {"support_hours": None, "group_size": 2})[0] == nothing
