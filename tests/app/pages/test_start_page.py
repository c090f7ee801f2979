"""The start: authority, year and phase lead every school of England to questions that it can answer."""

import re
from html import unescape

import pytest

from engine.authority_codes import authority_codes
from engine.days import day_of
from tests.rule_library import DOCUMENTS

TODAY = "2026-27"


def asked(client, **chosen):
    return client.get("/", params=chosen, follow_redirects=False)


def choices(page, name):
    listed = page.partition(f'name="{name}"')[2].partition("</select>")[0]
    return dict(re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)<', listed))


def mistakes(page):
    return [unescape(one).strip() for one in re.findall(r"Error:</span> ([^<]+)</p>", page.text)]


def test_the_start_lists_every_authority_of_today_and_every_year_with_rules(client):
    page = client.get("/").text
    codes, names = zip(*choices(page, "la").items(), strict=True)
    of_today = {
        str(one.code): one.name
        for one in authority_codes().values()
        if one.last is None or one.last >= day_of("2026-04-01")
    }
    assert len(of_today) == 153
    assert set(codes) == set(of_today)
    assert [unescape(one) for one in names] == sorted(of_today.values())
    years = list(choices(page, "year"))
    assert years == sorted(years, reverse=True)
    assert {TODAY, "2025-26", "2022-23", "2015-16"} <= set(years)


def test_no_invented_rules_stand_among_those_of_schools(client):
    page = client.get("/").text.partition("<form")[2].partition("</form>")[0]
    assert not re.search("toy|proposed|candidate|invented", page, re.IGNORECASE)


@pytest.mark.parametrize("phase", ["primary", "secondary", "all_through", "middle"])
def test_a_school_of_any_authority_is_led_to_rules_of_this_year(client, phase):
    for code in choices(client.get("/").text, "la"):
        leads = asked(client, la=code, year=TODAY, phase=phase)
        assert leads.status_code == 303, code
        path, _, query = leads.headers["location"].partition("?")
        assert path.endswith(TODAY)
        assert f"phase={phase}" in query


@pytest.mark.parametrize("code", ["202", "383", "886", "936", "943"])
def test_a_school_gets_a_result_for_this_year(client, code):
    address = asked(client, la=code, year=TODAY, phase="primary").headers["location"]
    path, _, query = address.partition("?")
    answers = dict(one.split("=") for one in query.split("&"))
    answers |= {"blanks": "none", "percentages": "none", "units_low_prior_attainment_primary": "10"}
    if "la" in answers:
        answers |= {"percent_low_prior_attainment_primary": "100"}
    page = client.post(path, data=answers)
    assert page.status_code == 200
    # All of 10 × £1,200.
    assert "£12,000.00" in page.text


def test_an_authority_with_rules_of_its_own_is_led_to_them(client):
    for code, year, identifier in (
        ("929", "2025-26", "northumberland-2025-26"),
        ("929", "2015-16", "northumberland-2015-16"),
        ("886", TODAY, "kent-2026-27"),
        ("822", "2022-23", "bedford-2022-23"),
    ):
        leads = asked(client, la=code, year=year, phase="primary")
        assert leads.headers["location"] == f"/notional-sen/{identifier}?phase=primary"


def test_an_authority_without_rules_of_its_own_is_led_to_the_national_formula_of_the_year(client):
    leads = asked(client, la="383", year="2024-25", phase="secondary")
    assert leads.headers["location"] == "/notional-sen/nff-2024-25?phase=secondary&la=383"
    page = client.get(leads.headers["location"]).text
    assert "Leeds, secondary school" in page


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({}, ["Choose your local authority", "Choose the year", "Choose the phase of your school"]),
        ({"la": "383"}, ["Choose the year", "Choose the phase of your school"]),
        ({"la": "909", "year": TODAY, "phase": "primary"}, ["Cumbria ended on 31 March 2023: choose an earlier year"]),
        ({"la": "942", "year": "2021-22", "phase": "primary"}, ["Cumberland began on 1 April 2023: choose a later year"]),
        ({"la": "383", "year": "2015-16", "phase": "primary"}, ["There are no rules here for Leeds in 2015-16: choose another year, such as 2026-27"]),
        ({"la": "999", "year": "1999-00", "phase": "nursery"}, ["Choose your local authority", "Choose the year", "Choose the phase of your school"]),
    ],
)  # fmt: skip
def test_what_is_missing_or_does_not_exist_is_said_at_its_question(client, chosen, said):
    page = asked(client, **{"phase": "", **chosen})
    assert page.status_code == 422
    assert mistakes(page) == said


def test_a_link_to_one_rule_set_asks_for_the_phase_alone(client):
    page = asked(client, rules="toy-2025-26", phase="")
    assert page.status_code == 422
    assert mistakes(page) == ["Choose the phase of your school"]
    assert 'name="la"' not in page.text
    leads = asked(client, rules="toy-2025-26", phase="primary")
    assert leads.headers["location"] == "/notional-sen/toy-2025-26?phase=primary"


def test_shipped_rules_of_schools_are_one_of_an_authority_and_year():
    of_schools = [
        (one.authority and one.authority.code, one.funding_year, one.version)
        for one in DOCUMENTS.values()
        if one.schools_formula is not None and one.standing.value != "proposed"
    ]
    assert len(of_schools) == len(set(of_schools))
