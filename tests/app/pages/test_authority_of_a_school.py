"""A school's authority decides the row of a formula's tables: on its page, in a body, in a cell and in a workbook."""

import re

import pytest

from app.workbooks.schools import school_sheet
from engine.rules.compile import compile_rules
from engine.rules.load import load_rule_set
from tests.app.invented import served
from tests.app.pages.test_notional_sen_page import words_of
from tests.engine.test_school_value_tables import TEXT

RULES = load_rule_set(TEXT)
PAGE = "/notional-sen/several-authorities"
FORM = {"phase": "primary", "units_basic_primary": "100"}


@pytest.fixture
def caller(settings):
    with served(settings, (RULES,)) as found:
        yield found


def test_the_page_asks_for_the_authority_and_says_no_value_before(caller):
    said = words_of(caller.get(PAGE, params={"phase": "primary"}))
    assert "Code of the local authority" in said
    assert "The unit value depends on the authority and phase of the school." in said
    assert "3,900.00 a pupil" not in said
    assert "4,800.00 a pupil" not in said
    known = words_of(caller.get(PAGE, params={"phase": "primary", "la": "202"}))
    assert "£4,800.00 a pupil" in known


@pytest.mark.parametrize(("la", "budget"), [("202", "£24,000.00"), ("301", "£19,500.00")])
def test_the_page_works_out_the_budget_by_the_rows_of_the_authority(caller, la, budget):
    answer = caller.post(PAGE, data={**FORM, "la": la})
    assert answer.status_code == 200, words_of(answer)
    assert re.search(r'app-answer__figure">(.*?)<', answer.text)[1] == budget


def test_the_page_wants_the_authority_and_says_where_no_row_fits(caller):
    missing = caller.post(PAGE, data=FORM)
    assert (missing.status_code, "local authority is missing" in words_of(missing)) == (422, True)
    other = words_of(caller.post(PAGE, data={**FORM, "la": "886"}))
    assert "a table of values of the rules has no row for it" in other


def test_a_body_is_answered_by_the_rows_of_each_school(caller):
    schools = [{"urn": str(at), "la": la, **FORM} for at, la in enumerate(("202", "301"), start=1)]
    body = {"rule_set": "several-authorities", "schools": schools, "working": "lines"}
    answer = caller.post("/v1/what-ifs/notional-sen", json=body)
    assert answer.status_code == 200, answer.text
    lines = [one["lines"][0] for one in answer.json()["schools"]]
    assert [(one["unit_value"], one["amount"]) for one in lines] == [
        ("4800.00", "480000.00"),
        ("3900.00", "390000.00"),
    ]


@pytest.mark.parametrize(
    ("cell", "query", "text"),
    [
        ("notional-sen", {**FORM, "la": "202"}, "24000.00"),
        ("factor", {"line": "basic_primary", "la": "301", "part": "unit-value"}, "3900.00"),
        ("factor", {"line": "basic_primary", "la": "202", "part": "unit-value"}, "4800.00"),
        ("factor", {"line": "basic_primary", "la": "202", "phase": "middle", "part": "unit-value"}, "6000.00"),
        ("factor", {"line": "basic_primary", "la": "301", "units": "10"}, "1950.00"),
    ],
)  # fmt: skip
def test_a_cell_says_the_authority(caller, cell, query, text):
    answer = caller.get(f"/v1/cells/several-authorities/{cell}", params=query)
    assert (answer.status_code, answer.text) == (200, text)


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ({}, "la"),
        ({"la": "999"}, "la"),
        ({"la": "202", "phase": "ks3"}, "phase"),
        ({"la": "886"}, "line"),
    ],
)
def test_a_cell_without_a_row_is_refused_by_name(caller, query, place):
    wanted = {"line": "basic_primary", "part": "unit-value", **query}
    answer = caller.get("/v1/cells/several-authorities/factor", params=wanted)
    assert answer.status_code == 422
    assert [one["place"] for one in answer.json()["problems"]] == [place]


def test_a_workbook_has_a_column_for_the_authority():
    sheet = school_sheet(compile_rules(RULES))
    assert "la" in [one.name for one in sheet.inputs]
    assert {one["la"] for one in sheet.examples} == {202}
