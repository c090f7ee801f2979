"""Pages of drafts: the list, one with its history and what changed, and its steps as forms."""

import json
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.status import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_CONTENT

from app.access import Asker, Right
from app.bodies.route import MOST_BYTES
from app.database import ReadSessionDep, SessionDep
from app.models import RuleVersion
from app.pages.answers import Mistake
from app.pages.endpoints import Sent, SentForm
from app.pages.rendering import page
from app.pages.rule_changes import rule_changes
from app.reviews import service
from app.reviews.endpoints import NamedDep, Publishes, Reads, Reviews, Writes
from app.reviews.reading import DraftRead, acknowledged, case_names
from app.reviews.schemas import LONGEST_WORDS, ApprovalRequest
from app.reviews.service import Named
from app.rule_sets import service as rule_sets
from app.rule_sets.folder import FoldersDep
from engine.errors import Refusal
from engine.rules import plain

router = APIRouter(include_in_schema=False, max_body_size=MOST_BYTES)

PATH = "/drafts/{identifier}/{version}"
DOCUMENT, SUCCESSOR, TAG, WORDS, DIGEST, READ = (
    "document", "successor_of", "tag", "words", "digest", "acknowledged"
)  # fmt: skip
MOST_DRAFTS, MOST_MISTAKES = 200, 20
UNUSABLE = HTTP_422_UNPROCESSABLE_CONTENT


@router.get("/drafts")
def show_drafts(request: Request, asker: Reads, session: ReadSessionDep) -> Response:
    """Show the drafts of the organisation, and a form that begins one."""
    return _list(request, asker, session)


@router.post("/drafts")
def begin(
    request: Request, asker: Writes, reading: ReadSessionDep, session: SessionDep, entries: SentForm
) -> Response:
    """Begin a draft from a text or as successor of what is published, and show it."""
    text, base = _entry(entries, DOCUMENT), _entry(entries, SUCCESSOR)
    if bool(text.strip()) == bool(base):
        sentence = (
            "Choose published rules to begin from, or give the text of a document, and not both"
        )
        return _list(request, asker, reading, [Mistake(SUCCESSOR, sentence)], text)
    try:
        begun = (
            service.begin_from_text(asker, session, text)
            if text.strip()
            else service.begin_as_successor(asker, session, base, None)
        )
    except Refusal as refused:
        return _list(request, asker, reading, _mistakes(refused), text)
    return _to(begun)


@router.get(PATH)
def show_draft(
    request: Request, named: NamedDep, asker: Reads, session: ReadSessionDep
) -> Response:
    """Show a draft: what changed, what detectors find, its history, and the steps that the asker may take."""
    return _draft(request, asker, session, named)


@router.post(f"{PATH}/text")
def save(
    request: Request,
    named: NamedDep,
    asker: Writes,
    reading: ReadSessionDep,
    session: SessionDep,
    entries: SentForm,
) -> Response:
    """Save a text, or show what is wrong with it beside what was typed."""
    text = _entry(entries, DOCUMENT)
    try:
        saved = service.save(asker, session, _tagged(named, entries), text)
    except Refusal as refused:
        return _draft(request, asker, reading, named, _mistakes(refused), text)
    return _to(saved)


@router.post(f"{PATH}/review")
def submit(named: NamedDep, asker: Writes, session: SessionDep, entries: SentForm) -> Response:
    """Send a draft for review."""
    return _to(service.submit(asker, session, _tagged(named, entries)))


@router.post(f"{PATH}/deletion")
def delete(named: NamedDep, asker: Writes, session: SessionDep, entries: SentForm) -> Response:
    """Delete a draft."""
    service.delete(asker, session, _tagged(named, entries))
    return RedirectResponse("/drafts", HTTP_303_SEE_OTHER)


@router.post(f"{PATH}/comments")
def comment(
    request: Request,
    named: NamedDep,
    asker: Reads,
    reading: ReadSessionDep,
    session: SessionDep,
    entries: SentForm,
) -> Response:
    """Keep a remark on a draft."""
    words = _words(entries)
    if not words:
        return _draft(request, asker, reading, named, [Mistake(WORDS, "Enter a comment")])
    return _to(service.comment(asker, session, named, words))


@router.post(f"{PATH}/return")
def send_back(
    request: Request,
    named: NamedDep,
    asker: Reviews,
    reading: ReadSessionDep,
    session: SessionDep,
    entries: SentForm,
) -> Response:
    """Send a draft back with the reason."""
    words = _words(entries)
    if not words:
        mistake = Mistake("reason", "Enter why the draft is sent back")
        return _draft(request, asker, reading, named, [mistake])
    return _to(service.send_back(asker, session, _tagged(named, entries), words))


