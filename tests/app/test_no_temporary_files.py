"""What is sent to the service stays in memory: no row of a pupil reaches a temporary folder."""

import re
from typing import Annotated

import pytest
from fastapi import FastAPI, File, UploadFile
from fastapi.testclient import TestClient
from starlette.formparsers import MultiPartParser

from app.openapi import Service
from app.pages.addresses import LONGEST_ADDRESS
from tests.app.test_methods import HELD, contexts

SPOOL = 4_096
"""Bytes of a file above which the framework would write it to a temporary file."""

ROW = b"CANARYPUPIL,940,E,mainstream,25,A\n"
SIZES = [SPOOL - 1, SPOOL, SPOOL + 1, 100_000]


def rows(size: int) -> bytes:
    return (ROW * (size // len(ROW) + 1))[:size]


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """Give the names of what asks for a temporary file, which nothing gets."""
    found: list[str] = []

    def refusing(name: str):
        def refuse(*_, **__):
            found.append(name)
            raise FileNotFoundError

        return refuse

    for name in ("TemporaryFile", "NamedTemporaryFile", "mkstemp", "mkdtemp"):
        monkeypatch.setattr(f"tempfile.{name}", refusing(name))
    monkeypatch.setattr(MultiPartParser, "spool_max_size", SPOOL)
    return found


@pytest.fixture
def caller(service, asked):
    # What only the service's own pages may send is tried as they send it.
    own = {"Sec-Fetch-Site": "same-origin"}
    with TestClient(service, raise_server_exceptions=False, headers=own) as caller:
        yield caller


def posts(service: Service) -> list[str]:
    """Return the address of every route that takes a body, pages included."""
    found = (
        one for one in contexts(service.routes) if "POST" in (getattr(one, "methods", 0) or ())
    )
    return sorted(
        {re.sub(r"\{(\w+)(?::\w+)?\}", lambda name: HELD[name[1]], one.path) for one in found}
    )


FORMS = {
    "a file": lambda content: {"files": {"pupils": ("pupils.csv", content, "text/csv")}},
    "a field of a form with parts": lambda content: {"files": {"pupils": (None, content)}},
    "a field of a plain form": lambda content: {"data": {"pupils": content.decode()}},
    "a bare body": lambda content: {"content": content, "headers": {"Content-Type": "text/csv"}},
    "a JSON text": lambda content: {"json": {"pupils": content.decode()}},
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("size", SIZES)
def test_no_body_is_written_to_a_temporary_file(caller, service, asked, form, size):
    addresses = posts(service)
    assert len(addresses) > 5
    for address in addresses:
        answer = caller.post(address, **form(rows(size)))
        assert answer.status_code < 500, (address, answer.text)
        assert "CANARYPUPIL" not in answer.text
    assert not asked


def test_no_address_holds_what_nobody_asked_for_or_more_than_a_browser_takes(caller, service):
    form = {"pupils": rows(100).decode(), "school": "Canary Row Primary"}
    for address in posts(service):
        for data in (form, {name: text * 1_000 for name, text in form.items()}):
            answer = caller.post(address, data=data, follow_redirects=False)
            to = answer.headers.get("Location", "")
            assert "CANARYPUPIL" not in to, address
            assert len(to) <= LONGEST_ADDRESS, address


def test_a_file_above_what_the_framework_keeps_in_memory_is_refused_by_its_size(
    caller, service, asked
):
    for address in posts(service):
        answer = caller.post(address, **FORMS["a file"](rows((1 << 20) + 1)))
        # A route without a body may refuse the want of a header first.
        assert answer.status_code in {413, 415, 422, 428}, (address, answer.text)
    assert not asked


def test_a_route_that_took_files_would_be_seen(asked):
    plain = FastAPI()

    @plain.post("/takes-files")
    async def take(pupils: Annotated[UploadFile, File()]) -> int:
        return len(await pupils.read())

    with TestClient(plain, raise_server_exceptions=False) as caller:
        caller.post("/takes-files", **FORMS["a file"](rows(SPOOL)))
        assert not asked
        caller.post("/takes-files", **FORMS["a file"](rows(SPOOL + 1)))
        assert asked == ["TemporaryFile"]
