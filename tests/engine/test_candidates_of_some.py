"""The best of many candidates, worked out again by themselves, come to what they came to among all, whatever way they take."""

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from engine.candidates import AnswerFile, BlockRun, Candidates, Run, block_run, class_counts, lanes
from engine.candidates.figures import KINDS
from engine.candidates.schools import SchoolRun
from engine.candidates.summary import front
from engine.errors import Refusal
from engine.export.candidates import answers_among
from engine.rules.compile import compile_rules
from tests.builders import pupil_table, rule_set, school_table
from tests.engine.test_candidate_lanes import (
    cuts_tried,
    many,
    scored_pupils,
    scored_rules,
    steps,
    tables,
    tried,
)
from tests.engine.test_candidates import CALENDARS, amounts_tried, plain_rule_sets
from tests.engine.test_school_candidates import full_schools, plain_formulas
from tests.engine.test_school_candidates import tried as tried_of_schools
from tests.storm_size import draws
from tests.strategies import LABELS

__all__ = ["tried"]

NUMBERS = (
    "people", "before", "after", "winners", "losers", "unknown", "total", "bands", "formula",
)  # fmt: skip


def assert_alone_as_among_all(run: BlockRun, which: np.ndarray) -> None:
    """Hold the answers of some candidates, in blocks of their own, to those that they have in the run's blocks."""
    found = {}
    for answer in run.answers():
        for at, row in enumerate(answer.rows.tolist()):
            found[row] = numbers(answer, at)
    alone = run.narrowed(which)
    rows = []
    for answer in alone.answers():
        rows += answer.rows.tolist()
        assert [numbers(answer, at) for at in range(len(answer.rows))] == [
            found[row] for row in answer.rows.tolist()
        ]
        assert set(answer.refused) <= set(answer.rows.tolist())
    assert sorted(rows) == sorted(row for row in np.flatnonzero(which).tolist() if row in found)
    assert not alone.has_answers or len(alone.kept) == len(alone.blocks)


def numbers(answer, at: int) -> list:
    held = [getattr(answer, name) for name in NUMBERS]
    lists = [None if one is None else one[at].tolist() for one in held]
    return [*lists, answer.refused.get(int(answer.rows[at]))]


def some_of(data, run: BlockRun) -> np.ndarray:
    length = len(run.candidates)
    return np.asarray(
        data.draw(st.lists(st.booleans(), min_size=length, max_size=length)), np.bool_
    )


@settings(max_examples=draws(40), deadline=None)
@given(st.data(), st.sampled_from(sorted(CALENDARS)), st.booleans(), st.integers(1, 3))
def test_some_candidates_over_pupils_are_those_of_all(data, parts, own_cuts, size):
    document = data.draw(plain_rule_sets(parts, tables() | steps()))
    table = pupil_table(data.draw(scored_pupils(parts)), LABELS)
    values = data.draw(amounts_tried(document)).values
    if own_cuts:
        values = (*values, *data.draw(cuts_tried(document, len(values[0].held))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lanes, "WORTH", 1)
        patch.setattr(class_counts, "WORTH", 1)
        patch.setattr(block_run, "BLOCK", size)
        try:
            run = Run.of(compile_rules(document), table, Candidates.of(values), KINDS)
        except Refusal as refusal:
            event(f"refused: {type(refusal).__name__}")
            return
        event(f"in lanes: {run.lanes is not None}")
        assert_alone_as_among_all(run, some_of(data, run))


@settings(max_examples=draws(40), deadline=None)
@given(st.data(), st.sampled_from(sorted(CALENDARS)))
def test_sets_of_cut_offs_come_to_the_same_in_lanes_and_counted_each(data, parts):
    document = data.draw(plain_rule_sets(parts, tables() | steps()))
    table = pupil_table(data.draw(scored_pupils(parts)), LABELS)
    amounts = data.draw(amounts_tried(document)).values
    cuts = data.draw(cuts_tried(document, len(amounts[0].held)))
    # Two candidates of each set of cut-offs, with amounts of their own.
    values = [
        *(replace(one, held=np.r_[one.held, one.held[::-1]]) for one in amounts),
        *(replace(one, held=np.tile(one.held, 2)) for one in cuts),
    ]

    def answers(sweep: int) -> dict[int, list]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(lanes, "WORTH", 1)
            patch.setattr(lanes, "SWEEP", sweep)
            run = Run.of(compile_rules(document), table, Candidates.of(values), KINDS)
        event(f"of {sweep}, in lanes: {run.lanes is not None}")
        found = {}
        for answer in run.answers():
            for at, row in enumerate(answer.rows.tolist()):
                refused = answer.refused.get(row)
                found[row] = [refused] if refused else numbers(answer, at)
        return found

    try:
        each = answers(2)
    except Refusal:
        return
    assert answers(1_000) == each


@settings(max_examples=draws(15), deadline=None)
@given(st.data(), plain_formulas(), full_schools())
def test_some_candidates_over_schools_are_those_of_all(data, formula, records):
    document = rule_set(schools_formula=formula)
    candidates = data.draw(tried_of_schools(document, 9))
    kinds = ("total", "school_phase", "school")
    run = SchoolRun.of(compile_rules(document), school_table(records), candidates, kinds=kinds)
    assert_alone_as_among_all(run, some_of(data, run))


POINTS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()), max_size=12)


