"""A value is in force from its day on; before the first, the rules say nothing and are refused."""

from datetime import date

import pytest

from engine.errors import RuleRefused
from engine.rules.compile import compile_rules
from engine.run import evaluate
from tests.builders import banded, pupil, pupil_table, rule_set


def given(first, value):
    return {"from": first, "value": value, "source": "example", "standing": "proposed"}


RULES = rule_set(
    **banded([{"pounds": [given("2025-04-01", "100"), given("2025-10-01", "110")]}], ["A"])
)


@pytest.mark.parametrize(
    ("day", "paid"),
    [
        pytest.param(date(2025, 4, 1), 10_000, id="on its first day"),
        pytest.param(date(2025, 9, 30), 10_000, id="until the day before the next"),
        pytest.param(date(2025, 10, 1), 11_000, id="the next from its own day"),
    ],
)
def test_a_price_is_in_force(day, paid):
    rules = compile_rules(RULES, day)
    assert evaluate(rules, None, pupil_table([pupil(band="A")], ["A"])).top_ups.total == paid


def test_a_price_that_has_not_begun_is_refused_and_not_nothing():
    with pytest.raises(
        RuleRefused, match="has no value on 2025-03-31; the first is from 2025-04-01"
    ):
        compile_rules(RULES, date(2025, 3, 31))
