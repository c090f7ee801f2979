"""A file that changes while a command uses it is refused by every command, and nothing is written."""

import importlib
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from engine.vocabulary import FIXTURES

CASES = FIXTURES / "cases"
RULES = FIXTURES / "rules" / "toy" / "toy-2025-26.yaml"
SCHOOLS = FIXTURES / "tables" / "northumberland_2015_16_schools.csv"
LINES, TOTALS = CASES / "proformas" / "lines.csv", CASES / "proformas" / "totals.csv"
PLANS = CASES / "ehc_plans"
HEREFORDSHIRE = "herefordshire-2025-26"

FORMULA = FIXTURES / "rules" / "2015-16" / "northumberland-2015-16.yaml"
TABLE = ("table", RULES)
"""A workbook that is written first, of which rules."""

# Each command, the part of the work during which its file changes, and its inputs by their place.
COMMANDS = {
    "rules import proforma": (
        "engine.lab.imports.import_proforma",
        ["rules", "import", "proforma", "{lines}", "--totals", "{totals}", "--out", "{out}"],
        {"lines": LINES, "totals": TOTALS},
    ),
    "rules import ehc": (
        "engine.lab.imports.plan_margins",
        [
            *("rules", "import", "ehc", "--plans", "{plans}", "--caseload", "{caseload}"),
            *("--ages", "{ages}", "--out", "{out}"),
        ],
        {
            "plans": PLANS / "plans_by_need.csv",
            "caseload": PLANS / "caseload.csv",
            "ages": PLANS / "caseload_by_age.csv",
        },
    ),
    "rules table export": (
        "engine.lab.imports.write_decision_workbook",
        ["rules", "table", "export", "{rules}", "--out", "{out}.xlsx"],
        {"rules": RULES},
    ),
    "rules table import": (
        "engine.lab.imports.document_text",
        ["rules", "table", "import", "{book}", "--into", "{rules}", "--out", "{out}.yaml"],
        {"book": TABLE, "rules": RULES},
    ),
    "rules formula export": (
        "engine.lab.imports.write_formula_workbook",
        ["rules", "formula", "export", "{rules}", "--out", "{out}.xlsx"],
        {"rules": FORMULA},
    ),
    "rules formula import": (
        "engine.lab.imports.document_text",
        ["rules", "formula", "import", "{book}", "--into", "{rules}", "--out", "{out}.yaml"],
        {"book": ("formula", FORMULA), "rules": FORMULA},
    ),
    "workbook": (
        "app.workbooks.service.workbook",
        ["workbook", "{rules}", "--out", "{out}.xlsx"],
        {"rules": RULES},
    ),
    "rules show": (
        "engine.export.value_rows",
        ["rules", "show", "{rules}"],
        {"rules": RULES},
    ),
    "rules diff": (
        "engine.export.difference_rows",
        ["rules", "diff", "{rules}", "{rules}"],
        {"rules": RULES},
    ),
    "atlas": (
        "engine.lab.atlas.atlas",
        ["rules", "atlas", "{rules}"],
        {"rules": RULES},
    ),
    "atlas of schools": (
        "engine.lab.atlas.atlas",
        ["rules", "atlas", "{rules}", "--schools", "{schools}", "--out", "{out}.csv"],
        {
            "rules": FORMULA,
            "schools": SCHOOLS,
        },
    ),
}
INPUTS = [(name, part) for name, (_, _, files) in COMMANDS.items() for part in files]


def command(*arguments, given=None):
    return CliRunner().invoke(app, [str(one) for one in arguments], input=given)


@pytest.fixture
def inputs(tmp_path):
    """Return what copies the inputs of a command into a folder of their own."""

    def copied(files: dict[str, Path | tuple[str, Path]]) -> dict[str, Path]:
        found = {}
        for part, source in files.items():
            is_workbook = isinstance(source, tuple)
            found[part] = tmp_path / f"{part}{'.xlsx' if is_workbook else source.suffix}"
            if is_workbook:
                kind, rules = source
                exported = command("rules", kind, "export", rules, "--out", found[part])
                assert exported.exit_code == 0, exported.stderr
            else:
                found[part].write_bytes(source.read_bytes())
        return found

    return copied


def changing(monkeypatch, place: str, change) -> None:
    """Let something change just before a part of the work."""
    module, _, name = place.rpartition(".")
    real = getattr(sys.modules.get(module) or importlib.import_module(module), name)

    def then(*more, **options):
        change()
        return real(*more, **options)

    monkeypatch.setattr(place, then)


@pytest.mark.parametrize(("name", "part"), INPUTS)
def test_an_input_that_changes_is_refused_and_nothing_written(
    name, part, inputs, tmp_path, monkeypatch
):
    place, words, files = COMMANDS[name]
    paths = inputs(files)
    arguments = [word.format(**paths, out=tmp_path / "out") for word in words]
    changing(monkeypatch, place, lambda: paths[part].write_bytes(b"another"))
    result = command(*arguments)
    assert result.exit_code == 1, (result.stderr, result.exception)
    assert str(paths[part]) in "".join(result.stderr.split("\n"))
    assert "changed while it was being used" in result.stderr
    left = {one for one in tmp_path.rglob("*") if one.is_file()}
    assert left == set(paths.values())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_whose_inputs_stay_ends_with_none(name, inputs, tmp_path):
    _, words, files = COMMANDS[name]
    paths = inputs(files)
    result = command(*(word.format(**paths, out=tmp_path / "out") for word in words))
    assert result.exit_code == 0, (result.stderr, result.exception)


def test_a_workbook_that_is_replaced_between_two_of_its_sheets_is_read_as_it_was(
    inputs, tmp_path, monkeypatch
):
    book = inputs({"book": TABLE})["book"]
    content, pages = book.read_bytes(), []

    def replaced():
        pages.append(len(pages))
        book.write_bytes(b"no workbook" if len(pages) == 2 else content)

    changing(monkeypatch, "engine.lab.imports.decision_tables.read_page", replaced)
    out = tmp_path / "out.yaml"
    done = command("rules", "table", "import", book, "--into", RULES, "--out", out)
    assert len(pages) > 2
    assert done.exit_code == 0, done.stderr


def test_a_workbook_is_imported_from_standard_input(inputs, tmp_path):
    book = inputs({"book": TABLE})["book"].read_bytes()
    out = tmp_path / "out.yaml"
    done = command("rules", "table", "import", "-", "--into", RULES, "--out", out, given=book)
    assert done.exit_code == 0, done.stderr
    assert "It gives the same results as before." in done.stdout


def test_standard_input_is_one_table_of_an_import(tmp_path):
    given = LINES.read_bytes()
    twice = ("rules", "import", "proforma", "-", "--totals", "-", "--out", tmp_path / "out")
    refused = command(*twice, given=given)
    assert refused.exit_code == 2
    assert "standard input holds one table" in " ".join(refused.stderr.split())
    once = ("rules", "import", "proforma", "-", "--totals", TOTALS, "--out", tmp_path / "out")
    assert command(*once, given=given).exit_code == 0
