"""The audit over HTTP and as a page: who did what, the newest first."""

import json
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.access import Asker, NotAllowed, Right, SignInNeeded
from app.access.permission import require
from app.audit import service
from app.audit.schemas import EventOut, EventPage, EventsQuestion
from app.audit.words import event_words
from app.database import ReadSessionDep
from app.errors import refusals
from app.http.queries import EACH_NAME_ONCE
from app.models import AuditEvent
from app.pages.rendering import page
from engine.money import is_digits

router = APIRouter(prefix="/audit", tags=["audit"], dependencies=[EACH_NAME_ONCE])
pages = APIRouter(include_in_schema=False)

AuditorDep = Annotated[Asker, require(Right.read_audit)]
MOST_LETTERS = 100
A_PAGE = 50
LONGEST_NUMBER = 12


@router.get(
    "",
    summary="List who did what, the newest first",
    operation_id="list_audit_events",
    responses=refusals(SignInNeeded, NotAllowed),
)
def list_events(
    sought: Annotated[EventsQuestion, Query()], asker: AuditorDep, session: ReadSessionDep
) -> EventPage:
    """List the events of your organisation; the operator of the service sees those of all.

    Each holds the hash of the one before it; `evenband audit verify` proves the chain.
    """
    chosen = service.EventFilter(sought.before, sought.subject)
    found = service.newest(asker, session, sought.limit + 1, chosen)
    shown = found[: sought.limit]
    return EventPage(
        items=[_event(one) for one in shown],
        next=shown[-1].seq if len(found) > sought.limit else None,
    )


def _event(event: AuditEvent) -> EventOut:
    return EventOut(
        seq=event.seq,
        at=event.at,
        actor=event.actor,
        tenant=event.tenant,
        action=event.action,
        subject=event.subject,
        detail=json.loads(event.detail),
        hash=event.hash,
    )


@pages.get("/audit")
def show_events(
    request: Request,
    asker: AuditorDep,
    session: ReadSessionDep,
    subject: str = "",
    before: str = "",
) -> Response:
    """Show who did what, the newest first, fifty on a page."""
    words = "".join(one for one in subject if one.isprintable()).strip()[:MOST_LETTERS]
    number = int(before) if is_digits(before) and len(before) <= LONGEST_NUMBER else None
    chosen = service.EventFilter(number, words or None)
    found = service.newest(asker, session, A_PAGE + 1, chosen)
    shown = found[:A_PAGE]
    return page(
        request,
        "audit.html",
        events=[event_words(one, is_operator=service.sees_all(asker)) for one in shown],
        subject=words,
        older=shown[-1].seq if len(found) > A_PAGE else None,
        is_first_page=number is None,
    )
