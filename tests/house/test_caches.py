"""Law 15: one cache; the standard library's own only for what has no arguments or a closed few."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.sources import named, offences, python_files

ONE = "engine/cache.py"
OTHERS = {"lru_cache", "WeakKeyDictionary", "WeakValueDictionary", "OrderedDict"}
Offence = tuple[int, str]


def cache_offences(tree: ast.AST) -> Iterator[Offence]:
    for node in ast.walk(tree):
        names = [one.name for one in node.names] if isinstance(node, ast.ImportFrom) else []
        names += [node.attr] if isinstance(node, ast.Attribute) else []
        for name in OTHERS.intersection(names):
            yield node.lineno, f"{name}: cache it with {ONE}"


def hoard_offences(tree: ast.AST) -> Iterator[Offence]:
    """Find dictionaries that an object fills later, with no bound."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef):
            continue
        decorators = {ast.unparse(one) for one in node.decorator_list}
        last = node.body[-1]
        empty = (
            isinstance(last, ast.Return)
            and isinstance(last.value, ast.Dict)
            and not last.value.keys
        )
        if "cached_property" in decorators and empty:
            yield node.lineno, f"{node.name} is filled later: cache it with {ONE}"


def test_there_is_one_cache():
    paths = [path for path in python_files("engine", "app", "evenband") if named(path) != ONE]
    assert not offences(cache_offences, paths)
    assert not offences(hoard_offences, paths)


@pytest.mark.parametrize(
    ("check", "written"),
    [
        (cache_offences, "from functools import lru_cache"),
        (cache_offences, "from weakref import WeakKeyDictionary"),
        (cache_offences, "held = collections.OrderedDict()"),
        (hoard_offences, "class A:\n    @cached_property\n    def held(self):\n        return {}"),
    ],
)
def test_another_cache_is_found(check, written):
    assert list(check(ast.parse(written)))
