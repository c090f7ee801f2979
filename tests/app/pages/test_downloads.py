import csv
import io
from decimal import Decimal

import openpyxl

from tests.app.pages.statement import STATEMENT, WEST_SUSSEX


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def sheet_rows(content: bytes, name: str) -> list[tuple]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
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
        if row["label"] == "Free school meals (secondary)" and row["row"] == "Unit value"
    )
    assert unit_value["operator"] == "times"
    assert unit_value["value"] == "460.00"
    assert unit_value["place"] == "schools_formula.factors.fsm.secondary.unit_value"
    assert unit_value["standing"] == "verified"
    assert unit_value["source"].startswith("Acceptance data")
    assert rows[-1]["row"] == "Notional SEN budget"
    assert rows[-1]["value"] == "1152138.52"
    assert len(rows[-1]["digest"]) == 64


def test_the_notional_lines_of_the_csv_add_to_its_total(client):
    rows = rows_of(client.get(f"{WEST_SUSSEX}/working.csv", params=STATEMENT).text)
    parts = [Decimal(row["value"]) for row in rows if row["row"] == "Notional SEN"]
    assert sum(parts) == Decimal(rows[-1]["value"])


def test_what_is_not_known_is_an_empty_cell(client):
    answers = {"phase": "secondary", "units_fsm_secondary": "85"}
    rows = rows_of(client.get(f"{WEST_SUSSEX}/working.csv", params=answers).text)
    unknown = next(row for row in rows if row["label"] == "Basic entitlement (key stage 3)")
    assert (unknown["row"], unknown["value"]) == ("Not supplied", "")


def test_the_workbook_holds_the_same_steps_with_numbers_as_numbers(client):
    content = client.get(f"{WEST_SUSSEX}/working.xlsx", params=STATEMENT).content
    rows = sheet_rows(content, "Working")
    told = rows_of(client.get(f"{WEST_SUSSEX}/working.csv", params=STATEMENT).text)
    assert len(rows) == len(told) + 1
    assert rows[-1][4] == 1_152_138.52
    about = dict(sheet_rows(content, "About"))
    assert about["Complete"] == "yes"
    assert about["Year"] == "Academic year 2021-22, 1 September 2021 to 31 August 2022"


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
