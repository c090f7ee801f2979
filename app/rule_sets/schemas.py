"""Requests about rule sets, and their answers."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, WithJsonSchema, model_validator

from app.schemas import (
    Answer,
    AuthorityCode,
    Day,
    Digest,
    FundingYear,
    KnownDay,
    Limit,
    Page,
    Question,
    RuleSetIdentifier,
    VersionNumber,
)
from engine.vocabulary import Standing
from engine.wording import text_form

Words = Annotated[
    str, text_form(r"^[^\x00-\x1f\x7f]+$", "must be one line of plain text", least=1, most=100)
]

RULE_DOCUMENT = {"allOf": [{"$ref": "#/components/schemas/RuleDocument"}]}
"""The form of a rule document, which the description of the API takes from the engine."""


class Kind(StrEnum):
    """What a rule set works out."""

    notional = "notional"
    """school budget shares and the notional part of them"""
    bands = "bands"
    """bands and top-ups"""
    places = "places"
    """funding of places"""
    block = "block"
    """an authority's high needs block"""
    targeted = "targeted"
    """money for schools with disproportionate numbers"""


class Sought(Question):
    """Which rule sets to list."""

    authority: Words | None = Field(
        default=None, description="rules of this local authority: its code, or part of its name"
    )
    la: AuthorityCode | None = Field(
        default=None, description="rules of the local authority with this code, and no other"
    )
    year: FundingYear | None = Field(default=None, description="rules of this funding year")
    q: Words | None = Field(
        default=None, description="words of the title, the authority's name or the identifier"
    )
    kind: Kind | None = Field(default=None, description="rules that work this out")
    after: RuleSetIdentifier | None = Field(default=None, description="read on after this one")
    limit: Limit = 50


class Chosen(Question):
    """Which version to read."""

    version: VersionNumber | None = Field(default=None, description="the latest where left out")


class ChosenKnown(Chosen):
    """Which version to read: by its number, or the one that applies on a day as it was known on another."""

    on: Day | None = Field(
        default=None, description="the version that applies on this day; any where left out"
    )
    known: Day | None = Field(
        default=None,
        description="as it was known at the end of this day (UTC); as it is now where left out",
    )

    @model_validator(mode="after")
    def _is_one_question(self) -> Self:
        """Refuse a number beside days."""
        if self.version is not None and (self.on or self.known):
            message = (
                "give version, or on and known: a version of a number is the same on every day"
            )
            raise ValueError(message)
        return self


class ChosenDay(Chosen):
    """Which version to read, and on which day."""

    known: KnownDay = None

    on: Day | None = Field(
        default=None,
        description="values of this day; those of every day of its year where left out",
    )


class AuthorityOut(Answer):
    """The local authority whose rules these are."""

    code: AuthorityCode
    name: str = Field(examples=["Northumberland"])


class RuleSetState(StrEnum):
    """What became of a version that was published."""

    published = "published"
    """it is in use"""
    superseded = "superseded"
    """a later version that applies on the same days took its place"""
    withdrawn = "withdrawn"
    """it is no longer in use"""


class RuleSetOut(Answer):
    """A published version of a rule set."""

    identifier: RuleSetIdentifier
    version: VersionNumber
    digest: Digest = Field(description="SHA-256 of the canonical text")
    title: str
    authority: AuthorityOut | None = Field(description="null for national rules")
    funding_year: FundingYear
    year_kind: str = Field(examples=["financial"])
    effective_first: date = Field(description="first day on which it applies")
    effective_last: date = Field(description="last day on which it applies")
    standing: Standing = Field(description="how far its values were checked")
    kinds: list[Kind]
    published_at: datetime
    state: RuleSetState = Field(description="what became of it")
    ended_at: datetime | None = Field(
        description="the moment from which it was superseded or withdrawn; null while it is in use"
    )
    author: str = Field(description="who drafted it, or how it was published without a draft")
    reviewer: str | None = Field(
        description="who approved it; null where it was published without a second person"
    )


class RuleSetPage(Page[RuleSetOut]):
    """Published rule sets in the order of their identifiers."""


class SourceOut(Answer):
    """A publication that values come from."""

    key: str
    title: str
    publisher: str | None
    where: str | None = Field(description="address or reference of the publication")


class NoteOut(Answer):
    """What a rule set says and its author may not have meant, such as a gap in its prices."""

    type: str = Field(
        description="kind of note, the same for every note of the kind",
        examples=["unreachable-price"],
    )
    place: str | None = Field(
        description="path in the document that it is about",
        examples=["band_profile.tariff.prices.1"],
    )
    sentence: str
    example: dict[str, str] = Field(
        description="a case of it: a value for each input that counts; empty where there is none"
    )


class RuleSetWhole(RuleSetOut):
    """A published version with its document."""

    notes: list[NoteOut] = Field(
        description="gaps in prices, what is never used, values that change within the year"
    )
    versions: list[int] = Field(description="every published version")
    about: str
    sources: list[SourceOut]
    document: Annotated[dict[str, Any], WithJsonSchema(RULE_DOCUMENT)] = Field(
        description="the document, every value in its long form"
    )


class ValueOut(Answer):
    """A value of the rules on a day."""

    place: str = Field(
        description="path of the value in the document",
        examples=["schools_formula.factors.fsm6.primary.unit_value"],
    )
    value: str = Field(description="a decimal number as text", examples=["1060"])
    since: date = Field(description="first day on which this value is in force")
    source: str = Field(description="title of the publication that it comes from")
    standing: Standing
    note: str | None


class CaseTableOut(Answer):
    """A table of cases that comes with a rule set."""

    table: str = Field(description="name of its file", examples=["solihull-2025-26.cases.csv"])
    first_row: int = Field(description="row of the file that the first case is in")
    cases: list[dict[str, str]] = Field(
        description="each case: its columns that are not blank, and what it should come to"
    )


class CasesOut(Answer):
    """The worked examples that come with a published version; no table where there are none."""

    identifier: RuleSetIdentifier
    version: VersionNumber
    digest: Digest
    tables: list[CaseTableOut]


class PathOut(Answer):
    """A number of the rules that an override may name; a dated value for each of its dates."""

    path: str = Field(
        description="path of the number, with rows by what tells them apart",
        examples=["band_profile.tariff.prices.A.special.pounds"],
    )
    kind: str = Field(
        description="value (with dates), cut-off (an end of a range) or number (without dates)",
        examples=["value"],
    )
    value: str | None = Field(description="a number as text; null where it is not printed")
    since: date | None = Field(description="first day of a value; null for what has no dates")
    standing: Standing | None


class PathsOut(Answer):
    """Every number of a rule set that an override may name."""

    identifier: RuleSetIdentifier
    version: VersionNumber
    digest: Digest
    paths: list[PathOut]


class ValueLater(Answer):
    """A value that is given from a later day only."""

    place: str
    since: date


class ValuesOut(Answer):
    """Every value of a rule set in its year, or on one day."""

    identifier: RuleSetIdentifier
    version: VersionNumber
    digest: Digest
    funding_year: FundingYear
    year_kind: str = Field(examples=["financial"])
    on: date | None = Field(description="the day; null for every day of its year")
    applies: bool = Field(description="whether the rule set applies on that day at all")
    values: list[ValueOut]
    not_yet: list[ValueLater] = Field(description="values that are in force from a later day only")
