"""What is not known of a school makes what is worked out from it not known, never larger or smaller."""

from fractions import Fraction

import pytest

from engine.errors import TableRefused
from engine.modules.school_formula.parts import (
    adjustments,
    missing_adjustments,
    pupil_numbers,
    reason_of,
)
from engine.modules.school_formula.table import school_rows
from engine.modules.school_formula.working import explain_school
from engine.reading import records
from engine.reading import school_table as read_schools
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.statement import Statements
from engine.vocabulary import Missing
from tests.builders import rule_set, school, school_table

FACTORS = {
    "basic": {
        "label": "Basic",
        "counts": "pupils",
        "primary": {"unit_value": "1000", "notional_percent": "5"},
        "ks3": {"unit_value": "2000", "notional_percent": "5"},
    },
    "deprivation": {
        "label": "Deprivation",
        "counts": "pupils",
        "where": {"fsm6": True},
        "primary": {"unit_value": "500", "notional_percent": "50"},
    },
    "lump_sum": {
        "label": "Lump sum",
        "counts": "school",
        "primary": {"unit_value": "600", "notional_percent": "0"},
        "secondary": {"unit_value": "900", "notional_percent": "0"},
    },
    "rates": {"label": "Rates", "counts": "amount", "in_minimum_base": False, "all": {}},
}
LEVELS = {"primary": "2000", "secondary": "3000", "notional_percent": "10"}
PRIMARY = {
    "units_basic_primary": 10,
    "units_basic_ks3": 0,
    "units_deprivation_primary": 4,
    "amount_rates": 700,
}
MIDDLE = {**PRIMARY, "phase": "middle", "units_basic_ks3": 10}


def valued(record: dict, **parts):
    whole = {"pupils_counted_by": "basic", "factors": FACTORS, **parts}
    rules = compile_rules(rule_set(schools_formula=whole))
    return evaluate(rules, school_table([record])).notional


def test_a_minimum_level_is_not_known_where_a_part_of_what_the_school_has_is_not():
    # Were the empty line nothing, the school would be lifted by what it pays.
    known = valued(school(**PRIMARY), minimum_per_pupil=LEVELS)
    assert (known.uplift.tolist(), known.absent_total.tolist()) == ([740_000], [0])
    unknown = valued(
        school(**PRIMARY | {"units_deprivation_primary": None}), minimum_per_pupil=LEVELS
    )
    assert (unknown.uplift.tolist(), unknown.minimum_absent.tolist()) == ([0], [1])


@pytest.mark.parametrize(
    ("years", "uplift", "absent"),
    [
        pytest.param(7, 740_000, 0, id="seven year groups"),
        pytest.param(1, 740_000, 0, id="a new school's first year group"),
        pytest.param(0, 0, 1, id="no year group that a level is of"),
    ],
)
def test_a_minimum_level_is_not_known_of_a_school_without_a_year_group(years, uplift, absent):
    record = school(**PRIMARY, primary_years=years)
    outcome = valued(record, minimum_per_pupil=LEVELS)
    assert (outcome.uplift.tolist(), outcome.minimum_absent.tolist()) == ([uplift], [absent])


EMPTY = PRIMARY | {"units_basic_primary": 0}


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({}, id="last year not given"),
        pytest.param({"prior_budget": 30_000, "prior_pupils": 10}, id="pupils last year"),
        pytest.param({"units_deprivation_primary": None}, id="a line not given"),
        pytest.param({"primary_years": 0}, id="no year groups"),
        pytest.param({"amount_rates": -900_000}, id="less than nothing"),
    ],
)
def test_no_pupils_are_lifted_and_protected_by_nothing_and_that_is_known(more):
    parts = {
        "minimum_per_pupil": LEVELS,
        "protection": {"guarantee_percent": "0", "cap_percent": "1"},
    }
    outcome = valued(school(**EMPTY | more), **parts)
    assert (outcome.uplift.tolist(), outcome.minimum_absent.tolist()) == ([0], [0])
    assert (outcome.protection.tolist(), outcome.protection_absent.tolist()) == ([0], [0])
    workings = {one.name: one for one in explain_school(outcome, 100_001).workings}
    for name in ("minimum_per_pupil", "protection"):
        assert [(row.label, row.value) for row in workings[name].rows[:1]] == [("Pupils", "0")]
        assert workings[name].rows[1].value == "0.00"


