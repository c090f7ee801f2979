"""Where the blocks of a run of candidates are worked out: in this process, or on a cluster."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from app.commands.candidate_worker import Source, Unlike, answer, figures, source_of, unpacked
from app.commands.cluster import Cluster, connection, results
from app.commands.exits import misused
from app.commands.outputs import Output
from app.commands.table_options import TableFiles
from engine.candidates import BlockAnswer, Run
from engine.candidates.figures import KINDS, BlockFigures, Limits, every_figure
from engine.export import Format
from engine.input_file import InputFile

if TYPE_CHECKING:
    from distributed import Client

T = TypeVar("T")


class BlockWork(Protocol):
    """What works blocks out, in any order."""

    @property
    def run(self) -> Run:
        """Return the run whose groups are those that figures need."""

    def figures(self, numbers: Sequence[int]) -> Iterator[BlockFigures]:
        """Yield the numbers of the candidates of some blocks."""

    def answers(self, numbers: Sequence[int]) -> Iterator[BlockAnswer]:
        """Yield the answers of some blocks, in their order."""


@dataclass(frozen=True, slots=True)
class Here:
    """Blocks in this process, on its threads; ``whole`` has every group that a file may have."""

    run: Run
    whole: Run
    limits: Limits

    def figures(self, numbers: Sequence[int]) -> Iterator[BlockFigures]:
        """Yield the numbers of the candidates of some blocks."""
        return every_figure(self.run, self.limits, numbers)

    def answers(self, numbers: Sequence[int]) -> Iterator[BlockAnswer]:
        """Yield the answers of some blocks, in their order."""
        return self.whole.each(lambda found: found, numbers)


@dataclass(frozen=True, slots=True)
class OnCluster:
    """Blocks on the workers of a cluster, which read the files themselves."""

    run: Run
    client: "Client"
    source: Source

    def figures(self, numbers: Sequence[int]) -> Iterator[BlockFigures]:
        """Yield the numbers of the candidates of some blocks, as they arrive."""
        name = f"figures-{self.source.name}"
        yield from map(_same, results(self.client, figures, numbers, (self.source,), name))

    def answers(self, numbers: Sequence[int]) -> Iterator[BlockAnswer]:
        """Yield the answers of some blocks, in their order."""
        name = f"answers-{self.source.name}"
        found = results(self.client, answer, numbers, (self.source,), name)
        yield from _in_order(map(unpacked, map(_same, found)), numbers)


def _same(found: T | Unlike) -> T:
    if isinstance(found, Unlike):
        raise misused(f"--cluster: {found.sentence}")
    return found


def _in_order(found: Iterator[BlockAnswer], numbers: Sequence[int]) -> Iterator[BlockAnswer]:
    early: dict[int, BlockAnswer] = {}
    for number in numbers:
        while number not in early:
            one = next(found)
            early[one.number] = one
        yield early.pop(number)


def has_groups(output: Output, *others: object) -> bool:
    """Return whether what is written has groups of candidates beside their numbers: a workbook, or any of ``others``, a page or a publication."""
    return any(others) or output.kind is Format.xlsx


def block_work(
    where: tuple[Cluster | None, bool],
    run: Run,
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
    return _on(cluster, run.among(KINDS), source_of(*named, read))


@contextmanager
def _on(cluster: Cluster, run: Run, source: Source) -> Iterator[BlockWork]:
    with connection(cluster) as client:
        yield OnCluster(run, client, source)
