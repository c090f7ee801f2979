"""The engine imports nothing of the service; packages of the service import downwards."""

import ast
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.house.sources import ROOT, imports, named, python_files, tree_of

FOREIGN = ("app", "evenband", "fastapi", "sqlalchemy", "starlette", "uvicorn")
LOADED = "import engine, sys; print(*sorted({name.split('.')[0] for name in sys.modules}))"
# What each file of a package may not import from any package, its own included.
ABOVE = {
    "endpoints": {"repository"},
    "service": {"endpoints"},
    "schemas": {"endpoints", "service", "repository"},
    "repository": {"endpoints", "schemas", "service"},
}


def foreign_imports(paths: Iterable[Path]) -> list[str]:
    """Return the imports that the engine may not make, each with its place."""
    found = ((path, name) for path in paths for name in imports(tree_of(path)))
    return [f"{path.name}: {name}" for path, name in found if name.split(".")[0] in FOREIGN]


def upward_imports(paths: Iterable[Path]) -> list[str]:
    """Return the imports by which a file of a package imports upwards or past the file below it."""
    return [
        f"{path.parent.name}/{path.name}: {name}"
        for path in paths
        for name in imports(tree_of(path))
        if name.split(".")[0] == "app" and set(name.split(".")[2:3]) & ABOVE.get(path.stem, set())
    ]


def test_the_engine_imports_nothing_of_the_service():
    assert not foreign_imports(python_files("engine"))


def test_importing_the_engine_loads_nothing_of_the_service():
    loaded = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    assert "engine" in loaded
    assert not set(loaded) & set(FOREIGN)


def test_a_room_asks_only_downwards():
    rooms = [path for path in python_files("app") if len(path.relative_to(ROOT).parts) > 2]
    assert not upward_imports(rooms)


def test_the_service_reads_nothing_of_the_tests():
    assert not [
        named(path)
        for path in python_files("app", "engine")
        if any(name.split(".")[0] == "tests" for name in imports(tree_of(path)))
    ]


@pytest.mark.parametrize("source", ["import fastapi", "from sqlalchemy.orm import Session"])
def test_a_foreign_import_is_found(source, tmp_path):
    planted = tmp_path / "planted.py"
    planted.write_text(source)
    assert foreign_imports([planted])


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("repository", "from app.runs.service import start"),
        ("repository", "from app.runs import service"),
        ("service", "from app.runs.endpoints import router"),
        ("endpoints", "from app.audit import repository"),
        ("schemas", "import app.runs.repository"),
    ],
)
def test_an_import_upwards_is_found(file, source, tmp_path):
    planted = tmp_path / f"{file}.py"
    planted.write_text(source)
    assert upward_imports([planted])


def services_without_asker(paths: Iterable[Path]) -> list[str]:
    """Return functions that read or write what is stored, and do not take who asks first."""
    return [
        f"{path.parent.name}/{path.name}: {node.name}"
        for path in paths
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        for names in [[one.arg for one in node.args.args]]
        if "session" in names and names[0] != "asker"
    ]


def test_every_function_of_a_service_that_reads_what_is_stored_takes_who_asks_first():
    services = [*(ROOT / "app").glob("*/service.py"), ROOT / "app/rule_sets/publish.py"]
    assert len(services) > 5
    assert not services_without_asker(services)


def test_a_service_that_does_not_take_who_asks_is_found(tmp_path):
    (tmp_path / "service.py").write_text("def places(session, wanted): ...", encoding="utf-8")
    assert services_without_asker([tmp_path / "service.py"])
