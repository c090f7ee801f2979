"""A rule set as a document: what applies, where, from when, and the source."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated, Self

from pydantic import Field, PrivateAttr, field_validator, model_validator

from engine.days import YearDays, is_within_a_year, year_days
from engine.reading.habits import habits_of
from engine.rules.bands import BandProfile
from engine.rules.formula import SchoolsFormula
from engine.rules.high_needs_block import HighNeedsBlock
from engine.rules.in_force import InForce, changes
from engine.rules.places import Places
from engine.rules.targeted import TargetedFunding
from engine.rules.top_up_rule import TopUpRule
from engine.rules.values import (
    Day,
    Document,
    Label,
    Misfit,
    Name,
    Section,
    Sentence,
    SourceKey,
    refuse_misfits,
)
from engine.rules.yaml_source import Path, line_of, path_of
from engine.vocabulary import Standing, local_authorities
from engine.wording import text_form

Identifier = Annotated[
    str,
    text_form(
        r"^[a-z0-9][a-z0-9\-]{2,80}$",
        "must be 3 to 81 small letters, digits and hyphens, such as my-authority",
    ),
]


class Authority(Document):
    """The local authority whose rules these are.

    Pupils and schools of others are counted and set apart, unless the rules pay for them too.
    """

    code: Annotated[
        str,
        text_form(r"^[0-9]{3}$", "must be the three-digit code of a local authority in England"),
    ]
    name: Label
    pays_for_others: bool = False

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield that no authority has the code."""
        if int(self.code) not in local_authorities():
            message = (
                f"{self.code} is not the code of a local authority; for an invented or future one take that of another,"
                " such as 929, with the name that you want, and read its tables with --la-map CODE=929"
            )
            yield Misfit(message, "code")


class Source(Document):
    """A publication that values come from."""

    title: Sentence
    publisher: Label | None = None
    where: Sentence | None = Field(
        default=None, description="address or reference of the publication"
    )
    seen: Day | None = None
    note: Sentence | None = None


class Effective(Document):
    """The days on which a rule set applies, both included."""

    first: Day
    last: Day

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield that the last day is before the first."""
        if self.last < self.first:
            message = "'last' must not be before 'first'"
            yield Misfit(message, "first", "last")


@dataclass(frozen=True, slots=True)
class Lines:
    """The line of each place of a text; it tells no document from another."""

    by_path: Mapping[Path, int] = field(default_factory=dict, compare=False)


class RuleSet(Section):
    """One version of a rule set. Once published it never changes."""

    format: Annotated[str, text_form(r"^evenband-rules/1$", "must be evenband-rules/1")]
    identifier: Identifier
    version: Annotated[int, Field(ge=1, le=10_000)]
    title: Sentence
    authority: Authority | None = Field(default=None, description="none for a national rule set")
    funding_year: Annotated[
        str, text_form(r"^20[0-9]{2}-[0-9]{2}$", "must be a funding year in the form YYYY-YY")
    ]
    year_kind: Annotated[str, text_form(r"^(financial|academic)$", "must be financial or academic")]
    effective: Effective
    standing: Standing = Field(strict=False)
    about: Sentence
    blank_means_none: tuple[Name, ...] = Field(
        strict=False,
        default=(),
        description="columns of pupils and schools in which a blank means none, such as secondary_need",
    )
    sources: dict[SourceKey, Source]
    schools_formula: SchoolsFormula | None = None
    band_profile: BandProfile | None = None
    top_up_rule: TopUpRule | None = None
    places: Places | None = None
    high_needs_block: HighNeedsBlock | None = None
    targeted_funding: TargetedFunding | None = None
    _lines: Lines = PrivateAttr(default_factory=Lines)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield which parts are missing."""
        parts = (
            "schools_formula",
            "band_profile",
            "places",
            "high_needs_block",
            "targeted_funding",
        )
        if all(getattr(self, part) is None for part in parts):
            message = f"needs at least one of {', '.join(parts)}"
            yield Misfit(message)
        if (self.band_profile is None) != (self.top_up_rule is None):
            message = "give band_profile and top_up_rule together, or neither"
            yield Misfit(message)

    def keep_lines(self, lines: Mapping[Path, int]) -> None:
        """Keep the line of each place of the text that the document was read from."""
        self._lines = Lines(lines)

    def line_of(self, place: str) -> int | None:
        """Return the line of a place, or of the nearest place above it; None where it was read from no text."""
        return line_of(self._lines.by_path, path_of(place)) if place else None

    @property
    def year(self) -> YearDays:
        """Return the funding year that the document names, with all its days."""
        return year_days(self.year_kind, self.funding_year)

    @property
    def days_in_force(self) -> tuple[date, date]:
        """Return the first and last day that are valued: all its days, or of several years those of its own."""
        own, year = self.effective, self.year
        if is_within_a_year(own.first, own.last):
            return own.first, own.last
        return max(year.first, own.first), min(year.last, own.last)

    def over(self, first: date, last: date, *parts: object) -> tuple[InForce, ...]:
        """Return the values in force from ``first`` to ``last``, one entry for each run of days without a change.

        ``parts`` are those of the document whose changes count, by default all: a lump sum that
        changes does not cut the year of top-ups in two.
        """
        begins = changes(parts or (self,), first, last)
        ends = [*(day - timedelta(days=1) for day in begins[1:]), last]
        return tuple(InForce(*days) for days in zip(begins, ends, strict=True))

    def in_force(self, day: date | None = None) -> InForce:
        """Return the values in force on ``day``, by default those of each day of its year."""
        return InForce(*self.days_in_force) if day is None else self.at(day)

    def at(self, day: date | None = None) -> InForce:
        """Return the values in force on a day, by default the first on which the rule set applies."""
        day = day or self.effective.first
        return self.over(day, day)[0]

    def __repr__(self) -> str:
        """Return which document this is, not all that it holds."""
        return f"<RuleSet {self.identifier} version {self.version}>"

    __str__ = __repr__

    @field_validator("funding_year")
    @classmethod
    def _is_one_year(cls, written: str) -> str:
        first, _, second = written.partition("-")
        if (int(first) + 1) % 100 != int(second):
            message = "must be a year and the one after it, in the form YYYY-YY"
            raise ValueError(message)
        return written

    @field_validator("blank_means_none")
    @classmethod
    def _has_a_word_for_none(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        refuse_misfits(_without_none(names))
        return names


def _without_none(names: Sequence[str]) -> Iterator[Misfit]:
    """Yield each name of no column that has a word for none, and each that is named again."""
    for at, name in enumerate(names):
        try:
            habits_of(None, [name], [])
        except ValueError as error:
            yield Misfit(str(error), at=(at,), instead="secondary_need")
        if name in names[:at]:
            yield Misfit("duplicate; name each column once", at=(at,))
