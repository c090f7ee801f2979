"""Every entry point says the same of the same school: page, API, cell, command, Python, CSV, workbook."""

import shutil
from collections import Counter

import pytest

from app.settings import Settings
from tests.app.facts import Question, differences
from tests.app.invented import FRINGED, served
from tests.app.one_answer import ENTRY_POINTS, STATED, Places
from tests.builders import rule_set

# Every entry point answers every question once, in one process of the run and not in each.
pytestmark = [
    pytest.mark.filterwarnings("ignore:check"),
    # One of the cases has rules for a part of a year, of which Python warns.
    pytest.mark.filterwarnings("ignore:invented-part-of-year"),
    pytest.mark.xdist_group("one answer of schools"),
]
BASIC = {
    "label": "Basic entitlement",
    "counts": "pupils",
    "primary": {"unit_value": "4000"},
    "secondary": {"unit_value": "5000"},
}
LUMP = {"label": "Lump sum", "counts": "school", "all": {"unit_value": "140000"}}
MINIMUM = rule_set(
    identifier="invented-minimum",
    schools_formula={
        "pupils_counted_by": "basic",
        "factors": {"basic": BASIC, "lump_sum": LUMP},
        "minimum_per_pupil": {"primary": "6000", "secondary": "7000", "notional_percent": "10"},
        "expected_calls": {"high_needs_threshold": "6000"},
    },
)
"""Only what lifts a school to the minimum per-pupil level is notional SEN."""

HALF_LEVELLED = rule_set(
    identifier="invented-half-levelled",
    schools_formula={
        "pupils_counted_by": "basic",
        "factors": {"basic": BASIC},
        "minimum_per_pupil": {"primary": "6000", "notional_percent": "10"},
    },
)
"""A minimum level for primary pupils alone."""

RATE = rule_set(
    identifier="invented-rate",
    schools_formula={
        "pupils_counted_by": "basic",
        "factors": {"basic": BASIC | {"primary": {"unit_value": "4000", "notional_percent": "5"}}},
        "expected_calls": {"high_needs_threshold": "6000"},
    },
    targeted_funding={
        "label": "Many plans",
        "pattern": "plans_above_rate",
        "threshold": "5000",
        "plans_per_hundred": "2.5",
    },
)
"""Targeted funding by pupils, of whom a special school has none, and a threshold beside the formula's."""
UNNAMED = rule_set(
    identifier="invented-without-calls",
    schools_formula={
        "pupils_counted_by": "basic",
        "factors": {
            "basic": BASIC | {"primary": {"unit_value": "4000", "notional_percent": "5"}},
            "back": {"label": "Taken back", "counts": "amount", "all": {"notional_percent": "100"}},
        },
    },
    targeted_funding={
        "label": "Many plans",
        "pattern": "gap",
        "threshold": "6000",
        "means_percent": "50",
    },
)
"""A formula that names no threshold of expected calls, and one that may come to less than nothing."""

LAST_YEAR = rule_set(
    identifier="invented-last-year",
    schools_formula={
        "pupils_counted_by": "basic",
        "factors": {
            "basic": BASIC,
            "rates": {
                "label": "Rates", "counts": "amount", "in_guarantee": False, "in_minimum_base": False,
                "removed_from_prior": True, "prior_amount": "last_year", "all": {},
            },
        },
        "protection": {"guarantee_percent": "0", "notional_percent": "50"},
    },
)  # fmt: skip
"""Rates are taken off last year's budget at last year's amount, and half of what protects is notional SEN."""


def changing(before, after):
    """Return a value that another follows in September."""
    return [
        {"from": day, "value": value, "source": "example", "standing": "proposed"}
        for day, value in (("2025-04-01", before), ("2025-09-01", after))
    ]


BY_MONTHS = rule_set(
    identifier="invented-by-months",
    schools_formula={
        "pupils_counted_by": "basic",
        "factors": {
            "basic": BASIC
            | {"primary": {"unit_value": changing("4000", "4120"), "notional_percent": changing("5", "6")}},
            "lump_sum": LUMP | {"all": {"unit_value": changing("140000", "150000"), "notional_percent": "5"}},
        },
        "minimum_per_pupil": {"primary": "6000", "notional_percent": "10"},
        "expected_calls": {"high_needs_threshold": changing("6000", "7000")},
    },
    targeted_funding={
        "label": "Many plans", "pattern": "gap", "threshold": changing("6000", "7000"),
        "means_percent": "50",
    },
)  # fmt: skip
"""Lines, their percentages and the first part of a plan change in September."""

PART_OF_YEAR = rule_set(
    identifier="invented-part-of-year",
    effective={"first": "2025-04-01", "last": "2025-08-31"},
    schools_formula={
        "pupils_counted_by": "basic",
        "factors": {
            "basic": BASIC | {"primary": {"unit_value": "4000", "notional_percent": "5"}},
            "rates": {"label": "Rates", "counts": "amount", "all": {"notional_percent": "0"}},
        },
        "minimum_per_pupil": {"primary": "6000", "notional_percent": "10"},
        "expected_calls": {"high_needs_threshold": "6000"},
    },
)
"""Rules for five months."""

