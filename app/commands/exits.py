"""How a command ends: an exit code for the kind of fault, and sentences on standard error."""

import errno
import os
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import typer

REFUSED, MISUSED, UNREADABLE, FAILED = 1, 2, 3, 4
_FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
TRACE = "EVENBAND_TRACE"
"""Set in the environment, it lets a fault of the program show where it happened in full."""

CODES = (
    "Exit codes: 0 done; 1 the input has problems, each listed on standard error; "
    "2 wrong usage; 3 a file could not be read or written; 4 a fault of the program."
)
MOST_LINES = 100
"""Problems that are printed; the others are counted."""


@contextmanager
def answered() -> Iterator[None]:
    """Turn what goes wrong into sentences on standard error and an exit code."""
    from engine.errors import Refusal

    try:
        yield
    except Refusal as refusal:
        parts = refusal.parts or (refusal,)
        say([line for one in parts for line in _part_lines(one)])
        unread = all(isinstance(one, OSError) for one in parts)
        raise typer.Exit(UNREADABLE if unread else REFUSED) from None
    except BrokenPipeError:
        _stop_writing()
    except UnicodeDecodeError as error:
        say(refusal_lines(error))
        raise typer.Exit(REFUSED) from None
    except OSError as error:
        if "Broken pipe" in str(error):
            # A library raises its own exception for this.
            _stop_writing()
        say([sentence_of(error)])
        raise typer.Exit(UNREADABLE) from None


def _part_lines(one: Exception) -> list[str]:
    """Return the lines of one of several refusals, or of a file that cannot be read."""
    return [sentence_of(one)] if isinstance(one, OSError) else refusal_lines(one)


def sentence_of(error: OSError) -> str:
    """Return what the system says, and of which file; what has no name is standard output."""
    full = "standard output" if error.errno in _FULL else None
    where = f"{one}: " if (one := error.filename or full) else ""
    return f"{where}{error.strerror or 'could not be read or written'}"


def _stop_writing() -> NoReturn:
    """End quietly when the reader closes the output; stop the interpreter writing as it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise typer.Exit(UNREADABLE) from None


@contextmanager
def about(path: Path) -> Iterator[None]:
    """Let a refusal say which file it is about."""
    from engine.input_file import name_of

    try:
        yield
    except (UnicodeDecodeError, _refusal()) as error:
        error.add_note(name_of(path))
        raise


def misused(sentence: str) -> typer.BadParameter:
    """Return the refusal of an option or argument."""
    return typer.BadParameter(sentence)


class Misuses:
    """What is wrong with options that are looked at one after the other, so that none hides another."""

    def __init__(self) -> None:
        """Begin with none."""
        self.sentences: list[str] = []

    def add(self, sentence: str) -> None:
        """Keep what is wrong with an option."""
        self.sentences.append(sentence)

    @contextmanager
    def part(self) -> Iterator[None]:
        """Keep what is wrong with one option, and go on with the next."""
        try:
            yield
        except typer.BadParameter as error:
            self.sentences.append(error.message)

    def refuse(self, files: Sequence[Path | None] = ()) -> None:
        """Refuse all of them, with those of some files that are not there; nothing where no option is wrong."""
        if self.sentences:
            raise misused("; ".join([*self.sentences, *missing_files(files)]))


def missing_files(values: Iterable[object]) -> list[str]:
    """Return a sentence for each path among some values that names no file; standard input is there."""
    from engine.input_file import STANDARD_INPUT

    paths = (one for one in values if isinstance(one, Path) and one != STANDARD_INPUT)
    return [f"{one}: no such file" for one in paths if not one.exists()]


def refuse_ending(path: Path, ending: str) -> None:
    """Refuse an output whose name does not end as its kind of file does."""
    if path.suffix.lower() != ending:
        raise misused(f"--out must end in {ending}")


def _refusal() -> type[Exception]:
    from engine.errors import Refusal

    return Refusal


def _subjects(error: Exception) -> list[str]:
    return [f"{note}:" for note in dict.fromkeys(getattr(error, "__notes__", []))]


def refusal_lines(refusal: Exception) -> list[str]:
    """Return the file, what it is, how many problems it has, and the problems."""
    if isinstance(refusal, UnicodeDecodeError):
        return [*_subjects(refusal), "is not UTF-8 text"]
    problems = getattr(refusal, "problems", ())
    total = getattr(refusal, "total", len(problems))
    title = getattr(refusal, "title", "refused")
    count = f"{total} problem{'' if total == 1 else 's'}"
    from engine.errors import Refusal

    lines = refusal.lines(MOST_LINES) if isinstance(refusal, Refusal) else []
    return [*_subjects(refusal), f"{title} ({count}).", *(f"  {line}" for line in lines)]


def failure(error: Exception) -> str:
    """Return the sentence for a fault of the program: where it happened, and nothing of the data."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if {"app", "engine"} & set(Path(one.filename).parts)]
    at = f" at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    return f"evenband failed{at}, through a fault of its own. Set {TRACE}=1 to see more, and report it."


def say(lines: list[str]) -> None:
    """Print lines on standard error; where that cannot be written, the exit code is all there is."""
    if not lines:
        return
    with suppress(OSError):
        typer.echo("\n".join(lines), err=True)