@router.post(f"{PATH}/approval")
def approve(
    request: Request,
    named: NamedDep,
    asker: Reviews,
    reading: ReadSessionDep,
    session: SessionDep,
    folders: FoldersDep,
    entries: SentForm,
) -> Response:
    """Approve the text that the page showed, by its digest."""
    read = [text for name, text in entries if name == READ]
    found = service.draft(asker, reading, named)
    finding = [one.detector.name for one in found.detectors if one.findings]
    if missing := [name for name in finding if name not in read]:
        mistakes = [Mistake(name, "Say that you read what was found") for name in missing]
        return _draft(request, asker, reading, named, mistakes)
    approval = ApprovalRequest.model_construct(
        digest=_entry(entries, DIGEST), acknowledged=finding, cases=None
    )
    return _to(service.approve(asker, session, reading, named, approval, folders))


@router.post(f"{PATH}/publication")
def publish(named: NamedDep, asker: Publishes, session: SessionDep, entries: SentForm) -> Response:
    """Publish a draft, and show the published rules."""
    done = service.publish(asker, session, _tagged(named, entries))
    return RedirectResponse(f"/rules/{quote(done.version.identifier)}", HTTP_303_SEE_OTHER)


def _entry(entries: Sent, name: str) -> str:
    return next((text for one, text in entries if one == name), "")


def _words(entries: Sent) -> str:
    """Return the words of a comment; signs that cannot be seen are left out, lines are kept."""
    text = _entry(entries, WORDS).replace("\r\n", "\n")
    kept = "".join(one for one in text if one.isprintable() or one == "\n")
    return kept.strip()[:LONGEST_WORDS]


def _tagged(named: Named, entries: Sent) -> Named:
    """Return a draft with the tag that its page was shown with."""
    return Named(named.identifier, named.number, _entry(entries, TAG))


def _to(version: RuleVersion) -> Response:
    """Redirect to the page of a draft, so that reloading it sends nothing again."""
    return RedirectResponse(
        f"/drafts/{quote(version.identifier)}/{version.number}", HTTP_303_SEE_OTHER
    )


def _mistakes(refused: Refusal) -> list[Mistake]:
    """Return the first problems of a text, each with its line or place."""
    found = []
    for one in refused.problems[:MOST_MISTAKES]:
        where = f"line {one.line}: " if one.line else f"{one.place}: " if one.place else ""
        found.append(Mistake(DOCUMENT, f"{where}{one.sentence}"))
    if refused.total > len(found):
        found.append(Mistake(DOCUMENT, f"and {refused.total - len(found):,} more"))
    return found


def _list(
    request: Request,
    asker: Asker,
    session: Session,
    mistakes: list[Mistake] | None = None,
    text: str = "",
) -> Response:
    published = [one.document for one in rule_sets.every_published(asker, session)]
    return page(
        request, "drafts.html", UNUSABLE if mistakes else 200,
        drafts=service.drafts(asker, session, ("", 0), MOST_DRAFTS), published=published,
        may_write=asker.may(Right.draft), mistakes=mistakes or [], text=text,
    )  # fmt: skip


def _draft(
    request: Request,
    asker: Asker,
    session: Session,
    named: Named,
    mistakes: list[Mistake] | None = None,
    text: str | None = None,
) -> Response:
    found = service.draft(asker, session, named)
    return page(
        request, "draft.html", UNUSABLE if mistakes else 200, draft=found, version=found.version,
        changes=None if found.base is None else rule_changes(found.base.document, found.document),
        tag=service.tag_of(found.version), mistakes=mistakes or [],
        text=json.dumps(plain(found.document), indent=1, ensure_ascii=False) if text is None else text,
        approvals=[(one, case_names(one), acknowledged(one)) for one in found.approvals],
        **_allowed(asker, found),
    )  # fmt: skip


def _allowed(asker: Asker, found: DraftRead) -> dict[str, bool]:
    """Return which steps the page offers: those of the draft's state that the asker may take."""
    in_review = found.version.state == "review"
    is_approved = found.standing_approval is not None
    return {
        "may_write": asker.may(Right.draft) and not in_review,
        "may_review": asker.may(Right.review) and in_review,
        "may_approve": asker.may(Right.review) and service.may_approve(asker, found),
        "may_publish": asker.may(Right.publish)
        and in_review
        and (is_approved or service.is_owners_alone(asker, found.changes)),
        "is_approved": is_approved,
    }
