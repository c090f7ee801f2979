"""An exact half of a penny goes away from zero, in an amount that is taken back as in one that is paid."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.money import half_away
from engine.rules.compile import compile_rules
from engine.run import evaluate
from tests.builders import rule_set, school, school_table


def fringed(amount: str) -> int:
    """Return what a London fringe of 1 % adds to one amount of a school, pence."""
    rates = {"label": "Rates", "counts": "amount", "all": {"notional_percent": "50"}}
    basic = {"label": "Basic entitlement", "counts": "pupils", "primary": {"unit_value": "4000"}}
    factors = {"basic": basic, "rates": rates}
    formula = {"fringe": True, "pupils_counted_by": "basic", "factors": factors}
    rules = compile_rules(rule_set(schools_formula=formula))
    record = school(units_basic_primary="0", amount_rates=amount, london_fringe="1.01")
    return int(evaluate(rules, school_table([record])).notional.fringe[0])


@pytest.mark.parametrize(
    ("amount", "pence"), [("0.50", 1), ("-0.50", -1), ("0.49", 0), ("-0.49", 0), ("-1.50", -2)]
)
def test_a_fringe_on_an_amount_taken_back_is_rounded_as_one_that_is_paid(amount, pence):
    assert fringed(amount) == pence


@given(
    numbers=st.lists(st.integers(-(2**60), 2**60), min_size=1, max_size=20),
    denominator=st.integers(1, 2**40),
)
def test_arrays_and_numbers_are_rounded_alike(numbers, denominator):
    rounded = half_away(np.asarray(numbers, np.int64), denominator)
    assert rounded.tolist() == [half_away(one, denominator) for one in numbers]
    assert rounded.tolist() == [-half_away(-one, denominator) for one in numbers]
