"""Candidates come to the same bytes on one thread or two, in blocks of any size, with few kinds of groups or many."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.candidates import Run, block_run, class_counts
from engine.candidates.figures import KINDS, Limits, every_figure
from engine.candidates.summary import summary_of
from engine.row_chunks import Blocks
from engine.rules.compile import compile_rules
from tests.builders import pupil_table
from tests.engine.test_candidates import CALENDARS, amounts_tried, plain_pupils, plain_rule_sets
from tests.storm_size import draws
from tests.strategies import LABELS

NUMBERS = ("people", "before", "after", "winners", "losers", "unknown", "total", "bands")


def bytes_of(made: Run) -> tuple:
    """Return every number of every candidate in their order, and why some were refused."""
    answers = list(made.answers())
    if not answers:
        return [], []
    order = np.argsort(np.concatenate([one.rows for one in answers]), kind="stable")
    held = [np.concatenate([getattr(one, name) for one in answers])[order] for name in NUMBERS]
    refused = {row: why for one in answers for row, why in one.refused.items()}
    return [one.tobytes() for one in held], sorted(refused.items())


@settings(max_examples=draws(25), deadline=None)
@given(st.data(), st.sampled_from(sorted(CALENDARS)), st.integers(1, 3))
def test_threads_and_the_size_of_blocks_change_no_byte(data, parts, size):
    baseline = compile_rules(data.draw(plain_rule_sets(parts)))
    table = pupil_table(data.draw(plain_pupils(parts)), LABELS)
    candidates = data.draw(amounts_tried(baseline.document))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(class_counts, "WORTH", data.draw(st.sampled_from([1, 1_000])))
        whole = Run.of(baseline, table, candidates)
        patch.setattr(block_run, "BLOCK", size)
        parted = Run.of(baseline, table, candidates, chunks=Blocks(2, 3))
        assert bytes_of(parted) == bytes_of(whole)
        summary = summary_of(whole, every_figure(whole, Limits()))
        few = parted.among(KINDS)
        other = summary_of(few, every_figure(few, Limits()))
        assert [one.tolist() for one in other.figures] == [one.tolist() for one in summary.figures]
        assert other.left_out == summary.left_out


def test_answers_come_in_order_however_long_each_takes():
    first = threading.Event()

    def work(number: int) -> int:
        if number == 0:
            assert first.wait(30)
        elif number == 1:
            first.set()
        return number

    assert list(Blocks(2).in_order(work, 50)) == list(range(50))


def test_a_fault_is_raised_in_its_place_and_stops_what_is_to_come():
    seen = []

    def work(number: int) -> int:
        seen.append(number)
        if number == 3:
            message = "the fourth failed"
            raise ArithmeticError(message)
        return number

    found = []
    with pytest.raises(ArithmeticError, match="fourth"):
        found.extend(Blocks(2).in_order(work, 1_000))
    assert len(seen) < 20
