"""Pages about the service say what is so: the glossary of the documentation, the last test of accessibility, today's sources."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from app.access import OWNER
from app.information.accessibility import accessibility_run
from app.information.glossary import TERMS
from app.register.reading import read_register
from app.register.service import import_register
from app.routers import ROOT_ROUTERS
from engine.data import FIXTURES
from engine.vocabulary import Standing
from tests.clients.page_states import STATES
from tests.house.sources import ROOT
from tests.rule_library import DOCUMENTS

PAGES = ["/glossary", "/privacy", "/cookies", "/data", "/accessibility"]


@pytest.mark.parametrize("address", PAGES)
def test_each_page_is_reached_from_the_foot_of_every_page(client, address):
    assert f'href="{address}"' in client.get("/").text.partition("<footer")[2]
    page = client.get(address)
    assert page.status_code == 200
    assert "set-cookie" not in page.headers


def test_the_glossary_says_what_the_documentation_says_in_the_order_of_the_alphabet(client):
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| \*\*(.+?)\*\* \| (.+?)(?: \[G[^]]*\])? \|$", text, re.MULTILINE))
    assert [(term, rows.get(term)) for term, _ in TERMS] == list(TERMS)
    terms = [term.casefold() for term, _ in TERMS]
    assert terms == sorted(terms)
    page = unescape(client.get("/glossary").text)
    assert all(term in page and meaning in page for term, meaning in TERMS)


def test_the_statement_of_accessibility_is_that_of_the_pages_of_today(client):
    """So that it says nothing of a page that no test has seen."""
    names = list(STATES)
    run = accessibility_run()
    assert list(run.pages) == names, "run 'make accessibility'"
    axe = (ROOT / "tests" / "clients" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
    assert f"axe v{run.axe}" in axe[:100]
    assert run.found == 0
    page = client.get("/accessibility").text
    assert f"the {len(names)} pages below were tested in {run.browser}" in page
    assert "Nothing was found." in page


def test_every_source_of_rules_in_use_is_named_with_the_rules_that_use_it(client):
    page = unescape(client.get("/data").text)
    for document in DOCUMENTS.values():
        if document.standing is Standing.proposed:
            continue
        assert f'href="/rules/{document.identifier}"' in page
        for source in document.sources.values():
            assert f"<strong>{source.title}</strong>" in page
    assert "Example proposal, written for this project" not in page


def test_the_register_is_said_with_its_day(service):
    with TestClient(service) as caller:
        assert "no register of schools is kept" in caller.get("/data").text
        with service.state.database.writing() as session:
            import_register(OWNER, session, read_register(FIXTURES / "register" / "invented.csv"))
        assert re.search(r"register, imported on \d+ \w+ 20\d\d\.", caller.get("/data").text)


FILES = re.compile(r"\.(atom|csv|svg|xlsx)$|^/static|^/openapi")


def test_every_page_is_among_those_whose_accessibility_is_tested():
    pages = [
        route.path
        for router in ROOT_ROUTERS
        for route in router.routes
        if not router.include_in_schema and "GET" in route.methods and not FILES.search(route.path)
    ]
    assert len(pages) > 15
    tried = {address.partition("?")[0] for address in STATES.values()}
    for path in pages:
        form = re.compile(re.sub(r"{[^}]+}", "[^/]+", path))
        assert any(form.fullmatch(one) for one in tried), path
