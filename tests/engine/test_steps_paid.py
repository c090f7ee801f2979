"""The printed steps of a top-up, worked as a person would, come to the pence that were paid."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PairRefused, RuleRefused
from engine.explain import explain_pupil
from engine.modules.top_ups.pupil_prices import WITHOUT_RATE as UNPRICED
from engine.modules.top_ups.steps import pupil_steps
from engine.rules.clause_steps import (
    Limits,
    clause_steps,
    fold_clauses,
)
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.steps import NotFoldable, Op, Plain, Step, result, work, work_known
from engine.vocabulary import Reason
from tests.builders import banded, pupil, pupil_table, rule_set
from tests.strategies import LABELS, VALUES, banded_rule_sets, parts_of, top_up_rules
from tests.tariff_strategies import modifiers, prices

MULTIPLIED = ("support_hours", "level", "points", "assessed_cost", "exceptional_amount")
NONE_OF = ((), (), (), ("hours",), ("support_hours",), ("level", "hours"))
"""Columns of which pupils have none, so that what it would be multiplied by changes nothing."""
BLANK = ((), ("hours",), ("group_size",), MULTIPLIED, (*MULTIPLIED, "hours", "group_size"))
OPEN = ("start", "end", "requested")
"""Days that may be left out: of other columns little is, or most pupils are paid nothing."""


@st.composite
def paying_rule_sets(draw):
    """Draw rule sets whose prices have few conditions, and whose clauses often decide."""
    drawn = [{**one, "when": {}} for one in draw(st.lists(prices(), min_size=1, max_size=3))]
    more = [{**one, "when": {}} for one in draw(st.lists(modifiers(), max_size=2))]
    rule = draw(top_up_rules())
    rule.pop("pays_when", None)
    few = st.integers(0, 30_000).map(str)
    clause = draw(st.sampled_from(["none", "floor", "cap", "threshold", "threshold"]))
    rule |= {clause: draw(few)} if clause in ("floor", "cap") else {}
    if clause == "threshold":
        rule = {key: held for key, held in rule.items() if key not in ("floor", "protection")}
        rule["threshold"] = {"pounds": draw(few), "inside": True, "settings": []}
    tariff = {"prices": drawn, "modifiers": more}
    if any("units" in price for price in drawn):
        tariff["unit_value"] = draw(few)
    profile = {"bands": list(LABELS), "assignment": {"label_given": True}, "tariff": tariff}
    return rule_set(band_profile=profile, top_up_rule=rule)


@st.composite
def full_pupils(draw, parts):
    """Draw pupils of whom nearly everything is given, today's top-up often above what is due."""
    values = {name: (st.none() | one if name in OPEN else one) for name, one in VALUES.items()}
    values["la"] = st.integers(201, 202)
    values["sen_provision"] = st.just("E")
    values["top_up"] = st.decimals(30_000, 90_000, places=2) | VALUES["top_up"]
    values |= {name: st.just(Decimal(0)) for name in draw(st.sampled_from(NONE_OF))}
    values |= {name: st.none() | values[name] for name in draw(st.sampled_from(BLANK))}
    if parts:
        values["parts_on_roll"] = st.none() | st.integers(0, parts)
    drawn = draw(st.lists(st.fixed_dictionaries(values), min_size=1, max_size=8))
    return [pupil(**{**one, "pupil_key": f"pupil-{at}"}) for at, one in enumerate(drawn)]