INVENTED = {
    one.identifier: one
    for one in (
        *(FRINGED, MINIMUM, HALF_LEVELLED, RATE, UNNAMED),
        *(LAST_YEAR, BY_MONTHS, PART_OF_YEAR),
    )
}

PRIMARY = {"phase": "primary", "units_basic_entitlement_primary": "100"}
WEST_SUSSEX, NORTHUMBERLAND = "west-sussex-2021-22", "northumberland-2025-26"
QUESTIONS = {
    "nobody on SEN support and three plans, and no cost": Question(
        WEST_SUSSEX, {**PRIMARY, "sen_support_pupils": "0", "ehc_plans": "3"}
    ),
    "pupils on SEN support and plans, and no cost": Question(
        WEST_SUSSEX, {**PRIMARY, "sen_support_pupils": "20", "ehc_plans": "3"}
    ),
    "pupils on SEN support, a cost and no plans": Question(
        WEST_SUSSEX, {**PRIMARY, "sen_support_pupils": "20"}, "800.00"
    ),
    "the school's own figure, a cost and plans, last year not given": Question(
        WEST_SUSSEX, {**PRIMARY, "sen_support_figure": "15000.00", "ehc_plans": "3"}, "800.00"
    ),
    "last year given": Question(
        WEST_SUSSEX,
        {**PRIMARY, "prior_budget": "500000.00", "prior_pupils": "101", "ehc_plans": "3"},
        "800.00",
    ),
    "last year's rates given": Question(
        "invented-last-year",
        {
            "phase": "primary", "units_basic_primary": "100", "amount_rates": "9000.00",
            "prior_budget": "420000.00", "prior_pupils": "100", "prior_amount_rates": "8000.00",
        },
    ),
    "last year's rates not given": Question(
        "invented-last-year",
        {
            "phase": "primary", "units_basic_primary": "100", "amount_rates": "9000.00",
            "prior_budget": "420000.00", "prior_pupils": "100",
        },
    ),
    "a new school": Question(
        "invented-last-year",
        {
            "phase": "primary", "units_basic_primary": "100", "amount_rates": "9000.00",
            "prior_budget": "none", "prior_pupils": "none",
        },
    ),
    "a year in which lines and thresholds change": Question(
        "invented-by-months",
        {"phase": "primary", "units_basic_primary": "100", "ehc_plans": "9", "sen_support_pupils": "3"},
        "800.00",
    ),
    "rules for part of a year": Question(
        "invented-part-of-year",
        {
            "phase": "primary", "units_basic_primary": "100", "amount_rates": "9000.00", "ehc_plans": "9",
            "sen_support_pupils": "3",
        },
        "800.00",
    ),
    "nobody last year": Question(
        WEST_SUSSEX, {**PRIMARY, "prior_budget": "500000.00", "prior_pupils": "0"}
    ),
    "less last year than is taken off it": Question(
        WEST_SUSSEX, {**PRIMARY, "prior_budget": "1.00", "prior_pupils": "101"}
    ),
    "a key stage without a minimum level": Question(
        "invented-half-levelled",
        {"phase": "middle", "primary_years": "2", "ks3_years": "2", "units_basic_primary": "50", "units_basic_secondary": "50"},
    ),
    "a special school with pupils on SEN support, and a cost": Question(
        NORTHUMBERLAND, {"phase": "special", "sen_support_pupils": "3", "ehc_plans": "40"}, "800.00"
    ),
    "lines that are not given": Question(WEST_SUSSEX, PRIMARY, None, "not_supplied"),
    "nothing given but the phase": Question(
        WEST_SUSSEX, {"phase": "primary", "ehc_plans": "1"}, None, "not_supplied"
    ),
    "a middle school": Question(
        WEST_SUSSEX,
        {
            "phase": "middle",
            "primary_years": "2",
            "ks3_years": "2",
            "units_basic_entitlement_primary": "100",
            "units_basic_entitlement_ks3": "90.5",
        },
    ),
    "a middle school whose year groups are not given": Question(
        WEST_SUSSEX, {"phase": "middle", "units_basic_entitlement_primary": "100"}
    ),
    "an all-through school": Question(
        WEST_SUSSEX,
        {
            "phase": "all_through",
            "units_basic_entitlement_primary": "100",
            "units_basic_entitlement_ks4": "50",
            "ehc_plans": "0",
            "sen_support_pupils": "0",
        },
    ),
    "a minimum level that alone is notional SEN": Question(
        "invented-minimum",
        {"phase": "primary", "units_basic_primary": "100", "ehc_plans": "2", "sen_support_pupils": "0"},
    ),
    "the same without its pupils": Question(
        "invented-minimum", {"phase": "secondary", "ehc_plans": "2"}, None, "not_supplied"
    ),
    "no pupils under a minimum level": Question(
        "invented-minimum", {"phase": "primary", "units_basic_primary": "0", "ehc_plans": "0"}
    ),
    "no pupils under a guarantee, last year not given": Question(
        WEST_SUSSEX, {"phase": "primary", "units_basic_entitlement_primary": "0"}
    ),
    "targeted funding with plans": Question(
        NORTHUMBERLAND,
        {**PRIMARY, "units_fsm6_primary": "10", "sen_support_pupils": "10", "ehc_plans": "9"},
        "1500",
    ),
    "targeted funding without plans": Question(
        NORTHUMBERLAND, {**PRIMARY, "sen_support_pupils": "10"}, "1500"
    ),
    "targeted funding, lines not given": Question(
        NORTHUMBERLAND, {**PRIMARY, "ehc_plans": "9"}, "1500", "not_supplied"
    ),
    "targeted funding of a special school": Question(
        NORTHUMBERLAND, {"phase": "special", "ehc_plans": "30", "sen_support_pupils": "0"}, "1500"
    ),
    "targeted funding by a rate, of a special school": Question(
        "invented-rate", {"phase": "special", "ehc_plans": "30", "sen_support_pupils": "0"}, "1500"
    ),
    "targeted funding by a rate, of a nursery": Question(
        "invented-rate", {"phase": "nursery", "ehc_plans": "2", "sen_support_figure": "10.00"}
    ),
    "targeted funding by a rate, at a threshold beside the formula's": Question(
        "invented-rate",
        {"phase": "primary", "units_basic_primary": "100", "ehc_plans": "5", "sen_support_pupils": "3"},
        "1500",
    ),
    "targeted funding, and no threshold of expected calls": Question(
        "invented-without-calls",
        {"phase": "primary", "units_basic_primary": "100", "ehc_plans": "5", "sen_support_pupils": "3"},
        "1500",
    ),
    "targeted funding of a budget below nothing": Question(
        "invented-without-calls",
        {"phase": "primary", "units_basic_primary": "1", "amount_back": "-43000", "ehc_plans": "3",
         "sen_support_pupils": "0"},
        "1500",
    ),
    "a fringe multiplier that is not given": Question(
        "invented-fringed",
        {**PRIMARY, "units_split_sites": "1", "sparsity_distance": "1.8"},
    ),
    "a fringe multiplier, sparsity and half a year": Question(
        "invented-fringed",
        {
            **PRIMARY,
            "units_split_sites": "1",
            "sparsity_distance": "1.8",
            "london_fringe": "1.05",
            "days_open": "200",
        },
    ),
    "nothing that is known": Question(
        "invented-fringed", {"phase": "primary", "ehc_plans": "1"}, None, "not_supplied"
    ),
    "a special school": Question(WEST_SUSSEX, {"phase": "special", "ehc_plans": "40"}),
    "a formula without percentages": Question(
        "nff-2025-26", {**PRIMARY, "units_fsm_primary": "7", "ehc_plans": "1"}
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def places(published_file, tmp_path_factory):
    """Give the service with the invented rule sets, and their files."""
    folder = tmp_path_factory.mktemp("one_answer")
    copy, nothing = folder / "published.db", folder / "no_rules"
    shutil.copyfile(published_file, copy)
    nothing.mkdir()
    settings = Settings(
        database_url=f"sqlite:///{copy}",
        warm_at_start=False,
        rules_folder=nothing,
        hosts="testserver",
    )
    with served(settings, INVENTED.values()) as client:
        yield Places(client, folder, INVENTED)


@pytest.fixture(scope="module")
def told(places):
    """Give what each entry point says of each school, asked once."""
    return {
        name: {entry: facts(places, question) for entry, facts in ENTRY_POINTS.items()}
        for name, question in QUESTIONS.items()
    }


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_entry_point_says_the_same_of_a_school(told, name):
    assert not differences(told[name])
    for entry, facts in told[name].items():
        assert facts is None or set(facts) >= STATED[entry], entry


def test_each_entry_point_answers_and_each_kind_of_fact_is_said_by_several(told):
    answered, kinds = Counter(), {}
    for by_entry in told.values():
        for entry, facts in by_entry.items():
            answered[entry] += facts is not None
            for fact in facts or ():
                kinds.setdefault((fact[0], fact[-1]), set()).add(entry)
    assert min(answered.values()) >= len(QUESTIONS) // 2
    assert not {kind for kind, entries in kinds.items() if len(entries) < len({"one", "other"})}


def test_a_difference_is_found():
    told = {"page": {("budget",): "1", ("percent",): "5"}, "API": {("budget",): None}, "cell": None}
    assert differences(told) == {("budget",): {"1": ["page"], None: ["API"]}}
