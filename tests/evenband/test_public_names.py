"""The package ``evenband`` as another program uses it: names, types, speed, neighbours."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import evenband as eb

ROOT = Path(__file__).resolve().parents[2]
# What the types of the project were checked with is not worked out again.
TYPES = ("--config-file", ROOT / "pyproject.toml", "--cache-dir", ROOT / ".mypy_cache")
HEAVY = {"numba", "numpy", "polars", "pydantic", "pandas", "pyarrow", "engine", "app"}
LOADED = "import evenband, sys; print(*{name.split('.')[0] for name in sys.modules})"
OTHER_PROJECT = """
from datetime import date
from decimal import Decimal
import polars as pl
import evenband as eb

rules = eb.read_rules("northumberland-2015-16", on=date(2015, 4, 1))
schools: eb.Schools = eb.read_schools("schools.csv", rules)
budgets = eb.value(rules, schools=schools)
total: Decimal | None = budgets.notional_sen
frame: pl.DataFrame = budgets.to_polars("lines")
change = (eb.compare(budgets, budgets).change or Decimal(0)) + Decimal(1)
text: str = eb.explain(budgets, 140132).sentence
try:
    eb.read_pupils(frame, rules)
except eb.TableRefused as refusal:
    problems: tuple[eb.Problem, ...] = refusal.problems
"""
MISTAKES = {
    "number: int = budgets.notional_sen": "Incompatible types in assignment",
    "pupils: eb.Pupils = schools": "Incompatible types in assignment",
    'budgets.to_polars("school")': "Argument 1",
    'eb.read_schools("schools.csv", "northumberland-2015-16")': "Argument 2",
    "eb.vlaue(rules)": "has no attribute",
    "eb.read_pupils(3, rules)": "Argument 1",
    'eb.read_rules("x", override={"place": 5.25})': "Dict entry 0",
}


def run(code, folder, *more):
    """Run Python code in a folder, as a notebook there would."""
    return subprocess.run(
        [sys.executable, *more, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )


def test_every_public_name_is_there_documented_and_about_a_dozen_are_called():
    assert list(eb.__all__) == sorted(eb.__all__)
    assert all(inspect.getdoc(getattr(eb, name)) for name in eb.__all__)
    assert len([name for name in eb.__all__ if name.islower()]) == 14
    assert set(eb.__all__) <= set(dir(eb))


def test_every_argument_and_every_refusal_of_a_function_is_written_about():
    for name in (
        "read_rules",
        "read_schools",
        "read_pupils",
        "value",
        "compare",
        "explain",
        "seek",
        "synth",
        "try_cases",
    ):
        function = getattr(eb, name)
        assert "Raises" in inspect.getdoc(function), name
        for argument in inspect.signature(function).parameters:
            assert argument in inspect.getdoc(function), f"{name}({argument})"


def test_a_name_that_is_not_there_is_an_ordinary_mistake():
    with pytest.raises(AttributeError, match="has no attribute 'vlaue'"):
        eb.vlaue  # noqa: B018 - asking is the test


def test_importing_it_loads_nothing_heavy(tmp_path):
    loaded = set(run(LOADED, tmp_path).stdout.split())
    assert "evenband" in loaded
    assert not loaded & HEAVY


def test_another_project_is_told_by_its_type_checker_of_wrong_uses(tmp_path):
    wrong = "\n".join(MISTAKES)
    (tmp_path / "theirs.py").write_text(f"{OTHER_PROJECT}{wrong}\n", encoding="utf-8")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *TYPES, "theirs.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    first = OTHER_PROJECT.count("\n") + 1
    for line, (mistake, sentence) in enumerate(MISTAKES.items(), start=first):
        told = [one for one in checked.stdout.splitlines() if one.startswith(f"theirs.py:{line}:")]
        assert any(sentence in one for one in told), f"{mistake}\n{checked.stdout}{checked.stderr}"
    lines = {int(one.split(":")[1]) for one in checked.stdout.splitlines() if "error:" in one}
    assert lines == set(range(first, first + len(MISTAKES))), checked.stdout


@pytest.mark.parametrize("form", ["package", "module"])
def test_a_folder_or_file_that_hides_the_engine_is_named_in_one_sentence(form, tmp_path):
    hiding = tmp_path / ("engine/__init__.py" if form == "package" else "engine.py")
    hiding.parent.mkdir(exist_ok=True)
    hiding.write_text("", encoding="utf-8")
    told = run("import evenband", tmp_path).stderr.splitlines()[-1]
    assert told.startswith(f"ImportError: {hiding.resolve()} hides Evenband's own package")
    assert "rename it" in told


def test_an_engine_that_was_imported_before_is_named_too(tmp_path):
    (tmp_path / "engine.py").write_text("", encoding="utf-8")
    code = "import engine, sys; sys.path.pop(0); import evenband"
    assert "hides Evenband's own package" in run(code, tmp_path).stderr


def test_somebodys_app_beside_a_notebook_is_named_and_hinders_nothing(tmp_path):
    (tmp_path / "app.py").write_text("", encoding="utf-8")
    ran = run("import evenband; print(evenband.read_rules('nff-2025-26').identifier)", tmp_path)
    assert ran.stdout == "nff-2025-26\n"
    assert f"{tmp_path.resolve() / 'app.py'} hides Evenband's own package" in ran.stderr


def test_a_folder_of_data_called_engine_hides_nothing(tmp_path):
    (tmp_path / "engine").mkdir()
    ran = run("import evenband; print(evenband.read_rules('nff-2025-26').identifier)", tmp_path)
    assert (ran.stdout, ran.stderr) == ("nff-2025-26\n", "")
