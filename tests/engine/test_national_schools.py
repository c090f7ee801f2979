"""One national schools formula: values by authority and phase, equal to a formula of each authority."""

import dataclasses
from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PairRefused, RuleRefused
from engine.explain import explain_school
from engine.modules.school_formula.outcome import OF_SCHOOLS
from engine.modules.school_formula.table import line_rows, school_rows
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.statement import Statements
from engine.vocabulary import NOT_PRINTED, Missing
from tests.builders import pupil_table, school_table
from tests.engine.test_agreement_schools import assert_agrees
from tests.formula_strategies import formula_rule_sets, pupils_at, schools
from tests.national_formula_strategies import AUTHORITIES, national_formulas, of_authority
from tests.reference.notional import value_school
from tests.reference.school_value_tables import document_of_school
from tests.storm_size import draws, is_whole

PLACES = st.sampled_from([*AUTHORITIES, "303"])
"""Authorities of drawn schools: of 303 no row of a drawn table is."""


def of_several(records: list[dict], data, *, known: bool = True) -> list[dict]:
    """Return schools of several authorities; of some it is not known which, unless all are ``known``."""
    places = PLACES if known else PLACES | st.none()
    return [{**one, "la": place and int(place)} for one in records for place in [data.draw(places)]]


@settings(max_examples=draws(25))
@given(st.data(), national_formulas(formula_rule_sets()))
def test_every_school_of_a_national_formula_is_valued_as_the_reference_says(data, document):
    records = of_several(data.draw(schools(document, counted=False)), data, known=False)
    assert_agrees(document, records, of=document_of_school)


@settings(max_examples=draws(25))
@given(st.data(), national_formulas(formula_rule_sets()))
def test_units_of_a_national_formula_are_counted_from_pupils_as_the_reference_says(data, document):
    records = of_several(data.draw(schools(document, counted=True)), data)
    assert_agrees(document, records, data.draw(pupils_at(records)), of=document_of_school)


@settings(max_examples=draws(25))
@given(st.data(), national_formulas(formula_rule_sets(), changing=True))
def test_values_of_rows_that_change_in_september_come_to_what_the_reference_says(data, document):
    rules = compile_rules(document)
    records = of_several(data.draw(schools(document, counted=False)), data)
    outcome = evaluate(rules, school_table(records)).notional
    for at, record in enumerate(sorted(records, key=lambda one: one["urn"])):
        own = document_of_school(document, record)
        expected = value_school(own, rules.now.first, record, by_months=True)
        assert int(outcome.formula_total[at]) == expected.formula_total
        assert int(outcome.notional_total[at]) == expected.notional_total
        assert int(outcome.absent_total[at]) == expected.absent
        explain_school(outcome, record["urn"])


SEEN = Counter()


@settings(max_examples=draws(60))
@given(st.data(), national_formulas(formula_rule_sets(), changing=True), st.booleans())
def check_each_authority(data, document, counted):
    records = of_several(data.draw(schools(document, counted=counted)), data)
    pupils = pupil_table(data.draw(pupils_at(records))) if counted else None
    held = school_table(records)
    whole = evaluate(compile_rules(document), held, pupils).notional
    for la in sorted({one["la"] for one in records}):
        own = compile_rules(of_authority(document, f"{la}"))
        [theirs] = [np.flatnonzero(held.columns["la"] == la)]
        try:
            one = evaluate(own, held.among(theirs), pupils).notional
        except (PairRefused, RuleRefused):
            SEEN["refused"] += 1
            continue
        for name in OF_SCHOOLS:
            if name != "minimum_base":
                assert np.array_equal(getattr(whole, name)[theirs], getattr(one, name)), name
        assert said(whole, one.schools.urn) == said(one, one.schools.urn)
        SEEN["schools"] += len(theirs)
        reasons = [why for at in theirs.tolist() for why in Statements(whole).whole(at).missing]
        SEEN["no row"] += sum(str(Missing.no_value) in why for why in reasons)
        SEEN["groups"] += len(whole.groups) > 1


def test_a_national_formula_comes_to_what_a_formula_of_each_authority_comes_to_and_says_the_same():
    SEEN.clear()
    check_each_authority()
    assert SEEN["schools"], SEEN
    assert not is_whole() or (SEEN["no row"] and SEEN["groups"]), SEEN


def said(outcome, urns) -> list[object]:
    """Return the rows, statements and workings of some schools; a row that is lacking is said as not printed."""
    same = {str(Missing.no_value): str(Missing.not_printed)}
    found: list[object] = []
    for rows in (school_rows(outcome), line_rows(outcome)):
        for one in rows.frame.to_dicts():
            if one["urn"] in urns:
                kept = {name: value for name, value in one.items() if value is not None}
                found.append({**kept, "why_not_known": same.get(*[one.get("why_not_known")] * 2)})
    for at in np.flatnonzero(np.isin(outcome.schools.urn, urns)).tolist():
        statement = Statements(outcome, 50_000).whole(at)
        found.append([(one.name, one.amount, one.notional) for one in statement.parts])
        found.append(dataclasses.astuple(statement.calls.expected)[:5])
        working = explain_school(outcome, int(outcome.schools.urn[at]))
        rows = [one for part in working.workings for one in part.rows if one.unit != "text"]
        found.append([None if one.value == NOT_PRINTED else one.value for one in rows])
    return found
