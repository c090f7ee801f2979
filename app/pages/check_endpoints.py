"""The page that checks a result: by its address and code, or by a file that was downloaded from it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from app.access import Asker, AskerDep
from app.database import ReadSessionDep
from app.errors import MediaUnknown
from app.pages.answers import Mistake
from app.pages.check_codes import (
    ADDRESS,
    BUDGET,
    CODE,
    NO_CODE,
    NO_RESULT,
    CodeCheck,
    code_check,
    plain_code,
    result_address,
)
from app.pages.downloads import download_of
from app.pages.endpoints import MOST_BYTES, UNUSABLE
from app.pages.file_codes import CheckedFile, checked_file
from app.pages.forms import Form
from app.pages.rendering import page
from app.pages.school_forms import budget_form_of, check_form_of
from app.rule_sets import service as rule_sets

router = APIRouter(include_in_schema=False, max_body_size=MOST_BYTES)

FILE, TEXT = "file", "text"
NO_FILE = Mistake("Choose a file that was downloaded here, or paste the text of its CSV", FILE)
NOT_OURS = Mistake(
    "This file has no address, check code and file code of a result: choose the CSV or workbook as it was downloaded",
    FILE,
)
MULTIPART = "multipart/form-data"
FILES_READ = "Send the form as a browser sends a file: as multipart/form-data."
MOST_FIELDS = 10
TEMPLATE = "check_code.html"


class InMemory(MultiPartParser):
    """A form with a file, which stays in memory: the body of a request is smaller than what would be set aside."""

    spool_max_size = MOST_BYTES + 1


class SentFile(NamedTuple):
    """What was sent to be checked."""

    content: bytes


async def sent_file(request: Request) -> AsyncGenerator[SentFile, None]:
    """Give the file, or the text that was pasted in its place, and forget it; refuse what is no form with files."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != MULTIPART:
        raise MediaUnknown(FILES_READ)
    parser = InMemory(request.headers, request.stream(), max_files=1, max_fields=MOST_FIELDS,
                      max_part_size=MOST_BYTES)  # fmt: skip
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError):
        raise MediaUnknown(FILES_READ) from None
    try:
        uploaded, pasted = form.get(FILE), form.get(TEXT)
        content = await uploaded.read() if isinstance(uploaded, UploadFile) else b""
        yield SentFile(content or (pasted.strip().encode() if isinstance(pasted, str) else b""))
    finally:
        await form.close()


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: of a code with its address, and of a file where one was sent.

    ``is_made_so`` says whether the service makes the same file for the address today.
    """

    check: CodeCheck
    to: str
    file: CheckedFile | None = None
    is_made_so: bool = True

    @property
    def is_untouched(self) -> bool:
        """Return whether nothing was altered since the result was made."""
        return self.check.is_unaltered and (self.file is None or self.file.is_untouched)


@router.get("/check")
def show_check(request: Request, asker: AskerDep, session: ReadSessionDep) -> Response:
    """Ask for the address and the code of a result, or show whether they belong together."""
    sent = dict(request.query_params.multi_items())
    address, typed = sent.get(ADDRESS, ""), sent.get(CODE, "")
    code, form = plain_code(typed), _form(asker, session, address)
    mistakes = []
    if ADDRESS in sent or CODE in sent:
        mistakes += [NO_RESULT] if form is None else []
        mistakes += [NO_CODE] if code is None else []
    found = None
    if form is not None and code is not None:
        found = _checked(asker, session, address, form, code)
    return _page(request, found, mistakes, address, typed)


@router.post("/check")
def check_file(
    request: Request,
    asker: AskerDep,
    session: ReadSessionDep,
    sent: Annotated[SentFile, Depends(sent_file)],
) -> Response:
    """Show whether a file is as it was downloaded. Nothing of it is kept or sent back."""
    if not sent.content:
        return _page(request, None, [NO_FILE])
    said = checked_file(sent.content)
    if said is None or said.address is None or said.file_code is None:
        return _page(request, None, [NOT_OURS])
    code, form = plain_code(said.code or ""), _form(asker, session, said.address)
    if form is None or code is None:
        return _page(request, None, [NOT_OURS])
    return _page(request, _checked(asker, session, said.address, form, code, said), [])


def _form(asker: Asker, session: Session, address: str) -> Form | None:
    """Return the form with a result at an address, None where there is none."""
    there = result_address(address)
    if there is None:
        return None
    form_of = budget_form_of if there.path == BUDGET else check_form_of
    form = form_of(asker, session, there.identifier, there.entries, sent=True)
    return None if form is None or form.result is None else form


def _checked(
    asker: Asker,
    session: Session,
    address: str,
    form: Form,
    code: str,
    file: CheckedFile | None = None,
) -> Checked:
    there = result_address(address)
    path = BUDGET if there is None else there.path
    identifier = form.rules.document.identifier
    check = code_check(form, code, rule_sets.versions_of(asker, session, identifier))
    made = download_of(form, address)
    is_made_so = True
    if file is not None and made is not None:
        contents = (made.as_csv(), made.as_workbook())
        codes = {one.file_code for one in map(checked_file, contents) if one is not None}
        is_made_so = file.file_code in codes
    return Checked(check, f"/{path}/{identifier}?{form.query}", file, is_made_so)


def _page(
    request: Request,
    found: Checked | None,
    mistakes: list[Mistake],
    address: str = "",
    code: str = "",
) -> Response:
    return page(
        request, TEMPLATE, UNUSABLE if mistakes else 200, address=address, code=code,
        found=None if found is None else found.check, checked=found, mistakes=mistakes,
        result_address=None if found is None else found.to,
        wrong={one.field: one.sentence for one in mistakes},
    )  # fmt: skip