def test_the_steps_of_a_top_up_come_to_what_is_paid_and_every_clause_is_drawn():
    seen = Counter()

    @settings(max_examples=250)
    @given(
        st.data(),
        banded_rule_sets() | paying_rule_sets(),
        st.sampled_from([date(2025, 4, 1), date(2025, 9, 1)]),
    )
    def check(data, document, day):
        try:
            rules = compile_rules(document, day)
            records = data.draw(full_pupils(parts_of(rules)))
            outcome = evaluate(rules, pupils=pupil_table(records, LABELS)).top_ups
        except (PairRefused, RuleRefused):
            return
        for at in range(len(outcome.pupils)):
            reason = Reason(int(outcome.reason[at]))
            seen[reason] += 1
            if reason is Reason.not_printed:
                assert work_known(*pupil_steps(outcome, at)) is None
            if reason not in UNPRICED:
                steps, own = pupil_steps(outcome, at)
                assert work(steps, own) == int(outcome.amount[at]), reason
                seen["without a rate"] += not outcome.rate_known[at]
                seen["a blank"] += None in own.values()
                explain_pupil(outcome, outcome.pupils.keys[at])

    check()
    decided = {*(set(Reason) - set(UNPRICED)), Reason.not_printed, "without a rate", "a blank"}
    assert min(seen[one] for one in decided) > 0, seen


RULES = {
    "part_time": {"full_time_hours": "32.5"},
    "threshold": {"pounds": "6000", "inside": True, "settings": []},
    "protection": {"until": "2026-03-31", "pupil_percent": "97.5"},
    "floor": "1000.50",
    "cap": "9000",
}


def clauses_of(**rule):
    compiled = compile_rules(rule_set(**banded([{"band": "A", "pounds": "1"}], ["A"], **rule)))
    return compiled.top_ups.segments[0].clauses


def test_clauses_fold_to_the_numbers_of_the_kernel():
    assert fold_clauses(clause_steps(clauses_of(**RULES))) == Limits(
        by_hours=True, threshold=6_000_00, floor=1_000_50, cap=9_000_00, protected=975_000
    )
    assert fold_clauses(clause_steps(clauses_of())) == Limits()
    outside = RULES | {"threshold": {"pounds": "6000", "inside": False, "settings": []}}
    assert fold_clauses(clause_steps(clauses_of(**outside))).threshold == 0


def test_clauses_in_an_order_in_which_the_kernel_does_not_work_cannot_be_compiled():
    steps = clause_steps(clauses_of(**RULES))
    orders = [
        (*steps[1:3], steps[0], *steps[3:]), (*steps[:3], steps[4], steps[3], *steps[5:]),
        steps[:-1], (*steps[:2], *steps[3:]), (*steps, result("Again")),
        (Step(Op.per, "Twice", Plain("2")), *steps),
        (*steps[:-1], result("To a pound", 100)),
    ]  # fmt: skip
    for order in orders:
        with pytest.raises(NotFoldable):
            fold_clauses(order)


def labels(record, price=None, **rule):
    """Return the rows of a top-up as labels with values."""
    prices = [{"band": "A", "pounds": "12000"} | (price or {})]
    rules = compile_rules(rule_set(**banded(prices, ["A"], **rule)))
    held = {"band": "A", "sen_provision": "E", "setting": "mainstream"} | record
    outcome = evaluate(rules, pupils=pupil_table([pupil(**held)], ["A"])).top_ups
    [working] = explain_pupil(outcome, "pupil-1").workings[-1:]
    return [(row.label, row.value) for row in working.rows]


LATE = {"start": date(2025, 12, 1), "requested": date(2025, 5, 1)}


def test_a_late_plan_says_from_which_day_it_is_paid():
    rows = labels(LATE, backdating={"weeks": 20})
    assert ("Paid from 20 weeks after the request", "2025-09-18") in rows
    on_time = labels(LATE | {"start": date(2025, 9, 1)}, backdating={"weeks": 20})
    assert not any("after the request" in label for label, _ in on_time)


def test_a_cost_within_the_first_part_says_that_nothing_is_left():
    rows = labels({}, {"pounds": "5000"}, threshold=RULES["threshold"])
    assert rows[2:] == [
        ("First part, paid by the school", "6000.00"),
        ("Nothing where the first part covers it", "0.00"),
        ("Top-up for the year", "0.00"),
    ]


def test_periods_of_weeks_are_said_in_words_that_can_be_read():
    parts = {"number": 13, "part": "four weeks"}
    calendar = {"source": "example", "standing": "proposed", "parts": parts}
    rows = dict(labels({"parts_on_roll": 3}, calendar=calendar))
    assert rows["Part of the year on roll, in periods of four weeks"] == "3 of 13"