@given(POINTS)
def test_a_front_has_those_that_no_other_beats(points):
    cost, other, chosen = (
        np.asarray([one[at] for one in points], of)
        for at, of in enumerate((np.int64, np.int64, np.bool_))
    )
    those = [one[:2] for one in points if one[2]]
    expected = [
        at
        for at, (first, second, is_chosen) in enumerate(points)
        if is_chosen
        and not any(
            one <= first and two <= second and (one, two) != (first, second) for one, two in those
        )
    ]
    found = front(cost, other, chosen)
    assert sorted(found.tolist()) == expected
    pairs = list(zip(cost[found].tolist(), other[found].tolist(), strict=True))
    assert pairs == sorted(pairs)


def test_blocks_of_some_have_no_others_unless_whole_answers_are_kept(tried, monkeypatch):
    rules = compile_rules(scored_rules("100.01", "2000.37", "3000.99"))
    run = Run.of(rules, pupil_table(many(60), LABELS), tried, KINDS)
    which = np.zeros(len(tried), np.bool_)
    which[[3, 70, 71, 148]] = True
    assert run.of_some(which) is run
    kept = np.concatenate([one.rows for one in answers_among(run, which)])
    assert len(kept) > which.sum()
    monkeypatch.setattr(block_run, "MOST_ANSWERS", 0)
    alone = list(answers_among(run, which))
    assert [one.rows.tolist() for one in alone] == [[3, 70, 71], [148]]
    assert [*alone[1].refused] == [148]
    file, some = AnswerFile(io.BytesIO()), run.of_some(which)
    for one in some.answers():
        file.put(one)
    again, refused = file.in_order(some)
    assert [numbers(again, at) for at in range(3)] == [numbers(alone[0], at) for at in range(3)]
    assert refused.refused == alone[1].refused


def test_a_run_whose_blocks_are_worked_out_elsewhere_asks_for_whole_blocks(tried, monkeypatch):
    monkeypatch.setattr(block_run, "MOST_ANSWERS", 0)
    rules = compile_rules(scored_rules("100.01", "2000.37", "3000.99"))
    run = Run.of(rules, pupil_table(many(20), LABELS), tried, KINDS)
    asked = []

    def elsewhere(numbers):
        asked.extend(numbers)
        return map(run.block, numbers)

    which = np.arange(len(tried)) == 70
    [answer] = answers_among(replace(run, elsewhere=elsewhere), which)
    assert asked == [0]
    assert len(answer.rows) == 147
