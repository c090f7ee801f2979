"""What a command does with the blocks of a run: it works them out, says how far it is, and puts their rows in order."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from app.commands.candidate_blocks import BlockWork
from app.commands.candidate_plan import Plan, lines_of
from app.commands.exits import say
from app.commands.inputs import Tables
from app.commands.outputs import Output, write_result
from app.commands.progress import Steps
from engine.candidates import AnswerFile, BlockAnswer, Run, in_order
from engine.candidates.figures import BlockFigures, Limits, figures_of
from engine.candidates.school_losses import keep_to_school_loss
from engine.candidates.summary import Summary, summary_of
from engine.export import LongRows, file_without_name
from engine.export.candidates import candidate_rows, long_group_rows


class Work:
    """Every candidate of a run worked out once, and the few numbers of each.

    ``few`` is the same run with the groups that these numbers need, which is faster; ``blocks`` says where.
    """

    def __init__(self, run: Run, blocks: BlockWork, limits: Limits, step: Steps) -> None:
        self.run, self.few, self.blocks, self.step = run, blocks.run, blocks, step
        self._limits = limits
        self._number = sum(one.stop - one.start for one in run.blocks)
        self._begin()

    def _begin(self) -> None:
        self._figures: list[BlockFigures] = []
        self._summary: Summary | None = None
        self._done = 0

    def summary(self) -> Summary:
        """Return the numbers of all candidates, which are worked out unless they have been."""
        if len(self._figures) < len(self.run.blocks):
            self._begin()
            for block in self.blocks.figures(range(len(self.run.blocks))):
                self._count(block)
        if self._summary is None:
            summary = summary_of(self.run, self._figures)
            self._summary = keep_to_school_loss(summary, self.run, self._limits)
        return self._summary

    def _count(self, block: BlockFigures) -> None:
        """Keep the numbers of a block, and say how many candidates are done of all that are worked out."""
        self._figures.append(block)
        self._done += len(block.rows)
        self.step.count(self._done, self._number, "candidates")

    def group_rows(self, kept: BinaryIO | None) -> LongRows:
        """Return the rows of groups of all candidates, as they are worked out.

        ``kept`` is a file for answers that come before others in whose place they belong; None where none do.
        """
        if kept is None:
            return long_group_rows(self.run, self._answers())
        return long_group_rows(self.run, self._in_order(AnswerFile(kept)))

    def _in_order(self, kept: AnswerFile) -> Iterator[BlockAnswer]:
        for answer in self._answers():
            kept.put(answer)
        self.step("Writing")
        yield from kept.in_order(self.run)

    def _answers(self) -> Iterator[BlockAnswer]:
        """Yield the answer of each block in the order of blocks."""
        self._begin()
        for answer in self.blocks.answers(range(len(self.run.blocks))):
            yield answer
            self._count(figures_of(answer, self.run.groups, self._limits))


def write_candidates(
    output: Output, work: Work, asked: tuple[str, int | None], plan: Plan, tables: Tables
) -> Summary:
    """Work candidates out, write what is ``asked`` (the detail, and of how many) unless it is for a screen, and return their numbers."""
    (detail, top), run = asked, work.run
    groups = detail == "groups" and not output.is_for_screen
    if groups and top is None:
        with file_for_waiting(output, run) as kept:
            later = partial(_last, plan, work)
            write_result(output, work.group_rows(kept), tables, [], later=later)
            return work.summary()
    summary = work.summary()
    say(lines_of(work.few, summary))
    work.step("Writing")
    which = summary.valued if top is None else summary.among_the_best(top)
    record = plan.record(work.few, summary)
    if groups:
        with file_for_waiting(output, run) as kept:
            write_result(output, _some_groups(work, which, kept), tables, [], candidates=record)
    else:
        rows = candidate_rows(run, summary, np.flatnonzero(which))
        write_result(output, rows, tables, [], candidates=record)
    return summary


def _last(plan: Plan, work: Work) -> dict[str, object]:
    """Say what is to be known of the candidates once all are written, and return what the manifest says of them."""
    summary = work.summary()
    say(lines_of(work.run, summary))
    return {"candidates": plan.record(work.run, summary)}


@contextmanager
def file_for_waiting(output: Output, run: Run) -> Iterator[BinaryIO | None]:
    """Yield where answers wait for others: a file without a name beside the target, or memory without a target; None where none wait."""
    if in_order(run):
        yield None
    elif output.path is None:
        yield io.BytesIO()
    else:
        with file_without_name(output.path) as file:
            yield file


def _some_groups(work: Work, which: NDArray[np.bool_], kept: BinaryIO | None) -> LongRows:
    """Return the rows of groups of some candidates, whose blocks are worked out again."""
    run = work.run
    numbers = [number for number, one in enumerate(run.blocks) if which[run.rows_of(one)].any()]
    answers = work.blocks.answers(numbers)
    if kept is None:
        return long_group_rows(run, answers, which)
    those = AnswerFile(kept)

    def ordered() -> Iterator[BlockAnswer]:
        for answer in answers:
            those.put(answer)
        yield from those.in_order(run)

    return long_group_rows(run, ordered(), which)
