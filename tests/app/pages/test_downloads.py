import csv
import io
from decimal import Decimal

import openpyxl

from tests.app.pages.statement import STATEMENT, WEST_SUSSEX


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def sheet_rows(content: bytes, name: str) -> list[tuple]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return list(book[name].iter_rows(values_only=True))


def test_the_csv_holds_each_step_with_its_clause_source_and_standing(client):
    answer = client.get(f"{WEST_SUSSEX}/working.csv", params=STATEMENT)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert (
        'filename="notional-sen-west-sussex-2021-22.csv"' in answer.headers["content-disposition"]
    )
    rows = rows_of(answer.text)
    unit_value = next(
        row
        for row in rows
        if row["Part"] == "Free school meals (secondary)" and row["Step"] == "Unit value"
    )
    assert unit_value["How"] == "times"
    assert unit_value["Value"] == "460.00"
    assert unit_value["Checked"] == "checked against the published paper"
    assert unit_value["Source"].startswith("Acceptance data")
    assert total(rows) == "1152138.52"
    about = {row["Step"]: row["Value"] for row in rows if row["Part"] == "About this file"}
    assert about["Name of the rules"] == "west-sussex-2021-22, version 1"
    assert len(about["Reference of the rules"]) == 64


def test_a_file_is_called_by_the_school_as_well(client):
    named = {"school": "St Mary's C of E (VA) / First School", "urn": "123456"}
    for ending in ("csv", "xlsx"):
        answer = client.get(f"{WEST_SUSSEX}/working.{ending}", params=STATEMENT | named)
        name = f"notional-sen-west-sussex-2021-22-st-marys-c-of-e-va-first-school.{ending}"
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    answer = client.get(f"{WEST_SUSSEX}/working.csv", params=STATEMENT | {"urn": "123456"})
    assert (
        'filename="notional-sen-west-sussex-2021-22-123456.csv"'
        in answer.headers["content-disposition"]
    )


def total(rows: list[dict[str, str]]) -> str:
    """Return the budget that a download has as its total."""
    (found,) = (
        row["Value"]
        for row in rows
        if (row["Part"], row["Step"]) == ("Total", "Notional SEN budget")
    )
    return found


def test_headings_are_plain_words(client):
    heads = [
        client.get(f"{WEST_SUSSEX}/working.csv", params=STATEMENT)
        .text.partition("\n")[0]
        .split(","),
        list(
            sheet_rows(
                client.get(f"{WEST_SUSSEX}/working.xlsx", params=STATEMENT).content, "Working"
            )[0]
        ),
    ]
    for head in heads:
        assert head == ["Part", "How", "Step", "Value", "Counted in", "Source", "Checked", "Note"]


def test_the_notional_lines_of_the_csv_add_to_its_total(client):
    rows = rows_of(client.get(f"{WEST_SUSSEX}/working.csv", params=STATEMENT).text)
    parts = [Decimal(row["Value"]) for row in rows if row["Step"] == "Notional SEN"]
    assert sum(parts) == Decimal(total(rows))


def test_what_is_not_known_is_an_empty_cell(client):
    answers = {"phase": "secondary", "units_fsm_secondary": "85"}
    rows = rows_of(client.get(f"{WEST_SUSSEX}/working.csv", params=answers).text)
    unknown = next(row for row in rows if row["Part"] == "Basic entitlement (key stage 3)")
    assert (unknown["Step"], unknown["Value"]) == ("Not supplied", "")


def test_the_workbook_holds_the_same_steps_with_numbers_as_numbers(client):
    content = client.get(f"{WEST_SUSSEX}/working.xlsx", params=STATEMENT).content
    rows = sheet_rows(content, "Working")
    told = rows_of(client.get(f"{WEST_SUSSEX}/working.csv", params=STATEMENT).text)
    amounts = [row["Value"] for row in told if row["Step"] == "Amount"]
    assert [row[3] for row in rows if row[2] == "Amount"] == [float(one) for one in amounts]
    assert rows[-1][2:4] == ("Notional SEN budget", 1_152_138.52)
    about = dict(sheet_rows(content, "About"))
    assert about["Complete"] == "yes"
    assert about["Year"] == "Academic year 2021-22, 1 September 2021 to 31 August 2022"


def test_the_workbook_answers_first_and_its_answers_follow_the_working(client):
    content = client.get(f"{WEST_SUSSEX}/working.xlsx", params=STATEMENT).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    (_, funding), (label, budget) = book["About"].iter_rows(max_row=2, max_col=2, values_only=True)
    assert label == "Notional SEN budget"
    for formula, words in ((funding, "Formula funding"), (budget, label)):
        sheet, _, cell = formula.removeprefix("=").partition("!")
        assert book[sheet][cell.replace("D", "C")].value == words
    assert sheet_rows(content, "About")[1] == (label, 1_152_138.52)


def test_no_text_of_the_workbook_lies_over_the_row_below_it(client):
    content = client.get(f"{WEST_SUSSEX}/working.xlsx", params=STATEMENT).content
    wrapped = 0
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for cell in (cell for row in sheet.iter_rows(min_row=2) for cell in row):
            width = sheet.column_dimensions[cell.column_letter].width
            if isinstance(cell.value, str) and not cell.value.startswith("="):
                lines = -(-len(cell.value) // int(width))
                wrapped += lines > 1
                assert (sheet.row_dimensions[cell.row].height or 15) >= 15 * lines, cell.value
    assert wrapped > 10


def test_the_same_answers_give_the_same_bytes(client):
    for ending in ("csv", "xlsx"):
        address = f"{WEST_SUSSEX}/working.{ending}"
        first, second = (client.get(address, params=STATEMENT).content for _ in range(2))
        assert first == second


def test_a_download_with_a_mistake_leads_to_the_form_that_names_it(client):
    wrong = {"phase": "secondary", "units_fsm_secondary": "many"}
    for ending in ("csv", "xlsx"):
        page = client.get(f"{WEST_SUSSEX}/working.{ending}", params=wrong, follow_redirects=True)
        assert page.status_code == 422
        assert "Free school meals (secondary) must be a number" in page.text
