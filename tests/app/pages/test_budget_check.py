"""A school that knows its budget holds it against its calls under rules that pay for many plans."""

import csv
import io

import pytest

from tests.app.pages.test_notional_sen_page import words_of

WINDSOR = "/budget-check/windsor-and-maidenhead-2018-19"
RATE = "/budget-check/toy-targeted-rate-2025-26"
TIERS = "/budget-check/toy-targeted-tiers-2025-26"
NORTHUMBERLAND = "/budget-check/northumberland-2025-26"
SCHOOL = {
    "notional_sen": "£34,100",
    "sen_support_pupils": "10",
    "sen_support_cost": "1500",
    "ehc_plans": "5",
}


def told(client, address, **answers):
    return words_of(client.post(address, data=SCHOOL | answers))


def test_the_start_leads_to_every_published_rule_set_that_pays_for_many_plans(client):
    page = client.get("/").text
    for address in (WINDSOR, NORTHUMBERLAND):
        assert f'href="{address}"' in page
    for invented in (RATE, TIERS):
        assert f'href="{invented}"' not in page


def test_a_budget_is_held_against_calls_though_a_shared_pot_leaves_the_extra_unsaid(client):
    said = told(client, WINDSOR)
    assert "Notional SEN budget: £34,100.00" in said
    assert "5 plans × £6,000.00, the threshold of these rules £30,000.00" in said
    assert "The budget falls short of the expected costs by £10,900." in said
    assert "Not worked out: it depends on other schools" in said
    assert "Total available, shared between schools" in said


def test_the_same_school_is_due_the_same_as_on_the_page_of_the_whole_formula(client):
    assert "£18,000 extra would be due under these rules." in told(client, NORTHUMBERLAND)


def test_plans_above_a_rate_ask_for_pupils_and_need_no_budget(client):
    assert 'name="pupils"' in client.get(RATE).text
    assert 'name="pupils"' not in client.get(WINDSOR).text
    # Two and a half of five plans are not paid for.
    assert "£15,000 extra would be due" in told(client, RATE, pupils="100", notional_sen="")
    # The address, and the code that goes with it, hold what was typed.
    typed, plain = (
        told(client, RATE, pupils=text).partition("Check code")[0] for text in ("1,210.5", "1210.5")
    )
    assert typed == plain
    assert "the number of pupils is not known" in told(client, RATE)


def test_tiers_pay_a_share_of_calls_by_what_they_take_of_the_budget(client):
    said = told(client, TIERS, notional_sen="20000")
    # 25 % from 10,000 to 20,000, then 75 % from 20,000 to 30,000, where the calls end.
    assert "£10,000 extra would be due" in said
    assert "25% of the cost of plans beyond 50% of the budget" in said


def test_a_budget_that_is_not_given_is_not_known_and_never_nought(client):
    said = told(client, TIERS, notional_sen="")
    assert "Notional SEN budget: Not known" in said
    assert "Not worked out: the whole notional SEN budget is not known." in said
    assert "Headroom or shortfall is not known until the whole budget is." in said


@pytest.mark.parametrize(
    ("address", "name", "typed", "sentence"),
    [
        (WINDSOR, "notional_sen", "lots", "Notional SEN budget must be an amount in pounds"),
        (WINDSOR, "notional_sen", "900000000", "must be at most £100,000,000.00"),
        (WINDSOR, "ehc_plans", "1.5", "Education, health and care (EHC) plans must be a whole number"),
        (RATE, "pupils", "many", "Pupils of the school must be a number such as 31 or 31.5"),
        (WINDSOR, "units_fsm", "3", "the field units_fsm, which these rules do not use"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_in_the_words_of_its_question(client, address, name, typed, sentence):
    answer = client.post(address, data={name: typed})
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert sentence in words_of(answer)


def test_a_check_without_an_answer_asks_for_one(client):
    answer = client.post(WINDSOR, data={})
    assert answer.status_code == 422
    assert "Enter the notional SEN budget" in words_of(answer)


def test_rules_without_targeted_funding_have_no_check(client):
    assert client.get("/budget-check/bedford-2022-23").status_code == 404


def test_the_check_is_taken_away_as_it_stands(client):
    page = client.post(NORTHUMBERLAND, data=SCHOOL).text
    link = page.partition("/check.csv?")[2].partition('"')[0].replace("&amp;", "&")
    answer = client.get(f"{NORTHUMBERLAND}/check.csv?{link}")
    rows = {row["Step"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    assert rows["Extra funding due"]["Value"] == "18000.00"
    assert rows["Headroom once it is paid"]["Value"] == "7100.00"
    assert (
        'filename="budget-check-northumberland-2025-26.csv"'
        in (answer.headers["content-disposition"])
    )
    assert client.get(f"{NORTHUMBERLAND}/check.xlsx?{link}").status_code == 200


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_download_with_a_mistake_leads_to_the_form_that_names_it(client, ending):
    page = client.get(f"{WINDSOR}/check.{ending}?ehc_plans=many", follow_redirects=True)
    assert page.status_code == 422
    assert "must be a whole number" in page.text
