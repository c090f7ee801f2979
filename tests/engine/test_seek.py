"""The value that reaches a total, compared with the engine's own evaluation of every value round about."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.candidates.halving import Plateau
from engine.candidates.seek import seek
from engine.candidates.seek_pairs import line_of
from engine.errors import OverrideRefused
from engine.export.search_rows import search
from engine.money import number
from engine.rules.compile import compile_rules
from engine.rules.compile_trials import compile_what_if
from engine.run import evaluate
from tests.builders import banded, pupil, pupil_table, rule_set
from tests.storm_size import draws

PRICE, THRESHOLD, CAP = (
    "band_profile.tariff.prices.A.pounds",
    "top_up_rule.threshold.pounds",
    "top_up_rule.cap",
)
UPRATING = "band_profile.tariff.uprating_percent"


def profile():
    """Return rules of two bands with a first part, a cap and an uprating."""
    prices = [{"band": "A", "pounds": "1000.07"}, {"band": "B", "pounds": "333.33"}]
    parts = banded(prices, ("A", "B"), threshold={"pounds": "150", "inside": True}, cap="2000")
    parts["band_profile"]["tariff"]["uprating_percent"] = "2"
    return rule_set(**parts)


def pupils_of(parts):
    """Return pupils who leave after so many days each, none for all year."""
    return pupil_table(
        [
            pupil(
                pupil_key=f"pupil-{at}",
                band="AB"[at % 2],
                end=None if day is None else date(2025, 4 + day % 9, 15),
            )
            for at, day in enumerate(parts)
        ],
        ("A", "B"),
    )


def total_of(baseline, table, place, value) -> int:
    """Return what the engine itself pays under a value."""
    rules = compile_what_if(baseline.document, [(place, value)], None, baseline)
    return evaluate(rules, pupils=table).top_ups.total


@settings(max_examples=draws(12), deadline=None)
@given(
    st.sampled_from([PRICE, THRESHOLD, CAP, UPRATING]),
    st.lists(st.none() | st.integers(0, 8), min_size=1, max_size=5),
    st.integers(0, 300_000),
)
def test_every_value_that_comes_to_a_total_is_found_and_those_around_it(place, parts, target):
    baseline, table = compile_rules(profile()), pupils_of(parts)
    percent = place == UPRATING
    low, high, scale = (0, 300, 10_000) if percent else (90_000, 90_300, 100)
    if place == THRESHOLD:
        low, high = 14_000, 14_300
    texts = [number(value, scale) for value in range(low, high + 1)]
    totals = [total_of(baseline, table, place, text) for text in texts]
    # A total that some value comes to, or one between two of them.
    wanted = totals[target % len(totals)] + (target % 3 - 1) * (target % 2)
    found = seek(baseline, table, place, wanted, (texts[0], texts[-1]))
    hits = [text for text, total in zip(texts, totals, strict=True) if total == wanted]
    expected = (Plateau(hits[0], hits[-1], wanted),) if hits else ()
    assert found.exact == expected
    less, more = [one for one in totals if one < wanted], [one for one in totals if one > wanted]
    for plateau, nearest in (
        (found.below, max(less, default=None)),
        (found.above, min(more, default=None)),
    ):
        held = [text for text, total in zip(texts, totals, strict=True) if total == nearest]
        assert plateau == (Plateau(held[0], held[-1], nearest) if held else None)


def test_without_bounds_every_value_that_a_path_may_have_is_looked_at():
    baseline, table = compile_rules(profile()), pupils_of([None, None])
    published = evaluate(baseline, pupils=table).top_ups.total
    [found] = seek(baseline, table, PRICE, published).exact
    assert found.total == published
    assert float(found.first) <= 1000.07 <= float(found.last)


def test_a_cut_off_has_all_its_values_worked_out_as_totals_may_go_up_and_down():
    rows = [{"when": {"score": ["0-9"]}, "band": "A"}, {"when": {"score": ["10+"]}, "band": "B"}]
    table = {"inputs": ["score"], "hit_policy": "unique", "rows": rows}
    prices = [{"band": "A", "pounds": "900"}, {"band": "B", "pounds": "100"}]
    baseline = compile_rules(rule_set(**banded(prices, ("A", "B"), {"table": table})))
    pupils = pupil_table([pupil(pupil_key=f"p-{score}", score=score) for score in (3, 5, 8, 12)])
    place = "band_profile.assignment.table.rows.B.when.score.from"
    with pytest.raises(OverrideRefused, match="give the lowest and the highest"):
        seek(baseline, pupils, place, 200_000)
    found = seek(baseline, pupils, place, 200_000, ("2", "15"))
    assert [found.exact, found.below.total, found.above.total] == [
        (Plateau("6", "8", 200_000),), 120_000, 280_000,
    ]  # fmt: skip


def test_bounds_of_too_many_decimals_or_the_wrong_way_round_are_refused():
    baseline, table = compile_rules(profile()), pupils_of([None])
    with pytest.raises(OverrideRefused, match="at most 2 decimals"):
        seek(baseline, table, PRICE, 1, ("1.005", "2"))
    with pytest.raises(OverrideRefused, match="above the highest"):
        seek(baseline, table, PRICE, 1, ("2", "1"))


@settings(max_examples=draws(8), deadline=None)
@given(st.lists(st.none() | st.integers(0, 8), min_size=1, max_size=4), st.integers(0, 60_000))
def test_for_each_value_of_a_second_path_no_value_of_the_first_comes_nearer(parts, more):
    baseline, table = compile_rules(profile()), pupils_of(parts)
    line = line_of(THRESHOLD, "100", "200", "50")
    target = evaluate(baseline, pupils=table).top_ups.total + more - 30_000
    bounds = ("1000.00", "1000.40")
    rows = search(baseline, PRICE, target, None, table, bounds, line).frame
    assert set(rows["second"]) == {"100", "150", "200"}
    for second in line.values:
        totals = {
            value: evaluate(
                compile_what_if(baseline.document, [(THRESHOLD, second), (PRICE, value)], None, baseline), pupils=table
            ).top_ups.total
            for value in (number(one, 100) for one in range(100_000, 100_041))
        }  # fmt: skip
        own = rows.filter(second=second)
        hits = {value for value, total in totals.items() if total == target}
        exact = own.filter(pl.col("is") == "exact")
        assert exact.height == bool(hits)
        below = max((one for one in totals.values() if one < target), default=None)
        above = min((one for one in totals.values() if one > target), default=None)
        for word, nearest in (("nearest below", below), ("nearest above", above)):
            found = own.filter(pl.col("is") == word)["total"].to_list()
            assert found == ([] if nearest is None else [nearest])


def test_a_second_path_must_be_another_and_have_some_values():
    baseline, table = compile_rules(profile()), pupils_of([None])
    with pytest.raises(OverrideRefused, match="the second is another"):
        search(baseline, PRICE, 1, None, table, None, line_of(PRICE, "1", "2", "1"))
    with pytest.raises(OverrideRefused, match="take a larger step"):
        line_of(PRICE, "1", "2000", "0.5")
    with pytest.raises(OverrideRefused, match="a step above 0"):
        line_of(PRICE, "1", "2", "0")
    with pytest.raises(OverrideRefused, match="plain numbers"):
        line_of(PRICE, "1", "x", "1")
