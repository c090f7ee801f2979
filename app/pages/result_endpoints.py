"""The pages that begin at a result: pupils more or fewer, and three years ahead. Their addresses hold its answers."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.status import HTTP_303_SEE_OTHER

from app.access import Asker, AskerDep
from app.database import ReadSessionDep
from app.http.queries import refuse_names_twice
from app.pages.endpoints import MOST_BYTES, UNUSABLE
from app.pages.forms import Form, SchoolBudget
from app.pages.pupil_changes import MORE, pupil_page, without_boxes
from app.pages.rendering import page
from app.pages.school_forms import budget_form_of
from app.pages.years_ahead import BOXES, years_page
from app.schemas import RuleSetIdentifier

router = APIRouter(include_in_schema=False, max_body_size=MOST_BYTES)


class Result(NamedTuple):
    """A form with the budget that it comes to."""

    form: Form
    budget: SchoolBudget


@router.get("/notional-sen/{identifier}/pupils")
def show_pupil_changes(
    request: Request, identifier: RuleSetIdentifier, asker: AskerDep, session: ReadSessionDep
) -> Response:
    """Ask how many pupils more or fewer there are, or show what they bring."""
    entries = request.query_params.multi_items()
    refuse_names_twice(name for name, _ in entries if name.startswith(MORE))
    answers = without_boxes(entries, (MORE,))
    result = _result(asker, session, identifier, answers)
    if result is None:
        return _to_questions(request, answers)
    found = pupil_page(*result, dict(entries), asked=len(answers) < len(entries))
    return page(
        request, "pupil_changes.html", UNUSABLE if found.mistakes else 200, found=found,
        form=result.form, document=result.form.rules.document, mistakes=found.mistakes,
        sent=answers,
    )  # fmt: skip


@router.get("/notional-sen/{identifier}/years-ahead")
def show_years_ahead(
    request: Request, identifier: RuleSetIdentifier, asker: AskerDep, session: ReadSessionDep
) -> Response:
    """Ask what is assumed of the next three years, or show what the rules come to then."""
    entries = request.query_params.multi_items()
    refuse_names_twice(name for name, _ in entries if name in BOXES)
    answers = [one for one in entries if one[0] not in BOXES]
    result = _result(asker, session, identifier, answers)
    if result is None:
        return _to_questions(request, answers)
    found = years_page(*result, dict(entries))
    return page(
        request, "years_ahead.html", UNUSABLE if found.mistakes else 200, found=found,
        form=result.form, document=result.form.rules.document, mistakes=found.mistakes,
        sent=answers,
    )  # fmt: skip


def _result(
    asker: Asker, session: Session, identifier: str, answers: Sequence[tuple[str, str]]
) -> Result | None:
    """Return the result of the answers in an address, None where they have none."""
    form = budget_form_of(asker, session, identifier, answers, sent=True)
    if form is None or not isinstance(form.result, SchoolBudget):
        return None
    return Result(form, form.result)


def _to_questions(request: Request, answers: Sequence[tuple[str, str]]) -> Response:
    """Redirect to the questions and what is wrong with their answers."""
    to = request.url.path.rpartition("/")[0]
    return RedirectResponse(f"{to}?{urlencode(answers)}", HTTP_303_SEE_OTHER)
