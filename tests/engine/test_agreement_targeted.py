"""Targeted funding against the reference implementation: every pattern, and shared pots."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

import polars as pl
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from engine.errors import Refusal
from engine.modules.module import Options
from engine.modules.targeted import TARGETED_FUNDING, SchoolCalls, value_targeted
from engine.modules.targeted.valuation import SchoolFigures, value_known
from engine.money import MILLION, PENCE
from engine.rules.compile import compile_rules
from engine.rules.in_force import InForce
from engine.rules.targeted import Pattern
from engine.steps import work
from engine.vocabulary import Missing
from tests.block_strategies import DAYS, PATTERNS, targeted_documents
from tests.builders import rule_set
from tests.reference.targeted import (
    Paid,
    School,
    due,
    expected_calls,
    funded,
    has_begun,
    threshold_of,
)

DAY = date(2025, 4, 1)
POUNDS = st.decimals(0, 400_000, places=2) | st.sampled_from([Decimal(0), Decimal("0.01")])
BUDGETS = POUNDS | st.decimals(-200_000, 0, places=2)
PLANS = st.integers(0, 60)
PARTS = PLANS | st.decimals(0, 60, places=2)
PUPILS = st.decimals(0, 2_000, places=1) | st.integers(0, 2_000)


def schools(fewest: int = 0):
    """Draw no school, one or many, of each of which all is known."""
    fractions = (one.map(Fraction) for one in (BUDGETS, PARTS, PUPILS, POUNDS))
    return st.lists(st.builds(School, *fractions), min_size=fewest, max_size=9)


def paid(rules, several, day) -> list[Paid]:
    """Return what the engine pays each school."""
    spoken = [
        SchoolCalls(int(one.notional * PENCE), one.plans, one.pupils, int(one.calls * PENCE))
        for one in several
    ]
    value = value_targeted(rules.compile(InForce(day, day)), spoken)
    assert [work(one.steps, one.own) for one in value] == [one.amount for one in value]
    return [Paid(one.due, one.shared) for one in value]


@given(targeted_documents(), schools(), DAYS)
def test_every_school_is_paid_what_its_pattern_and_the_pot_say(document, several, day):
    rules = document.targeted_funding
    if not has_begun(rules, day):
        with pytest.raises(Refusal, match="has no value on"):
            paid(rules, several, day)
        return
    event(f"{rules.pattern.value}, {len(several) and 'schools'}")
    assert paid(rules, several, day) == funded(rules, several, day)


@st.composite
def pots_about_the_dues(draw):
    """Draw a rule, schools, and a pot by pennies smaller or larger than what is due, or equal to it."""
    rules = draw(targeted_documents()).targeted_funding
    several = draw(schools(draw(st.sampled_from([0, 4]))))
    held = rules.model_dump(by_alias=True, exclude_none=True, exclude={"provenance"})
    if not has_begun(rules, DAY):
        return None
    pence = sum(due(rules, one, DAY) for one in several) * PENCE
    pot = max(ceil(pence) + draw(st.sampled_from([-2, -1, 0, 0, 0, 1])), 0)
    text = format(Decimal(pot) / PENCE, "f")
    standing = [{"from": DAY, "value": text, "source": "example", "standing": "proposed"}]
    return rule_set(targeted_funding={**held, "pot": standing}).targeted_funding, several, pot


@given(pots_about_the_dues())
def test_a_pot_by_pennies_too_small_or_large_enough_is_divided_to_the_penny(drawn):
    if drawn is None:
        return
    rules, several, pot = drawn
    value = paid(rules, several, DAY)
    assert value == funded(rules, several, DAY)
    first = sum(one.due for one in value)
    assert first <= pot
    if sum(due(rules, one, DAY) for one in several) * PENCE > pot:
        assert first == pot


@given(targeted_documents(), schools(), DAYS)
def test_a_pot_never_pays_more_than_it_holds_and_all_of_it_where_dues_exceed_it(
    document, several, day
):
    rules = document.targeted_funding
    if rules.pot is None or not has_begun(rules, day):
        return
    value = paid(rules, several, day)
    pot = next(one.decimal for one in reversed(rules.pot) if one.from_ <= day) * PENCE
    assert sum(one.due + one.shared for one in value) <= pot
    assert all(one.due >= 0 and one.shared >= 0 for one in value)
    if sum(due(rules, one, day) for one in several) * PENCE > pot:
        assert [sum(one.due for one in value), sum(one.shared for one in value)] == [pot, 0]


@given(targeted_documents(["gap_then_pot"]), schools())
def test_the_rest_of_a_pot_goes_to_schools_still_short_and_to_the_last_penny(document, several):
    rules = document.targeted_funding
    if not has_begun(rules, DAY):
        return
    value = paid(rules, several, DAY)
    pot = int(next(one.decimal for one in reversed(rules.pot) if one.from_ <= DAY) * PENCE)
    short = [one.calls - one.notional > due(rules, one, DAY) for one in several]
    assert all(still or not one.shared for still, one in zip(short, value, strict=True))
    if any(short):
        assert sum(one.due + one.shared for one in value) == pot


@given(st.integers(1, 60), st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_each_penny_of_a_small_pot_goes_to_the_first_school_whose_running_total_reaches_its_middle(
    pot, plans
):
    rules = rule_set(
        targeted_funding={
            "label": "Extra", "pattern": "gap", "threshold": "6000", "means_percent": "1",
            "pot": format(Decimal(pot) / PENCE, "f"),
        }
    ).targeted_funding  # fmt: skip
    nothing = Fraction(0)
    several = [School(nothing, Fraction(one), nothing, nothing) for one in plans]
    received = [0] * len(plans)
    for penny in range(pot):
        middle = Fraction(2 * penny + 1, 2)
        upto = [Fraction(pot * sum(plans[: at + 1]), sum(plans)) for at in range(len(plans))]
        received[next(at for at, total in enumerate(upto) if total >= middle)] += 1
    assert [one.due for one in paid(rules, several, DAY)] == received


def test_dues_that_fit_a_pot_exactly_do_not_overspend_it_by_being_rounded_up():
    rules = rule_set(
        targeted_funding={
            "label": "Extra", "pattern": "gap", "threshold": "6000", "means_percent": "50",
            "pot": "11999.99",
        }
    ).targeted_funding  # fmt: skip
    # Half of a penny of budget leaves 5,999.995 due to each of the two.
    school = School(Fraction(1, 100), Fraction(1), Fraction(0), Fraction(0))
    assert paid(rules, [school, school], DAY) == [Paid(600_000, 0), Paid(599_999, 0)]


def test_a_pot_that_has_not_begun_is_not_a_pot_without_end():
    rules = rule_set(
        targeted_funding={
            "label": "Extra", "pattern": "gap", "threshold": "6000", "means_percent": "50",
            "pot": [{"from": "2025-09-01", "value": "100"}],
        }
    ).targeted_funding  # fmt: skip
    with pytest.raises(Refusal, match=r"targeted_funding\.pot: has no value on"):
        paid(rules, [], DAY)


@st.composite
def rows(draw) -> list[dict]:
    """Draw rows of a table of schools, of some of which something is not supplied."""
    columns = {
        "notional_sen": BUDGETS,
        "ehc_plans": PLANS,
        "pupils": PUPILS,
        "expected_calls": POUNDS,
        "sen_support_pupils": st.integers(0, 400),
    }
    missing = draw(st.sets(st.sampled_from(sorted(columns)), max_size=2))
    each = {name: st.none() | one if name in missing else one for name, one in columns.items()}
    drawn = draw(st.lists(st.fixed_dictionaries(each), min_size=1, max_size=6))
    return [{"urn": 9_000_001 + at, **row} for at, row in enumerate(drawn)]


@st.composite
def with_or_without_formulas(draw):
    """Draw targeted funding alone, or beside a formula that names a threshold of its own or none; some unprinted."""
    drawn = draw(targeted_documents(unprinted=draw(st.booleans())))
    threshold = draw(st.sampled_from(["alone", None, "4500.07", "not printed"]))
    if threshold == "alone":
        return drawn
    held = drawn.targeted_funding.model_dump(
        by_alias=True, exclude_none=True, exclude={"provenance"}
    )
    pupils = {"label": "Pupils", "counts": "pupils", "all": {"unit_value": "1"}}
    formula = {"pupils_counted_by": "pupils", "factors": {"pupils": pupils}}
    if threshold is not None:
        formula["expected_calls"] = {"high_needs_threshold": threshold}
    return rule_set(targeted_funding=held, schools_formula=formula)


def spoken(row, cost: Decimal | None, threshold) -> School:
    """Return a school as a row of the table gives it; calls are worked out where they are not given."""
    calls = row["expected_calls"]
    if calls is None and cost is not None:
        calls = expected_calls(row["sen_support_pupils"], row["ehc_plans"], cost, threshold)
    held = (row["notional_sen"], row["ehc_plans"], row["pupils"], calls)
    return School(*(None if one is None else Fraction(one) for one in held))


@given(
    st.data(), with_or_without_formulas(), rows(), DAYS, st.none() | st.decimals(0, 3_000, places=2)
)  # fmt: skip
def test_every_row_of_a_table_of_schools_is_paid_so_whatever_their_order_or_refused_where_not_known(
    data, document, drawn, day, cost
):
    rules, threshold = document.targeted_funding, threshold_of(document, day)
    expected = funded(rules, [spoken(row, cost, threshold) for row in drawn], day)
    shuffled = data.draw(st.permutations(drawn))
    cells = [
        {name: "" if one is None else format(Decimal(one), "f") for name, one in row.items()}
        for row in shuffled
    ]
    frame, pence = pl.DataFrame(cells), None if cost is None else int(cost * PENCE)
    event("paid" if expected else "not known")
    if expected is None:
        with pytest.raises(Refusal):
            TARGETED_FUNDING.allocate(compile_rules(document, day), frame, Options(pence))
        return
    valued = TARGETED_FUNDING.allocate(compile_rules(document, day), frame, Options(pence)).valued
    found = {one.urn: _paid_or_why(one) for one in valued}
    assert found == {row["urn"]: one for row, one in zip(drawn, expected, strict=True)}


def _paid_or_why(school):
    """Return what a school is paid, or why it is not known, as the reference implementation says it."""
    if school.paid is None:
        return school.missing.name
    assert work(school.paid.steps, school.paid.own) == school.paid.amount
    return Paid(school.paid.due, school.paid.shared)


@given(targeted_documents(unprinted=True), schools(), DAYS)
def test_what_a_school_is_paid_depends_on_a_value_that_is_not_printed_or_it_does_not(
    document, several, day
):
    rules = document.targeted_funding
    if not has_begun(rules, day):
        return
    figures = [
        SchoolFigures(
            int(one.notional * PENCE), one.plans, int(one.pupils * MILLION), int(one.calls * PENCE)
        )
        for one in several
    ]
    found = value_known(rules.compile(InForce(day, day)), figures)
    expected = funded(rules, several, day)
    event(f"{rules.pattern.value}, {sum(isinstance(one, str) for one in expected)} not known")
    assert [
        one.name if isinstance(one, Missing) else Paid(one.due, one.shared) for one in found
    ] == expected


def test_the_twin_knows_every_pattern():
    assert set(PATTERNS) == set(Pattern.__members__)
