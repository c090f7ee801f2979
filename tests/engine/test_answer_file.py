"""Answers in a file are those that were put there, in any order and part, and rows come in the order of candidates."""

import io
import random

import numpy as np
import polars as pl
import pytest

from engine.candidates import Candidates, PathValues, Run
from engine.candidates import block_run as module
from engine.candidates.answer_file import ARRAYS, AnswerFile, in_order
from engine.data import PUBLISHED
from engine.export.candidates import group_rows, long_group_rows
from engine.rules import compile_rules, load_rule_file
from tests.builders import pupil, pupil_table

CUT, PRICE = (
    "band_profile.assignment.points.steps.band:2.from",
    "band_profile.tariff.prices.band:2.pounds@from:2025-09-01",
)
"""A price that changes within the year, so that the cut-offs are not in lanes."""
CUTS, PRICES = ("20", "21", "22"), tuple(str(price) for price in range(5_000, 5_012))


@pytest.fixture(scope="module")
def table_and_rules():
    rules = compile_rules(load_rule_file(next(PUBLISHED.rglob("toy-points-2025-26.yaml"))))
    records = [
        pupil(pupil_key=f"pupil-{at}", la=201 + at % 2, points=12 + at, sen_provision="E")
        for at in range(40)
    ]
    return pupil_table(records), rules


@pytest.fixture
def runs(table_and_rules, monkeypatch):
    """Return how candidates are run: the cut-off changes fastest or slowest."""
    monkeypatch.setattr(module, "BLOCK", 5)
    table, rules = table_and_rules

    def run(*, fast: bool) -> Run:
        pairs = [(cut, price) for price in PRICES for cut in CUTS]
        pairs = pairs if fast else sorted(pairs)
        values = [PathValues.of_texts(CUT, [cut for cut, _ in pairs])]
        values.append(PathValues.of_texts(PRICE, [price for _, price in pairs]))
        return Run.of(rules, table, Candidates.of(values))

    return run


def same(one, other) -> bool:
    arrays = all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ARRAYS)
    return arrays and (one.band_names, dict(one.refused)) == (other.band_names, dict(other.refused))


def test_each_answer_is_as_it_was_put_and_a_part_is_that_part(runs):
    run = runs(fast=True)
    kept, answers = AnswerFile(io.BytesIO()), list(run.answers())
    for answer in random.Random(1).sample(answers, len(answers)):
        kept.put(answer)
    for answer in answers:
        assert same(kept.get(answer.number), answer)
        part = kept.get(answer.number, 1, 2)
        assert np.array_equal(part.after, answer.after[1:2])
        assert np.array_equal(part.people, answer.people[1:2])
        assert np.array_equal(part.rows, answer.rows[1:2])


@pytest.mark.parametrize("fast", [True, False])
def test_rows_in_pieces_are_in_the_order_of_candidates_and_those_of_all_together(runs, fast):
    run = runs(fast=fast)
    assert in_order(run) is not fast
    everyone = np.ones(len(run.candidates), np.bool_)
    whole = group_rows(run, run.answers(), everyone).frame
    kept = AnswerFile(io.BytesIO())
    for answer in run.answers():
        kept.put(answer)
    pieces = [piece.frame for piece in long_group_rows(run, kept.in_order(run))]
    assert pl.concat(pieces).equals(whole)
    if not fast:
        assert pl.concat([one.frame for one in long_group_rows(run, run.answers())]).equals(whole)
    some = everyone & (np.arange(len(everyone)) % 4 == 1)
    of_some = [piece.frame for piece in long_group_rows(run, kept.in_order(run), some)]
    assert pl.concat(of_some).equals(group_rows(run, run.answers(), some).frame)


def test_a_file_that_was_cut_off_anywhere_keeps_what_is_whole(runs):
    run = runs(fast=True)
    answers, buffer, ends = list(run.answers()), io.BytesIO(), []
    kept = AnswerFile(buffer)
    for answer in answers:
        kept.put(answer)
        ends.append(len(buffer.getvalue()))
    content = buffer.getvalue()
    chance = random.Random(2)
    for cut in [0, 1, ends[0] - 1, ends[0], *(chance.randrange(len(content)) for _ in range(20))]:
        again = AnswerFile(io.BytesIO(content[:cut]))
        whole = sum(end <= cut for end in ends)
        assert len(again.numbers) == whole
        for answer in answers[whole:]:
            assert answer.number not in again.numbers
            again.put(answer)
        assert all(same(again.get(one.number), one) for one in answers)


def test_a_record_with_a_changed_byte_is_none(runs):
    answers, buffer = list(runs(fast=True).answers()), io.BytesIO()
    kept = AnswerFile(buffer)
    for answer in answers[:2]:
        kept.put(answer)
    content = bytearray(buffer.getvalue())
    content[-1] ^= 1
    assert len(AnswerFile(io.BytesIO(bytes(content))).numbers) == 1
