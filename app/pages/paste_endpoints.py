"""The page on which rows are pasted that were copied from a statement."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.status import HTTP_303_SEE_OTHER

from app.access import Asker, AskerDep
from app.database import ReadSessionDep
from app.pages.answers import PHASE
from app.pages.endpoints import MOST_BYTES, UNUSABLE, SentForm
from app.pages.forms import Form
from app.pages.last_year import NOW, SavedResult
from app.pages.last_year_paste import since_then, this_year
from app.pages.paste import DO, MEANINGS, TOO_MUCH, TOTALS, USE, Paste, is_of_paste, paste_of
from app.pages.pins import Entries
from app.pages.rendering import page
from app.pages.school_forms import budget_form_of
from app.pages.start import RULES
from app.pages.words import PHASES
from app.schemas import RuleSetIdentifier
from engine.letters import LEFT_OUT

PATH, TEMPLATE = "/paste/{identifier}", "paste.html"
router = APIRouter(include_in_schema=False, max_body_size=MOST_BYTES)


@router.get(PATH)
def show_paste(
    request: Request, identifier: RuleSetIdentifier, asker: AskerDep, session: ReadSessionDep
) -> Response:
    """Ask for the rows of a statement."""
    sent = request.query_params.multi_items()
    form = _form(asker, session, identifier, sent)
    if form is None:
        return _again(identifier)
    return _page(request, Paste(form), this_year(asker, session, sent))


@router.post(PATH)
def take_paste(
    request: Request,
    identifier: RuleSetIdentifier,
    asker: AskerDep,
    session: ReadSessionDep,
    entries: SentForm,
) -> Response:
    """Show what was read of the rows, or lead to the form with what they answer; of last year's, to what changed.

    Nothing is kept, and no address has the text or any of its words.
    """
    form = _form(asker, session, identifier, entries)
    if form is None:
        return _again(identifier)
    found = paste_of(form, entries)
    now = this_year(asker, session, entries)
    if (DO, USE) in entries and not found.mistakes:
        address = found.address if now is None else since_then(asker, session, found, now)
        if address is not None:
            return RedirectResponse(address, HTTP_303_SEE_OTHER)
        found = replace(found, mistakes=(TOO_MUCH,))
    return _page(request, found, now)


def _form(asker: Asker, session: Session, identifier: str, sent: Entries) -> Form | None:
    others = [(name, text) for name, text in sent if name != NOW and not is_of_paste(name)]
    return budget_form_of(asker, session, identifier, others, sent=False)


def _again(identifier: str) -> Response:
    """Redirect to the start, which asks for the phase of the school."""
    return RedirectResponse(f"/?{RULES}={identifier}&{PHASE}=", HTTP_303_SEE_OTHER)


def _page(request: Request, found: Paste, now: SavedResult | None) -> Response:
    phase = found.form.answers.phase
    return page(
        request, TEMPLATE, UNUSABLE if found.mistakes else 200, paste=found, form=found.form,
        document=found.form.rules.document, now=now, mistakes=found.mistakes, meanings=MEANINGS, totals=TOTALS,
        none_of_these=LEFT_OUT, phase=None if phase is None else PHASES[phase],
    )  # fmt: skip
