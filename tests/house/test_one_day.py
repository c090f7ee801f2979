"""Law 4: a day decides which value counts in one module, and above compiling nothing is handed a day."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.sources import ROOT, functions, named, offences, python_files, tree_of

LOOKS_UP = "engine/rules/in_force.py"
FIRST_DAY = "from_"
ABOVE = (
    "engine/lab/atlas",
    "engine/modules",
    "engine/compare",
    "engine/run.py",
    "engine/explain.py",
    "engine/kernels",
    "engine/schedule.py",
    "engine/statement",
    "engine/steps",
    "app/cells",
    "app/what_ifs",
    "app/pages",
)
"""Packages and files that take rules already resolved on a day."""

WRITES_DAYS = "app/pages/words.py"
"""Where a day is written for people."""

Offence = tuple[int, str]


def look_up_offences(tree: ast.AST) -> Iterator[Offence]:
    """Find comparisons with the first day of a value: each decides which value is in force."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            attributes = [one for one in ast.walk(node) if isinstance(one, ast.Attribute)]
            if any(one.attr == FIRST_DAY for one in attributes):
                yield node.lineno, f"looks a day up: {ast.unparse(node)}"


def day_offences(tree: ast.AST) -> Iterator[Offence]:
    """Find functions of rules that are handed a day."""
    for function in functions(tree):
        arguments = function.args
        for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            if one.arg == "day" or _is_date(one.annotation):
                yield function.lineno, f"{function.name} is handed a day: {one.arg}"


def _is_date(annotation: ast.expr | None) -> bool:
    return annotation is not None and "date" in ast.unparse(annotation).split(" | ")


def maker_offences(tree: ast.AST) -> Iterator[Offence]:
    """Find days held by anything but a rule set's own ``at``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "InForce":
            yield node.lineno, "makes the values in force itself; ask RuleSet.at"


def test_a_day_is_looked_up_in_one_module_only():
    paths = [path for path in python_files("engine", "app", "evenband") if named(path) != LOOKS_UP]
    assert not offences(look_up_offences, paths)
    assert list(look_up_offences(tree_of(ROOT / LOOKS_UP)))


def test_only_a_rule_set_makes_the_values_in_force():
    paths = python_files("engine", "app", "evenband")
    makers = [path for path in paths if named(path) != "engine/rules/document.py"]
    assert not offences(maker_offences, makers)


def test_nothing_above_the_rules_is_handed_a_day():
    paths = [path for path in python_files(*ABOVE) if named(path) != WRITES_DAYS]
    assert not offences(day_offences, paths)


@pytest.mark.parametrize(
    ("check", "written"),
    [
        pytest.param(
            look_up_offences, "held = [one for one in series if one.from_ <= day]", id="looked up"
        ),
        pytest.param(look_up_offences, "first < given.from_ <= last", id="within a year"),
        pytest.param(day_offences, "def rows(rule, day): ...", id="handed"),
        pytest.param(maker_offences, "InForce(date(2025, 4, 1), date(2026, 3, 31))", id="made"),
    ],
)
def test_a_day_out_of_place_is_found(check, written):
    assert list(check(ast.parse(written)))
