"""Schools that targeted funding is not for: they have none in any answer, and are counted."""

import pytest

from engine.modules.school_formula import SCHOOL_FORMULA
from engine.modules.targeted import TARGETED_FUNDING
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.statement import Statements, left_out, school_workings
from engine.statement.details import detail_rows
from engine.statement.reasons import NOT_THEIRS
from tests.builders import rule_set, school_table
from tests.engine.test_targeted_of_schools import COST, FORMULA, GAP, RULES, SCHOOLS, valued

OTHERS = ("special", "alternative_provision", "nursery")


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_school_that_targeted_funding_is_not_for_has_none_in_any_answer_and_is_counted(rule):
    rules, outcome = valued(rule)
    notional = outcome.of(SCHOOL_FORMULA)
    others = [
        {**SCHOOLS[-1], "urn": 100_010 + at, "phase": phase} for at, phase in enumerate(OTHERS)
    ]
    assert left_out(notional) == ((rule["label"], NOT_THEIRS, 1),)
    assert 100_009 not in {one.urn for one in outcome.of(TARGETED_FUNDING).valued}
    only = evaluate(rules, school_table(others))
    assert {one.targeted for one in Statements(only.notional, COST).wholes(range(len(OTHERS)))} == {
        None
    }
    rows = detail_rows(only, "schools", sen_support_cost=COST).frame
    for name in ("targeted_funding", "left_after", "targeted_funding_not_known"):
        assert rows[name].null_count() == len(OTHERS)
    assert len(detail_rows(only, "targeted", sen_support_cost=COST)) == 0
    assert left_out(only.notional) == ((rule["label"], NOT_THEIRS, len(OTHERS)),)
    assert [one.name for one in school_workings(only, "100010", COST)] == ["expected_calls"]


def test_where_every_school_is_mainstream_none_is_left_out_nor_under_rules_without_targeted_funding():
    _, outcome = valued(GAP, SCHOOLS[:-1])
    assert left_out(outcome.of(SCHOOL_FORMULA)) == ()
    plain = compile_rules(rule_set(schools_formula=FORMULA))
    assert left_out(evaluate(plain, school_table(SCHOOLS)).notional) == ()
