"""Every module of a run explains one of what it valued, and nothing of what it did not."""

import polars as pl
import pytest

from engine.modules.module import Tables
from engine.rules.compile import compile_rules
from engine.run import EVERYTHING, Year
from engine.steps import Unit
from tests.builders import banded, pupil, pupil_table, rule_set, school_table
from tests.engine.test_explained_allocations import BLOCK, KINDS
from tests.engine.test_targeted_of_schools import FORMULA, GAP, SCHOOLS

SUBJECTS = {
    "schools_formula": "100001",
    "band_profile": "a",
    "places": "202",
    "high_needs_block": "202",
    "targeted_funding": "100001",
}
FRAMES = {
    "places": pl.DataFrame(
        {"la": ["202"], "place_type": ["sen"], "places_1": ["3"], "places_2": ["2"]}
    ),
    "high_needs_block": pl.DataFrame(
        {"la": ["202"], "spend": ["1000"], "entitlement": ["4000"], "special_school_pupils": ["2"], "base": ["90"]}
    ),
}  # fmt: skip


def everything():
    parts = banded([{"band": "A", "pounds": "7"}], "A")
    rules = compile_rules(
        rule_set(
            schools_formula=FORMULA,
            places={"types": KINDS},
            high_needs_block=BLOCK,
            targeted_funding=GAP,
            **parts,
        )
    )
    pupils = pupil_table([pupil(pupil_key="a", band="A")], "A")
    tables = Tables(schools=school_table(SCHOOLS), pupils=pupils, frames=FRAMES)
    return EVERYTHING.over([Year(rules, tables)])[0]


@pytest.mark.parametrize("module", EVERYTHING.modules, ids=lambda module: module.name)
def test_every_module_explains_what_it_valued_under_its_rules_and_nothing_else(module):
    run = everything()
    outcome, subject = run.of(module), SUBJECTS[module.name]
    explanation = module.explanation(outcome, subject)
    assert explanation.digest == run.rules.digest
    assert explanation.workings[0].rows
    assert {(row.unit, row.value is None) for row in explanation.totals} == {(Unit.pounds, False)}
    for other in ("999", "", "nobody"):
        assert module.explanation(outcome, other) is None
