"""Candidates of a schools formula: the same pence, winners and losers as evaluating each, whichever way they are worked out."""

from fractions import Fraction

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.candidates import Candidates, PathValues
from engine.candidates.schools import Measure, SchoolRun
from engine.candidates.schools.run import WORTH
from engine.candidates.schools.sides import side_of
from engine.errors import Refusal
from engine.rules.compile import compile_rules
from engine.rules.compile_trials import compile_what_if
from engine.rules.number_kinds import Kind
from engine.rules.paths import Paths
from engine.run import evaluate
from tests.builders import pupil_table, rule_set, school, school_table
from tests.formula_strategies import formula_rule_sets, pupils_at, schools
from tests.storm_size import draws

KINDS = ("total", "school_phase", "school")
PARTS = {"factors", "minimum_per_pupil", "protection"}
PERCENTAGES = ("notional_percent", "scaling_percent", "guarantee_percent", "cap_percent")


def expected_of(rules, table, pupils, overrides, measure) -> dict[str, np.ndarray]:
    """Return what a candidate comes to school by school, by the engine's own evaluation of both sides."""
    candidate = compile_what_if(rules.document, overrides, rules.day, rules)
    before, after = (
        side_of(evaluate(one, table, pupils).notional, measure) for one in (rules, candidate)
    )
    known = before.known & after.known
    counted = before.counted | after.counted
    return {
        "people": counted,
        "before": np.where(known, before.pence, 0),
        "after": np.where(known, after.pence, 0),
        "winners": known & (after.pence > before.pence),
        "losers": known & (after.pence < before.pence),
        "unknown": counted & ~known,
        "formula": np.where(known, after.formula, 0),
        "total": np.where(after.known, after.pence, 0),
    }


def assert_same(run: SchoolRun, rules, table, pupils) -> None:
    """Check every candidate of a run against the engine's own evaluation, by school and in all."""
    of_school = run.groups.kind("school").slice
    order = np.argsort([str(urn) for urn in table.urn.tolist()])
    for answer in run.answers():
        for at, row in enumerate(answer.rows.tolist()):
            overrides = run.candidates.overrides(row)
            try:
                expected = expected_of(rules, table, pupils, overrides, run.measure)
            except Refusal:
                assert row in answer.refused
                continue
            assert row not in answer.refused, answer.refused
            assert answer.total[at] == expected.pop("total").sum()
            for name, one in expected.items():
                found = getattr(answer, name)[at]
                assert found[of_school].tolist() == one[order].astype(np.int64).tolist(), name
                assert found[0] == one.sum(), name


@st.composite
def tried(draw, document, number: int):
    """Draw candidates of a few of a formula's dated values, some in few values, so that several share a structure."""
    paths = Paths(document)
    places = [
        paths.name(path)
        for path, kind in paths.every()
        if kind is Kind.dated and path[0] == "schools_formula" and path[1] in PARTS
    ]
    assume(places)
    chosen = draw(st.lists(st.sampled_from(places), min_size=1, max_size=5, unique=True))
    values = []
    for place in chosen:
        is_share = place.endswith(PERCENTAGES)
        decimals, most = (4, 100) if is_share else (2, 9_000)
        numbers = st.integers(0, most * 10**decimals)
        held = draw(st.lists(numbers, min_size=1, max_size=draw(st.sampled_from([1, 2, number]))))
        rows = draw(st.lists(st.sampled_from(held), min_size=number, max_size=number))
        values.append(PathValues(place, np.asarray(rows, np.int64), decimals))
    return Candidates.of(values)


@settings(max_examples=draws(15))
@given(st.data(), formula_rule_sets(), st.booleans(), st.sampled_from(Measure))
def test_candidates_come_to_what_evaluating_each_comes_to(data, document, counted, measure):
    rules = compile_rules(document)
    records = data.draw(schools(document, counted=counted))
    table = school_table(records)
    pupils = pupil_table(data.draw(pupils_at(records))) if counted else None
    candidates = data.draw(tried(document, WORTH + 3))
    try:
        run = SchoolRun.of(rules, table, candidates, pupils=pupils, measure=measure, kinds=KINDS)
    except Refusal:
        return
    assert_same(run, rules, table, pupils)


