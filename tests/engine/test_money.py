"""Pence, millionths and the one rounding, held to exact fractions."""

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import money
from tests.reference.numbers import nearest

WHOLE = st.integers(-(2**61), 2**61)


@pytest.mark.parametrize(
    ("numerator", "denominator", "whole"),
    [
        pytest.param(5, 2, 3, id="half a penny goes up"),
        pytest.param(-5, 2, -3, id="half a penny owed goes away from zero too"),
        pytest.param(4, 3, 1, id="less than half goes down"),
        pytest.param(-4, 3, -1, id="less than half owed goes towards zero"),
        pytest.param(0, 7, 0, id="nothing stays nothing"),
    ],
)
def test_the_rounding(numerator, denominator, whole):
    assert money.half_away(numerator, denominator) == whole
    assert money.round_ratio.compiled(numerator, denominator) == whole


@given(WHOLE, st.integers(1, 2**40))
def test_kernels_and_documents_round_alike_up_to_the_largest_numbers(numerator, denominator):
    exact = nearest(Fraction(numerator, denominator))
    assert money.half_away(numerator, denominator) == exact
    assert money.round_ratio.compiled(numerator, denominator) == exact


@given(st.decimals(-(10**9), 10**9, places=12))
def test_text_becomes_the_nearest_pence_and_millionths(value):
    text = format(value, "f")
    cent = Decimal("0.01")
    assert money.pence(text) == int(value.quantize(cent, ROUND_HALF_UP) * 100)
    assert money.millionths(text) == nearest(Fraction(value) * 1_000_000)


@given(st.integers(-(10**14), 10**14))
def test_pounds_and_numbers_are_read_back_as_they_were_written(amount):
    assert money.pence(money.pounds(amount)) == amount
    assert money.millionths(money.number(amount)) == amount


@pytest.mark.parametrize(
    "text", ["", " 1", "1e3", "1_000", "nan", "inf", "£5", "\u0661", "1,000", "--1"]
)
def test_text_that_is_not_a_plain_number_is_no_amount(text):
    with pytest.raises(ValueError, match=re.escape(money.NOT_PLAIN)):
        money.pence(text)
