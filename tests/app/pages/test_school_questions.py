"""Questions about the school itself are asked only where the rules use the answers."""

import re
from html import escape, unescape

import pytest

from app.pages.fields import Asks, Part, fields_of
from engine.vocabulary import SchoolPhase
from tests.app.invented import SCHOOL, served
from tests.app.pages.test_notional_sen_page import BEDFORD, words_of
from tests.rule_library import compiled

PAGE = "/notional-sen/invented-fringed"
ANSWERS = {name: text for name, text in SCHOOL.items() if name != "urn"}
ASKED = ("sparsity_distance", "days_open", "reception_difference", "london_fringe")


@pytest.fixture
def caller(settings):
    with served(settings) as one:
        yield one


def test_each_is_asked_in_the_words_of_the_rules(caller):
    page = caller.get(PAGE, params={"phase": "primary"})
    said = words_of(page)
    for name in ASKED:
        assert f'name="{name}"' in page.text
    assert "About the school" in said
    assert "Sparsity (primary): up to £57,000.00 for fewer than 21.4 pupils a year group" in said
    assert "Split sites £50,000.00 a unit. None of this counts as notional SEN." in said
    assert 'name="amount_sparsity_primary"' not in page.text


def test_rules_that_do_not_use_them_do_not_ask(client):
    page = client.get(BEDFORD, params={"phase": "primary"})
    assert not [name for name in ASKED if f'name="{name}"' in page.text]
    assert "About the school" not in words_of(page)


def test_sparsity_is_asked_in_the_phase_that_earns_it_alone(caller):
    page = caller.get(PAGE, params={"phase": "secondary"})
    assert 'name="sparsity_distance"' not in page.text
    assert 'name="reception_difference"' not in page.text
    middle = words_of(caller.get(PAGE, params={"phase": "middle"}))
    assert "Sparsity (middle): up to £80,000.00" in middle
    assert "Sparsity (primary)" not in middle


def test_the_answers_come_to_a_budget_with_the_fringe_among_its_parts(caller):
    said = words_of(caller.post(PAGE, data=ANSWERS))
    assert "Not complete" not in said
    assert "£14,017.50" in said
    assert "London fringe 4.76% of the budget £667.50" in said
    assert "Share earned, by how small and remote the school is £28,500.00" in said


def test_an_empty_multiplier_or_distance_is_not_known(caller):
    gone = {name: text for name, text in ANSWERS.items() if name not in ASKED}
    said = words_of(caller.post(PAGE, data=gone)).partition("Not known, and left out")[2]
    assert "Sparsity (primary)" in said
    assert "London fringe multiplier" in said


def test_an_empty_distance_counts_as_none_where_somebody_says_so_and_the_multiplier_does_not(
    caller,
):
    gone = {name: text for name, text in ANSWERS.items() if name not in ASKED}
    said = words_of(caller.post(PAGE, data={**gone, "blanks": "none"}))
    left_out = said.partition("Not known, and left out")[2].partition("What the budget")[0]
    assert left_out.strip() == "London fringe: the London fringe multiplier is not given"


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("sparsity_distance", "far", "must be a number of miles such as 2.4"),
        ("london_fringe", "0.9", "London fringe multiplier must be from 1 to 2"),
        ("days_open", "400", "Days of the year that the school is open must be from 0 to 366"),
        ("units_split_sites", "two", "Split sites must be a number such as 2 or 0.5"),
    ],
)
def test_a_mistake_is_said_in_the_words_of_its_question(caller, name, typed, sentence):
    answer = caller.post(PAGE, data={**ANSWERS, name: typed})
    assert answer.status_code == 422
    assert sentence in words_of(answer)


def test_a_formula_with_a_guarantee_asks_for_last_year_s_budget_and_pupils_in_their_own_units(
    client,
):
    rules = compiled("west-sussex-2021-22")
    fields = fields_of(rules.formula, SchoolPhase.primary)
    asked = {one.name: one for one in fields if one.part is Part.last_year}
    assert {name: one.asks for name, one in asked.items()} == {
        "prior_budget": Asks.pounds,
        "prior_pupils": Asks.pupils,
        "prior_amount_lump_sum": Asks.pounds,
        "prior_amount_sparsity": Asks.pounds,
        "prior_amount_rates": Asks.pounds,
    }
    assert "pupils" in asked["prior_pupils"].label
    text = client.get("/notional-sen/west-sussex-2021-22?phase=primary").text
    for one in asked.values():
        label = re.escape(escape(one.label, quote=False)).replace("'", "(?:'|&#39;)")
        assert re.search(rf'<label[^>]*for="{one.name}"[^>]*>\s*{label}\s*</label>', text)


NEW = {
    "phase": "primary",
    "units_basic_entitlement_primary": "100",
    "blanks": "none",
    "new_school": "yes",
}


def test_a_new_school_is_protected_by_nothing_and_its_link_says_that_it_is_new(client):
    answer = client.post("/notional-sen/west-sussex-2021-22", data=NEW)
    assert answer.status_code == 200
    said = words_of(answer)
    assert "New school, which had no last year to compare with" in said
    assert "Not complete" not in said
    assert "new_school=yes" in answer.text
    again = client.get("/notional-sen/west-sussex-2021-22", params=NEW)
    assert "New school, which had no last year to compare with" in words_of(again)


def test_a_new_school_with_figures_of_last_year_is_asked_to_leave_them_empty(client):
    answer = client.post("/notional-sen/west-sussex-2021-22", data=NEW | {"prior_pupils": "90"})
    assert answer.status_code == 422
    sentence = "Last year's pupils must be empty for a new school, which had no last year"
    assert sentence in unescape(words_of(answer))


def test_a_new_school_is_not_asked_of_rules_without_a_guarantee(caller):
    assert "new_school" not in caller.get(f"{PAGE}?phase=primary").text
    answer = caller.post(PAGE, data={**ANSWERS, "new_school": "yes"})
    assert answer.status_code == 422
    assert "it has the field new_school, which these rules do not use" in words_of(answer)
