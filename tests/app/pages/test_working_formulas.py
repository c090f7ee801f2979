"""The formulas of a school's workbook come to what the engine answers: as downloaded, and with other counts.

Every published rule set with a schools formula, each phase that it funds, small and large schools.
"""

from fractions import Fraction

import pytest

from app.pages.forms import SchoolBudget
from engine.explain import school_sheet
from engine.vocabulary import SchoolPhase
from tests.rule_library import compiled, with_part
from tests.school_answers import changed_form, filled_form, other_counts, school_forms
from tests.sheet_formulas import recalculated, rounded

FIRST = 2
SCHOOLS = [one for at, one in enumerate(school_forms()) if at % 2 == one[2] % 2]
ADJUSTED = (
    "Minimum per-pupil level",
    "Minimum funding guarantee, cap and scaling",
    "London fringe",
)


def sheet_of(form):
    """Return the parts of a school's sheet."""
    assert isinstance(form.result, SchoolBudget), form.mistakes
    outcome = form.result.outcome
    return school_sheet(outcome, int(outcome.schools.urn[0]), FIRST)


def pence(number):
    return round(number * 100)


@pytest.mark.parametrize(("name", "phase", "kind"), SCHOOLS)
def test_other_counts_come_to_what_the_engine_answers_for_them(name, phase, kind):
    form = filled_form(name, phase, kind)
    parts = sheet_of(form)
    as_made = recalculated(parts, {})
    for part in parts:
        for place, row in enumerate(part.rows, start=part.row):
            if row.formula is not None and isinstance(row.value, Fraction):
                assert as_made[place] == pytest.approx(float(row.value), abs=1e-7), row
    changes = other_counts(form, parts)
    assert len(changes.answers) > 3
    other = changed_form(form, changes.answers)
    now = recalculated(parts, changes.cells)
    totals = dict(zip(("formula", "notional"), parts[-1].rows, strict=False))
    expected = other.result.school
    for place, (what, row) in enumerate(totals.items(), start=parts[-1].row):
        if row.value is not None:
            assert pence(now[place]) == getattr(expected, what), (what, row)
    assert pence(now[parts[-1].row]) != form.result.school.formula


def test_the_schools_are_of_every_rule_set():
    assert {name for name, _, _ in SCHOOLS} == {*with_part("schools_formula")}
    assert {kind for _, _, kind in SCHOOLS} == {0, 1, 2}


def test_minimum_level_guarantee_cap_and_fringe_follow_in_some_rule_set():
    found = set()
    for name, phase, kind in SCHOOLS:
        if name not in {"west-sussex-2021-22", "toy-2025-26", "northumberland-2025-26"}:
            continue
        for part in sheet_of(filled_form(name, phase, kind)):
            if part.label in ADJUSTED and any(row.formula and row.value for row in part.rows):
                found.add(part.label)
    assert found >= set(ADJUSTED[:2])


def test_a_percentage_that_is_not_printed_keeps_and_its_amount_follows():
    form = filled_form("wiltshire-2025-26", SchoolPhase.primary, 1)
    parts = sheet_of(form)
    (part,) = (one for one in parts if one.label == "Basic entitlement (primary)")
    assert part.rows[2].formula is not None
    assert part.rows[-1].formula is None
    assert parts[-1].rows[1].value is None
    assert compiled("wiltshire-2025-26").document.identifier == "wiltshire-2025-26"


@pytest.mark.parametrize(
    ("number", "decimals", "expected"),
    [(2.5, 0, 3), (-2.5, 0, -3), (2.4999, 0, 2), (1.005, 2, 1.01), (1e16, 0, 1e16)],
)
def test_halves_are_rounded_away_from_zero_as_programs_do(number, decimals, expected):
    assert rounded(number, decimals) == expected
