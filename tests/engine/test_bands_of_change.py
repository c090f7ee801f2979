"""Bands of change and tenths against counting each pupil, and what no school may lose against comparing each candidate."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.candidates import Candidates, PathValues, Run
from engine.candidates.figures import KINDS, Limits, every_figure
from engine.candidates.school_losses import keep_to_school_loss
from engine.candidates.summary import summary_of
from engine.compare.bands_of_change import spread_of, usual_edges
from engine.compare.change import deciles
from engine.export.candidate_details import candidate_details
from engine.rules.compile import compile_rules
from engine.rules.compile_trials import compile_what_if
from engine.run import evaluate
from tests.builders import banded, pupil, pupil_table, rule_set
from tests.storm_size import draws

PRICE = "band_profile.tariff.prices.A.pounds"
BANDS = [{"band": "A", "pounds": "1000.07"}, {"band": "B", "pounds": "0"}]


def table_of(pupils):
    """Return pupils by band, school and whether they have two spells."""
    records = []
    for at, (band, urn, moves) in enumerate(pupils):
        ends = date(2025, 9, 30) if moves else None
        records.append(pupil(pupil_key=f"pupil-{at}", band=band, urn=urn, end=ends))
        if moves:
            begins = date(2025, 10, 1)
            records.append(pupil(pupil_key=f"pupil-{at}", band="A", urn=urn + 1, start=begins))
    return pupil_table(records, ("A", "B"))


PUPILS = st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from([100_001, 100_002, 100_003]), st.booleans()), min_size=1, max_size=8)  # fmt: skip
AMOUNTS = st.integers(0, 2_000_00)


def text(pence):
    return f"{pence // 100}.{pence % 100:02d}"


@settings(max_examples=draws(15), deadline=None)
@given(PUPILS, AMOUNTS, st.lists(st.integers(1, 200_000), min_size=1, max_size=4, unique=True))
def test_every_pupil_is_in_the_band_of_what_all_spells_together_gain_or_lose(pupils, price, edges):
    rules, table = compile_rules(rule_set(**banded(BANDS, ("A", "B")))), table_of(pupils)
    sides = [
        evaluate(one, pupils=table).top_ups
        for one in (rules, compile_what_if(rules.document, [(PRICE, text(price))], None, rules))
    ]
    edges = sorted(edges)
    spread = spread_of(*sides, edges)
    changes, paid = {}, {}
    for row, key in enumerate(table.keys.to_list()):
        change = int(sides[1].amount[row] - sides[0].amount[row])
        changes[key] = changes.get(key, 0) + change
        paid[key] = paid.get(key, False) or bool(sides[0].amount[row] or sides[1].amount[row])
    assert sum(one.number for one in spread.bands) == len(changes)
    assert sum(one.change for one in spread.bands) == sum(changes.values())
    for one in spread.bands:
        own = [change for change in changes.values() if is_in(change, one)]
        assert (len(own), sum(own)) == (one.number, one.change), one
    for among, chosen in {
        "funded": [changes[key] for key in changes if paid[key]],
        "changed": [one for one in changes.values() if one],
    }.items():
        assert spread.deciles[among] == deciles(np.asarray(chosen, np.int64))
    assert len(spread.bands) == 2 * len(edges) + 3


def is_in(change, band):
    if (band.least, band.most) == (0, 0):
        return change == 0
    if band.least is not None and band.least >= 0:
        return change > band.least and (band.most is None or change <= band.most)
    return change < band.most and (band.least is None or change >= band.least)


def test_the_edges_that_ship_rise_from_above_nothing():
    edges = usual_edges()
    assert list(edges) == sorted(set(edges))
    assert edges[0] > 0


@settings(max_examples=draws(15), deadline=None)
@given(PUPILS, st.lists(AMOUNTS, min_size=1, max_size=5, unique=True), st.integers(0, 100_000))
def test_a_candidate_keeps_to_what_no_school_may_lose_where_comparing_it_says_so(
    pupils, prices, limit
):
    rules, table = compile_rules(rule_set(**banded(BANDS, ("A", "B")))), table_of(pupils)
    values = PathValues.of_texts(PRICE, [text(one) for one in prices])
    run = Run.of(rules, table, Candidates.of([values]))
    few, limits = run.among(KINDS), Limits(school_loss=limit)
    summary = keep_to_school_loss(summary_of(few, every_figure(few, limits)), run, limits)
    for at in range(len(prices)):
        schools = candidate_details(run, [at], "schools").frame
        worst = max(
            -change - limit * (number - unknown)
            for change, number, unknown in schools.select(
                "change", "number", "not_known"
            ).iter_rows()
        )
        assert summary.figures.keeps[at] == (worst <= 0)


@pytest.mark.parametrize("detail", ["changes", "pupils", "schools"])
def test_details_name_their_candidate_first(detail):
    rules = compile_rules(rule_set(**banded(BANDS, ("A", "B"))))
    table = table_of([("A", 100_001, False), ("B", 100_002, False)])
    run = Run.of(rules, table, Candidates.of([PathValues.of_texts(PRICE, ["900", "1100"])]))
    rows = candidate_details(run, [1, 0], detail)
    assert next(iter(rows.shapes)) == "candidate"
    assert list(dict.fromkeys(rows.frame["candidate"])) == ["2", "1"]
