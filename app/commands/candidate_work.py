"""What a command does with the blocks of a run: it works them out, says how far it is, and puts their rows in order."""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.commands.candidate_blocks import BlockWork
from app.commands.candidate_plan import Plan, lines_of
from app.commands.exits import misused, say
from app.commands.inputs import Tables
from app.commands.outputs import Output, write_result
from app.commands.progress import Steps
from app.commands.resumption import Progress, progress_beside, run_digest
from engine.candidates import AnswerFile, BlockAnswer, BlockRun, FigureFile, Run, in_order
from engine.candidates.figures import BlockFigures, Limits, figures_of
from engine.candidates.school_losses import keep_to_school_loss
from engine.candidates.summary import Summary, summary_of
from engine.export import Format, LongRows, file_without_name
from engine.export.candidates import candidate_rows, long_group_rows


class Work:
    """Every candidate of a run worked out once, and the few numbers of each.

    ``few`` is the same run with the groups that these numbers need, which is faster; ``blocks`` says where.
    """

    def __init__(self, blocks: BlockWork, limits: Limits, step: Steps) -> None:
        self.run, self.few, self.blocks, self.step = blocks.whole, blocks.run, blocks, step
        self._limits = limits
        self._number = sum(one.length for one in self.run.blocks)
        self._begin()

    @property
    def pupil_run(self) -> Run:
        """Return the run where it is over pupils; raises ``BadParameter`` where it is over schools."""
        if not isinstance(self.run, Run):
            raise misused("publications and rows of pupils are of candidates over --pupils")
        return self.run

    def _begin(self) -> None:
        self._figures: list[BlockFigures] = []
        self._summary: Summary | None = None
        self._done = 0

    def summary(self, so_far: FigureFile | None = None) -> Summary:
        """Return the numbers of all candidates, which are worked out unless they have been, or are in a file of those ``so_far``."""
        if len(self._figures) < len(self.run.blocks):
            self._begin()
            left = self._after([] if so_far is None else [so_far.get(at) for at in so_far.numbers])
            for block in self.blocks.figures(left):
                if so_far is not None:
                    so_far.put(block)
                self._count(block)
        if self._summary is None:
            summary = summary_of(self.run, self._figures)
            self._summary = keep_to_school_loss(summary, self.run, self._limits)
        return self._summary

    def _after(self, blocks: Iterable[BlockFigures]) -> list[int]:
        """Count blocks that were worked out before, say how many candidates they have, and return the numbers of the others."""
        numbers = set()
        for block in blocks:
            self._count(block)
            numbers.add(block.number)
        if numbers:
            say(
                [f"{self._done:,} of {self._number:,} candidates were worked out before; going on."]
            )
        return [number for number in range(len(self.run.blocks)) if number not in numbers]

    def _count(self, block: BlockFigures) -> None:
        """Keep the numbers of a block, and say how many candidates are done of all that are worked out."""
        self._figures.append(block)
        self._done += len(block.rows)
        self.step.count(self._done, self._number, "candidates")

    def group_rows(self, kept: AnswerFile | None) -> LongRows:
        """Return the rows of groups of all candidates, as they are worked out.

        ``kept`` has answers of an earlier run, and takes those that come before others in whose place they belong; None where none do.
        """
        self._begin()
        if kept is None:
            return long_group_rows(self.run, self._answers(range(len(self.run.blocks))))
        return long_group_rows(self.run, self._in_order(kept))

    def _in_order(self, kept: AnswerFile) -> Iterator[BlockAnswer]:
        before = (self._figures_of(kept.get(number)) for number in kept.numbers)
        for answer in self._answers(self._after(before)):
            kept.put(answer)
        self.step("Writing")
        yield from kept.in_order(self.run)

    def _answers(self, numbers: Sequence[int]) -> Iterator[BlockAnswer]:
        """Yield the answers of blocks in the order of their numbers."""
        for answer in self.blocks.answers(numbers):
            yield answer
            self._count(self._figures_of(answer))

    def _figures_of(self, answer: BlockAnswer) -> BlockFigures:
        return figures_of(answer, self.run.groups, self._limits)


class Choice(NamedTuple):
    """What is written of candidates: a detail, of how many, and whether the run goes on where one was ended."""

    detail: str
    top: int | None = None
    resume: bool = False


def write_candidates(
    output: Output, work: Work, asked: Choice, plan: Plan, tables: Tables
) -> Summary:
    """Work candidates out, write what is asked unless it is for a screen, and return their numbers."""
    if not asked.resume:
        return _write(output, work, asked, (plan, tables), None)
    kind = "answers" if asked.detail == "groups" and asked.top is None else "figures"
    run = work.run if kind == "answers" else work.few
    with progress_beside(output, run_digest(plan, tables, run, kind)) as progress:
        return _write(output, work, asked, (plan, tables), progress)


def _write(
    output: Output, work: Work, asked: Choice, of: tuple[Plan, Tables], progress: Progress | None
) -> Summary:
    (plan, tables), run = of, work.run
    groups = asked.detail == "groups" and not output.is_for_screen
    if groups and asked.top is None:
        with answers_beside(output, run, progress) as kept:
            later = partial(_last, plan, work)
            write_result(output, work.group_rows(kept), tables, [], later=later)
            return work.summary()
    summary = work.summary(None if progress is None else FigureFile(*progress))
    say(lines_of(work.few, summary))
    work.step("Writing")
    top = asked.top
    which = summary.valued if top is None else summary.among_the_best(top)
    record = plan.record(work.few, summary)
    if groups:
        with answers_beside(output, run) as kept:
            write_result(output, _some_groups(work, which, kept), tables, [], candidates=record)
    else:
        rows = candidate_rows(run, summary, np.flatnonzero(which))
        book = None
        if output.kind is Format.xlsx:
            from app.commands.candidate_workbook import candidate_book

            book = candidate_book(plan, run, summary, tables)
        write_result(output, rows, tables, [], book=book, candidates=record)
    return summary


def _last(plan: Plan, work: Work) -> dict[str, object]:
    """Say what is to be known of the candidates once all are written, and return what the manifest says of them."""
    summary = work.summary()
    say(lines_of(work.run, summary))
    return {"candidates": plan.record(work.run, summary)}


@contextmanager
def answers_beside(
    output: Output, run: BlockRun, progress: Progress | None = None
) -> Iterator[AnswerFile | None]:
    """Yield where answers wait for others: a file without a name beside the target, memory without a target, or that of an earlier run; None where none wait."""
    if progress is not None:
        yield AnswerFile(*progress)
    elif in_order(run):
        yield None
    elif output.path is None:
        yield AnswerFile(io.BytesIO())
    else:
        with file_without_name(output.path) as file:
            yield AnswerFile(file)


def _some_groups(work: Work, which: NDArray[np.bool_], kept: AnswerFile | None) -> LongRows:
    """Return the rows of groups of some candidates, who are worked out again with them."""
    run = work.run.of_some(which)
    answers = run.answers_of(run.blocks_among(which))
    if kept is None:
        return long_group_rows(run, answers, which)

    def ordered() -> Iterator[BlockAnswer]:
        for answer in answers:
            kept.put(answer)
        yield from kept.in_order(run)

    return long_group_rows(run, ordered(), which)
