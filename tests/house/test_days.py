"""A day has one spelling, 2025-04-01, wherever text is read: files, documents, addresses, options."""

import ast
import re
from collections.abc import Iterator
from datetime import date

import polars as pl
import pytest
from pydantic import TypeAdapter, ValidationError
from typer.testing import CliRunner

from app import schemas
from app.cli import app
from engine.columns import pupil_column
from engine.days import DAY, day_of
from engine.errors import RuleRefused
from engine.reading.column_values import value_of
from engine.reading.small_table import reader_of
from engine.rules import values
from engine.rules.yaml_source import read_yaml
from tests.house.sources import ROOT, offences, python_files
from tests.plain_words import OTHER_DIGITS

FILES = python_files("app", "engine", "evenband")
ONE_PLACE = ROOT / "engine" / "days.py"
READERS = {"fromisoformat", "fromisocalendar", "strptime"}
OTHERS = [
    "20250401",
    "2025-W14-2",
    "2025W142",
    "2025-091",
    "2025-4-1",
    "2025-04-1",
    "2025-04",
    "2025/04/01",
    "01-04-2025",
    "+2025-04-01",
    "2025-04-01T00:00",
    "2025-04-01 00:00:00",
    "2025-04-01Z",
    " 2025-04-01",
    "2025-04-01\n",
    "2025-02-29",
    "2025-13-01",
    "0000-01-01",
    "",
    *("2025-04-01".translate(script) for script in OTHER_DIGITS.values()),
]
"""Days as Python reads them but we do not, and what is none."""

IN_CELLS = [one for one in OTHERS if one and one.strip() == one and one != "0000-01-01"]
"""Those that are no blank, lose nothing with the space around them, and are no day of another range."""


def reading_offences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in READERS:
            yield node.lineno, f"reads a day by {node.attr}; ask engine.days"


def counting_offences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield where days are counted from their first one by hand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node).endswith("date(1970, 1, 1)"):
            yield node.lineno, "counts days from the first one; ask engine.days"


def test_days_are_numbered_in_one_place():
    assert not offences(counting_offences, [path for path in FILES if path != ONE_PLACE])
    assert list(counting_offences(ast.parse("EPOCH = date(1970, 1, 1)")))


def test_days_are_read_in_one_place():
    assert len(FILES) > 100
    assert not offences(reading_offences, [path for path in FILES if path != ONE_PLACE])


@pytest.mark.parametrize(
    "text", ["date.fromisoformat(x)", "map(date.fromisoformat, x)", "datetime.strptime(x, f)"]
)
def test_another_reader_is_found(text):
    assert len(list(reading_offences(ast.parse(text)))) == 1


def test_a_day_is_read():
    assert day_of("2024-02-29") == date(2024, 2, 29)
    for kept in (schemas.Day, values.Day):
        assert TypeAdapter(kept).validate_python("2025-04-01") == date(2025, 4, 1)


@pytest.mark.parametrize("text", OTHERS)
def test_another_spelling_is_refused_by_every_reader(text):
    with pytest.raises(ValueError, match=f"^{re.escape(DAY)}$"):
        day_of(text)
    for kept in (schemas.Day, values.Day):
        with pytest.raises(ValidationError, match="must be a date such as 2025-04-01"):
            TypeAdapter(kept).validate_python(text)


@pytest.mark.parametrize("text", IN_CELLS)
def test_another_spelling_in_a_cell_is_refused_by_both_readers_of_tables(text):
    column = pupil_column("start")
    assert reader_of(column)(text) is None
    frame = pl.DataFrame({"start": [text]})
    assert frame.select(value_of(column)).item() is None


@pytest.mark.parametrize("text", OTHERS)
def test_another_spelling_of_an_option_is_refused(text):
    result = CliRunner().invoke(app, ["rules", "show", "toy-2025-26", f"--on={text}"])
    assert result.exit_code == 2
    assert "--on must be a date such as 2025-04-01" in " ".join(result.stderr.split())


@pytest.mark.parametrize("text", ["2025-02-29", "2025-13-01"])
def test_a_day_that_is_none_is_refused_in_a_document(text):
    with pytest.raises(RuleRefused, match="is not a date"):
        read_yaml(f"from: {text}")
