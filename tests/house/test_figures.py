"""Law 10: thresholds, rates and years are dated data with a source, never Python."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.sources import docstrings, offences, python_files

# The first £6,000, in pounds and in pence.
POLICY_FIGURES = {6_000, 600_000}
YEAR = re.compile(r"\b20(\d\d)[-/](?:20)?(\d\d)\b(?!-)")
AMOUNT = re.compile(r"£\s?\d|\b6,?000\b")
# The rules of an invented authority say nothing of any year's policy.
INVENTED = "toy-"
Offence = tuple[int, str]


def spoken_figure(text: str) -> str | None:
    """Return an amount, or a year of funding such as 2026-27, that a text mentions."""
    if said := AMOUNT.search(text):
        return said.group()
    if text.startswith(INVENTED):
        return None
    years = (year for year in YEAR.finditer(text) if int(year[2]) == (int(year[1]) + 1) % 100)
    return next((year.group() for year in years), None)


def shown_examples(tree: ast.AST) -> set[int]:
    """Return the identities of the constants that show how a field is written."""
    shown = (node for node in ast.walk(tree) if isinstance(node, ast.keyword))
    return {id(one) for node in shown if node.arg == "examples" for one in ast.walk(node.value)}


def figure_offences(tree: ast.AST) -> Iterator[Offence]:
    notes = docstrings(tree) | shown_examples(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in notes:
            continue
        if type(node.value) in {int, float} and node.value in POLICY_FIGURES:
            yield node.lineno, f"the figure {node.value} belongs in a rule document"
        elif isinstance(node.value, str) and (said := spoken_figure(node.value)):
            yield node.lineno, f"{said!r} belongs in a rule document"


def test_no_threshold_rate_or_year_stands_in_python():
    assert not offences(figure_offences, python_files("engine", "app"))


@pytest.mark.parametrize(
    "source",
    [
        "threshold = 6_000",
        "threshold = 600000",
        'year = "2026-27"',
        'year = "2026/2027"',
        'rules = "nff-2026-27"',
        'said = f"the first £6,000 is met by the {school}"',
    ],
)
def test_a_figure_is_found(source):
    assert list(figure_offences(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "WHOLE = 1_000_000",
        'draft = "2020-12"',
        'shape = r"^20\\d\\d-\\d\\d$"',
        '"""The first £6,000."""',
        "pence = 100",
    ],
)
def test_what_is_no_figure_of_policy_passes(source):
    assert not list(figure_offences(ast.parse(source)))
