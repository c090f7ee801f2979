"""Figures of an authority's own tables, and of a budget that a school knows, are questioned by API, command and page alike."""

import json
from html import unescape

import pytest
from typer.testing import CliRunner

from app.cli import app

GRANT, RATE = "dedicated-schools-grant-2023-24", "toy-targeted-rate-2025-26"
SCHOOL = {"urn": "900001", "notional_sen": "60000", "ehc_plans": "12", "pupils": "210"}
TRUE = {**SCHOOL, "sen_support_pupils": "30"}
NEEDS = {**TRUE, "sen_support_pupils": "300"}
SHARE = {**TRUE, "pupils": "0.21", "sen_support_pupils": "0"}
PENCE = {**TRUE, "notional_sen": "6000000"}
QUESTIONS = {
    "needs": (NEEDS, "312 with plans or on SEN support are more than the school's 210 pupils."),
    "share": (SHARE, "0.21 is less than one pupil: is it a share?"),
    "amount": (PENCE, "£28571.43 a pupil is far from any known: pounds or pence?"),
}


def asked(client, what, rules, **body):
    answer = client.post(f"/v1/what-ifs/{what}", json={"rule_set": rules, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()["warnings"]


def command(tmp_path, name, option, rules, rows):
    table, out = tmp_path / "table.csv", tmp_path / "out.csv"
    lines = [",".join(rows[0]), *(",".join(one.values()) for one in rows)]
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    words = [name, "--rules", rules, option, str(table), "--out", str(out)]
    answer = CliRunner().invoke(app, words)
    assert answer.exit_code == 0, answer.output
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text(encoding="utf-8"))
    return answer.stderr, {one["kind"]: one["number"] for one in manifest["warnings"]}


def test_true_figures_raise_no_warning(client, tmp_path):
    assert asked(client, "targeted-funding", RATE, schools=[TRUE]) == []
    said, counted = command(tmp_path, "targeted", "--schools", RATE, [TRUE])
    assert ("check:" in said, counted) == (False, {})
    page = {name: text for name, text in TRUE.items() if name != "urn"}
    assert "app-check" not in client.get(f"/budget-check/{RATE}", params=page).text


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_budget_and_its_needs_are_questioned_everywhere_in_the_same_words(client, tmp_path, kind):
    school, words = QUESTIONS[kind]
    (warning,) = asked(client, "targeted-funding", RATE, schools=[school])
    assert (warning["kind"], warning["row"]) == (kind, 1)
    assert words in warning["sentence"]
    said, counted = command(tmp_path, "targeted", "--schools", RATE, [school])
    assert f"check: row 2: {warning['sentence']}" in said
    assert counted == {kind: 1}
    answers = {name: text for name, text in school.items() if name != "urn"}
    shown = client.get(f"/budget-check/{RATE}", params=answers).text
    assert warning["sentence"] in unescape(shown).replace("\u2019", "'")


def test_a_share_of_a_place_is_questioned(client, tmp_path):
    place = {"la": "202", "place_type": "pre16_ap", "places_1": "0.5", "places_2": "2"}
    (warning,) = asked(client, "places", GRANT, places=[place])
    assert warning["sentence"] == "0.5 is less than one place: is it a share?"
    said, counted = command(tmp_path, "places", "--places", GRANT, [place])
    assert warning["sentence"] in said
    assert counted == {"share": 1}


def test_pence_for_pounds_in_one_authority_s_block_are_questioned(client, tmp_path):
    terms = {
        "floor_and_gains_elements": "5000000", "basic_entitlement_unit": "4660.00",
        "special_school_pupils": "10", "import_export_adjustment": "-60000",
        "special_free_schools": "0", "hospital_pay_pension_supplementary": "0",
        "additional_allocation": "900000",
    }  # fmt: skip
    rows = [{"la": code, **terms} for code in ("202", "203", "204", "205")]
    assert asked(client, "high-needs-block", GRANT, authorities=rows) == []
    rows[2]["floor_and_gains_elements"] = "500000000"
    found = asked(client, "high-needs-block", GRANT, authorities=rows)
    assert {(one["kind"], one["row"]) for one in found} == {("amount", 3)}
    assert [one["columns"] for one in found] == [["total"], ["floor_and_gains_elements"]]
    said, counted = command(tmp_path, "block", "--terms", GRANT, rows)
    assert all(one["sentence"] in said for one in found)
    assert counted == {"amount": 2}


def test_a_check_takes_a_budget_below_nothing_as_other_entries_do(client):
    shown = client.get(f"/budget-check/{RATE}", params={"notional_sen": "-1200.50", "pupils": "210", "ehc_plans": "3"})  # fmt: skip
    assert shown.status_code == 200
    assert "−£1,200.50" in shown.text or "-£1,200.50" in shown.text
    low = client.get(f"/budget-check/{RATE}", params={"notional_sen": "-900000000"})
    assert "must be at least" in low.text
