"""The page of a school that knows its budget: compare it with expected costs, download the check."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.status import HTTP_303_SEE_OTHER

from app.access import Asker, AskerDep
from app.database import ReadSessionDep
from app.pages import downloads, service
from app.pages.check import Check, checked, taken
from app.pages.endpoints import CSV, MOST_BYTES, UNUSABLE, WORKBOOK, SentForm, file, version_in
from app.pages.fields import Part
from app.pages.rendering import page
from app.schemas import RuleSetIdentifier
from engine.explain import calls_workings

router = APIRouter(include_in_schema=False, max_body_size=MOST_BYTES)
NAME = "budget-check"


@router.get("/budget-check/{identifier}")
def show_check(
    request: Request, identifier: RuleSetIdentifier, asker: AskerDep, session: ReadSessionDep
) -> Response:
    """Ask for a school's budget and its calls, or show what the answers in the address come to."""
    return _page(request, _check(asker, session, identifier, request.query_params.multi_items()))


@router.post("/budget-check/{identifier}")
def show_checked(
    request: Request,
    identifier: RuleSetIdentifier,
    asker: AskerDep,
    session: ReadSessionDep,
    sent: SentForm,
) -> Response:
    """Show what the answers come to, or what is wrong with them."""
    return _page(request, _check(asker, session, identifier, sent, asked=True))


@router.get("/budget-check/{identifier}/check.csv")
def take_csv(
    request: Request, identifier: RuleSetIdentifier, asker: AskerDep, session: ReadSessionDep
) -> Response:
    """Download the check as CSV."""
    held = _taken(asker, session, identifier, request)
    if held is None:
        return _again(identifier, request)
    return file(downloads.as_csv(held), CSV, identifier, "csv", NAME)


@router.get("/budget-check/{identifier}/check.xlsx")
def take_workbook(
    request: Request, identifier: RuleSetIdentifier, asker: AskerDep, session: ReadSessionDep
) -> Response:
    """Download the check as a workbook."""
    held = _taken(asker, session, identifier, request)
    if held is None:
        return _again(identifier, request)
    return file(downloads.as_workbook(held), WORKBOOK, identifier, "xlsx", NAME)


def _check(
    asker: Asker,
    session: Session,
    identifier: str,
    sent: Sequence[tuple[str, str]],
    *,
    asked: bool = False,
) -> Check:
    rules, rule = service.rules_with_check(asker, session, identifier, version_in(sent))
    return checked(rules, rule, taken(sent), asked=asked)


def _page(request: Request, form: Check) -> Response:
    status = UNUSABLE if form.mistakes else 200
    return page(
        request, "budget_check.html", status, form=form, document=form.rules.document, parts=Part,
        result=form.result, mistakes=form.mistakes,
    )  # fmt: skip


def _taken(
    asker: Asker, session: Session, identifier: str, request: Request
) -> downloads.TakenAway | None:
    form = _check(asker, session, identifier, request.query_params.multi_items(), asked=True)
    if form.result is None:
        return None
    parts = calls_workings(form.rules, form.result.calls, form.result.targeted)
    about = tuple(downloads.about_extra(form.result.targeted))
    return downloads.TakenAway(form.rules, parts, about, "Budget against expected costs")


def _again(identifier: str, request: Request) -> Response:
    to = f"/budget-check/{identifier}?{request.url.query}"
    return RedirectResponse(to, HTTP_303_SEE_OTHER)
