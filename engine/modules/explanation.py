"""What every module explains by: an explanation, and its workings."""

from dataclasses import dataclass, replace

from engine.modules import SEMANTICS
from engine.money import is_digits
from engine.rules.compiled import CompiledRules
from engine.steps import Operator, Row, Unit


@dataclass(frozen=True, slots=True)
class Working:
    """The rows that lead to one line's amount."""

    name: str
    label: str
    rows: tuple[Row, ...]
    absent: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that led to the figures of one school or pupil.

    ``values`` says whether each value is in force from its own day, or those of one day all year.
    """

    subject: str
    rule_set: str
    version: int
    digest: str
    semantics: int
    values: str
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
            rules.values_used, tuple(workings), tuple(totals), sentence, absent,
        )  # fmt: skip

    def then(self, other: "Explanation") -> "Explanation":
        """Return this with the workings and totals of another of the same subject after its own."""
        return replace(
            self,
            workings=self.workings + other.workings,
            totals=self.totals + other.totals,
            absent=self.absent + other.absent,
        )

    def __repr__(self) -> str:
        """Return what is explained, in one line."""
        return f"<Explanation of a {'school' if is_digits(self.subject) else 'pupil'} under {self.rule_set}>"


LONGEST_URN = 9
"""Digits of the longest number that is looked for among schools; a key may be of any length."""


def urn_of(subject: str) -> int | None:
    """Return the reference number of a school that a text may be, None where it is none."""
    return int(subject) if is_digits(subject) and len(subject) <= LONGEST_URN else None


def titles_of(rules: CompiledRules) -> dict[str, str]:
    """Return the title of each source of a rule document, by its key."""
    return {key: source.title for key, source in rules.document.sources.items()}


def unknown_row(place: str, why: str) -> Row:
    """Return the row of a part that is not known, for a figure that it needs."""
    return Row(
        Operator.start, "A figure that it needs is missing", None, Unit.text, place, note=why
    )
