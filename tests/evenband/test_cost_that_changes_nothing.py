"""A cost of SEN support that changes nothing is said in Python, as the command says it."""

import warnings

import pytest

import evenband as eb

SCHOOL = {
    "urn": 900_001,
    "phase": "primary",
    "units_basic_entitlement_primary": 210,
    "units_fsm6_primary": 48,
    "units_low_prior_attainment_primary": 58,
}


@pytest.fixture(scope="module")
def rules():
    return eb.read_rules("northumberland-2025-26")


def test_a_cost_warns_where_no_school_gives_its_needs(rules):
    schools = eb.read_schools([SCHOOL], rules, absent_lines="zero")
    said = "sen_support_cost changes nothing: no school of the table has sen_support_pupils"
    with pytest.warns(UserWarning, match=said):
        eb.value(rules, schools=schools, sen_support_cost=1500)


def test_a_cost_that_is_used_does_not_warn(rules):
    needs = {"sen_support_pupils": 20}
    schools = eb.read_schools([SCHOOL | needs], rules, absent_lines="zero")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        eb.value(rules, schools=schools, sen_support_cost=1500)


def test_a_statement_of_a_column_that_no_table_has_warns(rules):
    said = "blank_means_none prior_budget changes nothing: no table has this column"
    with pytest.warns(UserWarning, match=said):
        eb.read_schools([SCHOOL], rules, absent_lines="zero", blank_means_none=["prior_budget"])
