"""Rows that no candidate pays are counted once for all: the same answers as with every row worked out for each candidate."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from engine.candidates import Candidates, PathValues, Run, class_counts, kinds, lanes, payable
from engine.candidates.groups import MAKERS
from engine.candidates.kinds import kinds_of
from engine.errors import Refusal
from engine.rules.compile import compile_rules
from tests.builders import banded, pupil, pupil_table, rule_set
from tests.engine.test_candidate_lanes import (
    HIGH,
    HIGHEST,
    LOW,
    cuts_tried,
    many,
    scored_rules,
    tables,
)
from tests.engine.test_candidates import (
    GIVEN,
    amounts_tried,
    assert_each_is_as_evaluated,
    plain_rule_sets,
)
from tests.engine.test_candidates import KINDS as COMPARED
from tests.storm_size import draws
from tests.strategies import LABELS

KINDS = tuple(MAKERS)
"""Every kind of groups."""

PAYS = st.sampled_from(
    [
        {"sen_provision": ("E",)},
        {"sen_provision": ("E", "K")},
        {"sen_provision": ("E",), "setting": ("special", "mainstream")},
    ]
)


@st.composite
def pupils_of_all_kinds(draw) -> list[dict]:
    """Draw pupils with and without a plan, some with doubts, and some with several spells, of whom a plan may have one alone."""
    rows = []
    plan = st.sampled_from(["N", "N", "N", "K", "K", "E", None])
    for number in range(draw(st.integers(4, 24))):
        row = pupil(
            pupil_key=f"pupil-{number:02}", la=draw(st.sampled_from([201, 202, 390])),
            urn=draw(st.sampled_from([None, 1, 2, 3])), band=draw(st.sampled_from(LABELS)),
            setting=draw(st.sampled_from(["mainstream", "special", "sen_unit", None])),
            primary_need=draw(st.sampled_from(["ASD", "MLD", None])),
            year_group=draw(st.sampled_from([None, 1, 8, 12])), sen_provision=draw(plan),
            idaci=draw(st.sampled_from([None, "A", "G"])), score=draw(st.none() | st.integers(0, HIGHEST)),
            start=draw(st.none() | st.dates(date(2025, 4, 1), date(2025, 10, 1))),
        )  # fmt: skip
        if draw(st.sampled_from([True, False, False])):
            split = date(2025, 11, 5)
            rows.append({**row, "start": date(2025, 4, 2), "end": split})
            later = {"sen_provision": draw(plan), "la": draw(st.sampled_from([201, 390]))}
            row = {**row, **later, "start": split + timedelta(days=1), "end": None}
        rows.append({"end": None, **row})
    return rows


def assert_same(one: Run, other: Run) -> None:
    """Hold two runs to the same answers, plans and kinds of pupils."""
    assert [kind.groups for kind in one.groups.kinds] == [
        kind.groups for kind in other.groups.kinds
    ]
    for a, b in zip(one.answers(), other.answers(), strict=True):
        assert (a.band_names, a.refused) == (b.band_names, b.refused)
        names = (
            "rows",
            "people",
            "before",
            "after",
            "winners",
            "losers",
            "unknown",
            "total",
            "bands",
        )
        for name in names:
            assert np.array_equal(getattr(a, name), getattr(b, name)), name
    a, b = one.plan, other.plan
    assert (a.lanes, a.closed_form, a.by_share) == (b.lanes, b.closed_form, b.by_share)
    # A pupil with several rows is evaluated, unless none of them is paid.
    assert a.one_by_one <= b.one_by_one
    assert sum(a[3:]) == sum(b[3:]) == (len(one.pupils) if a.candidates else 0)
    rows = np.arange(len(one.candidates))
    found = kinds_of(one, rows), kinds_of(other, rows)
    assert (found[0] is None) == (found[1] is None)
    if found[0] is not None:
        assert all(np.array_equal(x, y) for x, y in zip(*found, strict=True))


def runs_of(baseline, table, candidates) -> tuple[Run, Run]:
    """Return a run over a table that is laid out as a large one is, and one in which every row is worked out."""
    found = Run.of(baseline, table.laid_out(1), candidates, KINDS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(payable, "_chosen", lambda *_: None)
        whole = Run.of(baseline, table, candidates, KINDS)
    assert whole.payable.other_rows == 0
    return found, whole


@settings(max_examples=draws(60), deadline=None)
@given(st.data(), PAYS, st.booleans(), st.booleans())
def test_rows_that_nothing_pays_count_as_if_each_were_worked_out(data, pays, closed, scored):
    document = data.draw(plain_rule_sets(365, tables() if scored else GIVEN))
    rule = document.top_up_rule.model_copy(update={"pays_when": pays})
    document = document.model_copy(update={"top_up_rule": rule})
    table = pupil_table(data.draw(pupils_of_all_kinds()), LABELS)
    candidates = data.draw(amounts_tried(document))
    if scored:
        cuts = data.draw(cuts_tried(document, len(candidates)))
        candidates = Candidates.of([*candidates.values, *cuts])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(class_counts, "WORTH", 1 if closed else 1_000)
        patch.setattr(lanes, "WORTH", 1)
        try:
            found, whole = runs_of(compile_rules(document), table, candidates)
        except Refusal:
            event("refused")
            return
        event(f"others {found.payable.other_rows > 0}, lanes {found.lanes is not None}")
        assert_same(found, whole)
        assert_each_is_as_evaluated(found.among(COMPARED), table)


def test_kinds_are_told_apart_by_codes_of_any_size():
    many, nothing = 2**16 - 4, -4
    after = np.array([0, 1, many, 70_000, 0])
    before = np.array([many, nothing, 7, 0, many])
    kind, step = kinds._divide(np.zeros(5, np.int64), after, before)
    assert len(set(kind[:4].tolist())) == 4
    assert kind[4] == kind[0]
    assert step.after[kind].tolist() == after.tolist()
    assert step.before[kind].tolist() == before.tolist()
    assert step.above[kind].tolist() == [0] * 5


def test_kinds_of_which_there_are_too_many_are_not_told_apart(monkeypatch):
    monkeypatch.setattr(kinds, "MOST_KINDS", 3)
    none, several = np.zeros(4, np.int64), np.arange(4)
    assert kinds._divide(none, several, none) is None
    assert kinds._divide(none, none, several) is None
    assert kinds._divide(none, several // 2, several % 2) is None
    assert kinds._divide(none, several // 2, several // 3) is not None


def test_the_rows_of_a_pupil_with_several_stay_together_and_each_other_pupil_counts_once():
    pupils = [
        # Both rows of the first are worked out; the two of the second are one pupil of authority 201.
        ("a", 201, "N", None), ("a", 201, "E", date(2025, 9, 1)),
        ("b", 201, "N", None), ("b", 201, "N", date(2025, 9, 1)),
        *((f"c{at}", 202, "N", None) for at in range(9)),
        ("d", 202, "E", None),
    ]  # fmt: skip
    rows = [
        pupil(
            pupil_key=key, la=la, urn=1, band="A", setting="special", sen_provision=plan,
            primary_need="MLD", year_group=3, idaci="A", start=start,
            end=date(2025, 8, 31) if key in "ab" and start is None else None,
        )
        for key, la, plan, start in pupils
    ]  # fmt: skip
    parts = banded([{"pounds": "1000"}], ("A",))
    parts["top_up_rule"]["pays_when"] = {"sen_provision": ["E"]}
    document = rule_set(**parts)
    values = PathValues.of_texts("band_profile.tariff.prices.0.pounds", ["900", "1100"])
    found, whole = runs_of(
        compile_rules(document), pupil_table(rows, ("A",)), Candidates.of([values])
    )
    assert len(found.payable.pupils) == 3
    assert found.payable.other_rows == 11
    la = found.groups.kind("la").slice
    assert found.payable.others.rows[la].tolist() == [2, 9]
    assert found.payable.others.number[la].tolist() == [1, 9]
    assert found.block(0).people[0, la].tolist() == [2, 10]
    assert_same(found, whole)


def test_lanes_and_sets_of_cut_offs_work_over_those_who_may_be_paid_alone(monkeypatch):
    monkeypatch.setattr(lanes, "SWEEP", 10)
    plans = ["E", "N", "N", "K", "N", None, "N"]
    records = [
        {**row, "sen_provision": plans[at % len(plans)], "year_group": at % 12, "idaci": "B"}
        for at, row in enumerate(many(140))
    ]
    rules = compile_rules(
        scored_rules("100.01", "2000.37", "3000.99", pays_when={"sen_provision": ["E"]})
    )
    number = 2 * lanes.SWEEP + lanes.WORTH
    # The first two sets of cut-offs are each of several candidates, and counted for all of them.
    low = [7] * lanes.SWEEP + [9] * lanes.SWEEP + list(range(10, 10 + lanes.WORTH))
    candidates = Candidates.of(
        [
            PathValues.of_texts(LOW, [str(one) for one in low]),
            PathValues.of_texts(HIGH, [str(one + 15) for one in low]),
            PathValues.of_texts(
                "band_profile.tariff.prices.A.pounds", [f"{at}.37" for at in range(number)]
            ),
        ]
    )
    found, whole = runs_of(rules, pupil_table(records, LABELS), candidates)
    assert found.plan.lanes > 0
    assert [len(rows) for rows in found.variants] == [lanes.WORTH, lanes.SWEEP, lanes.SWEEP]
    # Who has a plan, and of whom that is not known.
    assert len(found.payable.pupils) == 40
    assert_same(found, whole)
