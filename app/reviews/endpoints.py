"""Drafts over HTTP: begin one, read it, save it, send it for review, approve it, publish it."""

# ruff: noqa: FAST003 - the parts of an address are read by the dependency that names the draft

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Response

from app.access import Asker, NotAllowed, Right, SignInNeeded
from app.access.permission import require
from app.admission import Busy
from app.bodies.route import MOST_BYTES, WritingRoute
from app.database import ReadSessionDep, SessionDep
from app.errors import Conflict, InputRefused, TooSlow, Unreadable, refusals
from app.http.queries import EACH_NAME_ONCE
from app.models import RuleVersion
from app.reviews import service
from app.reviews.reading import DraftRead, acknowledged, case_names
from app.reviews.refusals import DraftUnknown, MatchNeeded, MatchStale
from app.reviews.schemas import (
    ApprovalOut,
    ApprovalRequest,
    BaseOut,
    ChangeOut,
    CommentOut,
    DetectorOut,
    DifferenceOut,
    DraftList,
    DraftOut,
    DraftPage,
    DraftRequest,
    DraftWhole,
    FindingOut,
    PublicationOut,
    TextRequest,
    WordsRequest,
)
from app.reviews.service import Named
from app.rule_sets.folder import FoldersDep
from app.rule_sets.schemas import AuthorityOut
from app.rule_sets.service import kinds_of
from app.schemas import RuleSetIdentifier, VersionNumber, page_of
from engine.errors import Problem
from engine.rules import plain

AT = "@"
router = APIRouter(
    prefix="/drafts",
    tags=["drafts"],
    route_class=WritingRoute,
    dependencies=[EACH_NAME_ONCE],
    responses=refusals(SignInNeeded, NotAllowed, TooSlow, Unreadable, Busy),
    max_body_size=MOST_BYTES,
)

READS = require(Right.draft, Right.review, Right.publish)
CHANGED = refusals(DraftUnknown, Conflict, MatchStale, MatchNeeded)


async def _named(identifier: RuleSetIdentifier, version: VersionNumber) -> Named:
    return Named(identifier, version)


async def _matched(
    identifier: RuleSetIdentifier,
    version: VersionNumber,
    if_match: Annotated[
        str | None,
        Header(description="the ETag that the draft was read with"),
    ] = None,
) -> Named:
    if if_match is None:
        raise MatchNeeded
    return Named(identifier, version, if_match.strip())


NamedDep = Annotated[Named, Depends(_named)]
MatchedDep = Annotated[Named, Depends(_matched)]
Writes = Annotated[Asker, require(Right.draft)]
Reviews = Annotated[Asker, require(Right.review)]
Publishes = Annotated[Asker, require(Right.publish)]
Reads = Annotated[Asker, READS]


@router.get("", summary="List drafts")
def list_drafts(
    asked: Annotated[DraftList, Query()], asker: Reads, session: ReadSessionDep
) -> DraftPage:
    """List the drafts of your organisation in the order of their identifiers and numbers."""
    identifier, _, number = (asked.after or "").partition(AT)
    rows = service.drafts(asker, session, (identifier, int(number or 0)), asked.limit)
    items, following = page_of(rows, asked.limit, lambda row: f"{row.identifier}{AT}{row.number}")
    return DraftPage(items=[DraftOut(**_facts(row)) for row in items], next=following)


# An Idempotency-Key on this POST is kept in the transaction of its effect.
@router.post(
    "", status_code=201, summary="Begin a draft", responses=refusals(DraftUnknown, Conflict)
)
def begin_draft(
    request: DraftRequest, asker: Writes, session: SessionDep, response: Response
) -> DraftOut:
    """Begin a draft from a text, or as successor of a published version.

    It has the next number of its rule set, and is beside the version in force until it is published.
    """
    if (request.document is None) == (request.successor_of is None):
        sentence = "give document or successor_of, and not both"
        raise InputRefused(problems=[Problem(sentence, "one-of-two", place="body")])
    if request.document is not None:
        return _answered(service.begin_from_text(asker, session, request.document), response)
    return _answered(
        service.begin_as_successor(asker, session, request.successor_of or "", request.version),
        response,
    )


@router.get("/{identifier}/{version}", summary="Read a draft", responses=refusals(DraftUnknown))
def read_draft(
    named: NamedDep, asker: Reads, session: ReadSessionDep, response: Response
) -> DraftWhole:
    """Read a draft with its document, its history, what detectors find, and where it differs from its base."""
    found = service.draft(asker, session, named)
    response.headers["ETag"] = service.tag_of(found.version)
    response.headers["Cache-Control"] = "no-store"
    return _whole(found)


