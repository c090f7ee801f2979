"""Each kind of line of a school's formula reads as a person would work it, with the place of each value."""

import pytest

from engine.explain import explain_school
from engine.rules.compile import compile_rules
from engine.run import evaluate
from tests.builders import rule_set, school, school_table
from tests.engine.test_explain_rows import check_rows, row_text

LINE = {"unit_value": "1000", "notional_percent": "5"}
PUPILS = {"label": "Basic", "counts": "pupils", "primary": LINE, "ks3": LINE, "ks4": LINE}
LUMP = {"label": "Lump sum", "counts": "school", "primary": {"unit_value": "120000"}}
LUMPS = LUMP | {"secondary": {"unit_value": "130000"}}
RATES = {
    "label": "Rates",
    "counts": "amount",
    "in_minimum_base": False,
    "all": {"notional_percent": "1.5"},
}
A_YEAR = {"year_days": 365}
SMALL = {"full_below": "10", "pupils_per_year": "20"}
HALF = [
    "start Pupils: 105 pupils",
    "divided by Year groups: 7 text",
    "equals Pupils a year group: 15 pupils",
    "start Nothing is earned from: 20 pupils [factors.sparse.primary.sparsity.pupils_per_year]",
    "minus Pupils a year group: 15 pupils",
    "divided by From nothing to the whole: 10 pupils [factors.sparse.primary.sparsity.full_below]",
    "equals Share for its size: 0.5 share",
]
RATE = [
    "start Most that is paid: 57700.00 pounds [factors.sparse.primary.unit_value]",
    "times Share for its size: 0.5 share",
]
PERCENT = "times Notional SEN percentage: 50 percent [factors.sparse.primary.notional_percent]"


def sparsity(**rule):
    line = {"unit_value": "57700", "notional_percent": "50", "sparsity": SMALL | rule}
    return {"sparse": {"label": "Sparsity", "counts": "sparsity", "primary": line}}


