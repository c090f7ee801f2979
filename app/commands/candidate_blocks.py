"""Where the blocks of a run of candidates are worked out: in this process, or on a cluster."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from app.commands.candidate_worker import (
    Source,
    Unlike,
    answer,
    detail_part,
    figures,
    source_of,
    unpacked,
)
from app.commands.cluster import Cluster, connection, results
from app.commands.exits import misused
from app.commands.outputs import Output
from app.commands.table_options import TableFiles
from engine.candidates import BlockAnswer, BlockRun, Run
from engine.candidates.figures import KINDS, BlockFigures, Limits, every_figure, figures_of
from engine.export import Format, LongRows, folder_of_parts
from engine.export.candidate_details import PUPILS, Part, long_details, parts_of
from engine.input_file import InputFile

if TYPE_CHECKING:
    from distributed import Client

T = TypeVar("T")


class BlockWork(Protocol):
    """What works blocks out, in any order."""

    @property
    def run(self) -> BlockRun:
        """Return the run whose groups are those that figures need."""

    @property
    def whole(self) -> BlockRun:
        """Return the run with every group that a file may have, whose answers are these."""

    def figures(self, numbers: Sequence[int]) -> Iterator[BlockFigures]:
        """Yield the numbers of the candidates of some blocks."""

    def answers(self, numbers: Sequence[int]) -> Iterator[BlockAnswer]:
        """Yield the answers of some blocks, in their order."""

    def details(self, places: Sequence[int], detail: str, beside: Path | None) -> LongRows:
        """Return the rows of a detail of some candidates, as they are worked out; ``beside`` is the file that is made of them."""


@dataclass(frozen=True, slots=True)
class Here:
    """Blocks in this process, on its threads; ``whole`` has every group that a file may have."""

    run: BlockRun
    whole: BlockRun
    limits: Limits

    def figures(self, numbers: Sequence[int]) -> Iterator[BlockFigures]:
        """Yield the numbers of the candidates of some blocks."""
        return every_figure(self.run, self.limits, numbers)

    def answers(self, numbers: Sequence[int]) -> Iterator[BlockAnswer]:
        """Yield the answers of some blocks, in their order."""
        return self.whole.each(lambda found: found, numbers)

    def details(self, places: Sequence[int], detail: str, beside: Path | None) -> LongRows:  # noqa: ARG002 - nothing is put beside
        """Return the rows of a detail of some candidates, as they are worked out."""
        return long_details(_over_pupils(self.whole), places, detail)


@dataclass(frozen=True, slots=True)
class OnCluster:
    """Blocks on the workers of a cluster, which read the files themselves.

    ``wide`` says that groups are shown beside numbers: where the run keeps its answers, both are of one pass.
    """

    run: BlockRun
    every: BlockRun
    client: "Client"
    source: Source
    limits: Limits
    wide: bool
    kept: dict[int, BlockAnswer] = field(default_factory=dict)

    @property
    def whole(self) -> BlockRun:
        """Return the run with every group that a file may have, whose answers are these."""
        return self.every.with_answers_from(self.answers)

    def figures(self, numbers: Sequence[int]) -> Iterator[BlockFigures]:
        """Yield the numbers of the candidates of some blocks, as they arrive."""
        if self.wide and self.run.keeps_answers:
            for answer in self._answers(numbers):
                self.kept[answer.number] = answer
                yield figures_of(answer, self.run.groups, self.limits)
            return
        name = f"figures-{self.source.name}"
        yield from map(_same, results(self.client, figures, numbers, (self.source,), name))

    def answers(self, numbers: Sequence[int]) -> Iterator[BlockAnswer]:
        """Yield the answers of some blocks, in their order."""
        left = [number for number in numbers if number not in self.kept]
        found = ((answer.number, answer) for answer in self._answers(left))
        held = ((number, self.kept[number]) for number in numbers if number in self.kept)
        yield from _in_order(chain(held, found), numbers)

    def _answers(self, numbers: Sequence[int]) -> Iterator[BlockAnswer]:
        name = f"answers-{self.source.name}"
        return map(
            unpacked, map(_same, results(self.client, answer, numbers, (self.source,), name))
        )

    def details(self, places: Sequence[int], detail: str, beside: Path | None) -> LongRows:
        """Return the rows of a detail of some candidates, as they are worked out."""
        run = _over_pupils(self.run)
        parts = parts_of(run, places, detail)
        return long_details(run, places, detail, self._parts(parts, detail, beside))

    def _parts(self, parts: Sequence[Part], detail: str, beside: Path | None) -> Iterator[bytes]:
        """Yield the rows of parts in their order. Those of pupils wait in files beside the result; sums travel."""
        with ExitStack() as open_things:
            folder = None
            if detail == PUPILS and beside is not None:
                folder = open_things.enter_context(folder_of_parts(beside.resolve()))
            # The files of another run are no part of this one.
            name = f"{detail}-{secrets.token_hex(16)}-{self.source.name}"
            arguments, numbers = (self.source, tuple(parts), detail, folder), range(len(parts))
            found = map(_same, results(self.client, detail_part, numbers, arguments, name))
            for number, content in enumerate(_in_order(found, numbers)):
                yield content if folder is None else _content_of(folder / str(number))


def _over_pupils(run: BlockRun) -> Run:
    if not isinstance(run, Run):
        raise misused("rows of pupils are of candidates over --pupils")
    return run


def _content_of(path: Path) -> bytes:
    """Return what a worker has put into a file, which is then gone."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        message = "--cluster: a worker's folder of --out is another one; give --out in a folder that all machines share"
        raise misused(message) from None
    path.unlink()
    return content


def _same(found: T | Unlike) -> T:
    if isinstance(found, Unlike):
        raise misused(f"--cluster: {found.sentence}")
    return found


def _in_order(found: Iterator[tuple[int, T]], numbers: Sequence[int]) -> Iterator[T]:
    """Yield what arrives with its number in the order of the numbers."""
    early: dict[int, T] = {}
    for number in numbers:
        while number not in early:
            arrived, one = next(found)
            early[arrived] = one
        yield early.pop(number)


def has_groups(output: Output, *others: object) -> bool:
    """Return whether what is written has groups of candidates beside their numbers: a workbook, or any of ``others``, a page or a publication."""
    return any(others) or output.kind is Format.xlsx


def block_work(
    where: tuple[Cluster | None, bool],
    run: BlockRun,
    limits: Limits,
    named: tuple[Path, TableFiles, Path | None],
    read: tuple[InputFile, ...],
) -> AbstractContextManager[BlockWork]:
    """Give what works out the blocks of a run, here or on a cluster, which is left at the end.

    ``where`` is the cluster, and whether groups are shown: then, here, numbers and groups are of one pass where the run
    keeps its answers. ``named`` are the document, the tables and the folder of the cache as a command names them.
    """
    cluster, wide = where
    if cluster is None:
        few = run if wide and run.keeps_answers else run.among(KINDS)
        return nullcontext(Here(few, run, limits))
    measure = run.measure_name if run.of_schools else None
    return _on(cluster, run, (source_of(*named, read, measure), limits, wide))


@contextmanager
def _on(cluster: Cluster, run: BlockRun, of: tuple[Source, Limits, bool]) -> Iterator[BlockWork]:
    source, limits, wide = of
    few = run if wide and run.keeps_answers else run.among(KINDS)
    with connection(cluster) as client:
        yield OnCluster(few, run, client, source, limits, wide)
