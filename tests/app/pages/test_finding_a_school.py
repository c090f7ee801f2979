"""A school is found in the register by name, number or postcode, and its authority and phase are filled in."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.access import OWNER
from app.main import create_app
from app.models import RegisterSchool
from app.register.reading import read_register
from app.register.service import import_register, remove_register
from engine.data import FIXTURES

INVENTED = FIXTURES / "register" / "invented.csv"
YEAR = "2026-27"


@pytest.fixture
def caller(settings):
    app = create_app(settings)
    with TestClient(app) as caller:
        with app.state.database.writing() as session:
            import_register(OWNER, session, read_register(INVENTED))
        yield caller


def found(caller, text):
    page = caller.get("/", params={"find": text, "year": YEAR}).text
    pairs = re.findall(
        r'name="urn" type="radio" value="(\d+)".*?<label[^>]*>\s*(.*?)\s*</label>', page, re.DOTALL
    )
    return {int(urn): unescape(name) for urn, name in pairs}


def leads(caller, **sent):
    answer = caller.get("/", params=sent, follow_redirects=False)
    return answer.headers.get("location", answer.text)


def test_without_a_register_the_start_asks_for_authority_and_phase(client):
    page = client.get("/").text
    assert 'name="find"' not in page
    assert 'name="la"' in page


@pytest.mark.parametrize(
    ("text", "urns"),
    [
        ("9990004", [9990004]),
        ("zz2 3ce", [9990005, 9990006]),
        ("ZZ2", [9990004, 9990005, 9990006]),
        ("st cuthberts", [9990003]),
        ("St. Cuthbert\N{RIGHT SINGLE QUOTATION MARK}s C", [9990003]),
        ("orchard primary", [9990005, 9990006]),
        ("PRIMARY harb", []),
        ("first harbourton", [9990001]),
        ("chard", []),
        ("9990099", []),
        ("% _", []),
        ("99999999999999999999", []),
    ],
)
def test_a_school_is_found_by_name_town_number_or_postcode(caller, text, urns):
    assert list(found(caller, text)) == urns


def test_a_school_that_is_closed_comes_after_the_open_ones_and_says_so(caller):
    names = list(found(caller, "orchard primary").values())
    assert names == [
        "Invented Orchard Primary School, Orchard Green, Kent",
        "Invented Orchard Community Primary School, Orchard Green, Kent, closed on 31 March 2012",
    ]


@pytest.mark.parametrize(
    ("urn", "path", "phase", "la"),
    [
        (9990001, "/notional-sen/nff-2026-27", "primary", "929"),
        (9990002, "/notional-sen/nff-2026-27", "middle", "929"),
        (9990005, "/notional-sen/kent-2026-27", "primary", None),
        (9990007, "/notional-sen/nff-2026-27", "all_through", "800"),
        (9990011, "/notional-sen/nff-2026-27", "primary", "936"),
    ],
)
def test_a_school_leads_to_the_rules_of_its_authority_and_phase(caller, urn, path, phase, la):
    to = leads(caller, urn=urn, year=YEAR)
    assert to.startswith(f"{path}?phase={phase}&")
    assert f"urn={urn}" in to
    assert "school=Invented+" in to
    assert (f"la={la}" in to) == (la is not None)


def test_a_school_that_chooses_no_year_is_asked_for_it_alone(caller):
    page = leads(caller, urn=9990001)
    assert "Choose the year" in page
    assert "<details" not in page.partition("</main>")[0]
    assert "Choose your local authority" not in page
    assert '<option value="929" selected>' in page
    assert 'name="urn" value="9990001"' in page


@pytest.mark.parametrize("urn", [9990008, 9990009, 9990010, 9990012])
def test_a_school_that_the_formula_does_not_fund_is_told_so(caller, urn):
    answer = caller.get("/", params={"urn": urn, "year": YEAR})
    assert answer.status_code == 422
    assert "is not funded by the schools formula" in answer.text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"find": " "}, "Enter the name of your school, its URN or its postcode"),
        ({"find": "nowhere"}, "No school in the register is found by “nowhere”"),
        ({"urn": "12"}, "Choose your school"),
        ({"urn": "x" * 50}, "Choose your school"),
        ({"urn": ""}, "Choose your school"),
    ],
)
def test_what_finds_nothing_says_what_to_do(caller, sent, said):
    answer = caller.get("/", params=sent)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_school_of_an_authority_that_began_later_is_told_to_choose_a_later_year(caller):
    with caller.app.state.database.writing() as session:
        session.get(RegisterSchool, 9990001).authority = 942
    assert "Cumberland began on 1 April 2023" in leads(caller, urn=9990001, year="2022-23")


def test_the_pages_stand_without_a_register_again_once_it_is_removed(caller):
    with caller.app.state.database.writing() as session:
        assert remove_register(OWNER, session)
        assert not remove_register(OWNER, session)
    assert 'name="find"' not in caller.get("/").text
    # An old link to a school of the register still leads on, without the school.
    assert "Choose your local authority" in leads(caller, urn=9990001, year=YEAR)


def test_the_name_of_the_school_stands_on_its_pages_and_in_its_link(caller):
    to = leads(caller, urn=9990005, year=YEAR)
    form = caller.get(to).text
    assert "Invented Orchard Primary School<br>" in form
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    sent["school"] = re.search(r'id="school"[^>]* value="([^"]*)"', form)[1]
    result = caller.post(to.partition("?")[0], data={**sent, "units_fsm_primary": "10"})
    assert result.status_code == 200
    assert "Invented Orchard Primary School<br>" in result.text
    assert "school=Invented+Orchard+Primary+School&amp;urn=9990005" in result.text


@pytest.mark.parametrize("urn", ["1e3", "-5", "99999999", "<b>"])
def test_a_name_is_kept_as_a_name_and_no_number_that_is_none(caller, urn):
    page = caller.get(
        "/notional-sen/kent-2026-27",
        params={"phase": "primary", "school": "<b>A\n\nB</b>" + "x" * 200, "urn": urn},
    )
    assert page.status_code == 200
    assert "&lt;b&gt;A B&lt;/b&gt;xxx" in page.text
    assert "x" * 101 not in page.text
    assert 'name="urn"' not in page.text


def test_bands_are_those_of_the_authority_of_a_school_that_is_found(caller):
    page = caller.get("/bands", params={"find": "9990004"})
    assert page.status_code == 200
    assert 'name="urn"' in page.text
    chosen = caller.get("/bands", params={"urn": "9990004"})
    assert chosen.status_code == 200
    links = re.findall(r'href="(/bands/[^"]+)"', chosen.text)
    assert links
    plans = caller.get(unescape(links[0]))
    assert plans.status_code == 200
    assert '<input type="hidden" name="urn" value="9990004">' in plans.text


def test_a_school_that_is_in_no_register_is_said_on_the_page_of_bands(caller):
    answer = caller.get("/bands", params={"find": "nowhere"})
    assert answer.status_code == 422
    assert "choose the bands below" in unescape(answer.text)


def test_a_special_school_may_have_bands(caller):
    with caller.app.state.database.reading() as session:
        every = session.scalars(select(RegisterSchool)).all()
        special = [one.urn for one in every if "special" in one.kind.lower()]
    assert special
    for urn in special:
        assert caller.get("/bands", params={"urn": str(urn)}).status_code == 200
