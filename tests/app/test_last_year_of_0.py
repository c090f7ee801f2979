"""A last year of 0 is refused by every entry in the same words."""

import re
from html import unescape

import pytest
from typer.testing import CliRunner

import evenband as eb
from app.cli import app
from app.pages.answers import BLANKS, NONE
from engine.errors import TableRefused
from engine.reading.schools import ZERO_LAST_YEAR

RULES = "toy-2025-26"
SCHOOL = {
    "phase": "primary", "units_basic_entitlement_primary": "210", "prior_budget": "0", "prior_pupils": "0",
}  # fmt: skip


def test_a_last_year_of_0_is_refused_everywhere(client, tmp_path):
    body = {"rule_set": RULES, "schools": [{"urn": "900001", **SCHOOL}], "absent_lines": "zero"}
    answer = client.post("/v1/what-ifs/notional-sen", json=body)
    assert answer.status_code == 422
    found = [(one["column"], one["sentence"]) for one in answer.json()["problems"]]
    assert found == [("prior_budget", ZERO_LAST_YEAR), ("prior_pupils", ZERO_LAST_YEAR)]
    cell = client.get(f"/v1/cells/{RULES}/notional-sen", params={**SCHOOL, "others": "0"})
    assert cell.status_code == 422
    assert {one["sentence"] for one in cell.json()["problems"]} == {ZERO_LAST_YEAR}
    page = client.post(f"/notional-sen/{RULES}", data={**SCHOOL, BLANKS: NONE})
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())
    # Each sentence is in the summary of problems, and at its box.
    assert text.count("must not be 0, which does not say whether the school had a last year: if it had no last year,"
                      " select New school and leave all boxes about last year empty") == 4, text  # fmt: skip
    assert "write none" not in text
    assert "prior_" not in text
    table = tmp_path / "schools.csv"
    table.write_text(f"urn,{','.join(SCHOOL)}\n900001,{','.join(SCHOOL.values())}\n")
    words = ["value", "--rules", RULES, "--schools", str(table), "--absent-lines", "zero"]
    command = CliRunner().invoke(app, words)
    assert command.exit_code == 1
    assert ZERO_LAST_YEAR in " ".join(command.stderr.split())
    with pytest.raises(TableRefused, match="write none for a new school"):
        eb.read_schools([{"urn": 900001, **SCHOOL}], eb.read_rules(RULES), absent_lines="zero")


def test_none_beside_a_number_is_refused_by_the_page_in_its_own_words(client):
    """The page named the columns of a table, and a word that its boxes do not ask for."""
    answers = {**SCHOOL, "prior_budget": "none", "prior_pupils": "210", BLANKS: NONE}
    page = client.post(f"/notional-sen/{RULES}", data=answers)
    assert page.status_code == 422
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())
    assert (
        "Last year's budget share must not be none where another box about last year has a number"
        in text
    )
    assert "select New school" in text
    assert "prior_" not in text
