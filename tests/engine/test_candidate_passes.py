"""How often candidates are worked out: each block once, for all that is made of it, and no other run shares its answer."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.candidates import Run, batch_of, block_run
from engine.candidates.figures import KINDS, Limits, figures_of
from engine.candidates.preparation import Prepared
from engine.candidates.summary import summary_of
from engine.candidates.values import how_many
from engine.disclosure import disclosure_profile
from engine.export.candidate_publication import publishable_candidates
from engine.lab.synth import synthesise
from engine.rules.compile import compile_rules
from tests.builders import candidate_document
from tests.rule_library import document

DOCUMENT = """format: evenband-candidates/1
title: Thresholds
baseline: national-profile-candidate
design: grid
vary:
  top_up_rule.threshold.pounds: {from: 4000, to: 6000, step: 500}
"""


@pytest.fixture(scope="module")
def source():
    rules = compile_rules(document("national-profile-candidate"))
    table = synthesise(400, seed=3, profiles=[rules]).tables().pupils
    return rules, table, batch_of(candidate_document(DOCUMENT), Path()).candidates


@pytest.fixture
def times(monkeypatch):
    """Return how often candidates are added up, as a list that grows."""
    found, sums = [], Prepared.sums

    def counted(self, some):
        if how_many(some) > 1:
            found.append(how_many(some))
        return sums(self, some)

    monkeypatch.setattr(Prepared, "sums", counted)
    return found


def _published(run):
    answers = (figures_of(one, run.groups, Limits()) for one in run.answers())
    summary = summary_of(run, answers)
    return publishable_candidates(run, summary, [1, 3], disclosure_profile())


def test_a_block_is_worked_out_once_for_summary_and_publication(source, times):
    _published(Run.of(*source))
    assert times == [5]


def test_what_is_published_is_the_same_where_answers_are_not_kept(source, times, monkeypatch):
    kept = _published(Run.of(*source))
    monkeypatch.setattr(block_run, "MOST_ANSWERS", 0)
    times.clear()
    run = Run.of(*source)
    assert not run.keeps_answers
    again = _published(run)
    # Once for the summary, and once for both that a publication shows.
    assert times == [5, 5]
    assert len(run.kept) == 0
    assert again.totals.frame.equals(kept.totals.frame)
    assert again.groups.frame.equals(kept.groups.frame)
    assert again.record == kept.record


def test_runs_of_other_groups_or_blocks_share_no_answer(source):
    run = Run.of(*source)
    whole = run.block(0)
    few = run.among(KINDS)
    parts = replace(run, blocks=(run.blocks[0]._replace(some=slice(0, 2)),))
    assert few.block(0).after.shape == (5, len(few.groups))
    assert parts.block(0).after.shape == (2, len(run.groups))
    assert run.block(0) is whole
    assert np.array_equal(parts.block(0).after, whole.after[:2])
