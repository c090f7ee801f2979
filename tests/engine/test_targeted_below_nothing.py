"""A notional SEN budget below nothing pays for no plans, wherever it comes from."""

import polars as pl
import pytest

from engine.modules.module import Tables
from engine.modules.targeted import TARGETED_FUNDING
from engine.rules.compile import compile_rules
from engine.run import EVERYTHING, Year
from tests.builders import rule_set, school, school_table
from tests.engine.test_targeted_of_schools import FORMULA, PUPILS, RULES

AMOUNT = {
    "label": "Taken back",
    "counts": "amount",
    "all": {"notional_percent": "100"},
}
BELOW_NOTHING = {
    # Three plans cost 18,000.00; of tiers 75 % is paid beyond the whole of a budget of nothing.
    "gap": 18_000_00,
    "pot": 18_000_00,
    "plans above means": 18_000_00,
    "plans above rate": 17_880_00,
    "tiers": 13_500_00,
}


@pytest.mark.parametrize("name", BELOW_NOTHING)
def test_means_below_nothing_are_nothing_and_a_table_takes_such_a_budget_too(name):
    formula = FORMULA | {"factors": {"pupils": PUPILS, "taken": AMOUNT}}
    rules = compile_rules(rule_set(schools_formula=formula, targeted_funding=RULES[name]))
    one = school(units_pupils_primary=1, amount_taken="-43179.92", ehc_plans=3, urn=100_001)
    (outcome,) = EVERYTHING.over([Year(rules, Tables(schools=school_table([one])))])
    frame = pl.DataFrame({
        "urn": ["100001"], "notional_sen": ["-42779.92"], "pupils": ["1"], "ehc_plans": ["3"],
    })  # fmt: skip
    alone = TARGETED_FUNDING.allocate(rules, frame)
    [stated], [worked] = outcome.of(TARGETED_FUNDING).valued, alone.valued
    assert (stated.figures.notional, worked.figures.notional) == (-42_779_92, -42_779_92)
    assert (stated.pence, worked.pence) == (BELOW_NOTHING[name], BELOW_NOTHING[name])
