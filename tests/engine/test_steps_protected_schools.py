"""What protects a school's top-ups is explained by steps that come to what is paid, by authority."""

from datetime import date

import pytest
from hypothesis import event, given

from engine.errors import NotReconciled, PairRefused
from engine.explain import explain
from engine.modules.top_ups import school_working
from engine.money import pounds
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.statement import explain_change
from tests.block_strategies import DAYS
from tests.builders import pupil, pupil_table
from tests.engine.test_agreement_loss_protection import flat, placed, protections
from tests.engine.test_explain_rows import check_rows

DAY = date(2025, 4, 1)
NINETY = {"until": "2026-03-31", "school_percent": "90"}


def valued(records, day=DAY, **protection):
    return evaluate(
        compile_rules(flat({**NINETY, **protection}), day), pupils=pupil_table(records, "ABC")
    )


@given(placed(missing=True), protections(), DAYS)
def test_the_rows_of_a_school_come_to_what_protects_it_at_every_authority(records, protection, day):
    rules = compile_rules(flat(protection), day)
    outcome = evaluate(rules, pupils=pupil_table(records, "ABC"))
    top_ups = outcome.top_ups
    for urn in {one["urn"] for one in records if one["urn"] is not None}:
        if rules.top_ups.school_protection is None:
            with pytest.raises(PairRefused):
                explain(outcome, str(urn))
            continue
        explanation = explain(outcome, str(urn))
        at = (top_ups.pupils.placement_urn == urn).nonzero()[0].tolist()
        for working, placement in zip(explanation.workings, at, strict=True):
            event("not known" if working.absent else "known")
            check_rows(working.rows)
            paid = pounds(int(top_ups.school_protection[placement]))
            assert working.rows[-1].value == (None if working.absent else paid)
        total = None if explanation.absent else pounds(int(top_ups.school_protection[at].sum()))
        assert [row.value for row in explanation.totals] == [total]


def test_a_school_s_protection_is_explained_from_today_s_top_ups_to_the_penny():
    outcome = valued([
        pupil(pupil_key="a", la=201, urn=1, band="A", top_up="2000"),
        pupil(pupil_key="b", la=202, urn=1, band="A", top_up="0"),
    ])  # fmt: skip
    explanation = explain(outcome, "1")
    assert [one.label for one in explanation.workings] == [
        "Protection of top-ups, authority 201", "Protection of top-ups, authority 202",
    ]  # fmt: skip
    assert [(row.label, row.value) for row in explanation.workings[0].rows] == [
        ("Today's top-ups, each times the parts of the year on roll", "730000.00"),
        ("Parts of the whole year", "365"),
        ("Share of today's top-ups that the school keeps", "90"),
        ("Least that the school keeps", "1800.00"),
        ("New top-ups of its pupils", "1000.00"),
        ("Protection of the school's top-ups", "800.00"),
    ]
    assert [(row.label, row.value) for row in explanation.totals] == [
        ("Protection of top-ups", "800.00")
    ]


def test_two_rule_sets_are_compared_for_a_school_by_what_protects_it():
    records = [pupil(la=201, urn=1, band="A", top_up="2000")]
    change = explain_change(valued(records), valued(records, school_percent="95"), "1")
    assert [(row.label, row.value) for row in change.rows] == [
        ("Protection of top-ups, candidate", "900.00"),
        ("Protection of top-ups, baseline", "800.00"),
        ("Change", "100.00"),
    ]


def test_steps_that_come_to_another_amount_are_refused(monkeypatch):
    outcome = valued([pupil(la=201, urn=1, band="A", top_up="2000")])
    monkeypatch.setattr(school_working, "work", lambda *_: 1)
    with pytest.raises(NotReconciled):
        explain(outcome, "1")
