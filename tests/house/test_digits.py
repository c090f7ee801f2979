"""Digits are 0 to 9: nothing that reads text takes digits of other scripts for them.

To a pattern and to Python's own tests of a text, ``\\d`` and ``isdigit`` hold for hundreds of other
characters, some of which no number can be read from. A pattern says ``[0-9]``; code asks
``engine.money.is_digits``.
"""

import ast
from collections.abc import Iterator

import pytest

from engine.money import is_digits
from tests.house.sources import ROOT, docstrings, offences, python_files

FILES = python_files("app", "engine", "evenband")
ASKED = {"isdigit", "isdecimal", "isnumeric", "isalnum", "is_digit"}
ONE_PLACE = ROOT / "engine" / "money.py"
OTHERS = [
    "\u0663",
    "\uff13",
    "\u00b2",
    "\u2460",
    "\U0001d7db",
    "3\u00b2",
    "-3",
    "3.0",
    " 3",
    "3\n",
    "",
]
"""Arabic-Indic, full-width, superscript, circled and mathematical digits, and what is no digit."""


def digit_offences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    notes = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            held = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            if id(node) not in notes and ("\\d" in held or "\\D" in held):
                yield node.lineno, "has a pattern with digits of every script; write [0-9]"
        elif isinstance(node, ast.Attribute) and node.attr in ASKED:
            yield node.lineno, f"asks {node.attr}, which holds for every script; ask is_digits"


def test_no_pattern_and_no_question_takes_digits_of_other_scripts():
    assert len(FILES) > 100
    assert not offences(digit_offences, [path for path in FILES if path != ONE_PLACE])


@pytest.mark.parametrize(
    "text",
    ['re.compile(r"^\\d+$")', 'x = rf"{y}\\d"', 're.match(rb"\\D", y)', "text.isdigit()", "map(str.isdecimal, y)"],
)  # fmt: skip
def test_a_pattern_of_every_script_is_found(text):
    assert list(digit_offences(ast.parse(text)))


def test_a_docstring_may_speak_of_it():
    assert not list(digit_offences(ast.parse(r'"""Never write \\d here."""')))


@pytest.mark.parametrize("text", OTHERS)
def test_only_0_to_9_are_digits(text):
    assert is_digits("0123456789")
    assert not is_digits(text)
