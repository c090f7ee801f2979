"""The page that says what changed since last year."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.status import HTTP_303_SEE_OTHER

from app.access import AskerDep
from app.database import ReadSessionDep
from app.http.queries import refuse_names_twice
from app.pages.addresses import within_length
from app.pages.endpoints import MOST_BYTES, UNUSABLE, SentForm
from app.pages.fields import Part
from app.pages.last_year import (
    NAMES,
    NOW,
    THEN,
    SavedResult,
    SinceLastYear,
    saved_result,
    since_last_year,
)
from app.pages.last_year_figures import last_year_figures
from app.pages.rendering import page
from app.pages.start import PASTE

PATH, TEMPLATE = "/since-last-year", "last_year.html"
router = APIRouter(include_in_schema=False, max_body_size=MOST_BYTES)


@router.get(PATH)
def show_since_last_year(request: Request, asker: AskerDep, session: ReadSessionDep) -> Response:
    """Compare the results at two addresses, or ask for the one that is missing."""
    entries = request.query_params.multi_items()
    refuse_names_twice(name for name, _ in entries)
    sent = dict(entries)
    if sent.get(NOW, "").strip() and THEN not in sent:
        now = saved_result(asker, session, NOW, sent[NOW].strip())
        if now.mistake is None:
            figures = last_year_figures(asker, session, now, entries, sent=False)
            if sent.get(PASTE) and figures.paste_address is not None:
                return RedirectResponse(figures.paste_address, HTTP_303_SEE_OTHER)
            return page(request, TEMPLATE, figures=figures, parts=Part, mistakes=())
    return _comparison_page(request, since_last_year(asker, session, sent))


@router.post(PATH)
def take_last_year(
    request: Request, asker: AskerDep, session: ReadSessionDep, entries: SentForm
) -> Response:
    """Lead to the address that has both years, or show what is wrong with last year's answers."""
    refuse_names_twice(name for name, _ in entries)
    now = saved_result(asker, session, NOW, dict(entries).get(NOW, "").strip())
    if now.mistake is not None:
        return _comparison_page(request, since_last_year(asker, session, {NOW: now.sent}))
    figures = last_year_figures(asker, session, now, entries, sent=True)
    form = figures.form
    if form is None or form.mistakes:
        mistakes = () if form is None else form.mistakes
        return page(request, TEMPLATE, UNUSABLE, figures=figures, parts=Part, mistakes=mistakes)
    then = SavedResult(THEN, "", form)
    both = {THEN: then.address, NOW: now.address}
    address = within_length(f"{PATH}?{urlencode(both)}")
    if address is None:
        return _comparison_page(request, since_last_year(asker, session, both))
    return RedirectResponse(address, HTTP_303_SEE_OTHER)


def _comparison_page(request: Request, found: SinceLastYear) -> Response:
    status = UNUSABLE if found.mistakes else 200
    return page(request, TEMPLATE, status, since=found, names=NAMES, mistakes=found.mistakes)
