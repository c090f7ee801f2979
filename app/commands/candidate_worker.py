"""Blocks of candidates as another process works them out: it reads the same files itself, and only sums by group travel."""

import hashlib
import pickle
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from app.commands.cache import chosen_cache
from app.commands.candidate_plan import read_plan, run_of, school_run_of
from app.commands.exits import misused
from app.commands.inputs import read_tables
from app.commands.table_options import TableFiles
from engine.cache import Cache
from engine.cache_files import write_cache_file
from engine.candidates import AnswerFile, BlockAnswer, BlockRun, Run
from engine.candidates.figures import KINDS, BlockFigures, Limits, figures_of
from engine.candidates.schools import Measure
from engine.errors import Refusal
from engine.export.candidate_details import Part, part_bytes
from engine.input_file import STANDARD_INPUT, InputFile
from engine.row_chunks import ONE_THREAD
from engine.source import source_digest

Files = tuple[tuple[str, str], ...]
"""The names and digests of files that were read, in their order."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a run of candidates is read from, as one process names it to another.

    cache   the folder where pupils are kept as codes; None for what a worker's own setting names
    read    the files that were read here, by their digests
    engine  the version of the engine's source here
    measure what candidates over schools are compared by; None over pupils
    name    what fixes all of it, so that work under one name is the same work
    """

    document: Path
    files: TableFiles
    cache: Path | None
    read: Files
    engine: str
    measure: str | None
    name: str


class Unlike(NamedTuple):
    """Why another process cannot work out the same."""

    sentence: str


def source_of(
    document: Path,
    files: TableFiles,
    cache: Path | None,
    read: tuple[InputFile, ...],
    measure: str | None = None,
) -> Source:
    """Return the source of a run, by paths that hold in every folder; raises ``BadParameter`` for a table that is piped in."""
    if STANDARD_INPUT in (files.pupils, files.schools):
        raise misused("--cluster reads the tables in several processes; name a file")
    pupils, schools = (
        None if one is None else one.resolve() for one in (files.pupils, files.schools)
    )
    files = replace(files, pupils=pupils, schools=schools)
    folder = None if cache is None else cache.resolve()
    parts = (document.resolve(), files, folder, _digests(read), source_digest(), measure)
    return Source(*parts, hashlib.sha256(pickle.dumps(parts)).hexdigest())


def _digests(read: tuple[InputFile, ...]) -> Files:
    return tuple((one.name, one.sha256) for one in read)


class _BothRuns(NamedTuple):
    """A run as it was read here, with few groups and with all, and what its candidates must keep to."""

    few: BlockRun
    whole: BlockRun
    limits: Limits


class _OtherHere(Exception):
    """Files or a version that differ from those of the machine that asks."""


_RUNS: Cache = Cache(1)
_READING = Lock()
"""Threads of one worker wait for the first of them, so that a table is held once."""


def figures(number: int, source: Source) -> BlockFigures | Unlike:
    """Return the numbers of the candidates of a block."""
    both = _both(source)
    if isinstance(both, Unlike):
        return both
    return figures_of(both.few.block(number), both.few.groups, both.limits)


def answer(number: int, source: Source) -> bytes | Unlike:
    """Return the answer of a block, for ``unpacked``: what is the same for every candidate travels once."""
    both = _both(source)
    if isinstance(both, Unlike):
        return both
    file = BytesIO()
    AnswerFile(file).put(both.whole.block(number))
    return file.getvalue()


def detail_part(
    number: int, source: Source, parts: Sequence[Part], detail: str, folder: Path | None
) -> tuple[int, bytes] | Unlike:
    """Return the rows of a part of a detail, with its number; with a ``folder`` they are put there, in a file of that number, and do not travel."""
    both = _both(source)
    if isinstance(both, Unlike):
        return both
    if not isinstance(both.whole, Run):
        return Unlike("a worker has schools, and no rows of pupils")
    content = part_bytes(both.whole, parts[number], detail)
    if folder is None:
        return number, content
    try:
        write_cache_file(folder / str(number), lambda file: file.write(content))
    except OSError as error:
        return Unlike(f"a worker cannot write where --out is: {error.strerror}")
    return number, b""


def unpacked(content: bytes) -> BlockAnswer:
    """Return the answer that another process has packed."""
    file = AnswerFile(BytesIO(content))
    [number] = file.numbers
    return file.get(number)


def _both(source: Source) -> _BothRuns | Unlike:
    with _READING:
        try:
            return _RUNS.get(source.name, _read, source)
        except _OtherHere as other:
            return Unlike(str(other))
        except Refusal as refusal:
            problem = refusal.problems[0] if refusal.problems else refusal
            return Unlike(f"a worker cannot use the files: {problem}")
        except OSError as error:
            return Unlike(f"a worker cannot read {error.filename or 'a file'}: {error.strerror}")


def _read(source: Source) -> _BothRuns:
    """Return the run of a source; what cannot be is raised, so that it is not cached and may be mended meanwhile."""
    if source_digest() != source.engine:
        message = "a worker has another version of evenband"
        raise _OtherHere(message)
    plan = read_plan(source.document, of_schools=source.measure is not None)
    kept = chosen_cache(source.cache)
    tables = plan.with_files(read_tables(source.files, plan.sides, only_read=False, cache=kept))
    here = dict(_digests(tables.files))
    unlike = [name for name, digest in source.read if here.get(name) != digest]
    if unlike:
        message = f"a worker reads another {unlike[0]} than this machine"
        raise _OtherHere(message)
    whole: BlockRun = (
        run_of(plan, tables, ONE_THREAD)
        if source.measure is None
        else school_run_of(plan, tables, Measure(source.measure), ONE_THREAD)
    )
    return _BothRuns(whole.among(KINDS), whole, Limits.of(plan.document, plan.budgets))
