"""The printed steps of a school's lines and adjustments, worked as a person would, come to the pence paid."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import NotReconciled
from engine.explain import explain_school
from engine.kernels.notional import NOT_KNOWN, YEARS_AMOUNT
from engine.modules.school_formula.parts import adjustments
from engine.modules.school_formula.steps import ADJUSTMENTS, UNEQUAL_STEPS, line_steps
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.steps import work
from tests.builders import rule_set, school, school_table
from tests.engine.test_explain_rows import check_rows

PERCENT = {"notional_percent": "5.25"}


@st.composite
def full_formulas(draw):
    """Draw a formula with every kind of line and adjustment."""
    money = st.decimals(1_500, 6_000, places=2).map(str)
    bounds = draw(st.sampled_from([("0", "21.4"), ("10.7", "21.4"), ("21.4", "21.4")]))
    near = draw(st.sampled_from([{}, {"tapers_from_miles": "1.6"}]))
    sparsity = {"full_below": bounds[0], "pupils_per_year": bounds[1], "miles": "2", **near}
    lump = {"unit_value": "120000", **PERCENT}
    stages = {name: {"unit_value": draw(money), **PERCENT} for name in ("primary", "ks3", "ks4")}
    protection = draw(
        st.sampled_from(
            [
                {"guarantee_percent": "-0.5", "cap_percent": "1", "scaling_percent": "50"},
                {"guarantee_percent": "0.5"}, {"cap_percent": "3"},
                {"guarantee_percent": "0.5", "cap_percent": "-1"}, {"cap_percent": "0", "scaling_percent": "100"},
            ]
        )
    )  # fmt: skip
    return rule_set(
        schools_formula={
            "area_cost_adjustment": draw(st.decimals("0.9", "1.2", places=5).map(str)),
            "fringe": True,
            "year_days": 365,
            "pupils_counted_by": "basic",
            "factors": {
                "basic": {"label": "Basic", "counts": "pupils", **stages},
                "lump": {
                    "label": "Lump", "counts": "school", "primary": lump, "secondary": lump,
                    "in_guarantee": draw(st.booleans()), "removed_from_prior": True,
                },
                "sparse": {
                    "label": "Sparsity", "counts": "sparsity",
                    "primary": {"unit_value": "57700", "notional_percent": "50", "sparsity": sparsity},
                },
                "rates": {
                    "label": "Rates", "counts": "amount", "in_minimum_base": False,
                    "all": {"notional_percent": "1.5"},
                },
            },
            "minimum_per_pupil": {"primary": "4955", "ks3": "6221", "ks4": "6831", **PERCENT},
            "protection": protection | {"notional_percent": "8"},
        }
    )  # fmt: skip


YEARS = {
    "primary": (7, 0, 0),
    "secondary": (0, 3, 2),
    "middle": (3, 2, 0),
    "all_through": (7, 3, 2),
}


@st.composite
def full_schools(draw):
    """Draw schools of which everything is given; amounts may be taken back."""
    drawn = []
    for urn in range(1, draw(st.integers(2, 5))):
        phase = draw(st.sampled_from(["primary", *sorted(YEARS)]))
        names = ("primary_years", "ks3_years", "ks4_years")
        stages = zip(("primary", "ks3", "ks4"), YEARS[phase], strict=True)
        units = {
            f"units_basic_{name}": draw(st.integers(1, 15) | st.integers(1, 40)) * years
            for name, years in stages
        }
        pupils = sum(units.values())
        drawn.append(
            school(
                urn=urn, phase=phase, **dict(zip(names, YEARS[phase], strict=True)), **units,
                amount_rates=draw(st.decimals(-90_000, 90_000, places=2)),
                prior_budget=draw(st.integers(4_000, 9_000)) * pupils, prior_pupils=pupils,
                sparsity_distance=draw(st.decimals("1.5", "2.5", places=2)),
                london_fringe=draw(st.sampled_from(["1", "1.01", "1.0561"])),
                days_open=draw(st.sampled_from([None, None, 153, 365])),
            )
        )  # fmt: skip
    return drawn


def test_the_steps_of_a_school_come_to_what_is_paid_and_every_kind_is_drawn():
    seen = Counter()

    @settings(max_examples=100)
    @given(full_formulas(), full_schools())
    def check(document, records):
        outcome = evaluate(compile_rules(document), school_table(records)).notional
        for at in range(len(outcome.schools)):
            for line in range(len(outcome.lines)):
                if outcome.form[at, line] == NOT_KNOWN:
                    continue
                paid = int(outcome.amount[at, line])
                steps, _, own = line_steps(outcome, at, line)
                assert work(steps, own) == paid
                seen["negative"] += paid < 0
                seen["earned"] += paid > 0 and outcome.form[at, line] == YEARS_AMOUNT
            for one in adjustments(outcome):
                if one.absent[at]:
                    continue
                [(steps, own), *_] = ADJUSTMENTS[one.name](outcome, at)
                paid = int(one.amount[at])
                assert work(steps, own) == paid
                seen[one.name, (paid > 0) - (paid < 0)] += 1
                seen["for a part of the year"] += paid != 0 and "days_open" in own
            for working in explain_school(outcome, int(outcome.schools.urn[at])).workings:
                check_rows(working.rows)

    check()
    kinds = {
        "negative",
        "earned",
        "for a part of the year",
        ("fringe", 1),
        ("minimum_per_pupil", 0),
    }
    kinds |= {("minimum_per_pupil", 1), ("protection", -1), ("protection", 0), ("protection", 1)}
    assert {one for one in kinds if seen[one] < 3} == set(), seen


def test_steps_that_do_not_come_to_what_is_paid_are_not_printed(monkeypatch):
    formula = {"pupils_counted_by": "basic", "factors": {"basic": {
        "label": "Basic", "counts": "pupils", "primary": {"unit_value": "1000", **PERCENT},
    }}}  # fmt: skip
    table = school_table([school(urn=1, phase="primary", units_basic_primary="10")])
    outcome = evaluate(compile_rules(rule_set(schools_formula=formula)), table).notional
    assert explain_school(outcome, 1).workings
    monkeypatch.setattr("engine.modules.school_formula.steps.end_of_results", lambda _: 1)
    with pytest.raises(NotReconciled, match=UNEQUAL_STEPS):
        explain_school(outcome, 1)


def test_a_lump_sum_shared_by_year_groups_says_by_which():
    line = {"unit_value": "120000"}
    formula = {"pupils_counted_by": "basic", "factors": {
        "basic": {"label": "Basic", "counts": "pupils", "primary": line, "ks3": line},
        "lump": {"label": "Lump", "counts": "school", "primary": line, "secondary": line},
    }}  # fmt: skip
    record = school(
        urn=1, phase="middle", primary_years=3, ks3_years=2, ks4_years=0,
        units_basic_primary="10", units_basic_ks3="10",
    )  # fmt: skip
    outcome = evaluate(
        compile_rules(rule_set(schools_formula=formula)), school_table([record])
    ).notional
    rows = {
        one.name: [(row.label, row.value) for row in one.rows]
        for one in explain_school(outcome, 1).workings
    }
    assert rows["lump_primary"] == [
        ("Unit value", "120000.00"), ("Shared by its year groups", "3 of 5"),
        ("Amount", "72000.00"),
    ]  # fmt: skip


def test_what_a_guarantee_above_the_cap_adds_is_not_taken_back():
    line = {"unit_value": "1000"}
    formula = {
        "pupils_counted_by": "basic",
        "factors": {"basic": {"label": "Basic", "counts": "pupils", "primary": line}},
    }
    gains = {"guarantee_percent": "2", "cap_percent": "-3"}
    rules = compile_rules(rule_set(schools_formula=formula | {"protection": gains}))
    # 100 pupils at 1,000 pounds: 1 % less than last year, so 3 % are added; or 4 % more, so 7 % are taken back.
    for last_year, adjustment in (("101010.10", 3_030_30), ("96153.85", -6_730_77)):
        record = school(
            urn=1,
            phase="primary",
            units_basic_primary="100",
            prior_budget=last_year,
            prior_pupils="100",
        )
        outcome = evaluate(rules, school_table([record])).notional
        assert int(outcome.protection[0]) == adjustment
        check_rows(explain_school(outcome, 1).workings[-1].rows)
