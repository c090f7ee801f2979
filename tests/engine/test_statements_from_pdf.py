"""Rows copied from a PDF, with single blanks and no columns: each figure is what the statement means by it."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.letters.figure_meanings import Meaning
from engine.letters.statement_answers import statement_answers
from engine.vocabulary import SchoolPhase
from tests.engine.test_statement_rows import lines_of, read, rules_of
from tests.storm_size import draws

NATIONAL = "nff-2026-27"
LINES = {
    "Basic Entitlement Primary (Years R-6)": ("basic_entitlement_primary", "4050.10"),
    "Basic Entitlement Key Stage 3 (Years 7-9)": ("basic_entitlement_ks3", "5670.25"),
    "Free School Meals Primary": ("fsm_primary", "505"),
    "Ever 6 FSM Primary": ("fsm6_primary", "1210"),
    "Ever 6 FSM Secondary": ("fsm6_secondary", "1725"),
    "IDACI Band F Primary": ("idaci_f_primary", "240"),
    "IDACI Band C Secondary": ("idaci_c_secondary", "710"),
    "Low Attainment Primary": ("low_prior_attainment_primary", "1200"),
    "Low Attainment Secondary (year 7-8)": ("low_prior_attainment_secondary", "1825"),
    "EAL 3 Primary": ("eal_primary", "610"),
}
TWO = Decimal("0.01")


def pounds(value):
    return f"£{value.quantize(TWO, ROUND_HALF_UP):,.2f}"


def row(label, units, value, percent):
    """Return a row as a PDF has it: pupils, unit value, pounds, percentage, notional pounds."""
    amount = (Decimal(units) * Decimal(value)).quantize(TWO, ROUND_HALF_UP)
    notional = (amount * Decimal(percent) / 100).quantize(TWO, ROUND_HALF_UP)
    text = (
        f"{label} {units} {pounds(Decimal(value))} {pounds(amount)} {percent}% {pounds(notional)}"
    )
    return text, {"pounds": amount, "notional": notional, "percent": Decimal(percent)}


WHOLE = st.integers(0, 400).map(str)
AT_LEAST_ONE = st.integers(1, 400).map(str)
PARTS = st.decimals("0.1", "300", places=4).map(str)
PERCENT = st.sampled_from(["0.00", "2.50", "5.00", "50.00", "70.00", "100.00"])


def test_a_count_beside_a_small_percentage_is_not_a_share_of_pupils():
    """31 × £1,210 is £37,510, and 5% of that £1,875.50; 5% of 31 pupils at £1,210 is the same money."""
    text, _ = row("Ever 6 FSM Primary", "31", "1210", "5.00")
    line = lines_of(read(NATIONAL, text, SchoolPhase.middle))["fsm6_primary"]
    assert {one.meaning: one.value for one in line.figures} == {
        Meaning.units: 31,
        Meaning.unit_value: 1210,
        Meaning.pounds: 37_510,
        Meaning.percent: 5,
        Meaning.notional: Decimal("1875.50"),
    }


@settings(max_examples=draws(60))
@given(st.data())
def test_every_figure_of_a_row_is_read_as_it_is_printed_whatever_the_percentage(data):
    percent = data.draw(PERCENT)
    rows, wanted = [], {}
    for label, (name, value) in LINES.items():
        parts = "Low" in label or "EAL" in label
        units = data.draw(PARTS if parts else AT_LEAST_ONE if not rows else WHOLE)
        text, figures = row(label, units, value, percent)
        rows.append(text)
        wanted[name] = {"units": Decimal(units), "unit_value": Decimal(value), **figures}
    statement = read(NATIONAL, "\n".join(rows), SchoolPhase.middle)
    found = lines_of(statement)
    assert set(found) == set(wanted)
    for name, figures in wanted.items():
        for meaning, value in figures.items():
            assert found[name].value(Meaning[meaning]) == value, (
                name,
                meaning,
                found[name].row.text,
            )
    assert not statement.doubts


@pytest.mark.parametrize(
    "text",
    ["Rates £18,240.00 0.00% £0.00", "Rates 18,240.00 0.00% 0.00", "Rates\t\t£18,240\t0%\t£0"],
)
def test_pounds_of_which_none_is_notional_are_still_the_pounds_of_the_line(text):
    statement = read(NATIONAL, text, SchoolPhase.primary)
    assert not statement.doubts
    found = statement_answers(statement, rules_of(NATIONAL).formula)
    assert found.answers == {"amount_rates": "18240"}
    assert found.percentages["rates"] == 0
    assert not found.unanswered


def test_a_total_row_says_both_totals_where_its_columns_have_headings():
    text = (
        "Factor\tPupils\tAmount\tNotional SEN %\tNotional SEN\n"
        "FSM6 Primary\t48\t£58,080.00\t100%\t£58,080.00\n"
        "Total formula funding\t\t£998,000.00\t\t£58,080.00\n"
    )
    statement = read(NATIONAL, text, SchoolPhase.primary)
    assert (statement.total("formula"), statement.total("notional")) == (998_000, 58_080)
    named = read(NATIONAL, f"{text}Notional SEN budget\t\t£57,000.00\n", SchoolPhase.primary)
    assert named.total("notional") == 57_000