@router.put("/{identifier}/{version}", summary="Save a draft", responses=CHANGED)
def save_draft(
    named: MatchedDep,
    request: TextRequest,
    asker: Writes,
    session: SessionDep,
    response: Response,
) -> DraftOut:
    """Give a draft another text. One that is no valid rule document is refused with every problem, and not kept."""
    return _answered(service.save(asker, session, named, request.document), response)


@router.delete(
    "/{identifier}/{version}",
    status_code=204,
    summary="Delete a draft",
    responses=CHANGED,
)
def delete_draft(named: MatchedDep, asker: Writes, session: SessionDep) -> None:
    """Delete a draft that is not in review. What was done with it stays in the audit."""
    service.delete(asker, session, named)


@router.post("/{identifier}/{version}/review", summary="Send a draft for review", responses=CHANGED)
def submit_draft(
    named: MatchedDep, asker: Writes, session: SessionDep, response: Response
) -> DraftOut:
    """Send a draft for review: its text does not change until it is sent back."""
    return _answered(service.submit(asker, session, named), response)


@router.post("/{identifier}/{version}/return", summary="Send a draft back", responses=CHANGED)
def return_draft(
    named: MatchedDep,
    request: WordsRequest,
    asker: Reviews,
    session: SessionDep,
    response: Response,
) -> DraftOut:
    """Send a draft back to its author with the reason. An approval of it ends."""
    return _answered(service.send_back(asker, session, named, request.words), response)


@router.post(
    "/{identifier}/{version}/comments",
    summary="Comment on a draft",
    responses=refusals(DraftUnknown),
)
def comment_draft(
    named: NamedDep,
    request: WordsRequest,
    asker: Reads,
    session: SessionDep,
    response: Response,
) -> DraftOut:
    """Keep a remark on a draft. An approval of it goes on."""
    return _answered(service.comment(asker, session, named, request.words), response)


@router.post(
    "/{identifier}/{version}/approval",
    summary="Approve a draft",
    responses=refusals(DraftUnknown, Conflict),
)
def approve_draft(
    named: NamedDep,
    request: ApprovalRequest,
    asker: Reviews,
    reading: ReadSessionDep,
    session: SessionDep,
    folders: FoldersDep,
    response: Response,
) -> DraftOut:
    """Approve the text of a draft in review, by its digest.

    The cases that are sent, or those beside the rule set, are tried, and the approval names those that came
    to what they expect. It ends when the draft is changed or sent back. The author of a draft, and a person
    who changed it since the last approval, cannot approve it.
    """
    return _answered(service.approve(asker, session, reading, named, request, folders), response)


@router.post("/{identifier}/{version}/publication", summary="Publish a draft", responses=CHANGED)
def publish_draft(named: MatchedDep, asker: Publishes, session: SessionDep) -> PublicationOut:
    """Publish a draft as it was approved. Versions that apply on its days are superseded at the same moment."""
    done = service.publish(asker, session, named)
    version = done.version
    return PublicationOut(
        identifier=version.identifier,
        version=version.number,
        digest=version.digest,
        author=version.author,
        reviewer=version.reviewer,
        superseded=list(done.superseded),
    )


def _answered(row: RuleVersion, response: Response) -> DraftOut:
    response.headers["ETag"] = service.tag_of(row)
    return DraftOut(**_facts(row))


def _facts(row: RuleVersion) -> dict[str, Any]:
    authority = None
    if row.authority_code is not None:
        authority = AuthorityOut(code=row.authority_code, name=row.authority_name or "")
    names = ("title", "digest", "state", "funding_year", "effective_first", "effective_last")
    return {
        "identifier": row.identifier,
        "version": row.number,
        "authority": authority,
        "standing": row.standing,
        "kinds": kinds_of(row),
        "author": row.author,
        **{name: getattr(row, name) for name in names},
    }


def _whole(found: DraftRead) -> DraftWhole:
    base, holding = found.base, found.standing_approval
    return DraftWhole(
        **_facts(found.version),
        base=None
        if base is None
        else BaseOut(identifier=base.identifier, version=base.version, digest=base.digest),
        differences=[DifferenceOut.model_validate(one) for one in found.differences],
        detectors=[
            DetectorOut(
                name=one.detector.name,
                title=one.detector.title,
                source=one.detector.source,
                findings=[
                    FindingOut(place=each.place, sentence=each.sentence) for each in one.findings
                ],
                without=one.without,
            )
            for one in found.detectors
        ],
        changes=[ChangeOut.model_validate(one) for one in found.changes],
        comments=[
            CommentOut(actor=one.actor, at=one.at, kind=one.kind, words=one.words)
            for one in found.comments
        ],
        approvals=[
            ApprovalOut(
                actor=one.actor,
                at=one.at,
                digest=one.digest,
                holds=one is holding,
                cases_passed=list(case_names(one).passed),
                cases_different=list(case_names(one).different),
                acknowledged=acknowledged(one),
            )
            for one in found.approvals
        ],
        document=plain(found.document),
    )
