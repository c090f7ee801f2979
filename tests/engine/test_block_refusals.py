"""Each way in which a block, a place or targeted funding is refused keeps its name; names are promised."""

import ast
from datetime import date
from fractions import Fraction

import polars as pl
import pytest

from engine.errors import PairRefused, RuleRefused, TableRefused
from engine.modules.allocation import LARGEST, too_large
from engine.modules.high_needs_block import HIGH_NEEDS_BLOCK, value_block
from engine.modules.module import Options
from engine.modules.places import PLACES, value_places
from engine.modules.targeted import TARGETED_FUNDING
from tests.house.sources import ROOT
from tests.rule_library import compiled, document

GRANT = "dedicated-schools-grant-2022-23"
TERMS = dict.fromkeys(
    (
        "floor_and_gains_elements",
        "basic_entitlement_unit",
        "special_school_pupils",
        "import_export_adjustment",
        "special_free_schools",
        "hospital_pay_pension_supplementary",
        "additional_allocation",
    ),
    Fraction(1),
)
SCHOOL = {"urn": ["900001"], "notional_sen": ["100.00"], "ehc_plans": ["1"]}


def block(**changed):
    rules = document(GRANT)
    held = {name: one for name, one in (TERMS | changed).items() if one is not None}
    return value_block(rules.high_needs_block.compile(rules.at()), held)


PLACED = {"la": ["202"], "place_type": ["pre16_ap"], "places_1": ["1"], "places_2": [None]}


REFUSED = {
    "missing-term": lambda: block(special_free_schools=None),
    "place-periods": lambda: PLACES.allocate(compiled(GRANT), pl.DataFrame(PLACED)),
    "calls-wanting": lambda: TARGETED_FUNDING.allocate(
        compiled("windsor-and-maidenhead-2018-19"),
        pl.DataFrame(SCHOOL | {"sen_support_pupils": [None]}),
        Options(sen_support_cost=100),
    ),
    "no-places": lambda: PLACES.allocate(compiled("bedford-2022-23"), pl.DataFrame()),
    "no-high-needs-block": lambda: HIGH_NEEDS_BLOCK.allocate(
        compiled("bedford-2022-23"), pl.DataFrame()
    ),
    "no-targeted-funding": lambda: TARGETED_FUNDING.allocate(
        compiled("bedford-2022-23"), pl.DataFrame()
    ),
}


@pytest.mark.parametrize("rule", REFUSED)
def test_what_is_refused_has_the_name_that_is_promised(rule):
    with pytest.raises(PairRefused) as caught:
        REFUSED[rule]()
    assert {one.rule for one in caught.value.problems} == {rule}


@pytest.mark.parametrize(
    ("cell", "rule"),
    [({"place_type": ["palace"]}, "unknown-label"), ({"places_2": ["-2"]}, "out-of-range"), ({"places_2": ["many"]}, "unreadable")],
)  # fmt: skip
def test_a_cell_of_places_that_cannot_be_read_is_refused_as_in_every_table(cell, rule):
    with pytest.raises(TableRefused) as caught:
        PLACES.allocate(compiled(GRANT), pl.DataFrame(PLACED | {"places_2": ["1"]} | cell))
    assert [one.rule for one in caught.value.problems] == [rule]


def test_a_place_that_is_not_in_force_is_refused_by_its_name():
    rules = document(GRANT)
    with pytest.raises(RuleRefused) as caught:
        value_places(rules.places.compile(rules.at(date(1999, 1, 1))).types["pre16_ap"], [])
    assert {one.rule for one in caught.value.problems} == {"not-in-force"}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("no-places", "place funding"),
        ("no-high-needs-block", "high needs block"),
        ("no-targeted-funding", "targeted funding"),
    ],
)
def test_rules_without_a_part_are_refused_in_the_words_of_the_part(rule, words):
    with pytest.raises(PairRefused) as caught:
        REFUSED[rule]()
    [problem] = caught.value.problems
    assert problem.sentence == f"this rule set has no {words}; choose another"
    assert problem.place == rule.removeprefix("no-").replace("-", "_")


def test_a_school_without_a_number_is_refused_and_given_none():
    nobody = pl.DataFrame(SCHOOL | {"urn": [None]})
    with pytest.raises(TableRefused) as caught:
        TARGETED_FUNDING.allocate(compiled("northumberland-2025-26"), nobody)
    assert [(one.rule, one.column) for one in caught.value.problems] == [("blank", "urn")]


def test_an_amount_that_is_too_large_to_add_is_refused_by_its_name_and_the_largest_is_not():
    assert [one.rule for one in too_large(-LARGEST - 1)] == ["too-large"]
    assert not too_large(LARGEST)


NAMED_HERE = {*REFUSED, "not-in-force", "too-large"}


def names_in(source: str) -> set[str]:
    """Return the names of rules that a module gives its problems as plain text."""
    calls = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Call)]
    problems = [one for one in calls if isinstance(one.func, ast.Name) and one.func.id == "Problem"]
    seconds = [one.args[1] for one in problems if len(one.args) > 1]
    return {one.value for one in seconds if isinstance(one, ast.Constant)}


def test_every_name_that_the_package_gives_is_tried_here():
    modules = ROOT / "engine" / "modules"
    packages = ("places", "high_needs_block", "targeted")
    sources = [
        modules / "allocation.py",
        *(one for name in packages for one in (modules / name).glob("*.py")),
    ]
    found = {name for path in sources for name in names_in(path.read_text(encoding="utf-8"))}
    assert found <= NAMED_HERE, found - NAMED_HERE
    assert len(found) >= 4
