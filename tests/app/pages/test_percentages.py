"""The percentages of a school's own authority, typed where the rules leave them open."""

import csv
import io
import re
from decimal import Decimal
from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NATIONAL = "/notional-sen/nff-2026-27"
LEEDS = {"phase": "primary", "la": "383", "blanks": "none", "percentages": "none"}
PUPILS = {"units_basic_entitlement_primary": "210", "units_fsm6_primary": "48"}


def words_of(answer) -> str:
    shown = re.sub(r"<(script|style|title).*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def budget(answer) -> str:
    return re.search(r'app-answer__figure">([^<]+)<', answer.text)[1]


def test_the_percentages_of_a_statement_give_its_notional_budget(client):
    typed = {"percent_basic_entitlement_primary": "5", "percent_fsm6_primary": "70%"}
    answer = client.post(NATIONAL, data=LEEDS | PUPILS | typed)
    # 5% of 210 × £4,064 and 70% of 48 × £1,210.
    assert budget(answer) == "£83,328.00"
    said = words_of(answer)
    assert "Leeds, primary school" in said
    assert "Notional SEN percentage (entered on this page) 70%" in said
    assert "This is a what-if" not in said
    assert "Proposed" not in said


def test_one_percentage_of_income_deprivation_counts_for_all_of_its_bands(client):
    pupils = {f"units_idaci_{band}_primary": "10" for band in "abcdef"}
    answer = client.post(NATIONAL, data=LEEDS | pupils | {"percent_idaci_primary": "50"})
    # Half of 10 × (£240 + £290 + £455 + £500 + £530 + £700).
    assert budget(answer) == "£13,575.00"


def test_an_empty_percentage_is_not_known_unless_it_is_said_to_be_0(client):
    typed = {"percent_basic_entitlement_primary": "5"}
    unsaid = {name: text for name, text in LEEDS.items() if name != "percentages"}
    partial = words_of(client.post(NATIONAL, data=unsaid | PUPILS | typed))
    assert "Not complete" in partial
    unknown = "its notional SEN percentage is not entered"
    assert f"Free school meals, last six years (primary): {unknown}" in partial
    assert "not printed" not in partial
    whole = client.post(NATIONAL, data=LEEDS | PUPILS | typed)
    assert "Not complete" not in words_of(whole)
    assert budget(whole) == "£42,672.00"


@pytest.mark.parametrize("typed", ["half", "101", "-1", "5.00001", "1e1", "50 70"])
def test_what_is_no_percentage_is_refused_at_its_box_and_kept(client, typed):
    answer = client.post(NATIONAL, data=LEEDS | PUPILS | {"percent_idaci_primary": typed})
    assert answer.status_code == 422
    label = "Income deprivation (IDACI), all bands (primary)"
    said = f"{label} must be a percentage from 0 to 100, such as 5 or 12.5"
    assert words_of(answer).count(said) == 2
    assert f'value="{typed}"' in answer.text
    assert 'href="#percent_idaci_primary"' in answer.text


def test_a_share_is_questioned_and_one_button_makes_it_a_percentage(client):
    answer = client.post(NATIONAL, data=LEEDS | PUPILS | {"percent_fsm6_primary": "0.7"})
    said = words_of(answer)
    assert "is below 1: did you mean 70%?" in said
    assert "schools_formula" not in said.partition("Working")[0]
    link = unescape(re.search(r'href="([^"]+)"[^>]*>Use 70<', answer.text)[1])
    assert budget(client.get(link)) == "£40,656.00"


def test_the_address_of_a_result_holds_authority_and_percentages(client):
    typed = {"percent_basic_entitlement_primary": "5"}
    answer = client.post(NATIONAL, data=LEEDS | PUPILS | typed)
    link = unescape(re.search(r'href="(/notional-sen/[^"]+)">Link to this result', answer.text)[1])
    assert words_of(client.get(link)) == words_of(answer)


def test_another_unit_value_is_tried_beside_the_percentages(client):
    tried = {"override": "schools_formula.factors.basic_entitlement.primary.unit_value=4000"}
    typed = {"percent_basic_entitlement_primary": "5"}
    answer = client.post(NATIONAL, data=LEEDS | PUPILS | typed | tried)
    said = words_of(answer)
    assert budget(answer) == "£42,000.00"
    assert "This number is yours, in place of those of the national formula" in said
    assert "As published £42,672.00 With what is tried £42,000.00" in said


def test_only_what_a_source_does_not_print_is_asked_of_an_authority_with_rules(client):
    page = client.get("/notional-sen/southend-on-sea-2025-26?phase=primary").text
    asked = set(re.findall(r'name="(percent_[a-z0-9_]+)"', page))
    assert "percent_low_prior_attainment_primary" in asked
    assert "percent_basic_entitlement_primary" not in asked
    assert not re.findall(
        r'name="percent_', client.get("/notional-sen/kent-2024-25?phase=primary").text
    )


def test_the_share_of_level_and_guarantee_money_is_asked_where_it_is_named_without_a_figure(client):
    page = client.get("/notional-sen/kent-2021-22?phase=secondary").text
    assert 'name="percent_minimum_level"' in page
    assert 'name="percent_guarantee"' in page


def test_a_wrong_authority_in_an_address_is_said(client):
    for code in ("999", "x", "38\uff13"):
        answer = client.get(NATIONAL, params=LEEDS | PUPILS | {"la": code})
        assert answer.status_code == 422
        assert "names no local authority of England" in words_of(answer)
    other = client.get("/notional-sen/kent-2024-25", params=LEEDS | PUPILS)
    assert other.status_code == 422


def test_the_files_of_a_result_name_what_was_entered(client):
    typed = {"percent_basic_entitlement_primary": "5"}
    answers = LEEDS | PUPILS | typed
    file = client.get(f"{NATIONAL}/working.csv", params=answers)
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert any("42672.00" in row.values() for row in rows)
    workbook = client.get(f"{NATIONAL}/working.xlsx", params=answers)
    assert workbook.status_code == 200


percents = st.decimals("0", "100", places=2, allow_nan=False)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(basic=percents, fsm6=percents, pupils=st.integers(0, 1500), poor=st.integers(0, 400))
def test_percentages_typed_pay_what_a_document_with_them_pays(client, basic, fsm6, pupils, poor):
    counts = {
        "units_basic_entitlement_primary": str(pupils),
        "units_fsm6_primary": str(poor),
    }
    typed = {"percent_basic_entitlement_primary": f"{basic}", "percent_fsm6_primary": f"{fsm6}"}
    answer = client.post(NATIONAL, data=LEEDS | counts | typed)
    part = [
        (Decimal(pupils) * 4064 * basic / 100).quantize(Decimal("0.01"), "ROUND_HALF_UP"),
        (Decimal(poor) * 1210 * fsm6 / 100).quantize(Decimal("0.01"), "ROUND_HALF_UP"),
    ]
    assert budget(answer) == f"£{sum(part):,.2f}"
