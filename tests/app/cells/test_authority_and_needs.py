"""A cell can say what a price reads: the authority, needs, and that there is none of something; so can a workbook."""

import pytest

from app.workbooks.bands import band_sheet
from engine.rules.compile import compile_rules
from tests.app.invented import served
from tests.builders import banded, rule_set

BY_LA = {
    "rows": [{"when": {"la": ["202"]}, "value": "9000"}, {"when": {"la": ["203"]}, "value": "8000"}]
}
BY_NEED = [
    {"band": "B", "when": {"secondary_need": ["none"]}, "pounds": "3650"},
    {"band": "B", "when": {"secondary_need": ["ASD", "SLCN"], "primary_need": ["MLD"]}, "pounds": "7300"},
    {"band": "B", "pounds": "36500"},
    {"band": "C", "when": {"score": ["50+"]}, "pounds": "500"},
    {"band": "C", "pounds": "100"},
]  # fmt: skip
RULES = rule_set(
    identifier="invented-places",
    **banded([{"band": "A", "pounds": BY_LA}, *BY_NEED], ["A", "B", "C"]),
)


@pytest.fixture
def ask(settings):
    with served(settings, (RULES,)) as caller:

        def asked(cell, **query):
            return caller.get(f"/v1/cells/invented-places/{cell}", params=query)

        yield asked


NEEDS = {"primary_need": "MLD", "score": "10", "secondary_need": "none"}


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ({"band": "A", "la": "202"}, "9000.00"),
        ({"band": "A", "la": "203"}, "8000.00"),
        ({"band": "B", "la": "202"}, "3650.00"),
        ({"band": "B", "la": "202", "secondary_need": "ASD"}, "7300.00"),
        ({"band": "B", "la": "202", "secondary_need": "MLD"}, "36500.00"),
        ({"band": "C", "la": "202", "score": "60"}, "500.00"),
    ],
)
def test_a_cell_says_the_authority_the_needs_and_none(ask, query, text):
    answer = ask("tariff", **NEEDS | query)
    assert (answer.status_code, answer.text) == (200, text)


def test_what_is_missing_is_named_and_can_be_given(ask):
    missing = ask("tariff", band="A")
    places = {one["place"]: one["sentence"] for one in missing.json()["problems"]}
    assert places == dict.fromkeys(
        ("la", "primary_need", "secondary_need", "score"), "is missing; these rules need it"
    )
    given = {"la": "202", **NEEDS}
    assert ask("tariff", band="A", **{name: given[name] for name in places}).text == "9000.00"


@pytest.mark.parametrize(
    ("name", "value"), [("la", "abc"), ("secondary_need", "nobody"), ("score", "many")]
)
def test_a_wrong_word_is_refused_by_its_name(ask, name, value):
    answer = ask("tariff", band="A", **{"la": "202", **NEEDS, name: value})
    assert [one["place"] for one in answer.json()["problems"]] == [name]


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ({"start": "2025-04-01", "end": "none"}, "9000.00"),
        ({"start": "none", "end": "none"}, "9000.00"),
        ({"start": "2026-03-31", "end": "none"}, "24.66"),
        ({"start": "none", "end": "2025-04-01"}, "24.66"),
    ],
)
def test_a_cell_says_that_there_is_no_first_or_last_day(ask, days, text):
    assert ask("band-pays", band="A", la="202", **NEEDS, **days).text == text


def test_a_day_that_is_none_of_the_year_is_refused_as_before(ask):
    wrong = ask("band-pays", band="A", la="202", **NEEDS, start="none", end="2026-04-01")
    assert [one["rule"] for one in wrong.json()["problems"]] == ["outside-year"]
    unread = ask("band-pays", band="A", la="202", **NEEDS, start="never", end="none")
    assert [one["place"] for one in unread.json()["problems"]] == ["query.start"]


def test_a_workbook_has_a_column_for_each_of_them():
    sheet = band_sheet(compile_rules(RULES))
    names = [one.name for one in sheet.inputs]
    assert names[:5] == ["band", "la", "primary_need", "secondary_need", "score"]
    assert [one["la"] for one in sheet.examples] == [201, 201]
    assert {one.name: one.codes for one in sheet.inputs}["secondary_need"][0] == "none"


BAND_PAYS = {"band": "12", "sen_provision": "E", "setting": "mainstream", "start": "2025-04-01", "end": "2026-03-31"}  # fmt: skip


@pytest.mark.parametrize(
    ("la", "words"),
    [("893", "these rules pay for 894 (Telford and Wrekin) alone"), ("909", "which ended on 31 March 2023")],
)  # fmt: skip
@pytest.mark.parametrize("cell", ["tariff", "band-pays"])
def test_a_cell_refuses_a_pupil_of_an_authority_whose_pupils_a_run_sets_apart(
    client, la, words, cell
):
    query = BAND_PAYS if cell == "band-pays" else {"band": "12"}
    address = f"/v1/cells/telford-and-wrekin-2025-26/{cell}"
    assert client.get(address, params={**query, "la": "894"}).status_code == 200
    refused = client.get(address, params={**query, "la": la})
    assert refused.status_code == 422
    [problem] = refused.json()["problems"]
    assert problem["place"] == "la"
    assert words in problem["sentence"]
