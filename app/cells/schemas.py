"""What a spreadsheet asks in the address of a cell, which holds no pupil's data, and the headers of its answer."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints

from app.rule_sets.later import LaterRules
from app.schemas import Day, KnownDay, Question, VersionNumber
from engine.rules import CompiledRules
from engine.vocabulary import NONE_WORDS

Figure = Annotated[str, StringConstraints(max_length=40), Field(examples=["30"])]
"""A number as people write it; the engine reads it."""


def _capital(written: object) -> object:
    """Return a code of one letter as the census writes it."""
    return written.strip().upper() if isinstance(written, str) else written


NO_START, NO_END = date.min, date.max
"""What a first or last day is where the address says that there is none."""


def _start_or_none(written: object) -> object:
    return NO_START if written in NONE_WORDS else written


def _end_or_none(written: object) -> object:
    return NO_END if written in NONE_WORDS else written


OpenStart = Annotated[Day | None, BeforeValidator(_start_or_none, json_schema_input_type=date)]
OpenEnd = Annotated[Day | None, BeforeValidator(_end_or_none, json_schema_input_type=date)]
"""A first and a last day, or the word for none."""

Override = Annotated[str, StringConstraints(min_length=3, max_length=350)]
MOST_OVERRIDES = 20
"""Values that one address tries: a spreadsheet's address has room for no more."""


class PartOfLine(StrEnum):
    """Which number of a line of the formula is wanted."""

    amount = "amount"
    """units times unit value, pounds"""
    notional = "notional"
    """the part of the amount that is notional SEN, pounds"""
    unit_value = "unit-value"
    """pounds a unit, after area adjustment"""
    percent = "percent"
    """the notional percentage"""


class CellQuery(Question):
    """What any cell may ask besides its number."""

    on: Day | None = Field(
        default=None,
        description="use the values of this day for the whole year; where left out each value counts from its own day",
    )
    version: VersionNumber | None = Field(default=None, description="the latest where left out")
    known: KnownDay = None
    override: Annotated[list[Override], Field(max_length=MOST_OVERRIDES)] = Field(
        default=[],
        description="PATH=VALUE, a number to try in place of a published one; may be repeated",
        examples=[["top_up_rule.cap=90000"]],
    )
    v: str | None = Field(
        default=None, max_length=200, description="has no effect; change it to refresh a cell"
    )
    errors: Literal["text"] | None = Field(
        default=None, description="'text' answers a problem as 200 with the text 'ERROR: …'"
    )
    warnings: Literal["text"] | None = Field(
        default=None,
        description="'text' answers, in place of the number, what may be wrong with the figures, or 'none'",
    )
    notes: Literal["text"] | None = Field(
        default=None,
        description="'text' answers, in place of the number, what is to be known of the rules, such as prices that are not printed, or 'none'",
    )


class NotionalSenQuery(CellQuery):
    """A school's phase, and a name and value for each line of the formula."""

    model_config = ConfigDict(extra="allow")

    phase: Annotated[str, StringConstraints(max_length=40)] = Field(
        description="phase of the school", examples=["primary"]
    )
    others: Literal["0"] | None = Field(
        default=None, description="'0' if the lines that are not given are 0"
    )

    @property
    def lines(self) -> dict[str, object]:
        """Return what was asked under names of its own: lines of the formula."""
        return dict(self.model_extra or {})


class FactorQuery(CellQuery):
    """One line of the formula, and the units or the amount that it is asked for."""

    line: Annotated[str, StringConstraints(max_length=80)] = Field(examples=["fsm6_primary"])
    units: Figure | None = Field(default=None, description="pupils, or 1 for a lump sum")
    amount: Annotated[Figure | None, Field(examples=["5000.00"])] = Field(
        default=None, description="pounds, for a line that is given as an amount"
    )
    part: PartOfLine = PartOfLine.notional
    la: Annotated[Figure | None, Field(examples=["929"])] = Field(
        default=None,
        description="authority of the school, where values of the formula differ by authority",
    )
    phase: Annotated[Figure | None, Field(examples=["primary"])] = Field(
        default=None, description="phase of the school, where values of the formula differ by phase"
    )


