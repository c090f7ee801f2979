"""The recipes of CONTRIBUTING, applied from their own blocks to a copy: few files, and every check holds there."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.house.sources import ROOT

# The copy, which takes longer than most of its checks, is made in one process of the run.
pytestmark = pytest.mark.xdist_group("recipes")

RECIPE = re.compile(
    r"^\*\*(?P<name>[^*]+)\.\*\*(?P<text>.*?)(?=^\*\*|^## )", re.MULTILINE | re.DOTALL
)
BLOCK = re.compile(r"^```diff\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MOST_FILES = {
    "A factor that counts something new": 2,
    "A column that bands or prices depend on": 2,
    "A form of bands or prices": 4,
    "A module": 10,
    "An endpoint": 6,
}
COPIED = ("app", "engine", "evenband", "fixtures", "migrations", "tests", "docs")
WRITERS = (
    ("app.cli", "rules", "schema", "--write", "fixtures/schema"),
    ("app.cli", "columns", "--write", "fixtures/schema", "--page", "docs/columns.md"),
    ("tests.app.test_openapi",),
)
CHECKS = (
    ("ruff", "format", "--check", "--quiet", "."),
    ("ruff", "check", "--quiet", "."),
    ("mypy", "--no-error-summary"),
    ("importlinter.cli", "--no-logo"),
)
TESTS = (
    "tests/engine/test_catalogue.py",
    "tests/engine/test_agreement_excluded_pupils.py",
    "tests/engine/test_run.py",
    "tests/engine/test_rule_guide.py",
    "tests/engine/test_atlas_words.py",
    "tests/engine/test_document.py",
    "tests/engine/test_spoken_forms.py",
    "tests/engine/test_decision_tables.py",
    "tests/engine/test_synth.py",
    "tests/app/test_openapi.py",
    "tests/app/atlas",
)
USED = '''
import sys
from pathlib import Path

import polars as pl

import evenband as eb

TRAVELLERS = """
    traveller:
      label: Travellers
      counts: pupils
      where: {traveller: true}
      primary: {unit_value: "300", notional_percent: "50"}
      secondary: {unit_value: "300", notional_percent: "50"}
    fsm6:"""
text = Path("fixtures/rules/toy/toy-2025-26.yaml").read_text(encoding="utf-8")
text = text.replace("toy-2025-26", "toy-travellers-2025-26", 1).replace("\\n    fsm6:", TRAVELLERS, 1)
text = text.replace("{sen_provision: [E]}", "{sen_provision: [E], travel_minutes: [0-45]}", 1)
rules = eb.read_rules(text)
made = {
    "pupil_key": ["a", "b", "c"], "la": [201] * 3, "urn": [100001] * 3, "year_group": [3] * 3,
    "traveller": [1, 1, 0], "sen_provision": ["N", "E", "E"], "travel_minutes": [None, 45, 46],
    "band": [None, "B", "B"], "setting": ["mainstream"] * 3, "hours": ["25"] * 3,
}
made |= dict.fromkeys(("eal3", "fsm", "fsm6", "looked_after", "low_prior_attainment", "mobility"), [0] * 3)
made["idaci"] = ["G"] * 3
amounts = ("sparsity", "split_sites", "rates", "pfi", "rents")
school = {"urn": [100001], "phase": ["primary"], **{f"amount_{one}": ["0"] for one in amounts}}
schools = eb.read_schools(pl.DataFrame(school), rules)
valued = eb.value(rules, schools=schools, pupils=eb.read_pupils(pl.DataFrame(made), rules))
for one in (100001, "b", "c"):
    sys.stdout.write(f"{eb.explain(valued, one)}")
assert "traveller" in eb.synth(200, seed=1).pupils.columns
'''

PRICED = """
import sys

from engine.run import evaluate
from engine.explain import explain_pupil
from engine.rules.compile import compile_rules
from tests.builders import banded, pupil, pupil_table, rule_set

price = {"pounds_each": "100", "each": "points", "each_at_least": "10"}
rules = compile_rules(rule_set(**banded([price], ["A"])))
outcome = evaluate(rules, pupils=pupil_table([pupil(pupil_key="a", band="A", points=8)], ["A"])).top_ups
for row in explain_pupil(outcome, "a").workings[-1].rows:
    sys.stdout.write(f"{row.operator}|{row.label}|{row.value}\\n")
