"""What is added to a school's lines, or taken from them, reads as a person would work it, with the place of each value."""

import pytest

from engine.explain import explain_school
from engine.rules.compile import compile_rules
from engine.run import evaluate
from tests.builders import rule_set, school, school_table
from tests.engine.test_explain_rows import check_rows, row_text

LINE = {"unit_value": "1000", "notional_percent": "5"}
PUPILS = {"label": "Basic", "counts": "pupils", "primary": LINE, "ks3": LINE, "ks4": LINE}
LUMP = {"label": "Lump sum", "counts": "school", "primary": {"unit_value": "120000"}}
RATES = {
    "label": "Rates",
    "counts": "amount",
    "in_minimum_base": False,
    "all": {"notional_percent": "1.5"},
}
IN_FRINGE = {"fringe": True}
A_YEAR = {"year_days": 365}
LEVEL = {"minimum_per_pupil": {"primary": "1200", "notional_percent": "10"}}
LEVELS = {"minimum_per_pupil": {"primary": "1200", "secondary": "1500"}}
GUARANTEE = {"guarantee_percent": "0.5"}
CAP = {"cap_percent": "1", "scaling_percent": "60"}
CAP_BELOW = {"cap_percent": "-3"}
LAST_YEAR = {"prior_budget": "100000", "prior_pupils": "100"}
SAME = [
    "start Last year's budget share, comparable: 100000.00 pounds",
    "divided by Last year's pupils: 100 pupils",
    "equals Last year, a pupil: 1000.00 pounds",
    "start This year's budget share, comparable: 100000.00 pounds",
    "divided by Pupils: 100 pupils",
    "equals This year, a pupil: 1000.00 pounds",
]
MORE = [
    "start Last year's budget share, comparable: 90000.00 pounds",
    "divided by Last year's pupils: 100 pupils",
    "equals Last year, a pupil: 900.00 pounds",
    "start This year's budget share, comparable: 100000.00 pounds",
    "divided by Pupils: 100 pupils",
    "equals This year, a pupil: 1000.00 pounds",
]


def gains(*parts, **more):
    return {"protection": {key: held for part in parts for key, held in part.items()} | more}