class TariffQuery(CellQuery):
    """A band, and the setting and phase of a hypothetical place."""

    band: Annotated[str, StringConstraints(min_length=1, max_length=60)] = Field(examples=["9"])
    setting: Annotated[Figure | None, Field(examples=["mainstream"])] = None
    phase: Annotated[Figure | None, Field(examples=["primary"])] = Field(
        default=None, description="phase of the year group"
    )
    year_group: Annotated[Figure | None, Field(examples=["4"])] = None
    support_hours: Annotated[Figure | None, Field(examples=["12.5"])] = Field(
        default=None, description="hours of support a week, where a price is by the hour"
    )
    level: Annotated[Figure | None, Field(examples=["3"])] = Field(
        default=None, description="level, where a price is by the level"
    )
    group_size: Annotated[Figure | None, Field(examples=["3"])] = Field(
        default=None, description="pupils who share the support, where hours are shared"
    )
    urn: Annotated[Figure | None, Field(examples=["900001"])] = Field(
        default=None, description="school, where prices are by school"
    )
    la: Annotated[Figure | None, Field(examples=["929"])] = Field(
        default=None, description="commissioning authority, where prices are by authority"
    )
    primary_need: Annotated[Figure | None, Field(examples=["ASD"])] = Field(
        default=None, description="need of the hypothetical case, where prices are by need"
    )
    secondary_need: Annotated[Figure | None, Field(examples=["none"])] = Field(
        default=None, description="second need, or none; where prices are by second need"
    )
    score: Annotated[Figure | None, Field(examples=["40"])] = Field(
        default=None, description="score, where prices are by score"
    )
    points: Annotated[Figure | None, Field(examples=["12"])] = Field(
        default=None, description="points, where prices are by points"
    )


class BandPaysQuery(TariffQuery):
    """A band on the days of a hypothetical case."""

    start: OpenStart = Field(
        default=None,
        description="first day paid, or none: paid since before the year",
        examples=["2025-04-10"],
    )
    end: OpenEnd = Field(
        default=None, description="last day paid, or none: no last day", examples=["2025-07-21"]
    )
    parts_on_roll: Figure | None = Field(
        default=None, description="parts of the year paid, in place of days", examples=["2"]
    )
    first: Day | None = Field(default=None, alias="from", description="older name of start")
    last: Day | None = Field(default=None, alias="to", description="older name of end")
    parts: Figure | None = Field(default=None, description="older name of parts_on_roll")
    hours: Annotated[Figure | None, Field(examples=["15"])] = Field(
        default=None, description="hours a week attended, where part-time pupils are paid a share"
    )
    sen_provision: Annotated[Literal["N", "K", "E"], BeforeValidator(_capital)] = Field(
        default="E", description="a plan (E) unless said otherwise"
    )


YEAR, RULE_SET, DIGEST = "Evenband-Funding-Year", "Evenband-Rule-Set", "Evenband-Digest"
TRIED = "Evenband-Values-Tried"
VALUES, WARNINGS, NOTES = "Evenband-Values", "Evenband-Warnings", "Evenband-Notes"
KNOWN, LATER = "Evenband-Known", "Evenband-Later-Rules"
HEADERS = (YEAR, RULE_SET, DIGEST, VALUES, WARNINGS, NOTES, TRIED, KNOWN, LATER)


def headers_of(
    rules: CompiledRules, warnings: int, notes: int, known: str | None, later: LaterRules | None
) -> dict[str, str]:
    """Return the headers of a cell, whose number alone cannot carry the rules, notes on them and how many figures may be wrong."""
    document = rules.document
    said = {TRIED: str(len(rules.trials))} if rules.trials else {}
    said |= {} if known is None else {KNOWN: known}
    said |= {} if later is None else {LATER: later.sentence}
    return said | {
        YEAR: f"{document.funding_year} {document.year_kind}",
        RULE_SET: f"{document.identifier} {document.version}",
        DIGEST: rules.digest,
        VALUES: rules.values_used,
        WARNINGS: str(warnings),
        NOTES: str(notes),
    }


DESCRIBED_HEADERS: dict[str, Any] = {
    YEAR: {
        "description": "funding year and its kind, such as YYYY-YY financial",
        "schema": {"type": "string"},
    },
    RULE_SET: {
        "description": "identifier and version of the rule set, with a space between",
        "schema": {"type": "string"},
    },
    DIGEST: {
        "description": "SHA-256 of the rule set, in hexadecimal",
        "schema": {"type": "string"},
    },
    VALUES: {
        "description": "each value from its own day, or the values of one day for the whole year",
        "schema": {"type": "string"},
    },
    WARNINGS: {
        "description": "how many figures may be wrong; warnings=text answers what they are",
        "schema": {"type": "string"},
    },
    NOTES: {
        "description": "how many notes there are on the rules; notes=text answers what they are",
        "schema": {"type": "string"},
    },
    TRIED: {
        "description": "how many numbers are tried in place of published ones, where any is",
        "schema": {"type": "string"},
    },
    KNOWN: {
        "description": "the day on whose knowledge of the rules the number rests, where one was asked for",
        "schema": {"type": "string"},
    },
    LATER: {
        "description": "that another version is used today and how its number is had, where that is so",
        "schema": {"type": "string"},
    },
}
"""The headers as the API's description gives them."""
