"""The words of statements: which factor, phase, total or column a label names."""

import csv
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache

from engine.data import FIXTURES
from engine.rules.compile_reads import family
from engine.rules.compiled import CompiledLine

FILE = FIXTURES / "codes" / "statement_labels.csv"
PLACES = FIXTURES / "codes" / "figure_sources.csv"
_SIGNS = {"%": " percent ", "£": " pounds ", "&": " and "}
_OTHER = re.compile(r"[^a-z0-9]+")
_BRACKETS = re.compile(r"\([^)]*\)")


class LabelKind(StrEnum):
    """What words of a statement name."""

    factor = "factor"
    adjustment = "adjustment"
    phase = "phase"
    pupils = "pupils"
    total = "total"
    aside = "aside"
    column = "column"


Words = Mapping[str, str]
"""What words name, by the words: ``{"lump sum": "lump_sum"}``."""


def plain_words(text: str) -> str:
    """Return a label in small letters, with one blank between words and the signs % and £ as words.

    >>> plain_words("FSM6 % Primary"), plain_words("Split-sites (£)")
    ('fsm6 percent primary', 'split sites pounds')
    """
    lower = text.lower()
    for sign, word in _SIGNS.items():
        lower = lower.replace(sign, word)
    return _OTHER.sub(" ", lower).strip()


@cache
def label_words(kind: LabelKind) -> Words:
    """Return the words of one kind that statements use, from ``fixtures/codes/statement_labels.csv``."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return {plain_words(row["words"]): row["name"] for row in rows if row["kind"] == kind}


@cache
def _places() -> Words:
    with PLACES.open(encoding="utf-8", newline="") as lines:
        return {row["factor"]: row["words"] for row in csv.DictReader(lines)}


def figure_place(factor: str) -> str | None:
    """Return where a school finds the figure of a factor: which row of a statement, and who is counted.

    From ``fixtures/codes/figure_sources.csv``; the bands of a factor have one entry. None where there is no entry.
    """
    return _places().get(factor) or _places().get(family(factor))


def named(label: str, words: Words) -> tuple[str, str] | None:
    """Return which of some words a plain label has, and what they name: the longest; None where it has none.

    >>> named("fsm6 percent primary", {"fsm": "fsm", "fsm6": "fsm6"})
    ('fsm6', 'fsm6')
    """
    inside = f" {label} "
    found = [one for one in words if f" {one} " in inside]
    longest = max(found, key=len, default=None)
    return None if longest is None else (longest, words[longest])


def factor_words(lines: Iterable[CompiledLine]) -> Words:
    """Return the words that name the factors of some lines: those of statements, and the rules' own labels."""
    own: dict[str, str] = {}
    for line in lines:
        label = line.factor.label
        own[plain_words(label)] = line.key.factor
        own[plain_words(_BRACKETS.sub("", label))] = line.key.factor
        inside = " ".join(_BRACKETS.findall(label))
        rest = _BRACKETS.sub("", label).rpartition(" band ")
        if inside and rest[1]:
            own[plain_words(f"{inside} band {rest[2]}")] = line.key.factor
            own[plain_words(f"{inside} {rest[2]}")] = line.key.factor
    of_own = {words: factor for words, factor in own.items() if words}
    return {**label_words(LabelKind.factor), **of_own}
