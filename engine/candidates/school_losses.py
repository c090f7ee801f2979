"""What no school may lose: the pounds a pupil of each school that a candidate takes, against a limit."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.candidates.block_run import BlockRun
from engine.candidates.figures import Limits
from engine.candidates.groups import NOT_SUPPLIED
from engine.candidates.schools import SchoolRun
from engine.candidates.summary import Summary
from engine.columns import Int
from engine.money import MILLION

CELLS = 4_000_000
"""Schools times candidates that are worked out together."""


def keep_to_school_loss(summary: Summary, run: BlockRun, limits: Limits) -> Summary:
    """Return a summary whose candidates keep to what no school may lose a pupil, too; the same without such a limit."""
    if limits.school_loss is None:
        return summary
    keeps = summary.figures.keeps.copy()
    rows = np.flatnonzero(summary.valued & keeps).astype(np.int64)
    keeps[rows] = _within(run, rows, limits.school_loss)
    return replace(summary, figures=summary.figures._replace(keeps=keeps))


def _within(run: BlockRun, rows: Int, limit: int) -> NDArray[np.bool_]:
    """Return which of some candidates take no more than ``limit`` pence a pupil from any school.

    Of a table of pupils, the pupils of a school are those who are known under both; who names no school is in none. Of a
    table of schools they are those of the baseline.
    """
    found = np.ones(len(rows), np.bool_)
    by_school = run.among(("total", "school"))
    kind = by_school.groups.kind("school")
    if kind is None:
        return found
    schools = np.asarray([name != NOT_SUPPLIED for name in kind.groups], np.bool_)
    size = max(CELLS // max(len(by_school.groups), 1), 1)
    which = np.zeros(len(run.candidates), np.bool_)
    which[rows] = True
    for answer in by_school.narrowed(which, size).answers():
        loss = (answer.before - answer.after)[:, kind.slice][:, schools]
        pupils = (answer.people - answer.unknown)[:, kind.slice][:, schools] * MILLION
        if isinstance(by_school, SchoolRun):
            pupils = by_school.groups.sums(by_school.before.pupils)[kind.slice][schools]
        within = np.asarray((loss * MILLION <= limit * pupils).all(axis=1))
        found[np.searchsorted(rows, answer.rows)] = within
    return found