CASES = {
    "a multiplier of the London fringe": (
        "fringe",
        {"rates": RATES},
        IN_FRINGE,
        {"units_basic_primary": "100", "amount_rates": "0", "london_fringe": "1.0156"},
        "start Funding that it raises: 100000.00 pounds",
        "times Multiplier, what is above 1: 0.0156 multiplier [fringe]",
        "equals Added: 1560.00 pounds",
        "start Notional SEN of what it raises: 5000.00 pounds",
        "times Multiplier, what is above 1: 0.0156 multiplier [fringe]",
        "equals Notional SEN: 78.00 pounds",
    ),
    "a minimum level that lifts": (
        "minimum_per_pupil",
        {},
        LEVEL,
        {"units_basic_primary": "100"},
        "start Level of primary: 1200.00 pounds [minimum_per_pupil.primary]",
        "times Pupils: 100 pupils",
        "minus Pupil-led funding, lump sum and sparsity (not rounded): 100000.00 pounds",
        "equals Uplift (none if the level is already reached): 20000.00 pounds",
        "times Notional SEN percentage: 10 percent [minimum_per_pupil.notional_percent]",
        "equals Notional SEN: 2000.00 pounds",
    ),
    "a minimum level that is reached": (
        "minimum_per_pupil",
        {"lump": LUMP},
        LEVEL,
        {"units_basic_primary": "100"},
        "start Level of primary: 1200.00 pounds [minimum_per_pupil.primary]",
        "times Pupils: 100 pupils",
        "minus Pupil-led funding, lump sum and sparsity (not rounded): 220000.00 pounds",
        "decides None if the level is already reached: 0.00 pounds",
        "equals Uplift (none if the level is already reached): 0.00 pounds",
        "times Notional SEN percentage: 10 percent [minimum_per_pupil.notional_percent]",
        "equals Notional SEN: 0.00 pounds",
    ),
    "a minimum level of a school of two key stages that is open for a fifth of the year": (
        "minimum_per_pupil",
        {},
        LEVELS | A_YEAR,
        {
            "phase": "middle",
            "primary_years": 3,
            "ks3_years": 2,
            "ks4_years": 0,
            "units_basic_primary": "60",
            "units_basic_ks3": "40",
            "days_open": 73,
        },
        "start Level of primary: 1200.00 pounds [minimum_per_pupil.primary]",
        "times Year groups of primary: 3 text",
        "equals 3 year groups of primary: 3600.00 pounds",
        "start Level of key stage 3: 1500.00 pounds [minimum_per_pupil.secondary]",
        "times Year groups of key stage 3: 2 text",
        "equals 2 year groups of key stage 3: 3000.00 pounds",
        "plus 3 year groups of primary: 3600.00 pounds",
        "divided by Year groups: 5 text",
        "times Pupils: 100 pupils",
        "minus Pupil-led funding, lump sum and sparsity (not rounded): 100000.00 pounds",
        "times Days of the year open: 73 of 365 share [year_days]",
        "equals Uplift (none if the level is already reached): 6400.00 pounds",
    ),
    "a guarantee": (
        "protection",
        {},
        gains(GUARANTEE, notional_percent="8"),
        {"units_basic_primary": "90"} | LAST_YEAR,
        "start Last year's budget share, comparable: 100000.00 pounds",
        "divided by Last year's pupils: 100 pupils",
        "equals Last year, a pupil: 1000.00 pounds",
        "start This year's budget share, comparable: 90000.00 pounds",
        "divided by Pupils: 90 pupils",
        "equals This year, a pupil: 1000.00 pounds",
        "start Last year, a pupil: 1000.00 pounds",
        "plus Minimum funding guarantee: 0.5 percent [protection.guarantee_percent]",
        "minus This year, a pupil: 1000.00 pounds",
        "times Pupils: 90 pupils",
        "equals Added by the guarantee: 450.00 pounds",
        "equals Adjustment: 450.00 pounds",
        "times Notional SEN percentage: 8 percent [protection.notional_percent]",
        "equals Notional SEN: 36.00 pounds",
    ),
    "a guarantee that is met": (
        "protection",
        {},
        gains(GUARANTEE),
        {"units_basic_primary": "100", "prior_budget": "90000", "prior_pupils": "100"},
        *MORE,
        "start Last year, a pupil: 900.00 pounds",
        "plus Minimum funding guarantee: 0.5 percent [protection.guarantee_percent]",
        "minus This year, a pupil: 1000.00 pounds",
        "decides None where more is funded: 0.00 pounds",
        "times Pupils: 100 pupils",
        "equals Added by the guarantee: 0.00 pounds",
        "equals Adjustment: 0.00 pounds",
    ),
    "a cap that is scaled": (
        "protection",
        {},
        gains(CAP),
        {"units_basic_primary": "100", "prior_budget": "90000", "prior_pupils": "100"},
        *MORE,
        "start Last year, a pupil: 900.00 pounds",
        "plus Cap: 1 percent [protection.cap_percent]",
        "equals Most that is kept whole, a pupil: 909.00 pounds",
        "start This year, a pupil: 1000.00 pounds",
        "minus Most that is kept whole, a pupil: 909.00 pounds",
        "times Scaling: 60 percent [protection.scaling_percent]",
        "times Pupils: 100 pupils",
        "equals Taken back: 5460.00 pounds",
        "start Added by the guarantee: 0.00 pounds",
        "minus Taken back: 5460.00 pounds",
        "equals Adjustment: -5460.00 pounds",
    ),
    "a guarantee and a cap above it": (
        "protection",
        {},
        gains(GUARANTEE, CAP),
        {"units_basic_primary": "100"} | LAST_YEAR,
        *SAME,
        "start Last year, a pupil: 1000.00 pounds",
        "plus Minimum funding guarantee: 0.5 percent [protection.guarantee_percent]",
        "minus This year, a pupil: 1000.00 pounds",
        "times Pupils: 100 pupils",
        "equals Added by the guarantee: 500.00 pounds",
        "start Last year, a pupil: 1000.00 pounds",
        "plus Cap: 1 percent [protection.cap_percent]",
        "equals Most that is kept whole, a pupil: 1010.00 pounds",
        "start This year, a pupil: 1000.00 pounds",
        "minus Most that is kept whole, a pupil: 1010.00 pounds",
        "decides None below the cap: 0.00 pounds",
        "times Scaling: 60 percent [protection.scaling_percent]",
        "times Pupils: 100 pupils",
        "equals Taken back: 0.00 pounds",
        "start Added by the guarantee: 500.00 pounds",
        "minus Taken back: 0.00 pounds",
        "equals Adjustment: 500.00 pounds",
    ),
    "a guarantee and a cap of the same": (
        "protection",
        {},
        gains(GUARANTEE, {"cap_percent": "0.5"}),
        {"units_basic_primary": "100"} | LAST_YEAR,
        *SAME,
        "start Last year, a pupil: 1000.00 pounds",
        "plus Minimum funding guarantee: 0.5 percent [protection.guarantee_percent]",
        "minus This year, a pupil: 1000.00 pounds",
        "times Pupils: 100 pupils",
        "equals Added by the guarantee: 500.00 pounds",
        "start Last year, a pupil: 1000.00 pounds",
        "plus Cap: 0.5 percent [protection.cap_percent]",
        "equals Most that is kept whole, a pupil: 1005.00 pounds",
        "start This year, a pupil: 1000.00 pounds",
        "minus Most that is kept whole, a pupil: 1005.00 pounds",
        "decides None below the cap: 0.00 pounds",
        "times Pupils: 100 pupils",
        "equals Taken back: 0.00 pounds",
        "start Added by the guarantee: 500.00 pounds",
        "minus Taken back: 0.00 pounds",
        "equals Adjustment: 500.00 pounds",
    ),
    "a guarantee and a cap below it": (
        "protection",
        {},
        gains(GUARANTEE, CAP_BELOW),
        {"units_basic_primary": "100"} | LAST_YEAR,
        *SAME,
        "start Last year, a pupil: 1000.00 pounds",
        "plus Minimum funding guarantee: 0.5 percent [protection.guarantee_percent]",
        "minus This year, a pupil: 1000.00 pounds",
        "times Pupils: 100 pupils",
        "equals Added by the guarantee: 500.00 pounds",
        "start Last year, a pupil: 1000.00 pounds",
        "plus Cap: -3 percent [protection.cap_percent]",
        "equals Most that is kept whole, a pupil: 970.00 pounds",
        "start This year, a pupil: 1000.00 pounds",
        "minus Most that is kept whole, a pupil: 970.00 pounds",
        "times Pupils: 100 pupils",
        "equals Taken back: 3000.00 pounds",
        "start Added by the guarantee: 500.00 pounds",
        "decides Taken back only up to: 0.00 pounds",
        "equals Share taken back, where nothing is added: 0 share",
        "start Taken back: 3000.00 pounds",
        "times Share taken back: 0 share",
        "equals Taken back: 0.00 pounds",
        "start Added by the guarantee: 500.00 pounds",
        "minus Taken back: 0.00 pounds",
        "equals Adjustment: 500.00 pounds",
    ),
    "a cap that stops at the minimum level": (
        "protection",
        {},
        gains(CAP_BELOW) | {"minimum_per_pupil": {"primary": "980"}},
        {"units_basic_primary": "100"} | LAST_YEAR,
        *SAME,
        "start Last year, a pupil: 1000.00 pounds",
        "plus Cap: -3 percent [protection.cap_percent]",
        "equals Most that is kept whole, a pupil: 970.00 pounds",
        "start This year, a pupil: 1000.00 pounds",
        "minus Most that is kept whole, a pupil: 970.00 pounds",
        "times Pupils: 100 pupils",
        "decides No more than lies above the minimum per-pupil level: 2000.00 pounds",
        "equals Taken back: 2000.00 pounds",
        "start Added by the guarantee: 0.00 pounds",
        "minus Taken back: 2000.00 pounds",
        "equals Adjustment: -2000.00 pounds",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_rows_of_what_is_added_or_taken_say_each_figure_its_place_and_what_it_comes_to(case):
    name, factors, rule, held, *expected = CASES[case]
    formula = {"pupils_counted_by": "basic", "factors": {"basic": PUPILS} | factors} | rule
    record = school(**held)
    outcome = evaluate(compile_rules(rule_set(schools_formula=formula)), school_table([record]))
    workings = {
        one.name: one.rows for one in explain_school(outcome.notional, record["urn"]).workings
    }
    check_rows(workings[name])
    assert [row_text(row, "schools_formula.") for row in workings[name]] == expected