@pytest.mark.parametrize(
    ("record", "pupils"),
    [
        pytest.param(PRIMARY, 10_000_000, id="pupils"),
        pytest.param(EMPTY, 0, id="no pupils"),
        pytest.param(PRIMARY | {"units_basic_primary": None}, None, id="not given"),
        pytest.param(PRIMARY | {"phase": "all_through", "units_basic_ks3": None}, None, id="half"),
        pytest.param({"phase": "special", "units_basic_primary": None}, None, id="special"),
    ],
)
def test_files_and_decisions_say_how_many_pupils_are_known(record, pupils):
    outcome = valued(school(**PRIMARY | record))
    assert school_rows(outcome).frame["pupils"].to_list() == [pupils]
    assert pupil_numbers(outcome) == [pupils]


def test_pupils_are_not_known_where_a_line_that_counts_them_is_in_pounds():
    record = PRIMARY | {"units_basic_primary": None, "amount_basic_primary": 10_000}
    outcome = valued(school(**record), minimum_per_pupil=LEVELS)
    assert (pupil_numbers(outcome), outcome.minimum_absent.tolist()) == ([None], [1])


LAST_YEAR = {"prior_budget": 30_000, "prior_pupils": 10}
OF_PROTECTION = [
    pytest.param({}, "last_year", id="nothing of last year"),
    pytest.param({"prior_budget": 30_000}, "last_year", id="no pupils given of last year"),
    pytest.param(LAST_YEAR | {"prior_pupils": 0}, "prior_pupils", id="nobody last year"),
    pytest.param(LAST_YEAR | {"prior_budget": 600}, "prior_budget", id="what is taken off alone"),
    pytest.param(LAST_YEAR | {"prior_budget": Fraction("600.01")}, None, id="a penny above what is taken off"),
    pytest.param(LAST_YEAR | {"amount_rates": None}, "parts", id="a line that is compared"),
    pytest.param(LAST_YEAR | {"phase": "middle", "units_basic_ks3": 1}, "year_groups", id="year groups"),
]  # fmt: skip


def reasons_of(outcome, name):
    [one] = [one for one in adjustments(outcome) if one.name == name]
    return [reason_of(place) for place in missing_adjustments(outcome, one)]


@pytest.mark.parametrize(("more", "why"), OF_PROTECTION)
def test_a_guarantee_that_is_not_known_says_the_true_reason(more, why):
    lump_sum = FACTORS["lump_sum"] | {"removed_from_prior": True}
    factors = FACTORS | {"lump_sum": lump_sum}
    outcome = valued(
        school(**PRIMARY | more), factors=factors, protection={"guarantee_percent": "0"}
    )
    assert reasons_of(outcome, "protection") == [why and Missing[why]]


@pytest.mark.parametrize(
    ("record", "why"),
    [
        pytest.param({"primary_years": 2, "ks3_years": 2}, "level", id="no level of key stage 3"),
        pytest.param({}, "year_groups", id="no year groups"),
        pytest.param({"phase": "primary", "units_deprivation_primary": None}, "parts", id="a line"),
        pytest.param({"phase": "primary"}, None, id="a level of all its ages"),
    ],
)
def test_a_minimum_level_that_is_not_known_says_the_true_reason(record, why):
    outcome = valued(school(**MIDDLE | record), minimum_per_pupil={"primary": "2000"})
    assert reasons_of(outcome, "minimum_per_pupil") == [why and Missing[why]]


def test_the_calls_of_a_school_that_the_formula_does_not_fund_say_so():
    outcome = valued(
        school(
            **PRIMARY
            | {
                "phase": "special",
                "units_basic_primary": 0,
                "units_deprivation_primary": 0,
                "amount_rates": 0,
            }
        )
    )
    one = Statements(outcome).whole(0)
    assert (one.not_known, one.formula, one.budget) == (0, None, None)
    assert Missing.not_funded in one.calls.expected.missing
    assert Missing.budget not in one.calls.expected.missing
    totals = [row for row in explain_school(outcome, 100_001).totals if row.value is None]
    assert {row.note for row in totals} == {Missing.not_funded}


