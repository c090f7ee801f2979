"""The service, the command line and the Python package ask the engine's public modules alone.

What else the engine holds may be moved or renamed without a look at them. A package exports the names
that they need, so that none of its files is in this list.
"""

import ast
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

import pytest

from tests.house.sources import ROOT, imports, named, python_files, tree_of

PUBLIC = {
    # What every part of the engine uses: refusals, money, days, codes and columns.
    "engine.cache",
    "engine.charts",
    "engine.authority_codes",
    "engine.columns",
    "engine.data",
    "engine.days",
    "engine.errors",
    "engine.refusals",
    "engine.input_file",
    "engine.money",
    "engine.notices",
    "engine.row_chunks",
    "engine.rows",
    "engine.vocabulary",
    "engine.wording",
    # Rule documents, and tables of pupils and schools.
    "engine.code_cache",
    "engine.reading",
    "engine.rules",
    "engine.rules.authorities",
    "engine.rules.folder",
    "engine.rules.notes",
    "engine.rules.run_notes",
    "engine.rules.override",
    "engine.rules.summary",
    "engine.rules.trials",
    "engine.tables",
    # Rules over tables: what is paid, when, and at which price.
    "engine.band_prices",
    "engine.budget_cover",
    "engine.expected_calls",
    "engine.modules",
    "engine.plan_costs",
    "engine.run",
    "engine.schedule",
    # Answers: whole statements, workings, comparisons, expected results and files.
    "engine.attribution",
    "engine.candidates",
    "engine.candidates.few",
    "engine.candidates.figures",
    "engine.candidates.groups",
    "engine.candidates.names",
    "engine.candidates.school_losses",
    "engine.candidates.schools",
    "engine.candidates.seek_pairs",
    "engine.candidates.summary",
    "engine.cases",
    "engine.compare",
    "engine.explain",
    "engine.disclosure",
    "engine.export",
    "engine.export.candidate_details",
    "engine.export.candidate_publication",
    "engine.export.candidate_sheets",
    "engine.export.candidates",
    "engine.export.school_candidates",
    "engine.export.search_rows",
    "engine.detectors",
    "engine.letters",
    "engine.report",
    "engine.statement",
    "engine.years_ahead",
    # Tools for authors of rules, and what the rules read.
    "engine.catalogue",
    "engine.lab.atlas",
    "engine.lab.imports",
    "engine.lab.synth",
    # Compiled kernels, before they are needed; files of caches, and what names them.
    "engine.cache_files",
    "engine.jit",
    "engine.source",
    "engine.warm",
}
CALLERS = ("app", "evenband")


def modules(tree: ast.AST) -> set[str]:
    """Return the modules of the engine that a file imports; of a package's public name, the package."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {_home(node.module, alias.name) for alias in node.names}
    return {name for name in found if name.split(".")[0] == "engine"}


def _home(module: str, name: str) -> str:
    """Return the module that a name is imported from, which is itself one where no package names it."""
    path = ROOT / Path(*module.split("."), name)
    is_module = path.is_dir() or path.with_suffix(".py").exists()
    if is_module and name not in getattr(import_module(module), "__all__", ()):
        return f"{module}.{name}"
    return module


def breaches(paths: Iterable[Path]) -> list[str]:
    """Return each import of a module of the engine that is not public."""
    return [
        f"{named(path)}: {module}"
        for path in paths
        for module in sorted(modules(tree_of(path)) - PUBLIC)
    ]


def test_nothing_but_public_modules_of_the_engine_is_imported():
    found = breaches(python_files(*CALLERS))
    assert not found, "\n".join(found)


def test_every_public_module_is_there_and_somebody_asks_it():
    asked = set().union(*(modules(tree_of(path)) for path in python_files(*CALLERS)))
    assert not PUBLIC - asked, "take what nothing asks out of the list"


def test_no_private_name_of_the_engine_is_imported():
    private = [
        f"{named(path)}: {name}"
        for path in python_files(*CALLERS)
        for name in imports(tree_of(path))
        if name.split(".")[0] == "engine" and any(one.startswith("_") for one in name.split("."))
    ]
    assert not private


@pytest.mark.parametrize(
    "source",
    [
        "import engine.kernels.top_ups",
        "from engine.kernels import notional",
        "from engine.rules.compiled import CompiledRules",
        "def late():\n    from engine.steps.rows import grouped",
    ],
)
def test_an_import_of_another_module_is_found(source, tmp_path, monkeypatch):
    monkeypatch.setattr("tests.house.test_wall.named", lambda path: path.name)
    planted = tmp_path / "planted.py"
    planted.write_text(source, encoding="utf-8")
    assert breaches([planted])