"""

EXCLUDED = """
import sys

import polars as pl

from engine.modules.excluded_pupils import EXCLUDED_PUPILS
from engine.modules.module import Tables
from engine.run import EVERYTHING, Year
from tests.rule_library import compiled

cases = {"case": ["b", "a"], "urn": ["100001"] * 2, "pupil_type": ["key_stage_4", "primary"], "weeks_left": ["1", "13"]}
tables = Tables(frames={EXCLUDED_PUPILS.name: pl.DataFrame(cases)})
(outcome,) = EVERYTHING.over([Year(compiled("toy-excluded-pupils-2025-26"), tables)])
for rows in (outcome.of(EXCLUDED_PUPILS).rows, outcome.of(EXCLUDED_PUPILS).totals):
    sys.stdout.write(rows.frame.write_csv(include_header=False))
"""


def recipes() -> dict[str, str]:
    """Return the changes of each recipe that has a block."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = {one["name"]: BLOCK.search(one["text"]) for one in RECIPE.finditer(text)}
    return {name: block[1] for name, block in found.items() if block is not None}


def call(copy, *module):
    """Run a module in a copy of the project, and return what it printed."""
    return program(copy, "-m", *module)


def program(copy, *arguments):
    """Run the language in a copy of the project, and return what it printed."""
    surroundings = {**os.environ, "PYTHONPATH": str(copy), "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{arguments}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Give a copy of the project to which every recipe is applied."""
    copy = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__", "node_modules")
        shutil.copytree(ROOT / name, copy / name, ignore=ignored)
    for one in ROOT.iterdir():
        if one.is_file():
            shutil.copy2(one, copy)
    if (ROOT / ".mypy_cache").is_dir():
        shutil.copytree(ROOT / ".mypy_cache", copy / ".mypy_cache")
    for changes in recipes().values():
        subprocess.run(
            ["git", "apply", "-"], cwd=copy, input=changes, text=True, check=True, timeout=60
        )
    for writer in WRITERS:
        call(copy, *writer)
    return copy


def test_a_recipe_touches_no_more_files_than_it_says():
    counted = {name: changes.count("\n+++ ") for name, changes in recipes().items()}
    assert counted.keys() == MOST_FILES.keys()
    assert all(0 < counted[name] <= most for name, most in MOST_FILES.items())


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check[0])
def test_a_copy_with_every_recipe_passes_lint(copy, check):
    call(copy, *check)


def test_a_copy_with_every_recipe_passes_the_tests_of_the_guide_the_atlas_and_the_reference(copy):
    told = call(copy, "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *TESTS)
    assert " passed" in told


def test_new_columns_are_read_counted_decided_by_explained_and_invented(copy):
    told = program(copy, "-c", USED)
    # Two pupils at 300.00, the area's multiplier 1.1, half of it notional.
    line = told.partition("Travellers (primary)")[2]
    assert re.findall(r"=  (Amount|Notional SEN) +([0-9.,]+)", line)[:2] == [
        ("Amount", "660.00"),
        ("Notional SEN", "330.00"),
    ]
    # Band B is 8,000.00, the area's multiplier 1.1 and 2 % more, less the first 6,000.00; beyond 45 minutes nothing.
    amounts = re.findall(r"Top-up for the year +([0-9.,]+)", told)
    assert (amounts[0], amounts[-1]) == ("2,976.00", "0.00")


def test_a_new_form_of_price_is_paid_and_says_how(copy):
    assert program(copy, "-c", PRICED).splitlines() == [
        "start|Points|8",
        "decides|No less than|10",
        "equals|Points that count|10",
        "start|For each of the pupil's points at least 10|100.00",
        "equals|For each, to the penny|100.00",
        "times|Points that count|10",
        "equals|Annual rate, to the penny|1000.00",
        "equals|Top-up for the year|1000.00",
    ]


def test_a_new_module_is_valued_in_a_run_and_gives_its_rows_and_sums(copy):
    assert program(copy, "-c", EXCLUDED).splitlines() == [
        "a,100001,primary,13,130000",
        "b,100001,key_stage_4,1,13269",
        "excluded_pupils,total,total,2,143269,0",
        "excluded_pupils,urn,100001,2,143269,0",
    ]