def test_a_minimum_level_is_known_where_what_is_not_known_is_no_part_of_what_it_lifts():
    outcome = valued(school(**PRIMARY | {"amount_rates": None}), minimum_per_pupil=LEVELS)
    assert (outcome.uplift.tolist(), outcome.minimum_absent.tolist()) == ([740_000], [0])


def test_a_guarantee_is_not_known_where_a_line_that_it_compares_is_not():
    prior = {"prior_budget": 30_000, "prior_pupils": 10}
    protection = {"guarantee_percent": "0"}
    known = valued(school(**PRIMARY, **prior), protection=protection)
    assert known.protection_absent.tolist() == [0]
    assert known.protection.tolist() == [3_000_000 - 1_000_000 - 200_000 - 60_000 - 70_000]
    for name in ("units_deprivation_primary", "amount_rates"):
        unknown = valued(school(**PRIMARY | {name: None}, **prior), protection=protection)
        assert (unknown.protection.tolist(), unknown.protection_absent.tolist()) == ([0], [1])


@pytest.mark.parametrize("years", [{"primary_years": 2}, {"ks3_years": 2}, {"primary_years": 2, "ks3_years": None}])  # fmt: skip
def test_one_stage_of_a_middle_school_alone_is_never_all_of_it(years):
    outcome = valued(school(**MIDDLE, **years), minimum_per_pupil=LEVELS)
    shares = [at for at, line in enumerate(outcome.lines) if line.name.startswith("lump_sum")]
    assert outcome.absent[0, shares].tolist() == [1, 1]
    assert outcome.minimum_absent.tolist() == [1]


@pytest.mark.parametrize(
    ("years", "shares"),
    [
        ({"primary_years": 1, "ks3_years": 0}, (1, 0)),
        ({"primary_years": 0, "ks3_years": 1}, (0, 1)),
    ],
)
def test_a_middle_school_of_one_year_group_has_the_lump_sum_of_its_stage_alone(years, shares):
    outcome = valued(school(**MIDDLE, **years))
    lumps = [at for at, line in enumerate(outcome.lines) if line.name.startswith("lump_sum")]
    assert outcome.units[0, lumps].tolist() == [share * 1_000_000 for share in shares]
    assert outcome.absent[0, lumps].tolist() == [0, 0]


def test_both_stages_of_a_middle_school_are_all_of_it():
    outcome = valued(school(**MIDDLE, primary_years=1, ks3_years=3), minimum_per_pupil=LEVELS)
    assert outcome.absent_total.tolist() == [0]
    assert outcome.uplift.tolist() == [20 * 275_000 - 1_000_000 - 2_000_000 - 200_000 - 82_500]


def test_pupils_are_not_known_where_those_who_joined_reception_since_are_not():
    asked = {"reception_uplift": True, "minimum_per_pupil": LEVELS}
    known = valued(school(**PRIMARY, reception_difference=2), **asked)
    assert known.absent_total.tolist() == [0]
    unknown = valued(school(**PRIMARY, reception_difference=None), **asked)
    names = [line.name for line in unknown.lines]
    assert unknown.absent[0, names.index("basic_primary")] == 1
    assert unknown.minimum_absent.tolist() == [1]


@pytest.mark.parametrize("symbol", ["c", "x"])
def test_days_open_that_are_withheld_are_never_all_the_year(symbol):
    rules = compile_rules(
        rule_set(
            schools_formula={"pupils_counted_by": "basic", "factors": FACTORS, "year_days": 365}
        )
    )
    row = {"urn": "100001", "phase": "primary", "days_open": symbol}
    lines = dict.fromkeys(rules.wanted.required - row.keys(), "1")
    with pytest.raises(TableRefused, match="days_open"):
        read_schools(records([row | lines]), rules.wanted)
