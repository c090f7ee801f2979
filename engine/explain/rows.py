"""The rows of a working: label, operator, value, unit, source and standing."""

from dataclasses import dataclass

from engine.money import is_digits
from engine.rules.compiled import CompiledRules
from engine.rules.values import DatedValue
from engine.run import SEMANTICS
from engine.steps import Operator, Row, Unit, label_of, words_of

__all__ = [
    "Explanation",
    "Operator",
    "Row",
    "Unit",
    "Working",
    "label_of",
    "titles_of",
    "unknown_row",
    "value_row",
    "words_of",
]


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


def titles_of(rules: CompiledRules) -> dict[str, str]:
    """Return the title of each source of a rule document, by its key."""
    return {key: source.title for key, source in rules.document.sources.items()}


def value_row(
    rules: CompiledRules, operator: Operator, label: str, given: DatedValue, unit: Unit, place: str
) -> Row:
    """Return the row of a value of the rule document, with its source and standing."""
    value = given.value
    if unit is Unit.pounds:
        whole, _, part = value.partition(".")
        value = f"{whole}.{part:0<2}"
    source = rules.document.sources[given.source].title
    return Row(operator, label, value, unit, place, source, given.standing.value, given.note)


def unknown_row(place: str, why: str) -> Row:
    """Return the row of a part that is not known, for a figure that it needs."""
    return Row(
        Operator.start, "A figure that it needs is missing", None, Unit.text, place, note=why
    )
