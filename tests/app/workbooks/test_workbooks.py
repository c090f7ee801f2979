"""A workbook asks what the service answers: its examples, its addresses, and nothing of a pupil."""

import io
import re
from itertools import pairwise

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from starlette.datastructures import QueryParams

from app.main import create_app
from app.workbooks import formulas
from app.workbooks.service import LONGEST_SERVICE, is_service, sheets_of, workbook
from engine.columns import PUPIL_COLUMNS
from engine.rules.compile import compile_rules
from tests import rule_library

SERVICE = "http://127.0.0.1:8000"
HEADINGS, NAMES, FIRST, EXAMPLES, FILLED_IN = 5, 6, 7, 2, 10
"""Rows of a sheet as a spreadsheet numbers them, and how many there are."""

LONGEST_FORMULA = 8_192
"""Characters of a formula in Excel."""

LONGEST_TEXT = 255
"""Characters of a text within a formula in Excel."""

OURS = {
    *("IF", "IFERROR", "ISNUMBER", "LEFT", "RIGHT", "LEN", "MID", "SUBSTITUTE", "YEAR", "MONTH"),
    *("DAY", "COUNTA", "_xlfn.WEBSERVICE", "_xlfn.NUMBERVALUE", "_xlfn.ENCODEURL"),
}
NOTIONAL, BANDS, BOTH, NEITHER = (
    "bedford-2022-23",
    "telford-and-wrekin-2025-26",
    "toy-2025-26",
    "nff-2025-26",
)


@pytest.fixture(scope="module")
def compiled():
    """Give the rules of every published document by their identifier."""
    rules = map(rule_library.compiled, rule_library.RULE_FILES)
    return {one.document.identifier: one for one in rules}


def content_of(rules, service=SERVICE):
    return workbook(rules, sheets_of(rules), service)


def book_of(content):
    return load_workbook(io.BytesIO(content))


def strings_of(book):
    return [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]


def formulas_of(book):
    return [text for text in strings_of(book) if text.startswith("=")]


def names_of(sheet):
    """Return the column of each input by its name."""
    return {cell.value: cell.column for cell in sheet[NAMES] if cell.value}


def questions(rules):
    """Yield each example of each sheet with each of its questions."""
    for sheet in sheets_of(rules):
        for example in sheet.examples:
            for question in sheet.questions:
                inputs = {one.name: one for one in sheet.inputs}
                values = {name: example.get(name, inputs[name].otherwise) for name in question.sent}
                yield question, {name: str(one) for name, one in values.items() if one is not None}


def test_the_examples_of_every_published_rule_set_are_answered(client, compiled):
    asked = 0
    for identifier, rules in compiled.items():
        for question, parameters in questions(rules):
            version = {"version": rules.document.version, "v": 1, "errors": "text"}
            answer = client.get(
                f"/v1/cells/{identifier}/{question.endpoint}", params={**parameters, **version}
            )
            assert answer.status_code == 200
            assert re.fullmatch(r"[0-9]+\.[0-9]{2}", answer.text), (identifier, answer.text)
            asked += 1
    assert asked > 60


def test_most_rule_sets_with_bands_or_notional_sen_have_a_workbook(compiled):
    without = {
        identifier
        for identifier, rules in compiled.items()
        if (rules.top_ups is not None or rules.formula is not None) and not sheets_of(rules)
    }
    of_nobody = {identifier for identifier in compiled if identifier.startswith("nff-")}
    unprinted = {
        identifier
        for identifier, rules in compiled.items()
        if rules.formula is not None
        and not all(line.percent_is_printed for line in rules.formula.lines)
    }
    assert "wiltshire-2025-26" in unprinted
    assert without == of_nobody | unprinted
    assert {len(sheets_of(compiled[one])) for one in (NOTIONAL, BANDS)} == {1}
    assert len(sheets_of(compiled[BOTH])) == 2
    assert sheets_of(compiled[NEITHER]) == ()


@pytest.mark.parametrize("identifier", [NOTIONAL, BANDS, BOTH])
def test_the_same_rules_and_address_give_the_same_bytes(compiled, identifier):
    assert content_of(compiled[identifier]) == content_of(compiled[identifier])
    assert content_of(compiled[identifier]) != content_of(
        compiled[identifier], "http://127.0.0.1:8001"
    )


def test_formulas_are_ours_and_excel_takes_them(compiled):
    longest = 0
    for rules in compiled.values():
        if not sheets_of(rules):
            continue
        for text in formulas_of(book_of(content_of(rules))):
            outside = re.sub(r'"[^"]*"', '""', text)
            assert set(re.findall(r"([A-Za-z_.]+)\(", outside)) <= OURS
            assert max(map(len, re.findall(r'"[^"]*"', text)), default=0) < LONGEST_TEXT
            longest = max(longest, len(text))
    assert 2_000 < longest < LONGEST_FORMULA


def test_no_address_outgrows_what_excel_takes(compiled):
    """Every column filled with the longest number that a sheet has, from the longest service."""
    longest = 0
    for rules in compiled.values():
        for sheet in sheets_of(rules):
            for question in sheet.questions:
                takes = {one.name: max([20, *map(len, one.codes)]) for one in sheet.inputs}
                # A phase has its own columns; a school of all phases has those of all.
                asked = sum(len(f"&{name}=") + takes[name] for name in question.sent)
                below = f"/v1/cells/{rules.document.identifier}/{question.endpoint}?version=10000"
                longest = max(
                    longest, LONGEST_SERVICE + len(f"{below}&errors=text&v=1&others=0") + asked
                )
    assert longest < formulas.LONGEST_ADDRESS < 2_048


