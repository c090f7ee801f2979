"""The high needs block against the reference: terms, multipliers, national rate, pounds."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from engine.errors import PairRefused, Refusal
from engine.modules.high_needs_block import HIGH_NEEDS_BLOCK, value_block
from engine.modules.high_needs_block.table import term_columns
from engine.money import PENCE
from engine.rules.compile import compile_rules
from engine.rules.in_force import InForce
from engine.steps import rows, work
from tests.block_strategies import DAYS, MULTIPLIERS, block_documents, decimals
from tests.builders import rule_set
from tests.reference.high_needs import block, missing_from
from tests.reference.numbers import is_known

DAY = date(2025, 4, 1)
AMOUNTS = decimals(-1_500_000, 1_500_000, 2) | st.sampled_from(["0", "-0.01", "0.01", "1000000"])
NUMBERS = decimals(-800, 800, 6) | st.sampled_from(["0", "-12.5", "0.5", "330"])


def values(rules):
    """Draw what an authority gives, each in text: pounds, or pupils with halves and net exports."""
    names = term_columns(rules)
    return st.fixed_dictionaries(
        {name: NUMBERS if name in MULTIPLIERS else AMOUNTS for name in names}
    )


@st.composite
def partly_given(draw, rules):
    """Draw all terms, all but the allocation that the rules work out, or some; of others there may be none."""
    held = draw(values(rules))
    form = draw(
        st.sampled_from(["everything", "worked out", "worked out", "partly", "with nothing"])
    )
    missing = {rules.additional} if form == "worked out" else set()
    if form in ("partly", "with nothing"):
        missing = draw(st.sets(st.sampled_from(sorted(held)), min_size=1, max_size=3))
    if form == "with nothing":
        held |= dict.fromkeys(draw(st.sets(st.sampled_from(sorted(held)))), "0")
    return {name: None if name in missing else one for name, one in held.items()}


def exact(held) -> dict[str, Fraction | None]:
    return {name: None if one is None else Fraction(one) for name, one in held.items()}


def known(held) -> dict[str, Fraction]:
    return {name: Fraction(one) for name, one in held.items() if one is not None}


def in_pence(one):
    """Return pence of pounds in the reference implementation; None of what is not known."""
    return one * PENCE if is_known(one) else None


@given(st.data(), block_documents(unprinted=True), DAYS)
def test_every_block_is_its_terms_added_and_taken_up_to_a_pound(data, document, day):
    rules = document.high_needs_block
    held = data.draw(partly_given(rules))
    expected = block(rules, exact(held), day)
    worked_out = held.get(rules.additional, "") is None
    event("not known" if expected is None else "worked out" if worked_out else "given")
    if expected is None:
        with pytest.raises(PairRefused) as refused:
            value_block(rules.compile(InForce(day, day)), known(held))
        named = {problem.column for problem in refused.value.problems}
        assert named == missing_from(rules, exact(held), day)
        return
    value = value_block(rules.compile(InForce(day, day)), known(held))
    assert value.terms == {name: in_pence(pounds) for name, pounds in expected.terms.items()}
    assert value.additional == in_pence(expected.additional)
    assert value.total == in_pence(expected.total)


def block_of(**held):
    rules = {"terms": {"unit": {"label": "Unit", "times": "pupils"}, "plain": {"label": "Plain"}}}
    compiled = compile_rules(rule_set(high_needs_block=rules), DAY)
    frame = pl.DataFrame([{"la": "201", "unit": None, "pupils": None, "plain": "5"} | held])
    return HIGH_NEEDS_BLOCK.allocate(compiled, frame)


@pytest.mark.parametrize("given_zero", ["unit", "pupils"])
def test_none_of_what_is_not_known_is_nothing_and_the_working_says_what_is_not(given_zero):
    outcome = block_of(**{given_zero: "0"})
    assert [one.amount.total for one in outcome.valued] == [5 * PENCE]
    steps, own = HIGH_NEEDS_BLOCK.steps(outcome.valued[0])
    shown = [row.text for row in rows(steps, own, {})][:3]
    zero = "0.00" if given_zero == "unit" else "0"
    expected = [zero, "not known"] if given_zero == "unit" else ["not known", zero]
    assert shown == [*expected, "0.00"]


@pytest.mark.parametrize(
    ("held", "missing"),
    [
        ({}, {"unit", "pupils"}),
        ({"unit": "1"}, {"pupils"}),
        ({"pupils": "-0.5"}, {"unit"}),
        ({"unit": "0", "plain": None}, {"plain"}),
    ],
    ids=["neither", "no multiplier", "no unit value", "a term by itself"],
)
def test_what_is_not_known_and_could_change_a_block_is_refused(held, missing):
    with pytest.raises(Refusal) as refused:
        block_of(**held)
    assert {one.column for one in refused.value.problems} == missing


@given(st.data(), block_documents(), DAYS)
def test_a_block_is_never_below_its_terms_and_less_than_a_pound_above_them(data, document, day):
    rules = document.high_needs_block
    value = value_block(rules.compile(InForce(day, day)), known(data.draw(values(rules))))
    assert value.total % PENCE == 0
    assert 0 <= value.total - sum(value.terms.values()) < PENCE


@given(st.data(), block_documents())
def test_one_pound_more_in_a_term_of_its_own_is_one_pound_more_in_the_block(data, document):
    rules = document.high_needs_block
    plain = [name for name, term in rules.terms.items() if term.times is None]
    if not plain:
        return
    held = data.draw(values(rules))
    term = data.draw(st.sampled_from(plain))
    more = {**held, term: str(Decimal(held[term]) + 1)}
    assert (
        value_block(rules.compile(InForce(DAY, DAY)), known(more)).total
        == value_block(rules.compile(InForce(DAY, DAY)), known(held)).total + PENCE
    )


@given(st.integers(-500_000, 500_000), st.integers(-1, 1))
def test_a_whole_pound_stays_and_a_penny_more_is_the_next_pound_above_and_below_nothing(
    whole, pennies
):
    rules = rule_set(high_needs_block={"terms": {"one": {"label": "One"}, "two": {"label": "Two"}}})
    held = {"one": str(whole), "two": f"{'-' if pennies < 0 else ''}0.0{abs(pennies)}"}
    total = value_block(rules.high_needs_block.compile(InForce(DAY, DAY)), known(held)).total
    assert total == (whole + (pennies > 0)) * PENCE


@given(st.data(), block_documents(unprinted=True), DAYS)
def test_every_row_of_a_table_of_blocks_comes_to_what_its_terms_say(data, document, day):
    rules = document.high_needs_block
    drawn = data.draw(st.lists(values(rules), min_size=1, max_size=3))
    drawn.append(data.draw(partly_given(rules)))
    codes = [str(201 + at) for at in range(len(drawn))]
    frame = pl.DataFrame([{"la": code, **held} for code, held in zip(codes, drawn, strict=True)])
    expected = [block(rules, exact(held), day) for held in drawn]
    begun = block(rules, exact(drawn[0]), day).additional is not None or not rules.additional
    if None in expected or not begun:
        with pytest.raises(Refusal):
            HIGH_NEEDS_BLOCK.allocate(compile_rules(document, day), frame)
        return
    valued = HIGH_NEEDS_BLOCK.allocate(compile_rules(document, day), frame).valued
    assert [work(*HIGH_NEEDS_BLOCK.steps(one)) for one in valued if one.missing is None] == [
        one.pence for one in valued if one.missing is None
    ]
    assert [one.la for one in valued] == [int(code) for code in codes]
    assert [one.amount.total for one in valued] == [in_pence(one.total) for one in expected]
