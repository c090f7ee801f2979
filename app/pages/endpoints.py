"""The pages: choose rules, answer for a school, read the working, download it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.status import HTTP_303_SEE_OTHER
from starlette.types import Receive, Scope, Send

from app.access import Asker, AskerDep
from app.database import ReadSessionDep
from app.errors import MediaUnknown
from app.pages import service
from app.pages.addresses import (
    LONGEST_ADDRESS,
    address_of,
    has_unasked,
    is_change,
    without_change,
)
from app.pages.answers import PHASE, Mistake
from app.pages.chart import MOST_BARS, by_factor
from app.pages.check_codes import code_of
from app.pages.clauses import parts_of
from app.pages.downloads import Download, download_of
from app.pages.fields import Part
from app.pages.finding import finding
from app.pages.forms import Form, SchoolBudget
from app.pages.names import names_of
from app.pages.other_rules import BESIDE, TO, moved, rules_to_choose
from app.pages.pins import pin_in
from app.pages.qr_codes import has_code, qr_svg
from app.pages.rendering import FOLDER, page
from app.pages.rule_changes import earlier_rules
from app.pages.rule_lists import Filters, authorities, funding_years, groups, kinds, who_wrote
from app.pages.school_forms import budget_form_of, check_form_of
from app.pages.start import PHASE_NAMES, RULES, YEAR, start
from app.pages.words import PHASES
from app.rule_sets import service as rule_sets
from app.schemas import RuleSetIdentifier
from app.workbooks.service import is_service, sheets_of, workbook
from engine.rules.notes import notes

MOST_BYTES = 256 * 1024

router = APIRouter(include_in_schema=False, max_body_size=MOST_BYTES)

UNUSABLE = 422
MOST_FIELDS = 500
MOST_LETTERS = 100
"""Letters of a search; what is beyond them is left out."""
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data", ""}
UTF_8 = {"utf-8", "utf8"}
FILES = "Too many files"
"""How the framework begins to say that a form holds a file."""

FORMS_READ = "Send the form as a browser sends it: as application/x-www-form-urlencoded, in UTF-8."
CSV = "text/csv; charset=utf-8"
SVG = "image/svg+xml"
CODE_FILE = "address.svg"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Sent = list[tuple[str, str]]


class FormOf(Protocol):
    """Returns the form of some rules with what was sent; None where the phase of the school is to be asked."""

    def __call__(
        self,
        asker: Asker,
        session: Session,
        identifier: str,
        entries: Sequence[tuple[str, str]],
        *,
        sent: bool,
    ) -> Form | None:
        """Return the form; ``sent`` where a result is asked for without any answer too."""


class AskAgain(StaticFiles):
    """Files that a browser keeps and asks about: an unchanged one is not sent again.

    Each is sent whole: they are small, and the framework answers a wrong ``Range`` in its own words.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as if it had asked for the whole file."""
        headers = [one for one in scope["headers"] if one[0] not in {b"range", b"if-range"}]
        await super().__call__({**scope, "headers": headers}, receive, send)

    def file_response(self, *args: object, **options: object) -> Response:
        """Return a file's answer, which may be kept for as long as it is unchanged."""
        response = super().file_response(*args, **options)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "no-cache"
        return response


STATIC = Mount("/static", AskAgain(directory=FOLDER / "static"), name="static")


async def form_entries(request: Request) -> Sent:
    """Return what a form holds, without files; refuse what is no form, or not UTF-8."""
    media, *parameters = request.headers.get("content-type", "").lower().split(";")
    charsets = [
        value.strip().strip('"')
        for name, _, value in (one.partition("=") for one in parameters)
        if name.strip() == "charset"
    ]
    if media.strip() not in FORMS or not UTF_8.issuperset(charsets):
        raise MediaUnknown(FORMS_READ)
    try:
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    except HTTPException as refused:
        if refused.detail.startswith(FILES):
            raise MediaUnknown(FORMS_READ) from None
        raise
    return [(name, text) for name, text in form.multi_items() if isinstance(text, str)]


SentForm = Annotated[Sent, Depends(form_entries)]


@router.get("/")
def show_start(request: Request, asker: AskerDep, session: ReadSessionDep) -> Response:
    """Find the school, or choose its local authority and phase; choose the year."""
    sent = dict(request.query_params.multi_items())
    identifier = sent.get(RULES, "")
    named = next(
        (
            found.document
            for found in rule_sets.every_published(asker, session)
            if found.document.identifier == identifier
            and found.document.schools_formula is not None
        ),
        None,
    )
    found = finding(asker, session, sent)
    documents = service.school_rules(asker, session)
    begun = start(documents, found.choices(sent), named, found.address_parts)
    if begun.address is not None:
        return RedirectResponse(begun.address, HTTP_303_SEE_OTHER)
    mistakes = found.mistakes or begun.mistakes
    return page(
        request, "start.html", UNUSABLE if mistakes else 200, start=begun, finding=found,
        year=sent.get(YEAR),        phases=PHASE_NAMES, mistakes=mistakes, checks=service.checks(asker, session),
    )  # fmt: skip


