"""A file is read at one sitting and a function at one glance."""

import ast
import statistics

import pytest

from tests.house.sources import PACKAGES, functions, named, python_files, tree_of

LONGEST_FILE = 400
MEDIAN_FILE = 150
LONGEST_FUNCTION = 60
EVERYWHERE = (*PACKAGES, "migrations")


def lines(path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def body_length(function) -> int:
    """Return how many lines a function works for, its arguments and its docstring aside."""
    # A kernel names each array twice, on two lines: as an argument and with its axes.
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return function.end_lineno - body[0].lineno + 1 if body else 0


def long_functions(path) -> list[str]:
    """Return the functions of a file that are longer than a glance."""
    return [
        f"{named(path)}:{one.lineno} {one.name} has {body_length(one)} lines"
        for one in functions(tree_of(path))
        if body_length(one) > LONGEST_FUNCTION
    ]


def test_no_file_is_longer_than_four_hundred_lines():
    long = {named(path): lines(path) for path in python_files(*EVERYWHERE)}
    assert not {name: count for name, count in long.items() if count > LONGEST_FILE}


@pytest.mark.parametrize("package", PACKAGES)
def test_half_the_files_have_at_most_a_hundred_and_fifty_lines(package):
    sizes = [lines(path) for path in python_files(package) if path.read_text().strip()]
    assert not sizes or statistics.median(sizes) <= MEDIAN_FILE


def test_no_function_is_longer_than_sixty_lines():
    assert not [sentence for path in python_files(*EVERYWHERE) for sentence in long_functions(path)]


def test_a_long_function_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.house.sources.ROOT", tmp_path)
    planted = tmp_path / "planted.py"
    planted.write_text('def fill():\n    """Fill."""\n' + "    pass\n" * (LONGEST_FUNCTION + 1))
    assert long_functions(planted) == ["planted.py:1 fill has 61 lines"]
