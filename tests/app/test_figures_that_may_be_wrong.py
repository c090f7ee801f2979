"""Figures that may be wrong are questioned by page, API, cell and command alike, and change no amount."""

import json
import re
from html import unescape

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.pages.answers import BLANKS, NONE

RULES = "northumberland-2025-26"
TRUE = {
    "units_basic_entitlement_primary": "210",
    "units_fsm6_primary": "48",
    "units_low_prior_attainment_primary": "58.695",
}
SHARE = {**TRUE, "units_low_prior_attainment_primary": "0.2795"}
TOO_MANY = {**TRUE, "units_fsm6_primary": "500"}
MEANT = "27.95% of 210 is 58.695: did you mean that?"


def page(client, counts):
    answers = {"phase": "primary", **counts, BLANKS: NONE}
    return client.get(f"/notional-sen/{RULES}", params=answers)


def asked(client, counts, **more):
    school = {"urn": "900001", "phase": "primary", **counts, **more}
    body = {"rule_set": RULES, "schools": [school], "absent_lines": "zero"}
    answer = client.post("/v1/what-ifs/notional-sen", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def cell(client, counts, **more):
    query = {"phase": "primary", "others": "0", **counts, **more}
    return client.get(f"/v1/cells/{RULES}/notional-sen", params=query)


def command(tmp_path, counts, *options, rows=1):
    names = ["urn", "phase", *counts]
    lines = [",".join([str(900_001 + at), "primary", *counts.values()]) for at in range(rows)]
    table = tmp_path / "schools.csv"
    table.write_text("\n".join([",".join(names), *lines]) + "\n", encoding="utf-8")
    words = ["value", "--rules", RULES, "--schools", str(table), "--absent-lines", "zero"]
    return CliRunner().invoke(app, [*words, *map(str, options)])


def test_true_counts_raise_no_warning_anywhere(client, tmp_path):
    assert "app-check" not in page(client, TRUE).text
    assert asked(client, TRUE)["warnings"] == []
    assert cell(client, TRUE).headers["Evenband-Warnings"] == "0"
    assert cell(client, TRUE, warnings="text").text == "none"
    assert "check:" not in command(tmp_path, TRUE).stderr


def test_a_share_typed_for_a_count_is_questioned_everywhere_in_the_same_words(client, tmp_path):
    shown = unescape(page(client, SHARE).text)
    (warning,) = asked(client, SHARE)["warnings"]
    assert warning["sentence"].endswith(MEANT)
    assert warning["row"] == 1
    assert warning["correction"] == {
        "column": "units_low_prior_attainment_primary", "value": "58.695"
    }  # fmt: skip
    assert MEANT in shown
    assert cell(client, SHARE).headers["Evenband-Warnings"] == "1"
    assert cell(client, SHARE, warnings="text").text == warning["sentence"]
    assert f"check: row 2: {warning['sentence']}" in command(tmp_path, SHARE).stderr


def test_the_page_corrects_a_share_by_one_press(client):
    shown = page(client, SHARE).text
    link = unescape(re.search(r'href="([^"]+)">Use 58.695', shown)[1])
    corrected = client.get(link).text
    assert "app-check" not in corrected
    figure = re.search(r'app-answer__figure">([^<]+)<', corrected)[1]
    assert figure == re.search(r'app-answer__figure">([^<]+)<', page(client, TRUE).text)[1]


def test_several_shares_are_corrected_by_one_press(client):
    shares = {**SHARE, "units_fsm6_primary": "0.2"}
    link = unescape(re.search(r'href="([^"]+)">Use all of these', page(client, shares).text)[1])
    assert "units_fsm6_primary=42&" in link
    assert "app-check" not in client.get(link).text


def test_a_warning_does_not_change_the_number_of_a_cell(client):
    answer = cell(client, TOO_MANY)
    assert re.fullmatch(r"[0-9]+\.[0-9]{2}", answer.text)
    assert answer.text == asked(client, TOO_MANY)["schools"][0]["notional_sen"]
    assert (
        "500 is more than the school's 210 primary pupils"
        in cell(client, TOO_MANY, warnings="text").text
    )


def test_a_factor_s_cell_questions_a_share_too(client):
    query = {"line": "fsm6_primary", "units": "0.2286", "part": "amount"}
    answer = client.get(f"/v1/cells/{RULES}/factor", params=query)
    assert answer.headers["Evenband-Warnings"] == "1"


def test_many_schools_with_one_fault_have_one_line_and_a_count_in_the_manifest(tmp_path):
    out = tmp_path / "totals.csv"
    answer = command(tmp_path, TOO_MANY, "--out", out, rows=500)
    assert answer.exit_code == 0, answer.output
    assert len([one for one in answer.stderr.splitlines() if one.startswith("check:")]) <= 2
    assert "500 rows (2, 3, 4, …): a line counts more pupils than the school has" in answer.stderr
    manifest = json.loads((tmp_path / "totals.csv.manifest.json").read_text(encoding="utf-8"))
    counted = {one["kind"]: one["number"] for one in manifest["warnings"]}
    assert counted["more_than_all"] == 500


COSTLY = {"pupil_key": "secret-key", "la": "201", "band": "A", "assessed_cost": "8765432.10"}


@pytest.fixture
def by_cost(tmp_path):
    """Return rules of two bands: a sum, and the assessed cost."""
    from engine.rules.load import canonical  # noqa: PLC0415 - for this alone
    from tests.builders import banded, rule_set  # noqa: PLC0415

    prices = [{"band": "A", "assessed_cost": True}, {"band": "B", "pounds": "14600"}]
    path = tmp_path / "rules.yaml"
    path.write_text(canonical(rule_set(**banded(prices, ["A", "B"]))), encoding="utf-8")
    return path


def test_a_cost_far_from_every_price_is_questioned_without_the_pupil_s_value(tmp_path, by_cost):
    table = tmp_path / "pupils.csv"
    table.write_text(f"{','.join(COSTLY)}\n{','.join(COSTLY.values())}\n", encoding="utf-8")
    answer = CliRunner().invoke(app, ["value", "--rules", str(by_cost), "--pupils", str(table)])
    assert "check: row 2: assessed_cost is far from every price" in answer.stderr
    for value in ("secret-key", "8765432"):
        assert value not in answer.stderr
