import re
from html import unescape

import pytest

from app.pages.fields import Part, fields_of, formula_of
from engine.money import pence
from engine.vocabulary import SchoolPhase
from tests.app.pages.statement import STATEMENT, WEST_SUSSEX
from tests.rule_library import compiled
from tests.worked_examples import cases

BEDFORD = "/notional-sen/bedford-2022-23"
TOY = "/notional-sen/toy-2025-26"


def words_of(answer) -> str:
    """Return what a page says, without its marks."""
    shown = re.sub(r"<(script|style|title).*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", shown).split())


def test_the_academy_of_the_published_statement_gets_the_budget_it_printed(client):
    expected = cases("notional_sen")["w1-west-sussex-academy"]["expected"]
    answer = client.post(WEST_SUSSEX, data=STATEMENT)
    assert answer.status_code == 200
    assert "£1,152,138.52" in words_of(answer)
    assert "20.74% of £5,555,790 formula funding" in words_of(answer)
    assert pence(expected["notional_sen"]) == 115_213_852


def test_an_address_with_the_answers_says_the_same_as_the_form(client):
    asked = client.get(WEST_SUSSEX, params=STATEMENT)
    assert asked.text == client.post(WEST_SUSSEX, data=STATEMENT).text


def test_the_link_to_keep_names_the_version_of_the_rules_and_says_the_same_again(client):
    answer = client.post(WEST_SUSSEX, data=STATEMENT)
    link = re.search(r'href="(/notional-sen/[^"]+)">Link to this result', answer.text)[1]
    assert "version=1" in link
    assert words_of(client.get(link.replace("&amp;", "&"))) == words_of(answer)


def test_a_factor_that_is_left_empty_is_not_known_and_never_nothing(client):
    answer = client.post(BEDFORD, data={"phase": "primary", "units_fsm6_primary": "31"})
    said = words_of(answer)
    assert "Notional SEN budget: partial result" in said
    assert "Not complete" in said
    assert "Not known, and left out Basic entitlement (primary)" in said


def test_a_factor_that_is_typed_as_0_is_known(client):
    known = {"phase": "primary", "units_fsm6_primary": "31", "units_fsm_primary": "0"}
    left_out = words_of(client.post(BEDFORD, data=known)).partition("Not known, and left out")[2]
    assert "Free school meals (primary)" not in left_out.partition("What the budget")[0]


def test_empty_boxes_count_as_none_where_somebody_says_so(client):
    answers = {"phase": "primary", "units_basic_entitlement_primary": "210", "blanks": "none"}
    said = words_of(client.post(BEDFORD, data=answers))
    assert "Not complete" not in said
    # 5% of 210 × £3,217 and of the lump sum of £121,300, and of the uplift nothing.
    assert "£39,843.50" in said


def test_a_school_without_last_year_is_told_that_its_guarantee_is_not_known(client):
    answers = {name: text for name, text in STATEMENT.items() if not name.startswith("prior")}
    said = words_of(client.post(WEST_SUSSEX, data=answers))
    assert "Not complete" not in said
    assert "£1,152,138.52" in said
    assert "formula funding, which is not complete" in said
    assert (
        "Minimum funding guarantee, cap and scaling: the figures of last year are not given" in said
    )
    working = said.partition("Working")[2]
    assert (
        "Minimum funding guarantee, cap and scaling A figure that it needs is missing Not known"
        in working
    )


