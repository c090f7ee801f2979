"""What a caller of the atlas sends, and what it answers."""

from typing import Annotated

from pydantic import Field

from app.schemas import Answer, Day, KnownDay, Payload, Question, RuleSetIdentifier, VersionNumber
from app.what_ifs.schemas import Schools
from engine.lab.atlas import Part, Unit
from engine.modules import AbsentLines

MOST_RULE_SETS = 20

Identifiers = Annotated[list[RuleSetIdentifier], Field(min_length=1, max_length=MOST_RULE_SETS)]


class AtlasQuery(Question):
    """Rule sets to compare side by side, the latest version of each."""

    rule_set: Identifiers = Field(description="may be repeated; columns stand in this order")
    known: KnownDay = None
    on: Day | None = Field(
        default=None,
        description="use the values of this day for the whole year; where left out each value counts from its own day",
    )


class RuleSetRequest(Payload):
    """A published rule set on a day."""

    rule_set: RuleSetIdentifier
    version: VersionNumber | None = Field(default=None, description="the latest where left out")
    known: KnownDay = None
    on: Day | None = Field(
        default=None,
        description="use the values of this day for the whole year; where left out each value counts from its own day",
    )


class AtlasRequest(Payload):
    """Rule sets to compare side by side, and schools to try them on."""

    rule_sets: Annotated[list[RuleSetRequest], Field(min_length=1, max_length=MOST_RULE_SETS)]
    schools: Schools | None = None
    absent_lines: AbsentLines = Field(
        default=AbsentLines.refused,
        strict=False,
        description="what a line of a formula that no record has means",
    )


class AtlasCell(Answer):
    """One rule set's answer: a value, or why there is none."""

    value: str | None = Field(description="decimal text or words; null where there is none")
    said: str | None = Field(
        description="why there is no value; a missing value is never zero",
        examples=["not in this rule set"],
    )
    standing: str | None = Field(
        description="unconfirmed or proposed; null where the value was verified, or there is none",
        examples=["unconfirmed"],
    )


class AtlasLine(Answer):
    """One question, and an answer for each rule set in the order asked."""

    part: Part
    name: str = Field(examples=["basic_entitlement"])
    label: str = Field(examples=["Basic entitlement"])
    of: str = Field(description="phase or setting", examples=["primary"])
    measure: str = Field(examples=["unit value"])
    unit: Unit
    cells: list[AtlasCell]


class AtlasRuleSet(Answer):
    """A rule set of the atlas, as it was in force."""

    rule_set: str
    version: int
    title: str
    digest: str
    standing: str
    funding_year: str
    year_kind: str
    on: str | None = Field(
        description="the day whose values are used; null where each counts from its own"
    )
    values: str = Field(
        description="which values are used", examples=["each value from its own day"]
    )
    known: str | None = Field(description="the day on whose knowledge of the rules it rests")
    later: str | None = Field(
        description="that another version is used today and how it is had; null where this one is in use"
    )


class AtlasOut(Answer):
    """Rule sets side by side."""

    rule_sets: list[AtlasRuleSet]
    rows: list[AtlasLine]