SHARES = st.decimals(0, 100, places=4).map(str)
MARKS = ("area_adjusted", "in_minimum_base", "in_guarantee")


def percent(low: int, high: int):
    """Draw a percentage."""
    return st.decimals(low, high, places=2).map(str)


@st.composite
def plain_formulas(draw) -> dict:
    """Draw a formula whose every value is printed, with what is compared with last year and with a minimum level."""

    def factor(counts: str, phases, highest: int, **extra) -> dict:
        value = st.decimals(0, highest, places=2).map(str)
        lines = {
            phase: {"unit_value": draw(value), "notional_percent": draw(SHARES)} for phase in phases
        }
        marks = {name: draw(st.booleans()) for name in MARKS}
        return {"label": "Factor", "counts": counts, **marks, **extra, **lines}

    stages = ("primary", "ks3", "ks4")
    removed = {"removed_from_prior": draw(st.booleans())}
    factors = {
        "basic_entitlement": factor("pupils", stages, 7_000),
        "fsm6": factor("pupils", ("primary", "secondary"), 2_000, where={"fsm6": True}),
        "lump_sum": factor("school", ("primary", "secondary"), 150_000, **removed),
        "rates": {"label": "Rates", "counts": "amount", "in_guarantee": False, "all": {}},
    }
    formula = {"pupils_counted_by": "basic_entitlement", "factors": factors}
    if draw(st.booleans()):
        formula["year_days"] = 365
    if draw(st.booleans()):
        formula["area_cost_adjustment"] = draw(st.decimals("0.9", "1.2", places=6).map(str))
    if draw(st.integers(0, 2)):
        level = st.decimals(3_000, 8_000, places=2).map(str)
        formula["minimum_per_pupil"] = {stage: draw(level) for stage in stages}
        formula["minimum_per_pupil"]["notional_percent"] = draw(SHARES)
    protection = {
        "guarantee_percent": percent(-5, 5),
        "cap_percent": percent(-1, 8),
        "scaling_percent": st.sampled_from(["100", "75", "33.3"]) | SHARES,
        "notional_percent": SHARES,
    }
    chosen = [name for name in protection if draw(st.integers(0, 2))]
    formula["protection"] = {name: draw(protection[name]) for name in chosen}
    return formula


@st.composite
def full_schools(draw) -> list[dict]:
    """Draw schools of which all is known but for a cell here and there, last year near to this one."""
    found = []
    for at in range(draw(st.integers(1, 6))):
        phase = draw(st.sampled_from(["primary", "secondary", "all_through", "special"]))
        of_phase = {"primary": ("primary",), "secondary": ("ks3", "ks4"), "special": ()}
        pupils = {
            stage: draw(st.integers(0, 400))
            for stage in of_phase.get(phase, ("primary", "ks3", "ks4"))
        }
        cells = {f"units_basic_entitlement_{stage}": one for stage, one in pupils.items()}
        cells |= {f"units_fsm6_{one}": draw(st.integers(0, 90)) for one in ("primary", "secondary")}
        cells["amount_rates"] = draw(st.integers(0, 30_000))
        before = sum(pupils.values())
        each = draw(st.integers(200_000, 900_000))
        cells["prior_pupils"] = max(before + draw(st.integers(-20, 20)), 1)
        cells["prior_budget"] = before * each // 100 + draw(st.integers(0, 150_000))
        cells["days_open"] = draw(st.sampled_from([365, 365, 214]))
        if draw(st.integers(0, 5)) == 0:
            cells[draw(st.sampled_from(sorted(cells)))] = None
        held = {name: None if one is None else Fraction(one) for name, one in cells.items()}
        held["days_open"] = cells["days_open"]
        found.append(school(urn=2 * at + 1, phase=phase, **held))
    return found


@settings(max_examples=draws(30))
@given(st.data(), plain_formulas(), full_schools(), st.sampled_from(Measure))
def test_levels_guarantees_and_caps_after_the_product_are_those_of_the_steps(
    data, formula, records, measure
):
    document = rule_set(schools_formula=formula)
    rules, table = compile_rules(document), school_table(records)
    candidates = data.draw(tried(document, WORTH + 3))
    run = SchoolRun.of(rules, table, candidates, measure=measure, kinds=KINDS)
    assert_same(run, rules, table, None)
