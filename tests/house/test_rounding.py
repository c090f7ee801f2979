"""Law: an exact half is rounded away from zero by ``engine.money`` and nowhere else."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.sources import ROOT, offences, python_files

MONEY = ROOT / "engine" / "money.py"
FILES = [path for path in python_files("engine", "app", "evenband") if path != MONEY]


def is_doubled(node: ast.AST) -> bool:
    """Return whether an expression is two times something."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
        return False
    sides = (node.left, node.right)
    return any(isinstance(side, ast.Constant) and side.value == 2 for side in sides) or any(
        is_doubled(side) for side in sides
    )


def roundings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield each quotient that is rounded by hand: twice the numerator and the denominator, over twice that."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.FloorDiv):
            continue
        raised = isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Add)
        if raised and is_doubled(node.right):
            yield node.lineno, "rounds by hand; use money.half_away"


def test_no_half_is_rounded_by_hand():
    assert not offences(roundings, FILES)


@pytest.mark.parametrize(
    "source",
    ["(2 * a + b) // (2 * b)", "x = (2 * a * c + M) // (2 * M)", "(a * 2 + b) // (b * 2)"],
)
def test_a_rounding_by_hand_is_found(source):
    assert list(roundings(ast.parse(source)))


def test_a_plain_quotient_is_none():
    assert not list(roundings(ast.parse("(2 * rank + 1) * 1000 // (2 * length); a // b")))
