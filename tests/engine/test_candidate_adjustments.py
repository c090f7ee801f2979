"""Candidates under an adjustment, first part, floor and cap by authority: by the closed form, to the penny of evaluating each and of the reference."""

from datetime import date

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from engine.candidates import Candidates, PathValues, Run, class_counts
from engine.candidates.amount_stages import staged
from engine.candidates.class_counts import ClassCounts
from engine.candidates.preparation import Counting
from engine.rules.compile import compile_rules
from engine.rules.compile_trials import compile_what_if
from engine.rules.override import override
from engine.rules.paths import Paths
from engine.steps import Op, Plain, Step, result, start
from tests.builders import banded, pupil, pupil_table, rule_set
from tests.engine.test_candidates import (
    CALENDARS,
    KINDS,
    ODD,
    amounts_tried,
    assert_each_is_as_evaluated,
    by_authority,
    plain_pupils,
    plain_rule_sets,
)
from tests.reference.top_ups import top_up
from tests.storm_size import draws
from tests.strategies import LABELS

ADJUSTMENTS = st.decimals("0.9", "1.2", places=6).map(str) | st.sampled_from(["1", "1.5", "0"])
FEW = ("total", "la")


@st.composite
def rule_sets_by_authority(draw, parts: int) -> dict:
    """Draw rules of which the adjustment differs by authority, and some of the clauses may."""
    document = draw(plain_rule_sets(parts))
    held = document.model_dump(mode="json", by_alias=True, exclude_unset=True)
    profile, rule = held["band_profile"], held["top_up_rule"]
    profile["tariff"]["area_cost_adjustment"] = draw(by_authority(ADJUSTMENTS))
    for name in ("floor", "cap"):
        if draw(st.sampled_from([True, False, False])):
            rule[name] = draw(by_authority(ODD))
    if "threshold" in rule and draw(st.booleans()):
        rule["threshold"]["pounds"] = draw(by_authority(ODD))
    return type(document).model_validate(held)


def stages_of(run) -> int:
    """Return how many stages the amounts of a run's first candidates have in all; 0 where none are exact."""
    prepared = run.prepared(0)
    amounts = prepared.side.steps.in_stages(
        prepared.variant.amounts, slice(0, len(prepared.variant))
    )
    return 0 if amounts is None else len(amounts.limit)


def assert_reference(run, records) -> None:
    """Hold what each candidate pays to the reference, where no pupil has two spells and nothing changes within the year."""
    keys = [one["pupil_key"] for one in records]
    for answer in run.answers():
        for at, row in enumerate(answer.rows.tolist()):
            overrides = run.candidates.overrides(row)
            rules = compile_what_if(run.varied.document, overrides)
            if len(set(keys)) < len(keys) or len(rules.top_ups.segments) > 1:
                event("no reference")
                continue
            document = override(run.varied.document, overrides)
            found = [top_up(document, document.effective.first, one) for one in records]
            known = sum(one.amount for one in found if isinstance(one.amount, int))
            assert answer.total[at] == known


@settings(max_examples=draws(120), deadline=None)
@given(st.data(), st.sampled_from(sorted(CALENDARS)), st.sampled_from([KINDS, FEW]))
def test_adjustments_by_authority_come_to_the_penny_of_evaluating_each_candidate(
    data, parts, kinds
):
    document = data.draw(rule_sets_by_authority(parts))
    records = data.draw(plain_pupils(parts))
    table = pupil_table(records, LABELS)
    candidates = data.draw(amounts_tried(document))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(class_counts, "WORTH", 1)
        patch.setattr(class_counts, "ABREAST", data.draw(st.sampled_from([1, 2, 256])))
        run = Run.of(compile_rules(document), table, candidates, kinds)
        if kinds is KINDS:
            assert_each_is_as_evaluated(run, table)
        if run.blocks and not run.left_out:
            assert_reference(run, records)
            counted = run.prepared(0).counted
            if isinstance(counted, ClassCounts) and counted.has_closed_form:
                event(f"stages {stages_of(run) > 0}")
                assert_by_share(run, counted)