CASES = {
    "pupils at a value": (
        "basic_primary",
        {},
        {},
        {"units_basic_primary": "100.5"},
        "start Pupils: 100.5 pupils",
        "times Unit value: 1000.00 pounds [factors.basic.primary.unit_value]",
        "equals Amount: 100500.00 pounds",
        "times Notional SEN percentage: 5 percent [factors.basic.primary.notional_percent]",
        "equals Notional SEN: 5025.00 pounds",
    ),
    "pupils at a value of their area": (
        "basic_primary",
        {},
        {"area_cost_adjustment": "1.0156"},
        {"units_basic_primary": "100.5"},
        "start Unit value: 1000.00 pounds [factors.basic.primary.unit_value]",
        "times Area cost adjustment: 1.0156 multiplier [area_cost_adjustment]",
        "equals Unit value after area adjustment, to the penny: 1015.60 pounds",
        "times Pupils: 100.5 pupils",
        "equals Amount: 102067.80 pounds",
        "times Notional SEN percentage: 5 percent [factors.basic.primary.notional_percent]",
        "equals Notional SEN: 5103.39 pounds",
    ),
    "pupils of a school that is open for a fifth of the year": (
        "basic_primary",
        {},
        A_YEAR,
        {"units_basic_primary": "100", "days_open": 73},
        "start Pupils: 100 pupils",
        "times Unit value: 1000.00 pounds [factors.basic.primary.unit_value]",
        "times Days of the year open: 73 of 365 share [year_days]",
        "equals Amount: 20000.00 pounds",
        "times Notional SEN percentage: 5 percent [factors.basic.primary.notional_percent]",
        "equals Notional SEN: 1000.00 pounds",
    ),
    "a lump sum": (
        "lump_primary",
        {"lump": LUMP},
        {},
        {"units_basic_primary": "100"},
        "start Schools: 1 schools",
        "times Unit value: 120000.00 pounds [factors.lump.primary.unit_value]",
        "equals Amount: 120000.00 pounds",
    ),
    "a lump sum that two phases share": (
        "lump_secondary",
        {"lump": LUMPS},
        {},
        {
            "phase": "middle",
            "primary_years": 3,
            "ks3_years": 2,
            "ks4_years": 0,
            "units_basic_primary": "60",
            "units_basic_ks3": "40",
        },
        "start Unit value: 130000.00 pounds [factors.lump.secondary.unit_value]",
        "times Shared by its year groups: 2 of 5 share",
        "equals Amount: 52000.00 pounds",
    ),
    "an amount that is given": (
        "rates",
        {"rates": RATES},
        {},
        {"units_basic_primary": "100", "amount_rates": "-1234.50"},
        "start Amount given: -1234.50 pounds",
        "times Notional SEN percentage: 1.5 percent [factors.rates.all.notional_percent]",
        "equals Notional SEN: -18.52 pounds",
    ),
    "sparsity of a school that is smaller than the bound": (
        "sparse_primary",
        sparsity(),
        {},
        {"units_basic_primary": "63"},
        "start Pupils: 63 pupils",
        "divided by Year groups: 7 text",
        "equals Pupils a year group: 9 pupils",
        "start Nothing is earned from: 20 pupils [factors.sparse.primary.sparsity.pupils_per_year]",
        "minus Pupils a year group: 9 pupils",
        "divided by From nothing to the whole: 10 pupils [factors.sparse.primary.sparsity.full_below]",
        "decides No more than the whole: 1 share",
        "equals Share for its size: 1 share",
        "start Most that is paid: 57700.00 pounds [factors.sparse.primary.unit_value]",
        "times Share for its size: 1 share",
        "equals Share earned, by how small and remote the school is: 57700.00 pounds",
        PERCENT,
        "equals Notional SEN: 28850.00 pounds",
    ),
    "sparsity of a school between the bounds of size": (
        "sparse_primary",
        sparsity(),
        {"area_cost_adjustment": "1.1"},
        {"units_basic_primary": "105"},
        *HALF,
        "start Most that is paid: 57700.00 pounds [factors.sparse.primary.unit_value]",
        "times Area cost adjustment: 1.1 multiplier [area_cost_adjustment]",
        "equals Unit value after area adjustment, to the penny: 63470.00 pounds",
        "times Share for its size: 0.5 share",
        "equals Share earned, by how small and remote the school is: 31735.00 pounds",
        PERCENT,
        "equals Notional SEN: 15867.50 pounds",
    ),
    "sparsity of a school that is too large": (
        "sparse_primary",
        sparsity(),
        {},
        {"units_basic_primary": "154"},
        "start Pupils: 154 pupils",
        "divided by Year groups: 7 text",
        "equals Pupils a year group: 22 pupils",
        "start Nothing is earned from: 20 pupils [factors.sparse.primary.sparsity.pupils_per_year]",
        "minus Pupils a year group: 22 pupils",
        "divided by From nothing to the whole: 10 pupils [factors.sparse.primary.sparsity.full_below]",
        "decides No less than nothing: 0 share",
        "equals Share for its size: 0 share",
        "start Most that is paid: 57700.00 pounds [factors.sparse.primary.unit_value]",
        "times Share for its size: 0 share",
        "equals Share earned, by how small and remote the school is: 0.00 pounds",
        PERCENT,
        "equals Notional SEN: 0.00 pounds",
    ),
    "sparsity at a bound that nothing tapers to": (
        "sparse_primary",
        sparsity(full_below="20"),
        {},
        {"units_basic_primary": "140"},
        "start Pupils: 140 pupils",
        "divided by Year groups: 7 text",
        "equals Pupils a year group: 20 pupils",
        "decides The whole up to: 20 pupils [factors.sparse.primary.sparsity.pupils_per_year]",
        "equals Share for its size: 1 share",
        "start Most that is paid: 57700.00 pounds [factors.sparse.primary.unit_value]",
        "times Share for its size: 1 share",
        "equals Share earned, by how small and remote the school is: 57700.00 pounds",
        PERCENT,
        "equals Notional SEN: 28850.00 pounds",
    ),
    "sparsity by a distance that tapers": (
        "sparse_primary",
        sparsity(miles="2", tapers_from_miles="1.6"),
        {},
        {"units_basic_primary": "105", "sparsity_distance": "1.9"},
        *HALF,
        "start Miles to the next school, on average: 1.9 text",
        "minus Nothing is earned up to: 1.6 text [factors.sparse.primary.sparsity.tapers_from_miles]",
        "divided by From nothing to the whole: 0.4 text [factors.sparse.primary.sparsity.miles]",
        "equals Share for its distance: 0.75 share",
        *RATE,
        "times Share for its distance: 0.75 share",
        "equals Share earned, by how small and remote the school is: 21637.50 pounds",
        PERCENT,
        "equals Notional SEN: 10818.75 pounds",
    ),
    "sparsity beyond the distance": (
        "sparse_primary",
        sparsity(miles="2", tapers_from_miles="1.6"),
        {},
        {"units_basic_primary": "105", "sparsity_distance": "2.5"},
        *HALF,
        "start Miles to the next school, on average: 2.5 text",
        "minus Nothing is earned up to: 1.6 text [factors.sparse.primary.sparsity.tapers_from_miles]",
        "divided by From nothing to the whole: 0.4 text [factors.sparse.primary.sparsity.miles]",
        "decides No more than the whole: 1 share",
        "equals Share for its distance: 1 share",
        *RATE,
        "times Share for its distance: 1 share",
        "equals Share earned, by how small and remote the school is: 28850.00 pounds",
        PERCENT,
        "equals Notional SEN: 14425.00 pounds",
    ),
    "sparsity within the distance": (
        "sparse_primary",
        sparsity(miles="2", tapers_from_miles="1.6"),
        {},
        {"units_basic_primary": "105", "sparsity_distance": "1.5"},
        *HALF,
        "start Miles to the next school, on average: 1.5 text",
        "minus Nothing is earned up to: 1.6 text [factors.sparse.primary.sparsity.tapers_from_miles]",
        "divided by From nothing to the whole: 0.4 text [factors.sparse.primary.sparsity.miles]",
        "decides No less than nothing: 0 share",
        "equals Share for its distance: 0 share",
        *RATE,
        "times Share for its distance: 0 share",
        "equals Share earned, by how small and remote the school is: 0.00 pounds",
        PERCENT,
        "equals Notional SEN: 0.00 pounds",
    ),
    "sparsity at a distance that nothing tapers to": (
        "sparse_primary",
        sparsity(miles="2"),
        {},
        {"units_basic_primary": "105", "sparsity_distance": "2"},
        *HALF,
        "start Miles to the next school, on average: 2 text",
        "decides The whole from: 2 text [factors.sparse.primary.sparsity.miles]",
        "equals Share for its distance: 1 share",
        *RATE,
        "times Share for its distance: 1 share",
        "equals Share earned, by how small and remote the school is: 28850.00 pounds",
        PERCENT,
        "equals Notional SEN: 14425.00 pounds",
    ),
    "sparsity of a school that is open for a fifth of the year": (
        "sparse_primary",
        sparsity(),
        A_YEAR,
        {"units_basic_primary": "105", "days_open": 73},
        *HALF,
        *RATE,
        "equals Earned in a whole year: 28850.00 pounds",
        "times Days of the year open: 73 of 365 share [year_days]",
        "equals Share earned, by how small and remote the school is: 5770.00 pounds",
        PERCENT,
        "equals Notional SEN: 2885.00 pounds",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_rows_of_a_line_say_each_figure_its_place_and_what_it_comes_to(case):
    name, factors, rule, held, *expected = CASES[case]
    formula = {"pupils_counted_by": "basic", "factors": {"basic": PUPILS} | factors} | rule
    record = school(**held)
    outcome = evaluate(compile_rules(rule_set(schools_formula=formula)), school_table([record]))
    workings = {
        one.name: one.rows for one in explain_school(outcome.notional, record["urn"]).workings
    }
    check_rows(workings[name])
    assert [row_text(row, "schools_formula.") for row in workings[name]] == expected
