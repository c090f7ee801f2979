"""Whether a budget covers its calls: a chart, examples of what support costs, hours that the first part buys, and what is usual."""

import re
from html import unescape

import pytest

NORTHUMBERLAND = "/notional-sen/northumberland-2025-26"
SCHOOL = {"phase": "primary", "units_fsm6_primary": "100", "blanks": "none", "ehc_plans": "5"}


def words_of(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2])).split())


def test_a_school_without_a_cost_of_its_own_sees_examples_marked_as_such(client):
    page = client.get(NORTHUMBERLAND, params=SCHOOL | {"sen_support_pupils": "20"})
    said = words_of(page)
    assert "Examples: the costs are invented." in said
    # 100 x 1,060 of budget; 20 pupils, and 5 plans of 6,000.
    assert "£1,000.00 £50,000.00 £56,000.00" in said
    assert "£4,000.00 £110,000.00 \N{MINUS SIGN}£4,000.00" in said
    assert "calls-chart" not in page.text


def test_what_is_left_is_said_first_at_example_costs_where_the_school_has_none_of_its_own(client):
    page = client.get(NORTHUMBERLAND, params=SCHOOL | {"sen_support_pupils": "20"})
    answer = words_of(page).partition("Change your answers")[0]
    assert "£56,000 at £1,000 a pupil, \N{MINUS SIGN}£4,000 at £4,000, which are examples" in answer
    assert "#sen_support_cost" in page.text


def test_what_one_more_plan_changes_is_said_with_what_is_left_then(client):
    own = SCHOOL | {"sen_support_pupils": "20", "sen_support_cost": "1500"}
    # 106,000 - 20 x 1,500 - 6 x 6,000.
    said = words_of(client.get(NORTHUMBERLAND, params=own))
    assert (
        "With one more plan, the school would pay £36,000 for plans, and £40,000 would be left."
        in said
    )
    short = words_of(client.get(NORTHUMBERLAND, params=own | {"sen_support_cost": "3700"}))
    assert "£36,000 for plans, and fall short by £4,000." in short
    unknown = words_of(client.get(NORTHUMBERLAND, params=SCHOOL))
    assert "With one more plan, the school would pay £36,000 for plans. What a plan" in unknown


def test_a_result_says_what_the_statement_that_was_pasted_has(client):
    said = words_of(client.get(NORTHUMBERLAND, params=SCHOOL | {"letter_notional": "104940"}))
    assert "Your statement says £104,940.00: £1,060.00 less. See where they differ" in said
    same = words_of(client.get(NORTHUMBERLAND, params=SCHOOL | {"letter_notional": "106000"}))
    assert "Your statement says the same." in same
    assert "Your statement says" not in words_of(client.get(NORTHUMBERLAND, params=SCHOOL))


def test_extra_funding_that_is_not_due_is_folded_and_said_once(client):
    page = client.get(NORTHUMBERLAND, params=SCHOOL).text
    told = page.partition('id="targeted-funding"')[2].partition("<h3")[0]
    assert told.count("Extra funding due") == 1
    assert "<details" in told
    assert "No extra funding would be due." in told.partition("</details>")[2]
    due = client.get(NORTHUMBERLAND, params=SCHOOL | {"ehc_plans": "30"}).text
    told = due.partition('id="targeted-funding"')[2].partition("<h3")[0]
    assert "<details" not in told
    assert told.count("Extra funding due") == 1


def test_a_school_with_its_own_cost_sees_a_chart_of_what_the_table_says(client):
    own = SCHOOL | {"sen_support_pupils": "20", "sen_support_cost": "1500"}
    page = client.get(NORTHUMBERLAND, params=own)
    said = words_of(page)
    assert "Examples: the costs are invented." not in said
    chart = page.text.partition("calls-chart")[2].partition("</svg>")[0]
    for figure in ("£106,000.00", "£30,000.00"):
        assert figure in chart


@pytest.mark.parametrize("support", [{}, {"sen_support_figure": "4000"}])
def test_what_the_first_part_buys_and_what_is_usual_is_said(client, support):
    said = words_of(client.get(NORTHUMBERLAND, params=SCHOOL | support))
    assert (
        "£6,000 buys 9.18 hours a week of a teaching assistant at £17.20 an hour over 38 weeks."
        in said
    )
    assert "from 1.99% to 21.7% in 2017-18" in said


def test_hours_are_worked_out_at_the_rate_of_the_school(client):
    page = client.get(NORTHUMBERLAND, params=SCHOOL | {"assistant_hour": "£15.75"})
    said = words_of(page)
    # 6,000 / 15.75 / 38
    assert "buys 10.03 hours a week of a teaching assistant at £15.75 an hour" in said
    assert "The rate is your own." in said
    assert "assistant_hour=%C2%A315.75" in page.text


@pytest.mark.parametrize("rate", ["0", "-5", "2000", "lots"])
def test_a_rate_that_is_none_is_said_at_its_box(client, rate):
    answer = client.get(NORTHUMBERLAND, params=SCHOOL | {"assistant_hour": rate})
    assert answer.status_code == 422
    assert "Cost of an hour of a teaching assistant must be" in words_of(answer)


def test_a_rate_is_no_column_of_a_table(client):
    assert "assistant_hour" not in client.get("/rules/northumberland-2025-26").text
