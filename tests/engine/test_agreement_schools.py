"""Kernels against the reference: formula, notional SEN, minimum level and protection."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.explain import explain_school
from engine.money import MILLION
from engine.row_chunks import Blocks
from engine.rules.compile import compile_rules
from engine.run import evaluate
from tests.builders import pupil_table, rule_set, school, school_table
from tests.digests import digest_of
from tests.formula_strategies import formula_rule_sets, pupils_at, schools
from tests.reference.notional import value_school
from tests.reference.units import Roll
from tests.storm_size import draws


def assert_agrees(
    document, records: list[dict], pupils: list[dict] | None = None, of=lambda document, _: document
) -> None:
    """Check that every part of every school's outcome equals the reference; ``of`` gives the document of a school."""
    rules = compile_rules(document)
    table = None if pupils is None else pupil_table(pupils)
    outcome = evaluate(rules, school_table(records), table).notional
    for at, record in enumerate(sorted(records, key=lambda one: one["urn"])):
        own = [one for one in pupils or () if one["urn"] == record["urn"]]
        expected = value_school(
            of(document, record), rules.now.first, record, None if pupils is None else Roll(own)
        )
        for line, key in enumerate(line.name for line in outcome.lines):
            twin = expected.lines[key]
            assert bool(outcome.known()[at, line]) == twin.known, key
            assert Fraction(int(outcome.units[at, line]), MILLION) == (twin.units or 0), key
            assert int(outcome.amount[at, line]) == twin.amount, key
            assert int(outcome.notional[at, line]) == twin.notional, key
            assert int(outcome.absent[at, line]) == twin.absent, key
        assert Fraction(int(outcome.pupils[at]), MILLION) == expected.pupils
        assert int(outcome.fringe[at]) == expected.fringe
        assert int(outcome.fringe_notional[at]) == expected.fringe_notional
        assert int(outcome.uplift[at]) == expected.uplift
        assert int(outcome.protection[at]) == expected.adjustment
        assert int(outcome.uplift_notional[at]) == expected.uplift_notional
        assert int(outcome.protection_notional[at]) == expected.adjustment_notional
        assert int(outcome.formula_total[at]) == expected.formula_total
        assert int(outcome.notional_total[at]) == expected.notional_total
        assert int(outcome.absent_total[at]) == expected.absent
        # Every printed step is worked again, and refused where it does not come to what was paid.
        workings = explain_school(outcome, record["urn"]).workings
        assert sum(one.absent for one in workings) == expected.absent


def test_a_cap_is_not_applied_where_the_minimum_level_it_must_leave_is_not_known():
    line = {"unit_value": "1000"}
    pupils = {"label": "All", "counts": "pupils", "primary": line, "ks3": line, "ks4": line}
    formula = {
        "pupils_counted_by": "all_pupils",
        "factors": {"all_pupils": pupils},
        "minimum_per_pupil": {"primary": "5000"},
        "protection": {"cap_percent": "0"},
    }
    units = {f"units_all_pupils_{stage}": Fraction(60) for stage in ("primary", "ks3", "ks4")}
    prior = {"prior_budget": Fraction(150_000), "prior_pupils": Fraction(180)}
    record = school(phase="all_through", **units, **prior)
    assert_agrees(rule_set(schools_formula=formula), [record])


@settings(max_examples=draws(15))
@given(st.data(), formula_rule_sets())
def test_units_given_by_schools_come_to_what_the_formula_says(data, document):
    assert_agrees(document, data.draw(schools(document, counted=False)))


@settings(max_examples=draws(15))
@given(st.data(), formula_rule_sets())
def test_units_counted_from_pupils_come_to_what_the_formula_says(data, document):
    records = data.draw(schools(document, counted=True))
    assert_agrees(document, records, data.draw(pupils_at(records)))


@settings(max_examples=draws(15))
@given(st.data(), formula_rule_sets(), st.integers(1, 7), st.integers(1, 4))
def test_pupils_laid_out_or_counted_in_parts_come_to_the_same_units(data, document, most, rows):
    rules = compile_rules(document)
    records = data.draw(schools(document, counted=True))
    held, table = school_table(records), pupil_table(data.draw(pupils_at(records)))
    once = digest_of(evaluate(rules, held, table))
    blocks = Blocks(2, rows)
    assert digest_of(evaluate(rules, held, table.laid_out(least=0), blocks=blocks)) == once
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.tables.combinations.MOST_NARROW", most)
        for one in (replace(table), table.laid_out(least=0)):
            assert digest_of(evaluate(rules, held, one, blocks=blocks)) == once