def add_form(path: str, template: str, file_name: str, form_of: FormOf) -> None:
    """Add the addresses of a form: its questions or its result, and the result to download."""

    @router.get(f"/{path}/{{identifier}}")
    def show_form(
        request: Request, identifier: RuleSetIdentifier, asker: AskerDep, session: ReadSessionDep
    ) -> Response:
        """Ask the questions, or show what the answers in the address come to."""
        entries = request.query_params.multi_items()
        form = form_of(asker, session, identifier, without_change(entries), sent=False)
        return _page(request, template, identifier, form, change=is_change(entries))

    @router.post(f"/{path}/{{identifier}}")
    def show_result(
        request: Request,
        identifier: RuleSetIdentifier,
        asker: AskerDep,
        session: ReadSessionDep,
        entries: SentForm,
    ) -> Response:
        """Redirect to the address of the answers, which shows what they come to or what is wrong with them.

        What does not fit in an address, or holds no answer, is answered here.
        """
        form = form_of(asker, session, identifier, entries, sent=True)
        address = None if form is None else address_of(request.url.path, form, entries)
        if address is not None:
            return RedirectResponse(address, HTTP_303_SEE_OTHER)
        return _page(request, template, identifier, form, has_address=False)

    @router.get(f"/{path}/{{identifier}}/{file_name}.csv")
    def download_csv(
        request: Request, identifier: RuleSetIdentifier, asker: AskerDep, session: ReadSessionDep
    ) -> Response:
        """Download the working as CSV."""
        found = _download(request, asker, session, identifier)
        if found is None:
            return _again(request)
        return file(found.as_csv(), CSV, identifier, "csv", path, found.school)

    @router.get(f"/{path}/{{identifier}}/{file_name}.xlsx")
    def download_workbook(
        request: Request, identifier: RuleSetIdentifier, asker: AskerDep, session: ReadSessionDep
    ) -> Response:
        """Download the working as a workbook."""
        found = _download(request, asker, session, identifier)
        if found is None:
            return _again(request)
        return file(found.as_workbook(), WORKBOOK, identifier, "xlsx", path, found.school)

    # A picture of its own: drawing it costs as much as the page, and most pages are not printed.
    @router.get(f"/{path}/{{identifier}}/{CODE_FILE}")
    def show_code(request: Request, identifier: RuleSetIdentifier) -> Response:
        """Show the address of a result as a QR code."""
        there = f"/{path}/{identifier}?{request.url.query}"
        picture = qr_svg(named(request, there))
        return Response(picture, media_type=SVG) if picture else Response(status_code=404)

    def _download(
        request: Request, asker: Asker, session: Session, identifier: str
    ) -> Download | None:
        entries = request.query_params.multi_items()
        form = form_of(asker, session, identifier, entries, sent=True)
        return None if form is None else download_of(form, whole_address(request, path, form))


def whole_address(request: Request, path: str, form: Form) -> str:
    """Return the whole address of a form's answers: under the name by which the caller reached the service.

    A name that is not a valid host is not written: what is left begins with the path. What a letter prints is left
    out: the result does not depend on it, and a code on paper is to be small enough for a telephone.
    """
    return named(request, f"/{path}/{form.rules.document.identifier}?{form.query_alone}")


def named(request: Request, path: str) -> str:
    """Return a path of the service under the name by which the caller reached it, where that is a valid host."""
    host = str(request.base_url).rstrip("/")
    return f"{host}{path}" if is_service(host) else path


def _picture(request: Request, form: Form) -> str:
    """Return the path of the picture of a result's address."""
    path = request.url.path.split("/")[1]
    return f"/{path}/{form.rules.document.identifier}/{CODE_FILE}?{form.query_alone}"


def _again(request: Request) -> Response:
    """Redirect from a download to the questions and their mistakes."""
    to = request.url.path.rpartition("/")[0]
    return RedirectResponse(f"{to}?{request.url.query}", HTTP_303_SEE_OTHER)


def _page(
    request: Request,
    template: str,
    identifier: str,
    form: Form | None,
    *,
    change: bool = False,
    has_address: bool = True,
) -> Response:
    """Return the form with its answers, or its result; or ask for the phase of the school.

    ``change`` where the answers are to be changed: then no result is shown. ``has_address`` is false where the
    answers are in no address.
    """
    if form is None:
        return RedirectResponse(f"/?{RULES}={identifier}&{PHASE}=", HTTP_303_SEE_OTHER)
    result, phase = None if change else form.result, form.answers.phase
    chart = by_factor(result) if isinstance(result, SchoolBudget) else None
    address = whole_address(request, request.url.path.split("/")[1], form)
    return page(
        request, template, UNUSABLE if form.mistakes else 200, form=form,
        document=form.rules.document, parts=Part, result=result, mistakes=form.mistakes,
        chart=chart, most_bars=MOST_BARS, phase=None if phase is None else PHASES[phase],
        is_too_long=not has_address and bool(form.answers.entries) and not has_unasked(form.mistakes), longest_address=LONGEST_ADDRESS,
        today=datetime.now(UTC).date(),
        check_code=None if result is None else code_of(form), whole_address=address,
        qr_code=None if result is None or not has_code(address) else _picture(request, form),
    )  # fmt: skip


