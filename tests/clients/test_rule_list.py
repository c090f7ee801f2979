"""The list of rule sets: the same from files and from what is kept of them, and never out of date."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from engine import jit
from engine.vocabulary import FIXTURES

PUBLISHED = sorted((FIXTURES / "rules").rglob("*.yaml"))
TOY = FIXTURES / "rules" / "toy" / "toy-2025-26.yaml"
# Options of commands are themselves read with pydantic.
HEAVY = {"numba", "numpy", "polars", "pydantic_settings", "yaml", "xlsxwriter", "sqlalchemy"}
PEOPLE, FILE = (), ("--format", "csv")
LISTING = """
import sys
from typer.testing import CliRunner
from app.cli import app
assert CliRunner().invoke(app, ["rules", "list", *sys.argv[1:]]).exit_code == 0
print(*sorted(sys.modules))
"""


def listed(*arguments):
    result = CliRunner().invoke(app, ["rules", "list", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def modules(*arguments):
    """Return the modules that a new process has loaded once it has listed rule sets."""
    return set(
        subprocess.run(
            [sys.executable, "-c", LISTING, *arguments], capture_output=True, text=True, check=True
        ).stdout.split()
    )


@pytest.fixture
def few(tmp_path, monkeypatch):
    """Let three documents be all that are published."""
    folder = tmp_path / "rules"
    folder.mkdir()
    for path in PUBLISHED[:3]:
        (folder / path.name).symlink_to(path)
    monkeypatch.setenv("EVENBAND_RULES_FOLDER", str(folder))


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("EVENBAND_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.parametrize("options", [PEOPLE, FILE, ("--authority", "929"), ("--kind", "bands")])
def test_a_list_is_the_same_from_files_and_from_what_is_kept_of_them(options, home, monkeypatch):
    first = listed(*options)
    assert len(list(home.glob("*/summaries/*.json"))) == len(PUBLISHED)
    assert listed(*options) == first
    monkeypatch.setattr(jit, "_homes", list)
    assert listed(*options) == first


def test_a_list_of_files_that_were_read_before_loads_nothing_that_values(home):
    assert home is not None
    assert modules() & HEAVY
    assert not modules() & HEAVY
    assert (
        not modules("--authority", "northumber", "--year", "2015-16", "--kind", "notional") & HEAVY
    )


@pytest.mark.parametrize("spoiled", ["", "{", "[]", '{"identifier": "other"}', "\udcff"])
def test_what_is_kept_and_cannot_be_read_is_written_again(spoiled, home, few):
    first = listed(*FILE)
    kept = min(home.glob("*/summaries/*.json"))
    whole = kept.read_bytes()
    kept.write_bytes(spoiled.encode(errors="surrogateescape"))
    assert listed(*FILE) == first
    assert kept.read_bytes() == whole
    assert {path.suffix for path in kept.parent.iterdir()} == {".json"}


def test_a_list_is_shown_where_nothing_can_be_kept(home, few):
    first = listed()
    folder = next(home.glob("*/summaries"))
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.write_text("no folder", encoding="utf-8")
    assert listed() == first


def test_a_changed_file_is_listed_as_it_is_now(home, tmp_path, monkeypatch):
    assert home is not None
    folder = tmp_path / "rules"
    folder.mkdir()
    document = folder / TOY.name
    text = TOY.read_text(encoding="utf-8")
    monkeypatch.setenv("EVENBAND_RULES_FOLDER", str(folder))
    document.write_text(text, encoding="utf-8")
    before = listed(*FILE)
    document.write_text(text.replace("version: 1", "version: 7", 1), encoding="utf-8")
    after = listed(*FILE)
    assert (",1," in before, ",7," in after) == (True, True)
    document.write_text(text.replace("version: 1", "version:", 1), encoding="utf-8")
    refused = CliRunner().invoke(app, ["rules", "list"])
    assert refused.exit_code == 1
    assert str(document) in refused.stderr
    assert "line 3: version" in refused.stderr


def test_summaries_are_kept_apart_for_each_source_of_the_engine(home, few, monkeypatch):
    listed()
    monkeypatch.setattr(jit, "compiled_digest", lambda: "another")
    listed()
    assert len(list(Path(home).glob("*/summaries"))) == 2
