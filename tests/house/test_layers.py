"""Law 1: the engine stands alone, and a room asks only downwards."""

import subprocess
import sys
import tomllib

import pytest

from tests.house.sources import ROOT, imports, python_files, tree_of

FOREIGN = ("app", "fastapi", "sqlalchemy", "starlette", "uvicorn")
LOADED = "import engine, sys; print(*sorted({name.split('.')[0] for name in sys.modules}))"
ROOM = ("endpoints", "service", "repository")


def contracts() -> list[dict]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return settings["tool"]["importlinter"]["contracts"]


def test_the_engine_imports_nothing_of_the_service():
    found = {name for path in python_files("engine") for name in imports(tree_of(path))}
    assert not {name for name in found if name.split(".")[0] in FOREIGN}


def test_importing_the_engine_loads_nothing_of_the_service():
    loaded = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    assert "engine" in loaded
    assert not set(loaded) & set(FOREIGN)


def test_every_room_of_the_service_stands_under_the_contract_of_rooms():
    rooms = {
        f"app.{path.parent.name}"
        for path in (ROOT / "app").glob("*/*.py")
        if path.stem in ROOM and path.parent.name != "models"
    }
    listed = {
        container
        for contract in contracts()
        if contract["layers" if "layers" in contract else "name"] == list(map("({})".format, ROOM))
        for container in contract["containers"]
    }
    assert rooms == listed


@pytest.mark.parametrize("source", ["import fastapi", "from sqlalchemy.orm import Session"])
def test_a_foreign_import_is_found(source, tmp_path):
    planted = tmp_path / "planted.py"
    planted.write_text(source)
    assert {name.split(".")[0] for name in imports(tree_of(planted))} & set(FOREIGN)