def test_a_form_without_an_answer_asks_for_one(client):
    answer = client.post(BEDFORD, data={"phase": "primary"})
    assert answer.status_code == 422
    assert "Answer at least one question" in words_of(answer)


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("units_fsm_primary", "many", "Free school meals (primary) must be a number such as 31 or 31.5"),
        ("units_fsm_primary", "-3", "Free school meals (primary) must be from 0 to 100000"),
        ("amount_sparsity", "a lot", "Sparsity must be an amount in pounds such as 1250 or 1,250.50"),
        ("ehc_plans", "1.5", "Education, health and care (EHC) plans must be a whole number such as 31"),
        ("sen_support_cost", "abc", "Assumed cost of a pupil on SEN support must be an amount in pounds"),
        ("sen_support_cost", "2000000", "must be at most £1,000,000.00"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_in_the_words_of_its_question(client, name, typed, sentence):
    answer = client.post(BEDFORD, data={"phase": "primary", name: typed})
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert words_of(answer).count(sentence) == 2
    assert f'href="#{name}"' in answer.text
    assert f'value="{typed}"' in answer.text


@pytest.mark.parametrize(
    ("name", "typed", "plain"),
    [
        ("units_fsm_primary", "1,210", "1210"),
        ("units_fsm_primary", "1,210.5", "1210.5"),
        ("amount_sparsity", "1,250.50", "1250.50"),
        ("ehc_plans", "1,210", "1210"),
        ("sen_support_cost", "1,250.50", "1250.50"),
    ],
)
def test_a_number_with_its_thousands_apart_is_read_in_every_box(client, name, typed, plain):
    both = {
        "phase": "primary",
        "blanks": "none",
        "sen_support_pupils": "3",
        "sen_support_cost": "9",
    }
    apart, together = (client.post(BEDFORD, data={**both, name: one}) for one in (typed, plain))
    assert (apart.status_code, together.status_code) == (200, 200)
    figures = [re.findall(r"£[0-9,.]+", words_of(one)) for one in (apart, together)]
    assert figures[0] == figures[1]


@pytest.mark.parametrize("typed", ["1,21", "12,10", "1,,210", ",210", "1.210,5"])
def test_a_comma_elsewhere_is_refused(client, typed):
    answer = client.post(BEDFORD, data={"phase": "primary", "units_fsm_primary": typed})
    assert answer.status_code == 422


def test_every_mistake_is_said_at_once_in_the_order_of_the_questions(client):
    typed = {"phase": "primary", "ehc_plans": "x1", "units_fsm_primary": "y"}
    summary = client.post(BEDFORD, data=typed).text.partition("There is a problem")[2]
    assert summary.index("#units_fsm_primary") < summary.index("#ehc_plans")


def test_an_answer_that_the_rules_do_not_ask_for_is_named_and_never_left_out_in_silence(client):
    answer = client.get(BEDFORD, params={"phase": "primary", "units_fsm7_primary": "3"})
    assert answer.status_code == 422
    assert "the field units_fsm7_primary, which these rules do not use" in words_of(answer)


def test_what_is_typed_is_never_read_as_markup(client):
    typed = '"><script>alert(1)</script>'
    answer = client.post(BEDFORD, data={"phase": "primary", "units_fsm_primary": typed})
    assert "<script>alert" not in answer.text
    answer = client.get(BEDFORD, params={"phase": "primary", typed: "1"})
    assert "alert(1)" not in answer.text


def test_the_expected_calls_fall_short_in_words_and_figures(client):
    calls = {"sen_support_pupils": "140", "sen_support_cost": "£7,000", "ehc_plans": "31"}
    said = words_of(client.post(WEST_SUSSEX, data=STATEMENT | calls))
    assert "140 pupils × £7,000.00 £980,000.00" in said
    assert "31 plans × £6,000.00, the threshold of these rules £186,000.00" in said
    assert "Shortfall Budget less expected costs −£13,861.48" in said
    assert "The budget falls short of the expected costs by £13,861." in said


def test_headroom_is_not_known_until_every_call_is(client):
    said = words_of(client.post(WEST_SUSSEX, data=STATEMENT | {"ehc_plans": "31"}))
    assert "The number of pupils on SEN support is not given Not known" in said
    assert "Headroom or shortfall is not known until all the expected costs are." in said


def test_a_middle_school_is_asked_for_its_year_groups(client):
    page = client.get("/notional-sen/northumberland-2015-16", params={"phase": "middle"})
    assert "Year groups of primary age" in words_of(page)
    page = client.get("/notional-sen/northumberland-2015-16", params={"phase": "primary"})
    assert "Year groups of" not in words_of(page)


def test_a_secondary_school_is_asked_for_year_groups_where_its_minimum_level_depends_on_them(
    client,
):
    formula = formula_of(compiled("toy-2025-26"))
    asked = fields_of(formula, SchoolPhase.secondary)
    sent = {one.name: "0" for one in asked if one.part in (Part.pupils, Part.amounts)} | {
        "phase": "secondary",
        "units_basic_entitlement_ks3": "323",
        "units_basic_entitlement_ks4": "666",
    }
    page = client.get(TOY, params={"phase": "secondary"})
    assert "Leave it empty if the school has the 2 of most secondary schools." in words_of(page)
    usual, high = (
        client.post(TOY, data=sent | years) for years in ({}, {"ks3_years": "1", "ks4_years": "2"})
    )
    figures = [re.search(r'app-answer__figure">(.*?)<', one.text)[1] for one in (usual, high)]
    # A year group of key stage 3 and two of 4 make a higher level than three and two.
    assert figures[0] < figures[1]


def test_questions_come_from_the_rules_of_the_phase(client):
    said = words_of(client.get(BEDFORD, params={"phase": "primary"}))
    assert (
        "Free school meals (primary) £470.00 a pupil. 5% is notional SEN. In the statement: “FSM”. Pupils recorded as"
        " eligible for free school meals in the October census. Unconfirmed"
    ) in said
    assert "(secondary)" not in said
    assert "Lump sum is added automatically: £121,300.00, of which 5% is notional SEN." in said


def test_proposed_rules_are_called_a_proposal(client):
    said = words_of(client.get(TOY, params={"phase": "primary"}))
    assert "Proposed Academic year" in said
    assert "These rules are a proposal: no authority uses them." in said


def test_the_foot_names_rules_version_digest_and_arithmetic(client):
    said = words_of(client.post(WEST_SUSSEX, data=STATEMENT))
    assert re.search(
        r"By the published rules “[^”]+”, version 1, each value from its own day\. Published rules never change; their reference is [0-9a-f]{64} \.",
        said,
    )
    assert re.search(r"Evenband \d+\.\d+\.\d+, version 2 of the calculation\.", said)


def test_every_link_of_the_working_leads_to_its_clause(client):
    page = client.post(WEST_SUSSEX, data=STATEMENT).text
    rules = client.get("/rules/west-sussex-2021-22?version=1").text
    places = set(re.findall(r'href="/rules/west-sussex-2021-22\?version=1#([^"]+)"', page))
    assert len(places) == 21
    assert not {place for place in places if f'id="{place}"' not in rules}


def test_a_minimum_level_from_memory_is_marked_as_unconfirmed(client):
    answers = {"phase": "primary", "units_basic_entitlement_primary": "210", "blanks": "none"}
    working = words_of(client.post(WEST_SUSSEX, data=answers)).partition("Working Each line")[2]
    assert "Level of primary Unconfirmed" in working


def test_no_page_says_student_or_claims_to_be_government(client):
    for address in ("/", "/rules", "/accessibility", f"{BEDFORD}?phase=primary"):
        said = words_of(client.get(address)).lower()
        assert "student" not in said
        assert "gov.uk" not in said
        assert "not a government service" in said


@pytest.mark.parametrize("symbol", ["z", "x", "c"])
def test_a_symbol_of_tables_typed_into_a_box_is_a_mistake_and_never_nothing(client, symbol):
    answers = {"phase": "primary", "units_basic_entitlement_primary": "210", "blanks": "none"}
    page = client.get(BEDFORD, params={**answers, "units_fsm6_primary": symbol})
    assert "must be a number such as 31" in words_of(page)
    assert "£" not in page.text.partition("error-summary")[2].partition("</div>")[0]


def test_a_middle_school_without_year_groups_is_told_what_its_lump_sum_waits_for(client):
    answers = {"phase": "middle", "units_fsm_primary": "10", "blanks": "none"}
    page = client.get("/notional-sen/northumberland-2015-16", params=answers)
    assert "Lump sum (primary): the year groups of each age are not given" in words_of(page)


def test_rules_with_a_guarantee_ask_for_last_year_in_their_words(client):
    said = unescape(words_of(client.get(WEST_SUSSEX, params={"phase": "secondary"})))
    assert "Last year's budget share" in said
    assert "Last year's pupils" in said
    assert said.index("Last year's budget share") < said.index("Last year's pupils")


@pytest.mark.parametrize("send", ["get", "post"])
def test_an_answer_given_twice_is_refused_and_neither_is_left_out_in_silence(client, send):
    answers = "phase=primary&units_fsm6_primary=5&units_fsm6_primary=6"
    asked = (
        client.get(f"{BEDFORD}?{answers}")
        if send == "get"
        else client.post(
            BEDFORD, content=answers, headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
    )
    assert asked.status_code == 422
    assert "units_fsm6_primary" in asked.text
    assert "duplicate; give it once" in asked.text
