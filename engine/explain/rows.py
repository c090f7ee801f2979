"""The rows of a working: label, operator, value, unit, source and standing."""

from dataclasses import dataclass
from enum import StrEnum

from engine.money import is_digits
from engine.outcome import SEMANTICS
from engine.rules.compiled import CompiledRules
from engine.rules.values import Given


class Operator(StrEnum):
    """How a row is joined to those above it."""

    start = "start"
    plus = "plus"
    minus = "minus"
    times = "times"
    divided_by = "divided by"
    equals = "equals"
    decides = "decides"


class Unit(StrEnum):
    """What a row's value counts."""

    pounds = "pounds"
    pupils = "pupils"
    units = "units"
    schools = "schools"
    percent = "percent"
    multiplier = "multiplier"
    hours = "hours"
    share = "share"
    text = "text"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a working.

    ``value`` is text as people write it (pounds with two decimals, no sign for £);
    None where it is not known. ``place`` names the value in the rule document.
    """

    operator: Operator
    label: str
    value: str | None
    unit: Unit
    place: str | None = None
    source: str | None = None
    standing: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Working:
    """The rows that lead to one line's amount."""

    name: str
    label: str
    rows: tuple[Row, ...]
    absent: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that led to the figures of one school or pupil."""

    subject: str
    rule_set: str
    version: int
    digest: str
    semantics: int
    workings: tuple[Working, ...]
    totals: tuple[Row, ...]
    sentence: str
    absent: int

    @classmethod
    def of(
        cls,
        rules: CompiledRules,
        subject: str,
        workings: list[Working],
        totals: list[Row],
        sentence: str,
        absent: int = 0,
    ) -> "Explanation":
        """Return an explanation that names its rules."""
        document = rules.document
        return cls(
            subject, document.identifier, document.version, rules.digest, SEMANTICS,
            tuple(workings), tuple(totals), sentence, absent,
        )  # fmt: skip

    def __repr__(self) -> str:
        """Return what is explained, in one line."""
        return f"<Explanation of a {'school' if is_digits(self.subject) else 'pupil'} under {self.rule_set}>"


ABBREVIATIONS = frozenset({"sen", "ehc", "fsm", "fsm6", "eal", "eal3", "idaci", "pfi"})
"""Parts of names that the field writes in capitals."""


def words_of(name: str) -> str:
    """Return the words of a name of ours, as they are within a sentence.

    >>> words_of("sen_provision"), words_of("support_hours")
    ('SEN provision', 'support hours')
    """
    parts = name.split("_")
    return " ".join(part.upper() if part in ABBREVIATIONS else part for part in parts)


def label_of(name: str) -> str:
    """Return the words of a name of ours as a label.

    >>> label_of("sen_provision"), label_of("support_hours")
    ('SEN provision', 'Support hours')
    """
    words = words_of(name)
    return words[:1].upper() + words[1:]


def given_row(
    rules: CompiledRules, operator: Operator, label: str, given: Given, unit: Unit, place: str
) -> Row:
    """Return the row of a value of the rule document, with its source and standing."""
    value = given.value
    if unit is Unit.pounds:
        whole, _, part = value.partition(".")
        value = f"{whole}.{part:0<2}"
    source = rules.document.sources[given.source].title
    return Row(operator, label, value, unit, place, source, given.standing.value, given.note)
