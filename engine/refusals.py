"""Refusals of several files or parts of one request, so that none of them hides another."""

from collections.abc import Sequence
from types import TracebackType

from engine.errors import Problem, Refusal


class Part:
    """One part of a request, whose refusal is kept."""

    def __init__(self, found: list[Refusal | OSError]) -> None:
        """Keep where refusals are put."""
        self.found = found

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Keep a refusal that has problems, or a file that cannot be read; anything else is raised."""
        if not isinstance(error, Refusal | OSError) or isinstance(error, BrokenPipeError):
            return False
        if isinstance(error, OSError) or error.problems:
            self.found.append(error)
        return True


class Refusals:
    """What is refused of the parts of a request that are tried one after the other, and what of them cannot be read."""

    def __init__(self) -> None:
        """Begin with none."""
        self.found: list[Refusal | OSError] = []

    def part(self) -> "Part":
        """Return a context that keeps what is refused of one part, so that the next is tried."""
        return Part(self.found)

    def refuse(self) -> None:
        """Raise what was refused, a ``Refusal``: one as it is, several as one that has all their problems and is of the first's kind."""
        if len(self.found) > 1:
            raise together(self.found)
        if self.found:
            raise self.found[0]


def together(found: Sequence[Refusal | OSError]) -> Refusal:
    """Return several refusals as one, which has them as its ``parts``."""
    refused = [one for one in found if isinstance(one, Refusal)]
    problems = [problem for one in found for problem in _problems(one)]
    total = len(problems) + sum(one.total - len(one.problems) for one in refused)
    kind = type(refused[0]) if refused else Refusal
    merged = kind(problems, total)
    merged.parts = tuple(found)
    return merged


def _problems(one: Refusal | OSError) -> Sequence[Problem]:
    if isinstance(one, Refusal):
        return one.problems
    sentence = one.strerror or "could not be read"
    return [Problem(sentence, "file", place=str(one.filename) if one.filename else None)]