add_form("notional-sen", "notional_sen.html", "working", budget_form_of)
add_form("budget-check", "budget_check.html", "check", check_form_of)


@router.get("/notional-sen/{identifier}/other-rules")
def show_other_rules(
    request: Request, identifier: RuleSetIdentifier, asker: AskerDep, session: ReadSessionDep
) -> Response:
    """Choose other rules for the answers in the address, and lead to the result under them."""
    entries = request.query_params.multi_items()
    sent = [(name, text) for name, text in entries if name not in {TO, BESIDE}]
    to = dict(entries).get(TO)
    form = budget_form_of(asker, session, identifier, sent, sent=True)
    if form is None or form.result is None or form.answers.phase is None:
        return _again(request)
    every = service.compiled_school_rules(asker, session)
    choices = rules_to_choose(every, form.answers.phase, identifier)
    mistakes = []
    found = None
    if to is not None and to not in {one.value for one in choices}:
        mistakes = [Mistake("Choose an authority and year", TO)]
    elif to is not None:
        bare = [(PHASE, form.answers.phase.name)]
        other = budget_form_of(asker, session, to, bare, sent=False)
        found = None if other is None else moved(form, other)
    if found is not None and not found.left_out:
        to_both = BESIDE in dict(entries)
        return RedirectResponse(found.beside if to_both else found.address, HTTP_303_SEE_OTHER)
    back = f"{request.url.path.rpartition('/')[0]}?{form.query}"
    return page(
        request, "other_rules.html", UNUSABLE if mistakes else 200, choices=choices, moved=found,
        sent=sent, mistakes=mistakes, back=back,
    )  # fmt: skip


@router.get("/rules")
def show_rule_sets(
    request: Request,
    asker: AskerDep,
    session: ReadSessionDep,
    authority: str = "",
    year: str = "",
    kind: str = "",
    words: str = "",
) -> Response:
    """List the published rule sets that words find, or of an authority, a year or a kind, with their standing."""
    every = [found.document for found in rule_sets.every_published(asker, session)]
    filters = Filters(authority, year, kind, words[:MOST_LETTERS])
    found = list(filter(filters.finds, every))
    return page(
        request, "rule_sets.html", filters=asdict(filters), found=len(found), every=len(every),
        groups=groups(found), authorities=authorities(every), years=funding_years(every),
        kinds=kinds(every),
    )  # fmt: skip


@router.get("/rules/{identifier}")
def show_rules(
    request: Request, identifier: RuleSetIdentifier, asker: AskerDep, session: ReadSessionDep
) -> Response:
    """Show every value of a rule set with its source and standing."""
    pin = pin_in(request.query_params.multi_items())
    found = rule_sets.published(asker, session, identifier, pin.version, known=pin.known)
    parts, rules = parts_of(found.document), rule_sets.compiled_on(found)
    every = [one.document for one in rule_sets.every_published(asker, session)]
    versions = rule_sets.versions_of(asker, session, identifier)
    return page(
        request, "rules.html", found=found, document=found.document, parts=parts,
        known=pin.known, later=pin.later(asker, session, rules),
        who=who_wrote(rule_sets.version_of(asker, session, identifier, found.version)),
        has_workbook=bool(sheets_of(rules)), names=names_of(rules), notes=notes(found.document),
        earlier=list(earlier_rules(found.document, versions, every)),
    )  # fmt: skip


@router.get("/rules/{identifier}/workbook.xlsx")
def download_rules_workbook(
    request: Request, identifier: RuleSetIdentifier, asker: AskerDep, session: ReadSessionDep
) -> Response:
    """Download a workbook to fill in, whose cells ask this service."""
    pin = pin_in(request.query_params.multi_items())
    rules = rule_sets.rules_in_force(
        asker, session, identifier, version=pin.version, known=pin.known
    )
    sheets = sheets_of(rules)
    if not sheets:
        raise service.NoWorkbook
    # The caller used this name for the service; a name that is not a valid host is not written.
    named = str(request.base_url)
    address = named if is_service(named) else f"http://127.0.0.1:{request.app.state.settings.port}"
    content = workbook(rules, sheets, address)
    return file(content, WORKBOOK, identifier, "xlsx", "evenband")


@router.get("/rules/{identifier}/formula.xlsx")
def download_formula(
    request: Request, identifier: RuleSetIdentifier, asker: AskerDep, session: ReadSessionDep
) -> Response:
    """Download a schools formula as a workbook to edit, which is read back into a rule document."""
    pin = pin_in(request.query_params.multi_items())
    content = service.formula_workbook(asker, session, identifier, pin)
    return file(content, WORKBOOK, identifier, "xlsx", "formula")


def file(
    content: bytes, media: str, identifier: str, ending: str, what: str, whose: str = ""
) -> Response:
    """Return a file under a name that says which rules it comes from, and of which school it is."""
    name = f"{'-'.join(filter(None, (what, identifier, whose)))}.{ending}"
    return Response(
        content, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
