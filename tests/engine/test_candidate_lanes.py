"""Candidates with cut-offs of their own, side by side in lanes: to the penny of evaluating each, and of the reference."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from engine.candidates import Candidates, PathValues, Run, block_run, lane_counts, lanes
from engine.candidates.lane_counts import LaneCounts
from engine.candidates.preparation import Counting
from engine.candidates.sides import pupils_by_band, runs_of_days, side_of
from engine.errors import OverrideRefused, Refusal
from engine.row_chunks import ONE_THREAD, Blocks
from engine.rules.compile import compile_rules
from engine.rules.compile_trials import compile_what_if
from engine.rules.number_kinds import Kind
from engine.rules.override import numbers_at, override
from engine.rules.paths import Paths
from tests.builders import banded, pupil, pupil_table, rule_set
from tests.engine.test_candidates import (
    CALENDARS,
    KINDS,
    amounts_tried,
    assert_each_is_as_evaluated,
    plain_pupils,
    plain_rule_sets,
)
from tests.reference.top_ups import top_up
from tests.storm_size import draws
from tests.strategies import LABELS

A, B, C = LABELS[:3]
HIGHEST = 40
PATHS = ("assignment.table", "assignment.points")


def ranges(*cuts: int) -> list[str]:
    """Return the ranges between cut-offs, from 0 on."""
    bounds = [0, *cuts, HIGHEST + 1]
    return [f"{low}-{high - 1}" for low, high in pairwise(bounds)]


def two_cuts():
    """Draw two cut-offs, one above the other."""
    return st.lists(st.integers(2, HIGHEST - 2), min_size=2, max_size=2, unique=True).map(sorted)


@st.composite
def tables(draw) -> dict:
    """Draw a decision table on a score: for one need, for one setting up to a score, and for everybody else."""
    when = draw(st.sampled_from([{"primary_need": ["ASD"]}, {"setting": ["special", "sen_unit"]}]))
    bands = draw(st.permutations([A, B, C]))
    own = [{"when": {**when, "score": [one]}, "band": band} for one, band in zip(ranges(*draw(two_cuts())), bands, strict=True)]  # fmt: skip
    rest = [{"when": {"score": [one]}, "band": band} for one, band in zip(ranges(*draw(two_cuts())), [A, B, C], strict=True)]  # fmt: skip
    up_to = draw(st.integers(2, HIGHEST - 2))
    place = {"when": {"setting": ["special"], "score": [f"0-{up_to}"]}, "band": draw(st.sampled_from([A, B, C]))}  # fmt: skip
    rows = [*draw(st.sampled_from([[], [place]])), *draw(st.sampled_from([[], own])), *rest]
    inputs = ["primary_need", "setting", "score"]
    return {"table": {"hit_policy": "first", "inputs": inputs, "rows": rows}}


@st.composite
def steps(draw) -> dict:
    """Draw steps of points, for everybody alike or for two settings apart."""
    apart = draw(st.booleans())
    found = []
    for when in [{"setting": ["special"]}, {"setting": ["mainstream", "sen_unit"]}][: 1 + apart]:
        low, high = draw(two_cuts())
        bounds = [(0, low - 1), (low, high - 1), (high, HIGHEST)]
        found += [
            {"band": band, "from": first, "to": last, "when": when if apart else {}}
            for band, (first, last) in zip([A, B, C], bounds, strict=True)
        ]
    return {"points": {"steps": found, "gaps": apart}}


@st.composite
def cuts_tried(draw, document, length: int) -> list[PathValues]:
    """Draw values of some cut-offs, near those of the document: some change the order, and some cannot be."""
    paths = Paths(document)
    every = [path for path, kind in paths.every() if kind is Kind.cut_off]
    bands = [path for path in every if "assignment" in path]
    chosen = draw(st.lists(st.sampled_from(bands), min_size=1, max_size=4, unique=True))
    values: list[PathValues] = []
    for path in chosen:
        name, now = paths.name(path), int(paths.number_of(path))
        with_it = [*((one.place, "9") for one in values), (name, str(now))]
        try:
            numbers_at(document, with_it)
        except OverrideRefused:
            continue
        near = st.integers(now - 3, now + 3).map(str)
        texts = draw(st.lists(near | st.sampled_from([str(now), "7.5"]), min_size=length, max_size=length))  # fmt: skip
        values.append(PathValues.of_texts(name, texts))
    return values


@st.composite
def scored_pupils(draw, parts: int) -> list[dict]:
    """Draw pupils with scores and points, of whom some have none."""
    number = st.none() | st.integers(0, HIGHEST)
    return [
        {**row, "score": draw(number), "points": draw(number)} for row in draw(plain_pupils(parts))
    ]


def assert_bands_and_reference(made: Run, table, records: list[dict]) -> None:
    """Hold the bands of each candidate to its own rules, and the total to the reference where no pupil has two spells."""
    keys = [one["pupil_key"] for one in records]
    for answer in made.answers():
        for at, row in enumerate(answer.rows.tolist()):
            if row in answer.refused:
                continue
            overrides = made.candidates.overrides(row)
            rules = compile_what_if(made.varied.document, overrides)
            assert answer.bands[at].tolist() == pupils_by_band(rules, table, ONE_THREAD).tolist()
            if len(set(keys)) == len(keys) and len(rules.top_ups.segments) == 1:
                document = override(made.varied.document, overrides)
                day = document.effective.first
                found = [top_up(document, day, one) for one in records]
                known = sum(one.amount for one in found if isinstance(one.amount, int))
                assert answer.total[at] == known


@settings(max_examples=draws(80), deadline=None)
@given(st.data(), st.sampled_from(sorted(CALENDARS)), st.booleans())
def test_lanes_come_to_the_penny_of_evaluating_each_candidate(data, parts, bounded):
    document = data.draw(plain_rule_sets(parts, tables() | steps()))
    records = data.draw(scored_pupils(parts))
    table = pupil_table(records, LABELS)
    amounts = data.draw(amounts_tried(document))
    values = (*amounts.values, *data.draw(cuts_tried(document, len(amounts))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lanes, "WORTH", 1)
        if not bounded:
            patch.setattr(lane_counts, "EXACT", 0)
        try:
            made = Run.of(compile_rules(document), table, Candidates.of(values), KINDS)
        except Refusal as refusal:
            event(f"refused: {type(refusal).__name__}")
            return
        event(f"in lanes: {made.lanes is not None}")
        assert_each_is_as_evaluated(made, table)
        assert_bands_and_reference(made, table, records)


def prices(*pounds: str) -> list[dict]:
    """Return a price of each band."""
    return [{"band": band, "pounds": one} for band, one in zip(LABELS, pounds, strict=False)]


def scored_rules(*pounds: str, **rule):
    """Return rules with three bands of a score."""
    rows = [{"when": {"score": [one]}, "band": band} for one, band in zip(ranges(10, 20), [A, B, C], strict=True)]  # fmt: skip
    form = {"table": {"hit_policy": "unique", "inputs": ["score"], "rows": rows}}
    return rule_set(**banded(prices(*pounds), LABELS, form, **rule))


LOW, HIGH = "band_profile.assignment.table.rows.1.when.score.from", "band_profile.assignment.table.rows.2.when.score.from"  # fmt: skip


def many(number: int, **columns) -> list[dict]:
    """Return pupils of every score and of days of their own."""
    return [
        pupil(
            pupil_key=f"pupil-{at}", la=201 + at % 3, score=at % (HIGHEST + 1), setting="special", primary_need="MLD",
            start=date(2025, 4 + at % 8, 1 + at % 27) if at % 4 == 0 else None, **columns,
        )
        for at in range(number)
    ]  # fmt: skip


@pytest.fixture
def tried() -> Candidates:
    """Return candidates whose cut-offs and prices differ: some out of order, and one that is no number of a score."""
    low = [str(6 + at % 9) for at in range(150)]
    high = [*(str(16 + at // 9 % 9) for at in range(147)), "9", "41", "12.5"]
    price = [f"{1_000 + 37 * at}.{at % 100:02d}" for at in range(150)]
    names = (LOW, HIGH, "band_profile.tariff.prices.1.pounds")
    return Candidates.of([PathValues.of_texts(name, of) for name, of in zip(names, (low, high, price), strict=True)])  # fmt: skip


def test_more_candidates_than_one_block_of_lanes_are_those_of_their_places(tried):
    document, records = scored_rules("100.01", "2000.37", "3000.99"), many(90)
    table = pupil_table(records, LABELS)
    made = Run.of(compile_rules(document), table, tried, KINDS)
    assert made.plan.in_lanes == 147
    assert made.prepared(0).kind is Counting.lanes
    assert "147 in lanes, as their cut-offs keep their order" in made.plan_sentence
    assert [one.name for one in made.left_out] == []
    assert_each_is_as_evaluated(made, table)
    refused = {row: why for answer in made.answers() for row, why in answer.refused.items()}
    assert sorted(refused) == [147, 148, 149]


def test_rows_are_paid_by_the_classes_of_each_candidates_own_rules(tried):
    table = pupil_table(many(60), LABELS)
    made = Run.of(compile_rules(scored_rules("100.01", "2000.37", "3000.99")), table, tried, KINDS)
    prepared = made.prepared(0)
    nows = runs_of_days(made.baseline, made.varied)

    def pence(side, amounts) -> list[int]:
        return np.where(side.code >= 0, amounts[0, 0][np.maximum(side.code, 0)], side.code).tolist()

    for at in (0, 4, 70, 146):
        side = prepared.side_at(at)
        amounts = side.steps.amounts(prepared.variant.amounts, slice(at, at + 1))
        rules = compile_what_if(
            made.varied.document, tried.overrides(int(prepared.variant.rows[at]))
        )
        own = side_of(rules, {}, table, nows, ONE_THREAD)
        assert pence(side, amounts) == pence(own, own.steps.amounts((), slice(0, 1)))


def test_threads_and_blocks_change_no_byte_of_lanes(tried, monkeypatch):
    table = pupil_table(many(60), LABELS)
    rules = compile_rules(scored_rules("100.01", "2000.37", "3000.99"))

    def totals(chunks: Blocks) -> list[bytes]:
        answers = list(Run.of(rules, table, tried, KINDS, chunks).answers())
        order = np.argsort(np.concatenate([one.rows for one in answers]), kind="stable")
        names = ("after", "winners", "losers", "total", "bands")
        return [
            np.concatenate([getattr(one, name) for one in answers if one.valued.all()])[
                order[:147]
            ].tobytes()
            for name in names
        ]

    expected = totals(ONE_THREAD)
    monkeypatch.setattr(block_run, "BLOCK", 7)
    assert totals(Blocks(2, 5)) == expected


def test_a_group_of_more_pupils_than_half_a_word_counts_is_counted_in_parts(monkeypatch):
    monkeypatch.setattr(lane_counts, "MOST_TOGETHER", 4)
    table = pupil_table(many(300), LABELS)
    low = PathValues.of_texts(LOW, [str(6 + at % 9) for at in range(20)])
    made = Run.of(
        compile_rules(scored_rules("10", "2000", "3000")), table, Candidates.of([low]), KINDS
    )
    counts = made.prepared(0).counted
    assert len(counts.columns.group) > len(made.groups)
    assert int(counts.columns.people.max()) < 8
    assert_each_is_as_evaluated(made, table)


def test_pupils_with_two_spells_are_evaluated_and_all_others_are_in_lanes():
    records = many(40)
    records += [{**records[0], "start": date(2025, 4, 1), "end": date(2025, 5, 1), "urn": 100_002}]
    table = pupil_table(records, LABELS)
    low = PathValues.of_texts(LOW, [str(6 + at % 9) for at in range(20)])
    made = Run.of(
        compile_rules(scored_rules("10", "2000", "3000")), table, Candidates.of([low]), KINDS
    )
    assert (made.plan.lanes, made.plan.one_by_one) == (39, 2)
    assert_each_is_as_evaluated(made, table)


@pytest.mark.parametrize("amount", [2**51 // 365 - 366, 2**51 // 365 + 1, 182, 183])
def test_amounts_on_both_sides_of_the_bound_of_reciprocals_are_exact(amount):
    document = scored_rules("1", "2", "3")
    records = many(40)
    table = pupil_table(records, LABELS)
    low = PathValues.of_texts(LOW, [str(6 + at % 9) for at in range(20)])
    made = Run.of(compile_rules(document), table, Candidates.of([low]), ("total", "la"))
    counted = made.prepared(0).counted
    assert isinstance(counted, LaneCounts)
    paid = np.full((1, 1, len(counted.side.side.classes)), amount, np.int64)
    found = counted.sums(paid, slice(0, 1)).after[0]
    each = [
        (2 * amount * int(part) + 365) // 730 * int(number)
        for part, number in zip(
            np.repeat(counted.cells.shares.parts[:, 0], np.diff(counted.cells.shares.offsets)),
            counted.cells.shares.number,
            strict=True,
        )
    ]
    by_group = np.zeros(len(made.groups), object)
    np.add.at(by_group, counted.cells.shares.group, np.asarray(each, object))
    assert found.tolist() == by_group.tolist()


def test_lanes_without_anybody_in_them_are_all_nothing():
    table = pupil_table([pupil(setting="special", score=None)], LABELS)
    low = PathValues.of_texts(LOW, [str(6 + at % 9) for at in range(20)])
    made = Run.of(compile_rules(scored_rules("1", "2", "3")), table, Candidates.of([low]), ("total", "la"))  # fmt: skip
    assert (made.plan.in_lanes, made.plan.lanes, made.plan.settled) == (20, 0, 1)
    answer = made.block(0)
    assert not answer.after.any()
    assert (answer.unknown[:, 0] == 1).all()