@pytest.mark.parametrize("identifier", [NOTIONAL, BANDS, BOTH])
def test_a_sheet_has_headings_examples_and_ten_rows_to_fill_in(compiled, identifier):
    rules = compiled[identifier]
    book = book_of(content_of(rules))
    tables = sheets_of(rules)
    assert book.sheetnames == ["About", *(one.name for one in tables), "Codes"]
    for table in tables:
        sheet = book[table.name]
        assert list(names_of(sheet)) == [one.name for one in table.inputs]
        assert all(cell.value for cell in sheet[HEADINGS])
        assert sheet.max_row == FIRST + EXAMPLES + FILLED_IN - 1
        first = min(names_of(sheet).values())
        filled = [sheet.cell(row, first).value for row in range(FIRST, sheet.max_row + 1)]
        assert all(filled[:EXAMPLES])
        assert not any(filled[EXAMPLES:])
        assert sheet.cell(sheet.max_row, 2).value.startswith("=IF(")


def test_codes_are_chosen_from_lists_that_the_rules_have(compiled):
    book = book_of(content_of(compiled[BANDS]))
    rules = book["Bands"].data_validations.dataValidation
    lists = {str(one.sqref): one.formula1 for one in rules if one.type == "list"}
    at = lists[f"E{FIRST}:E{FIRST + EXAMPLES + FILLED_IN - 1}"]
    column, first, last = re.fullmatch(r"Codes!\$([A-Z]+)\$(\d+):\$[A-Z]+\$(\d+)", at).groups()
    codes = [book["Codes"][f"{column}{row}"].value for row in range(int(first), int(last) + 1)]
    assert codes == list(compiled[BANDS].top_ups.labels)
    assert book["Codes"][f"{column}{first}"].quotePrefix


@pytest.mark.parametrize("identifier", [NOTIONAL, BANDS, BOTH])
def test_the_sheet_about_says_which_rules_answer_and_how_far_they_were_checked(
    compiled, identifier
):
    rules = compiled[identifier]
    about = book_of(content_of(rules))["About"]
    said = {row[0].value: row[1].value for row in about.iter_rows() if row[0].value}
    document = rules.document
    assert said["Rule set"] == identifier
    assert said["Version"] == str(document.version)
    assert said["Digest of the rules"] == rules.digest
    assert said["How far it was checked"].startswith(document.standing.value)
    assert document.funding_year in said["Year"]
    assert said["Source"]
    assert said["Address of the service"] == SERVICE
    assert "#VALUE!" in said["When something is wrong"]
    assert "never sent" in said["What is sent"]


def test_no_column_of_a_workbook_is_who_a_pupil_is(compiled):
    personal = {"pupil_key", "la", "primary_need", "secondary_need", "idaci", "looked_after"}
    assert personal <= set(PUPIL_COLUMNS)
    for rules in compiled.values():
        for sheet in sheets_of(rules):
            sent = {name for question in sheet.questions for name in question.sent}
            assert not sent & personal
            assert sent <= {one.name for one in sheet.inputs}


def test_text_that_a_spreadsheet_would_calculate_stays_text(compiled):
    rules = compiled[BANDS]
    document = rules.document.model_copy(update={"title": '=HYPERLINK("http://example.org")'})
    hostile = compile_rules(document, rules.day)
    book = book_of(content_of(hostile))
    title = next(row[1] for row in book["About"].iter_rows() if row[0].value == "Title")
    assert title.data_type == "s"


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://[::1]:8000/", True),
        ("https://bands.example.gov.uk/evenband", True),
        ("ftp://127.0.0.1", False),
        ("https://name:secret@example.org", False),
        ("http://127.0.0.1:8000/?rules=1", False),
        ('http://example.org/"&A1&"', False),
        ("http://example.org/\n", False),
        ("http://example.org:\N{FULLWIDTH DIGIT EIGHT}0", False),
        (f"http://{'a' * LONGEST_SERVICE}", False),
    ],
)
def test_the_address_of_a_service_is_one(address, allowed):
    assert is_service(address) is allowed


def test_a_page_offers_the_workbook_of_its_rules(client, compiled):
    page = client.get(f"/rules/{BOTH}").text
    link = re.search(r'href="(/rules/[^"]+workbook.xlsx[^"]*)"', page)[1]
    answer = client.get(link)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="evenband-{BOTH}.xlsx"'
    assert answer.content == content_of(compiled[BOTH], "http://testserver")


def test_a_name_of_the_service_that_no_address_has_is_not_written_down(settings):
    public = {"host": "0.0.0.0", "allow_public": True, "hosts": ""}  # noqa: S104 - it only says so
    with TestClient(create_app(settings.model_copy(update=public))) as caller:
        answer = caller.get(f"/rules/{BANDS}/workbook.xlsx", headers={"Host": 'a"b'})
    assert answer.status_code == 200
    assert is_service(book_of(answer.content)["About"]["B3"].value)


def test_rules_that_cells_cannot_ask_have_no_link_and_no_workbook(client):
    assert "workbook.xlsx" not in client.get(f"/rules/{NEITHER}").text
    answer = client.get(f"/rules/{NEITHER}/workbook.xlsx", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert client.get("/rules/no-such-rules/workbook.xlsx").status_code == 404
    assert client.get(f"/rules/{BANDS}/workbook.xlsx?version=9").status_code == 404


def test_a_query_of_an_example_names_nothing_twice(compiled):
    for rules in compiled.values():
        for _, parameters in questions(rules):
            pairs = sorted(QueryParams(parameters).multi_items())
            assert all(one[0] != other[0] for one, other in pairwise(pairs))
