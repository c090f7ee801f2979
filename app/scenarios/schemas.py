"""Requests about saved what-ifs, and their answers."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.schemas import (
    Answer,
    Digest,
    KnownDay,
    Limit,
    Page,
    Payload,
    Question,
    RuleSetIdentifier,
    VersionNumber,
)
from app.what_ifs.schemas import MOST_OVERRIDES, Override
from engine.wording import text_form

Title = Annotated[
    str,
    text_form(r"^[^\x00-\x1f\x7f]+$", "must be one line of plain text", least=1, most=200),
    Field(examples=["FSM6 at 60 percent"]),
]


class ScenarioRequest(Payload):
    """Numbers to try in a version of a rule set, or beside those of another scenario; no pupil's data."""

    rule_set: RuleSetIdentifier | None = Field(
        default=None, description="left out where there is a parent"
    )
    version: VersionNumber | None = Field(default=None, description="the latest where left out")
    known: KnownDay = None
    parent: Digest | None = Field(
        default=None,
        description="the scenario that this one begins with: its numbers are tried too, but for those given here",
    )
    overrides: Annotated[list[Override], Field(min_length=1, max_length=MOST_OVERRIDES)]
    title: Title | None = Field(
        default=None, description="kept with the first that is saved; no part of the digest"
    )


class ScenariosSought(Question):
    """Which scenarios to list."""

    rule_set: RuleSetIdentifier | None = Field(
        default=None, description="those of this rule set alone"
    )
    after: Digest | None = Field(default=None, description="read on after this one")
    limit: Limit = 50


class TriedOut(Answer):
    """A number to try."""

    place: str = Field(description="path of the number in the rule document")
    value: str


class ScenarioOut(Answer):
    """A saved what-if, which never changes."""

    digest: Digest = Field(
        description="SHA-256 of its base and its numbers: what-ifs take it as scenario, and their answers name it as overlay"
    )
    rule_set: RuleSetIdentifier
    version: VersionNumber
    base: Digest = Field(description="digest of the version as published")
    parent: Digest | None = Field(description="the scenario that it began with")
    title: str = Field(description="empty where none was given")
    overrides: list[TriedOut] = Field(description="every number that it tries, by its path")
    saved_by: str
    saved_at: datetime


class ScenarioPage(Page[ScenarioOut]):
    """Scenarios, the last saved first."""


class NumberBesideOut(Answer):
    """A number that either scenario tries; null where one does not try it, or nothing is published at the path."""

    place: str
    published_first: str | None
    published_second: str | None
    first: str | None
    second: str | None


class ScenariosBeside(Answer):
    """Two scenarios side by side: what each tries. `POST /v1/what-ifs/comparison` has the pounds of schools and pupils."""

    first: ScenarioOut
    second: ScenarioOut
    numbers: list[NumberBesideOut]
