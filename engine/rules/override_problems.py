"""What is wrong with a document that a what-if changed, at the paths that were typed."""

from collections.abc import Mapping
from dataclasses import replace

from engine.errors import Problem

MOST_NAMED = 3
"""Overrides that are named where one of them makes a document wrong, and it is not known which."""


def blamed(problem: Problem, places: Mapping[str, str]) -> Problem:
    """Return a problem of a changed document at the place that was typed.

    ``places`` are those that were typed, by the path in the document. A problem of something that
    several numbers make up is at all of them.
    """
    where = problem.place or ""
    near = [typed for path, typed in places.items() if _meet(path, where)]
    named = list(dict.fromkeys(near or places.values()))
    exact = any(_meet(path, where) and where.count(".") >= path.count(".") - 1 for path in places)
    # How the author of a document would mend it is no use to one who tries a number.
    sentence = problem.sentence.partition("; add a row")[0]
    if problem.rule == "gap":
        sentence += "; a cut-off may not leave a gap that the published rules do not have"
    elif where and not exact:
        sentence = f"{where}: {sentence}"
    # The line is of the document, which is as it should be.
    return replace(problem, sentence=sentence, place=", ".join(named[:MOST_NAMED]), line=None)


def _meet(one: str, other: str) -> bool:
    """Return whether one path is the other, or leads there."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")
