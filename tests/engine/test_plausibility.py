"""Figures that may be wrong are questioned, and nothing else is done to them."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import plausibility
from engine.data import PUBLISHED
from engine.expected_calls import School
from engine.lab.synth import synthetic_tables
from engine.modules import AbsentLines, declare_absent
from engine.plausibility import Doubt, KnownBudget, budget_warnings, rule_warnings
from engine.plausibility.pupils import pupil_checks
from engine.reading import pupil_table, records, school_table
from engine.rules import compile_rules, load_rule_file, pupil_columns
from engine.rules.load import plain, rule_set_from
from engine.rules.odd_values import odd_values
from engine.run import evaluate
from engine.statement import outcome_warnings, school_warnings
from tests.builders import banded, rule_set
from tests.worked_examples import cases

RULES = {path.stem: path for path in PUBLISHED.rglob("*.yaml")}
SCHOOL = {"urn": 900001, "phase": "primary"}
COUNTS = {"units_basic_entitlement_primary": 210, "units_fsm6_primary": 48, "units_idaci_f_primary": 12,
          "units_idaci_e_primary": 18, "units_low_prior_attainment_primary": "58.695"}  # fmt: skip


def valued(identifier, row, absent=AbsentLines.zero):
    """Return one school valued under a published rule set."""
    rules = compile_rules(load_rule_file(RULES[identifier]))
    table = school_table(records([{**SCHOOL, **row}]), rules.wanted)
    return evaluate(rules, declare_absent(rules.formula, table, absent)).notional


def asked(row, cost=None, identifier="northumberland-2025-26"):
    """Return the kinds of warnings about one school, by column."""
    warnings = school_warnings(valued(identifier, row), cost)
    return [(str(one.kind), one.columns[0]) for one in warnings]


def test_a_school_s_true_counts_raise_no_warning():
    assert asked({**COUNTS, "sen_support_pupils": 30, "ehc_plans": 9}, 120_000) == []


def test_a_share_typed_for_a_count_is_questioned_with_the_count_that_it_is():
    outcome = valued(
        "northumberland-2025-26", {**COUNTS, "units_low_prior_attainment_primary": "0.2795"}
    )
    (warning,) = school_warnings(outcome)
    assert warning.kind is Doubt.share
    assert warning.correction == ("units_low_prior_attainment_primary", "58.695")
    assert warning.sentence.endswith("27.95% of 210 is 58.695: did you mean that?")


def test_shares_typed_for_all_counts_are_each_questioned_and_so_is_their_share_of_the_formula():
    shares = {"units_fsm6_primary": "0.2286", "units_low_prior_attainment_primary": "0.2795",
              "units_idaci_f_primary": "0.057", "units_idaci_e_primary": "0.0857"}  # fmt: skip
    found = asked({**COUNTS, **shares})
    assert sorted(found) == sorted(
        [*(("share", name) for name in shares), ("share_of_formula", "notional_sen")]
    )


def test_more_pupils_than_the_school_has_are_questioned():
    found = asked({**COUNTS, "units_fsm6_primary": 500, "units_low_prior_attainment_primary": 999,
                   "sen_support_pupils": 400, "ehc_plans": 300})  # fmt: skip
    assert sorted(found) == [
        ("more_than_all", "units_fsm6_primary"),
        ("more_than_all", "units_low_prior_attainment_primary"),
        ("needs", "sen_support_pupils"),
        ("share_of_formula", "notional_sen"),
    ]


def test_deprivation_bands_and_needs_are_questioned_together_where_none_is_alone():
    bands = {f"units_idaci_{one}_primary": 60 for one in "abcdef"}
    assert "deprivation" in {kind for kind, _ in asked({**COUNTS, **bands})}
    whole = [("needs", "sen_support_pupils")]
    assert asked({**COUNTS, "sen_support_pupils": 150, "ehc_plans": 61}) == whole
    assert asked({**COUNTS, "sen_support_pupils": 150, "ehc_plans": 60}) == []


def test_last_year_s_budget_in_pence_or_of_other_pupils_is_questioned():
    last = {"prior_budget": "1000000.00", "prior_pupils": 208}
    rules = "nff-2025-26"
    assert ("last_year", "prior_budget") not in asked({**COUNTS, **last}, identifier=rules)
    for wrong in ({"prior_budget": "100000000.00"}, {"prior_pupils": 20}):
        assert ("last_year", "prior_budget") in asked({**COUNTS, **last, **wrong}, identifier=rules)


@pytest.mark.parametrize(
    ("wrong", "column"),
    [({"prior_budget": "100000000.00"}, "prior_budget"), ({"prior_budget": "10000.00"}, "prior_budget"),
     ({"prior_pupils": 2}, "prior_budget"), ({"prior_pupils": 2}, "prior_pupils"),
     ({"prior_pupils": 20_800, "prior_budget": "100000000.00"}, "prior_pupils")],
)  # fmt: skip
def test_last_year_is_compared_with_a_budget_that_does_not_follow_it(wrong, column):
    # A guarantee pays what last year's wrong budget says: the protected budget is near it whatever it is.
    rules, last = "west-sussex-2021-22", {"prior_budget": "1000000.00", "prior_pupils": 208}
    assert "last_year" not in dict(asked({**COUNTS, **last}, identifier=rules))
    assert ("last_year", column) in asked({**COUNTS, **last, **wrong}, identifier=rules)


def test_an_amount_far_from_last_years_of_its_line_is_questioned():
    document = plain(load_rule_file(RULES["west-sussex-2021-22"]))
    document["schools_formula"]["factors"]["rates"] |= {
        "removed_from_prior": True, "prior_amount": "last_year",
    }  # fmt: skip
    rules = compile_rules(rule_set_from(document))

    def found(now: str, last: str) -> set[str]:
        row = {**SCHOOL, **COUNTS, "prior_budget": "1000000", "prior_pupils": 208}
        row |= {"amount_rates": now, "prior_amount_rates": last}
        table = school_table(records([row]), rules.wanted)
        schools = declare_absent(rules.formula, table, AbsentLines.zero)
        return {one.columns[0] for one in school_warnings(evaluate(rules, schools).notional)}

    assert "prior_amount_rates" not in found("20000", "19000")
    assert "prior_amount_rates" in found("20000", "190") & found("200", "19000")


def test_pence_for_pounds_are_questioned():
    assert asked({**COUNTS, "sen_support_pupils": 30}, 12_000_000) == [
        ("support_cost", "sen_support_pupils")
    ]
    figure = {"sen_support_pupils": 30, "sen_support_figure": "3600000.00"}
    assert asked({**COUNTS, **figure}) == [("support_cost", "sen_support_pupils")]
    assert asked({**COUNTS, **figure, "sen_support_figure": "36000.00"}) == []
    assert ("amount", "amount_rates") in asked({**COUNTS, "amount_rates": "2500000.00"})


@pytest.mark.parametrize("case", cases("notional_sen").values(), ids=cases("notional_sen"))
def test_a_published_statement_raises_no_warning(case):
    outcome = valued(case["rule_set"], case["school"], AbsentLines.not_supplied)
    assert [str(one) for one in school_warnings(outcome)] == []


numbers = st.one_of(st.just(""), st.integers(0, 400).map(str), st.decimals(0, 1, places=4).map(str))


@given(
    st.fixed_dictionaries(dict.fromkeys(COUNTS, numbers)),
    st.fixed_dictionaries(
        {name: st.integers(0, 400) for name in ("sen_support_pupils", "ehc_plans")}
    ),
    st.one_of(st.none(), st.integers(0, 10**8)),
)
def test_plausibility_warns_and_never_changes_an_amount(counts, needs, cost):
    outcome = valued("northumberland-2025-26", {**counts, **needs}, AbsentLines.not_supplied)
    before = (outcome.amount.tobytes(), outcome.notional_total.tobytes(), outcome.units.tobytes())
    warnings = school_warnings(outcome, cost)
    found = {(one.columns[0], one.kind) for one in warnings}
    assert before == (
        outcome.amount.tobytes(),
        outcome.notional_total.tobytes(),
        outcome.units.tobytes(),
    )
    shares = {name for name, text in counts.items() if text and 0 < Decimal(text) < 1}
    assert shares == {name for name, kind in found if kind is Doubt.share}
    pupils = Decimal(counts["units_basic_entitlement_primary"] or 0)
    more = {name for name, text in counts.items() if text and Decimal(text) > pupils >= 1}
    assert more == {name for name, kind in found if kind is Doubt.more_than_all}
    assert (("sen_support_pupils", Doubt.needs) in found) == (sum(needs.values()) > pupils >= 1)


@given(st.integers(0, 60))
def test_a_kind_has_a_line_a_row_for_a_few_and_one_line_for_more(number):
    rules = compile_rules(load_rule_file(RULES["northumberland-2025-26"]))
    rows = [
        {**SCHOOL, **COUNTS, "urn": 900001 + at, "units_fsm6_primary": 500} for at in range(number)
    ]
    rows.append({**SCHOOL, **COUNTS, "urn": 990000})
    table = declare_absent(
        rules.formula, school_table(records(rows), rules.wanted), AbsentLines.zero
    )
    warnings = school_warnings(evaluate(rules, table).notional)
    lines = [
        one
        for one in warnings.lines()
        if "counts more pupils" in one or "more than the school" in one
    ]
    assert len(lines) == (number if number <= 3 else 1)
    assert sum(one.number for one in warnings.counts() if one.kind is Doubt.more_than_all) == number


@pytest.mark.parametrize(
    ("budget", "plans", "found"),
    [(6_000_000, 6, []), (60_000, 6, ["amount"]), (6_000_000, 600, ["amount"]), (600_000_001, 6, ["amount"]),
     (None, 600, []), (0, 600, [])],
)  # fmt: skip
def test_a_known_budget_far_from_the_plans_of_a_school_or_above_any_is_questioned(
    budget, plans, found
):
    rules = compile_rules(load_rule_file(RULES["northumberland-2025-26"]))
    needs = School(
        sen_support_pupils=30, sen_support_cost=None, plans=plans, sen_support_figure=None
    )
    warnings = budget_warnings(rules, KnownBudget(needs, budget, None))
    assert [str(one.kind) for one in warnings] == found


def pupils_asked(row, prices, bands, **rule):
    rules = compile_rules(rule_set(**banded(prices, bands, **rule)))
    table = pupil_table(
        records([{"pupil_key": "k", "la": 201, **row}]), pupil_columns(rules, counting=False)
    )
    (warnings,) = outcome_warnings(evaluate(rules, pupils=table))
    assert not any(one.sentence == "k" or "9876" in one.sentence for one in warnings)
    return [str(one.kind) for one in warnings]


COSTED = ([{"band": "A", "pounds": "14600"}, {"band": "B", "assessed_cost": True}], ["A", "B"])


@pytest.mark.parametrize(
    ("cost", "found"),
    [("9876.54", []), ("987654.00", ["assessed_cost"]), ("98.76", ["assessed_cost"]), ("0", [])],
)
def test_an_assessed_cost_a_hundred_times_too_large_or_small_is_questioned(cost, found):
    assert pupils_asked({"band": "B", "assessed_cost": cost}, *COSTED) == found


@pytest.mark.parametrize(("hours", "found"), [("27.5", []), ("65", []), ("120", ["hours"])])
def test_hours_beyond_a_school_week_are_questioned(hours, found):
    price = [{"pounds_each": "500", "each": "support_hours"}]
    assert pupils_asked({"band": "A", "support_hours": hours}, price, ["A"]) == found


@pytest.mark.parametrize(
    ("hours", "found"), [("30", []), ("1.5", []), ("1", ["hours"]), ("0.5", ["hours"]), ("0", [])]
)
def test_a_full_time_equivalent_typed_as_hours_is_questioned(hours, found):
    price = [{"band": "A", "pounds": "14600"}]
    rule = {"part_time": {"full_time_hours": "30"}}
    assert pupils_asked({"band": "A", "hours": hours}, price, ["A"], **rule) == found


@pytest.mark.parametrize(("amount", "found"), [("5400.50", []), ("540050", ["amount"]), ("0", [])])
def test_a_sum_of_a_pupils_own_far_above_every_price_is_questioned(amount, found):
    price = [{"band": "A", "pounds": "14600", "pounds_each": "1", "each": "exceptional_amount"}]
    assert pupils_asked({"band": "A", "exceptional_amount": amount}, price, ["A"]) == found


@pytest.mark.parametrize(("parts", "found"), [("5", []), ("6", []), ("7", ["part_of_year"])])
def test_more_parts_than_rules_of_part_of_a_year_have_are_questioned(parts, found):
    months = DAYS | {"parts": {"number": 12, "part": "month"}}
    days = {"first": "2025-04-01", "last": "2025-08-31"}
    document = banded([{"band": "A", "pounds": "12000"}], ["A"], calendar=months)
    rules = compile_rules(rule_set(**document, effective=days))
    row = {"pupil_key": "k", "la": 201, "band": "A", "parts_on_roll": parts}
    table = pupil_table(records([row]), pupil_columns(rules, counting=False))
    (warnings,) = outcome_warnings(evaluate(rules, pupils=table))
    assert [str(one.kind) for one in warnings] == found


DAYS = {"source": "example", "standing": "proposed", "parts": {"number": 365, "part": "day"}}
TERMS = DAYS | {"parts": {"number": 3, "part": "term"}}


@pytest.mark.parametrize(
    ("parts", "calendar", "found"),
    [("1", DAYS, ["part_of_year"]), ("2", DAYS, ["part_of_year"]), ("3", DAYS, []), ("0", DAYS, []),
     ("365", DAYS, []), ("", DAYS, []), ("1", TERMS, []), ("1", None, ["part_of_year"])],
)  # fmt: skip
def test_one_part_of_many_is_questioned_where_a_year_may_be_meant(parts, calendar, found):
    price = [{"band": "A", "pounds": "14600"}]
    rule = {"calendar": calendar} if calendar else {}
    assert pupils_asked({"band": "A", "parts_on_roll": parts}, price, ["A"], **rule) == found


def test_of_many_rows_is_said_what_is_wrong_with_them():
    document = banded([{"band": "A", "pounds": "1"}], ["A"], part_time={"full_time_hours": "30"})
    rules = compile_rules(rule_set(**document))
    row = {"la": 201, "band": "A", "hours": "0.8", "start": "2052-09-01"}
    table = records([{"pupil_key": f"k{at}", **row} for at in range(5)])
    (warnings,) = outcome_warnings(
        evaluate(rules, pupils=pupil_table(table, pupil_columns(rules, counting=False)))
    )
    assert warnings.lines() == [
        "5 rows (2, 3, 4, …): hours is an hour a week or less: a full-time equivalent? It counts hours",
        "5 rows (2, 3, 4, …): start is far from the days of these rules: check its year",
    ]


@pytest.mark.parametrize(
    ("start", "found"),
    [("2025-09-01", []), ("2015-09-01", []), ("", []), ("2026-09-01", []), ("2052-09-01", ["part_of_year"]),
     ("1995-09-01", ["part_of_year"])],
)  # fmt: skip
def test_a_start_of_a_year_that_no_pupil_of_the_rules_has_is_questioned(start, found):
    price = [{"band": "A", "pounds": "14600"}]
    assert pupils_asked({"band": "A", "start": start}, price, ["A"]) == found


@pytest.mark.parametrize(
    ("today", "found"),
    [("14000.00", []), ("1400000.00", ["top_up_today"]), ("140.00", ["top_up_today"]), ("0", [])],
)
def test_a_top_up_of_today_in_pence_is_questioned(today, found):
    protection = {"until": "2026-03-31", "pupil_percent": "100"}
    row = {"band": "A", "top_up": today}
    price = [{"band": "A", "pounds": "14600"}]
    assert pupils_asked(row, price, ["A"], protection=protection) == found


def test_of_a_large_table_only_those_who_may_be_paid_are_looked_at_and_the_same_is_questioned():
    rules = compile_rules(load_rule_file(RULES["national-profile-candidate"]))
    pupils = synthetic_tables(2_000, seed=5).pupils
    paid = pupils.columns["top_up"]
    where = np.arange(len(pupils))
    odd = np.where((where % 5 == 0) & (paid > 0), paid * 100, paid)
    odd = np.where((where % 7 == 0) & (paid == 0), 12_345_600, odd)
    pupils = replace(pupils, columns={**pupils.columns, "top_up": odd.astype(paid.dtype)})
    found = []
    for table in (pupils, pupils.laid_out(least=0)):
        outcome = evaluate(rules, None, table).top_ups
        found.append([(one.kind, one.places.tolist()) for one in pupil_checks(outcome)])
    assert found[0] == found[1]
    assert len(dict(found[0])[Doubt.top_up_today]) > 5


@pytest.mark.parametrize("identifier", sorted(RULES))
def test_a_published_rule_set_raises_no_warning(identifier):
    assert rule_warnings(load_rule_file(RULES[identifier])) == ()


@pytest.mark.parametrize("case", cases("top_up").values(), ids=cases("top_up"))
def test_a_published_example_of_a_pupil_raises_no_warning(case):
    if "refused" in case:
        return
    rules = compile_rules(load_rule_file(RULES[case["rule_set"]]))
    table = pupil_table(records([case["pupil"]]), pupil_columns(rules, counting=False))
    (warnings,) = outcome_warnings(evaluate(rules, pupils=table))
    assert list(warnings) == []


def test_rules_are_looked_at_once_however_many_pupils_are_valued_under_them(monkeypatch):
    looked = []

    def counted(document):
        looked.append(document)
        return odd_values(document)

    monkeypatch.setattr(plausibility, "odd_values", counted)
    document = rule_set(**banded([{"band": "A", "pounds": "1"}], ["A"]))
    rules = compile_rules(document)
    assert rule_warnings(document) == rule_warnings(document)
    assert len(looked) == 2
    columns = pupil_columns(rules, counting=False)
    row = {"pupil_key": "k", "la": 201, "band": "A"}
    for _ in range(2):
        table = pupil_table(records([row]), columns)
        assert len(outcome_warnings(evaluate(rules, pupils=table))) == 1
    assert len(looked) == 3