def assert_by_share(run, counted) -> None:
    """Hold the closed form, of amounts in stages and as they are, to rounding share by share."""
    prepared = run.prepared(0)
    values, length = prepared.variant.amounts, len(prepared.variant)
    amounts = prepared.side.steps.amounts(values, slice(0, length))
    expected = counted.by_shares(amounts, counted.cells.shares)
    in_stages = counted.by_form(prepared.side.steps.in_stages(values, slice(0, length)))
    for found in (
        counted.sums(amounts, slice(0, length)),
        *([] if in_stages is None else [in_stages]),
    ):
        for one, other in zip(found, expected, strict=True):
            assert np.array_equal(one, other)


def national(parts: dict) -> tuple[Run, list[dict]]:
    """Return a run of 70 candidates over pupils of 24 authorities, and the pupils; ``parts`` are the rules' own."""
    authorities = [*range(201, 214), *range(301, 312)]
    rows = [
        {"when": {"la": [str(la)]}, "value": f"{0.9 + at * 0.012345:.6f}"}
        for at, la in enumerate(authorities)
    ]
    held = banded([{"band": one, "pounds": "7001.37"} for one in LABELS], LABELS, **parts)
    held["band_profile"]["tariff"]["area_cost_adjustment"] = {"rows": rows}
    document = rule_set(**held)
    records = [
        pupil(
            pupil_key=f"pupil-{at}",
            la=authorities[at % 24],
            urn=1,
            band=LABELS[at % len(LABELS)],
            setting="mainstream",
            start=date(2025, 4 + at % 6, 1 + at % 28),
        )
        for at in range(200)
    ]
    names = [one for one in Paths(document).names if one.endswith(".pounds") and "prices" in one]
    drawn = np.random.default_rng(3)
    values = [PathValues(one, 700_137 + drawn.integers(-900, 90_000, 70), 2) for one in names]
    table = pupil_table(records, LABELS)
    return Run.of(compile_rules(document), table, Candidates.of(values), FEW), records


@pytest.mark.parametrize(
    "parts", [{}, {"threshold": {"pounds": "6000", "inside": True}, "cap": "1500.03"}]
)
def test_a_class_of_each_authority_goes_by_the_closed_form(parts):
    run, records = national(parts)
    prepared = run.prepared(0)
    assert prepared.kind is Counting.closed_form
    # Prices are worked out once, and not once for each authority.
    amounts = prepared.side.steps.in_stages(prepared.variant.amounts, slice(0, 70))
    assert len(prepared.side.classes) >= 24 * len(LABELS) > len(amounts.sums.known) - 1
    assert len(amounts.limit) == 24 * len(LABELS)
    assert_by_share(run, prepared.counted)
    assert_reference(run, records)


TIMES = Step(Op.times, "Adjustment", Plain("1.02"))
LESS = Step(Op.minus, "First part", Plain("6000.00"))


@pytest.mark.parametrize(
    "steps",
    [
        (TIMES,),
        (TIMES, LESS, result("To the penny")),
        (TIMES, result("To the pound", nearest=start("", Plain("1")).nearest), LESS),
        (Step(Op.one_from, "Reached", Plain("1")),),
    ],
)
def test_what_is_not_rounded_before_it_is_limited_is_worked_as_it_is_printed(steps):
    document = rule_set(**banded([{"pounds": "1000"}], ("A",)))
    rules = compile_rules(document)
    first = rules.top_ups.segments[0].prices[0][0][0]
    tabled = first._replace(op=Op.plus, value=first.value._replace(of=(("la", ("201",)),)))
    every = (first, tabled, *steps)
    assert staged(every).stages == ()
    assert staged(every).first == every


def test_a_value_of_a_table_that_cannot_be_is_left_out_with_its_reason():
    cap = {"rows": [{"when": {"la": ["201"]}, "value": "900"}], "otherwise": "none"}
    document = rule_set(**banded([{"pounds": "1000"}], ("A",), cap=cap))
    place = next(one for one in Paths(document).names if "cap.rows" in one)
    values = PathValues.of_texts(place, ["100", "100000000.01"])
    table = pupil_table([pupil(pupil_key="pupil-1", la=201, urn=1, band="A")], ("A",))
    run = Run.of(compile_rules(document), table, Candidates.of([values]), FEW)
    [left_out] = run.left_out
    assert left_out.name == "2"
    assert left_out.reason.startswith("top_up_rule.cap.rows.")
