"""One question of the atlas, the answer of one rule set, and conditions of rules in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from engine.rules.inputs import Input
from engine.rules.measures import Cell, Measured, Rank, Unit
from engine.steps import words_of


class Part(StrEnum):
    """A part of the atlas, in the order in which they are printed."""

    rule_set = "rule set"
    factor = "factor"
    formula = "formula"
    assignment = "assignment"
    band = "band"
    tariff = "tariff"
    top_up_rule = "top-up rule"
    calendar = "calendar"
    places = "places"
    high_needs_block = "high needs block"
    targeted_funding = "targeted funding"
    schools = "schools"


class Entry(NamedTuple):
    """A question: about what, for which phase or setting, measured how."""

    part: Part
    name: str
    of: str
    measure: str
    unit: Unit


ABSENT = Cell(None, "not in this rule set")
"""The answer of a rule set that knows nothing of what is asked."""


class Answer(NamedTuple):
    """A question with its place in the atlas, a label for people, and one rule set's answer."""

    entry: Entry
    rank: Rank
    label: str
    cell: Cell


def answers(
    part: Part,
    name: str,
    label: str,
    measures: Iterable[Measured],
    *,
    of: str = "",
    rank: Rank = (),
) -> Iterator[Answer]:
    """Yield one rule set's answers about one thing, in the order of the measures."""
    for at, (measure, unit, cell) in enumerate(measures):
        yield Answer(Entry(part, name, of, measure, unit), (*rank, at), label, cell)


Conditions = Mapping[Input | str, Sequence[str]]


def condition_words(when: Conditions, leave_out: Sequence[Input] = ()) -> str:
    """Return conditions as one phrase, empty where nothing is asked.

    >>> condition_words({Input.sen_provision: ["E"], Input.setting: ["sen_unit", "special"]})
    'SEN provision E, setting SEN unit or special'
    """
    return ", ".join(
        f"{words_of(str(name))} {' or '.join(map(words_of, choices))}"
        for name, choices in when.items()
        if name not in leave_out
    )
