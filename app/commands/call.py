"""How a command was called, as its manifest keeps it: to be run again, without what is of one run or of one pupil alone."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

OF_ONE_RUN = (
    "--out",
    "--format",
    "--threads",
    "--cluster",
    "--certificates",
    "--cache",
    "--report",
)
"""Options with a value that change no row of a result."""

FLAGS_OF_ONE_RUN = ("--resume", "--exact")
"""Such options without a value."""

OF_ONE_PUPIL = "--explain"
"""The option that may have the key of a pupil, which no manifest has."""

Result = dict[str, object]

_words: ContextVar[tuple[str, ...]] = ContextVar("words", default=())
_results: ContextVar[list[Result] | None] = ContextVar("results", default=None)


def remember(words: Sequence[str]) -> None:
    """Remember the words of the command line that runs."""
    _words.set(tuple(words))


def record() -> dict[str, object]:
    """Return the words that give the same rows again; nothing where they would name a pupil or there are none."""
    words = list(_without(_words.get(), OF_ONE_RUN))
    if not words or any(one == OF_ONE_PUPIL or one.startswith(f"{OF_ONE_PUPIL}=") for one in words):
        return {}
    return {"command": words}


def without_folders(record: Mapping[str, object], names: Sequence[str]) -> dict[str, object]:
    """Return a command with the names of its input files alone: a manifest that is published names no folder."""
    words = record.get("command")
    if not isinstance(words, list):
        return dict(record)
    return {**record, "command": [_file_name(one, names) for one in words]}


@contextmanager
def in_place_of_files() -> Iterator[list[Result]]:
    """Let commands give what their manifests would say here, and write nothing."""
    found: list[Result] = []
    token = _results.set(found)
    try:
        yield found
    finally:
        _results.reset(token)


def results() -> list[Result] | None:
    """Return where results go in place of files; None where they are written."""
    return _results.get()


def _without(words: Sequence[str], options: Sequence[str]) -> Iterator[str]:
    """Yield words without some options and their values."""
    left = iter(words)
    for word in left:
        if word in options:
            next(left, None)
        elif word in FLAGS_OF_ONE_RUN:
            continue
        elif word.partition("=")[0] not in options:
            yield word


def _file_name(word: str, names: Sequence[str]) -> str:
    option, sign, value = word.rpartition("=") if word.startswith("--") else ("", "", word)
    name = Path(value).name
    return f"{option}{sign}{name}" if name in names else word
