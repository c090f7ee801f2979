"""Requests about drafts, and their answers."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from app.bodies.records import CELLS
from app.rule_sets.schemas import RULE_DOCUMENT, AuthorityOut, Kind
from app.schemas import (
    Answer,
    Digest,
    FundingYear,
    Limit,
    Page,
    Payload,
    Question,
    RuleSetIdentifier,
    VersionNumber,
)
from app.what_ifs.schemas import MOST_RECORDS, CaseRecord
from engine.vocabulary import Standing
from engine.wording import text_form

MOST_DOCUMENT = 3_000_000
LONGEST_WORDS = 2_000

DocumentText = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MOST_DOCUMENT,
        description="a rule document: YAML, or the JSON of GET /v1/rule-sets/{identifier}/document."
        " Its version is the number of the draft, whatever it says",
    ),
]
CommentWords = Annotated[
    str,
    text_form(
        r"^[^\x00-\x08\x0b-\x1f\x7f]*\S[^\x00-\x08\x0b-\x1f\x7f]*$",
        "must be plain text that says something",
        least=1,
        most=LONGEST_WORDS,
    ),
    Field(examples=["The percentage of low prior attainment is last year's."]),
]
DetectorName = Annotated[
    str,
    text_form(r"^[a-z][a-z\-]{2,60}$", "must be the name of a detector, such as value-moved-far"),
]


class DraftState(StrEnum):
    """Where a draft is."""

    draft = "draft"
    """it is being written"""
    review = "review"
    """it is with its reviewers, and does not change until it is sent back"""


class DraftList(Question):
    """Which drafts to list."""

    after: (
        Annotated[
            str,
            text_form(
                r"^[a-z0-9][a-z0-9\-]{2,80}@[0-9]{1,5}$", "must be 'next' of the page before"
            ),
        ]
        | None
    ) = Field(default=None, description="read on after this one")
    limit: Limit = 50


class DraftRequest(Payload):
    """A draft to begin: from a text, or as successor of a published version. Give one of the two."""

    document: DocumentText | None = None
    successor_of: RuleSetIdentifier | None = Field(
        default=None, description="the rule set whose published version it begins as"
    )
    version: VersionNumber | None = Field(
        default=None, description="which version of it; the latest where left out"
    )


class TextRequest(Payload):
    """A text to save as the draft's."""

    document: DocumentText


class WordsRequest(Payload):
    """Words on a draft."""

    words: CommentWords


class ApprovalRequest(Payload):
    """An approval of one text."""

    digest: Digest = Field(description="the digest of the text that was read")
    acknowledged: list[DetectorName] = Field(
        default=[],
        max_length=50,
        description="the names of the detectors that found something: all of them, once they were read",
    )
    cases: (
        Annotated[list[CaseRecord], Field(min_length=1, max_length=MOST_RECORDS), CELLS] | None
    ) = Field(
        default=None,
        description="cases with what each should come to; those beside the rule set where left out",
    )


class DraftOut(Answer):
    """A draft of a rule set."""

    identifier: RuleSetIdentifier
    version: VersionNumber
    state: DraftState = Field(description="where it is")
    digest: Digest = Field(description="SHA-256 of the canonical text as it is now")
    title: str
    authority: AuthorityOut | None = Field(description="null for national rules")
    funding_year: FundingYear
    effective_first: date
    effective_last: date
    standing: Standing
    kinds: list[Kind]
    author: str = Field(description="who began it")


class DraftPage(Page[DraftOut]):
    """Drafts in the order of their identifiers and numbers."""


class ChangeOut(Answer):
    """A text that the draft was given."""

    actor: str
    at: datetime
    digest: Digest


class CommentOut(Answer):
    """Words on the draft."""

    actor: str
    at: datetime
    kind: str = Field(description="remark, or sent_back with the reason", examples=["remark"])
    words: str


class ApprovalOut(Answer):
    """An approval."""

    actor: str
    at: datetime
    digest: Digest = Field(description="the text that was approved")
    holds: bool = Field(description="whether it is of the draft as it is now")
    cases_passed: list[str] = Field(description="names of the cases that came to what they expect")
    cases_different: list[str] = Field(description="names of those that did not")
    acknowledged: list[str] = Field(description="names of the detectors whose findings were read")


class FindingOut(Answer):
    """What a detector found."""

    place: str = Field(description="path in the document")
    sentence: str


class DetectorOut(Answer):
    """A detector with what it found."""

    name: str
    title: str
    source: str = Field(description="title of the publication that it comes from")
    findings: list[FindingOut]
    without: str | None = Field(description="why it could not look; null where it did")


class DifferenceOut(Answer):
    """A place in which the draft differs from what it is compared with."""

    place: str
    before: str | None
    after: str | None


class BaseOut(Answer):
    """The published version that a draft is compared with."""

    identifier: RuleSetIdentifier
    version: VersionNumber
    digest: Digest


class DraftWhole(DraftOut):
    """A draft with its document and its history."""

    base: BaseOut | None = Field(
        description="the version before, or the rules of the year before; null where none is published"
    )
    differences: list[DifferenceOut] = Field(description="where it differs from its base")
    detectors: list[DetectorOut]
    changes: list[ChangeOut]
    comments: list[CommentOut]
    approvals: list[ApprovalOut]
    document: Annotated[dict[str, Any], WithJsonSchema(RULE_DOCUMENT)]


class PublicationOut(Answer):
    """What was published."""

    identifier: RuleSetIdentifier
    version: VersionNumber
    digest: Digest
    author: str
    reviewer: str | None = Field(description="null where it was published without a second person")
    superseded: list[int] = Field(description="numbers of the versions in whose place it comes")
