"""The page that compares a result with what a letter or statement says."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.status import HTTP_303_SEE_OTHER

from app.access import Asker, AskerDep
from app.database import ReadSessionDep
from app.pages.addresses import has_unasked, is_change, within_length, without_change
from app.pages.answers import LETTER_PREFIX, PHASE
from app.pages.endpoints import MOST_BYTES, UNUSABLE, SentForm
from app.pages.letter import NO_FIGURE, LetterPage, letter_page
from app.pages.letter_figures import letter_of
from app.pages.pins import Entries
from app.pages.rendering import page
from app.pages.school_forms import budget_form_of
from app.pages.start import RULES
from app.pages.words import PHASES
from app.schemas import RuleSetIdentifier

PATH, TEMPLATE = "/letter/{identifier}", "letter.html"
router = APIRouter(include_in_schema=False, max_body_size=MOST_BYTES)


@router.get(PATH)
def show_letter(
    request: Request, identifier: RuleSetIdentifier, asker: AskerDep, session: ReadSessionDep
) -> Response:
    """Show a result beside the letter's figures in the address, or ask for these."""
    entries = request.query_params.multi_items()
    sent = without_change(entries)
    found = _letter(asker, session, identifier, sent, ask=is_change(entries))
    return found if isinstance(found, Response) else _page(request, found)


@router.post(PATH)
def take_letter(
    request: Request,
    identifier: RuleSetIdentifier,
    asker: AskerDep,
    session: ReadSessionDep,
    entries: SentForm,
) -> Response:
    """Lead to the address of a result with the letter's figures, or say what is wrong with them."""
    found = _letter(asker, session, identifier, entries, ask=False)
    if isinstance(found, Response):
        return found
    if not found.form.answers.letter:
        found = replace(found, mistakes=(NO_FIGURE,), check=None)
    address = within_length(f"{request.url.path}?{found.form.query}")
    if found.mistakes or address is None:
        return _page(request, found)
    return RedirectResponse(address, HTTP_303_SEE_OTHER)


def _letter(
    asker: Asker, session: Session, identifier: str, sent: Entries, *, ask: bool
) -> LetterPage | Response:
    """Return the page of a letter; where the answers give no result, the way to them."""
    others = [(name, text) for name, text in sent if not name.startswith(LETTER_PREFIX)]
    form = budget_form_of(asker, session, identifier, others, sent=True)
    if form is None:
        return RedirectResponse(f"/?{RULES}={identifier}&{PHASE}=", HTTP_303_SEE_OTHER)
    if form.result is None:
        # What is wrong with the answers is said where they are entered; what answers no question is in no address.
        query = f"{PHASE}={form.answers.phase.name}" if form.answers.phase else ""
        query = query if has_unasked(form.mistakes) else form.query
        return RedirectResponse(f"/notional-sen/{identifier}?{query}", HTTP_303_SEE_OTHER)
    letter = {
        name: text.strip() for name, text in sent if name.startswith(LETTER_PREFIX) and text.strip()
    }
    form = replace(form, answers=replace(form.answers, letter=letter))
    printed, mistakes = letter_of(form.answers, form.formula)
    return letter_page(form, printed, mistakes, ask=ask or not letter)


def _page(request: Request, found: LetterPage) -> Response:
    phase = found.form.answers.phase
    return page(
        request, TEMPLATE, UNUSABLE if found.mistakes else 200, letter=found, form=found.form,
        document=found.form.rules.document, mistakes=found.mistakes,
        phase=None if phase is None else PHASES[phase],
    )  # fmt: skip
