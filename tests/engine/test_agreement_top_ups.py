"""Kernels against the reference: bands, prices and top-ups of generated rules and pupils."""

from collections import Counter
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from engine.errors import PairRefused, RuleRefused
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.steps import UNPRINTED
from engine.vocabulary import Reason
from tests.builders import banded, pupil, pupil_table, record_of, rule_set
from tests.reference.calendars import presence
from tests.reference.numbers import NOT_PRINTED
from tests.reference.top_ups import TopUp, priced, top_up
from tests.storm_size import draws
from tests.strategies import LABELS, banded_rule_sets, parts_of, pupils

UNPAID = ("not_funded", "not_supplied", "no_price", "no_band", "not_printed", "no_value")


def valued(rules, table) -> dict:
    """Return what the engine pays for each pupil, by key."""
    outcome = evaluate(rules, pupils=table).top_ups
    annual = np.where(outcome.rate_known, outcome.annual, None)
    paid = zip(annual, outcome.amount, map(Reason, outcome.reason), strict=True)
    return {
        key: TopUp(0 if reason.name in UNPAID else annual, int(amount), reason.name)
        for key, (annual, amount, reason) in zip(table.keys, paid, strict=True)
    }


def without_why(one: TopUp) -> TopUp:
    """Return what is paid, with no annual rate where it is not known."""
    return one._replace(annual=None) if isinstance(one.annual, str) else one


@settings(max_examples=draws(15))
@given(st.data(), banded_rule_sets(), st.sampled_from([date(2025, 4, 1), date(2025, 9, 1)]))
def test_every_pupil_is_paid_what_the_clauses_say(data, document, day):
    rules = compile_rules(document, day)
    records = data.draw(pupils(parts_of(rules)))
    expected = {one["pupil_key"]: top_up(document, day, one) for one in records}
    gaps = {key for key, one in expected.items() if one.reason == "no_band"}
    if gaps:
        with pytest.raises(PairRefused) as refused:
            evaluate(rules, pupils=pupil_table(records, LABELS))
        assert refused.value.total == len(gaps)
    covered = [one for one in records if one["pupil_key"] not in gaps]
    if covered:
        paid = valued(rules, pupil_table(covered, LABELS))
        assert paid == {key: without_why(expected[key]) for key in paid}
        event(f"{Counter(one.reason for one in paid.values()).most_common(1)[0][0]}")


def test_an_assessed_cost_is_a_whole_year_s_and_is_not_paid_several_times():
    with pytest.raises(RuleRefused, match="times_a_year must be left out"):
        rule_set(**banded([{"assessed_cost": True, "times_a_year": 3}], ("A",)))


def test_a_late_plan_earns_its_part_of_the_year_from_the_day_by_which_it_was_due():
    document = rule_set(**banded([{"pounds": "3650"}], ("A",), backdating={"weeks": 20}))
    late = pupil(band="A", start=date(2025, 10, 1), requested=date(2025, 2, 1))
    outcome = evaluate(compile_rules(document), pupils=pupil_table([late], ("A",))).top_ups
    assert (outcome.year_share.tolist(), outcome.amount.tolist()) == ([284], [284_000])


@settings(max_examples=draws(15))
@given(st.data(), banded_rule_sets())
def test_every_pupil_has_the_band_price_threshold_and_part_of_the_year_that_the_rules_say(
    data, document
):
    rules = compile_rules(document, document.effective.first)
    records = data.draw(pupils(parts_of(rules)))
    expected = {one["pupil_key"]: priced(document, rules.now.first, one) for one in records}
    covered = [one for one in records if expected[one["pupil_key"]].reason != "no_band"]
    if not covered:
        return
    table = pupil_table(covered, LABELS)
    outcome = evaluate(rules, pupils=table).top_ups
    rule, share, denominator = (
        document.top_up_rule,
        outcome.year_share,
        rules.top_ups.calendar.denominator,
    )
    price, threshold = (
        one[outcome.combination]
        for one in (outcome.decisions.price, outcome.decisions.rates.threshold[0])
    )
    for row, key in enumerate(table.keys):
        band = int(outcome.pupil_bands()[row])
        assert (None if band < 0 else LABELS[band]) == expected[key].band
        if not expected[key].reason:
            stay = presence(rule.calendar, record_of(table, row), rule.backdating)
            assert stay is None or Fraction(int(share[row]), denominator) == stay
            assert int(price[row]) == expected[key].price
            first = expected[key].threshold
            assert int(threshold[row]) == (UNPRINTED if first == NOT_PRINTED else first)
