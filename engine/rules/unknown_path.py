"""Paths that lead to no number of a rule document: why, and the nearest one that does."""

from collections.abc import Mapping, Sequence
from itertools import takewhile

from engine.errors import Problem
from engine.rules.number_kinds import forms_of
from engine.rules.paths import Paths
from engine.rules.value_tables import ROWS
from engine.rules.yaml_source import path_of
from engine.wording import nearest

LISTS = "'evenband rules paths' lists every path"
MOST_ROWS = 5
"""Rows of a table that are named."""

VALUE = "value"
MOST_COMPARED = 1_000
"""Paths with which the spelling of an unknown one is compared letter by letter."""


def unknown_path(paths: Paths, text: str, place: str, *, is_near: bool) -> Problem:
    """Return why a text leads to no number, with the nearest path to one where ``is_near`` asks for it."""
    if lacking := _part_lacking(paths, text):
        return Problem(f"the rule set has no {lacking}; {LISTS}", "place", place=place)
    if rows := _rows_of_table(paths, text):
        return Problem(
            f"has a value for each of its rows; give one of {rows}", "place", place=place
        )
    near = _nearest(paths, text) if is_near else None
    if _leads_to_field(paths, text):
        such = f", such as {near}" if near else ""
        sentence = (
            f"only values, cut-offs and other numbers can be tried, and this is none{such}; {LISTS}"
        )
        return Problem(sentence, "place", place=place)
    above = text.rpartition(".")[0]
    rule = "extra_forbidden" if above and _leads_to_field(paths, above) else "place"
    meant = f"; {_question(near, text)}" if near else ""
    return Problem(f"not found in the rule set{meant}; {LISTS}", rule, place=place)


def _rows_of_table(paths: Paths, text: str) -> str:
    """Return the first paths of a table of values that a text names, with their values; empty where it names none."""
    table = next((one for one in paths.parts(text) if _is_table(paths.at(one))), None)
    if table is None:
        return ""
    rows = [one for one in paths.below(table) if one[-1] == VALUE]
    named = [f"{paths.name(one)} ({paths.text(one)})" for one in rows[:MOST_ROWS]]
    more = [f"and {len(rows) - MOST_ROWS:,} more; {LISTS}"] if len(rows) > MOST_ROWS else []
    return "; ".join([*named, *more])


def _is_table(part: object) -> bool:
    return isinstance(part, Mapping) and ROWS in part and isinstance(part[ROWS], list)


def _beside(paths: Paths, text: str) -> tuple[Sequence[str], str]:
    """Return the paths of the nearest parts above a text that the document has, and the text as they spell the only one."""
    words = text.split(".")
    for length in range(len(words), 0, -1):
        parts = [*dict.fromkeys(paths.parts(".".join(words[:length])))]
        known = [paths.name(one) for part in parts for one in paths.below(part)]
        if known:
            spelled = text if len(parts) > 1 else ".".join([paths.name(parts[0]), *words[length:]])
            return known, spelled
    return paths.names, text


def _nearest(paths: Paths, text: str) -> str | None:
    """Return the path by name that is spelled most like a text, of the part that it leads into; None where none is like it."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a refusal asks

    known, text = _beside(paths, text)
    same = [one for one in known if one.casefold() == text.casefold()]
    if same:
        return same[0]
    if len(known) <= MOST_COMPARED and (near := get_close_matches(text, known, n=1)):
        return near[0]
    parts = text.split(".")
    best = max(known, key=lambda one: _in_common(one.split("."), parts), default="")
    return best if _in_common(best.split("."), parts) else None


def _question(near: str, text: str) -> str:
    """Return the question whether a path was meant where each part of another may be a slip for its own; else only that it is near."""
    theirs, written = near.split("."), text.split(".")
    pairs = zip(theirs, written, strict=False)
    if len(theirs) == len(written) and all(nearest(one, [own]) for own, one in pairs):
        return f"did you mean {near}?"
    return f"the nearest path is {near}"


def _leads_to_field(paths: Paths, text: str) -> bool:
    """Return whether a text is the path of something else that a document has, or may have."""
    return bool(forms_of(path_of(text))) or paths.has(text)


def _part_lacking(paths: Paths, text: str) -> str | None:
    """Return the first part on the way to a field that a document may have and this one has not; None for others."""
    parts = text.split(".")
    above = (".".join(parts[:length]) for length in range(1, len(parts)))
    lacking = next((one for one in above if not paths.has(one)), None)
    if lacking is None or any(isinstance(one, int) for one in path_of(lacking)):
        return None
    return lacking if forms_of(path_of(lacking)) else None


def _in_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many parts two paths have in common from their start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
