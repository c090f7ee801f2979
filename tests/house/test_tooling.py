"""The tools themselves: each exception has a reason, each hook runs what CI runs."""

import os
import re
import tomllib

import pytest
import yaml

from tests.house.sources import ROOT

EXCEPTION = re.compile(r'^\s*"[A-Z]+\d*",(?P<reason>.*)$', re.MULTILINE)
PIN = re.compile(r"(?m)^([a-z0-9][a-z0-9._-]*)==([^\s;]+)( ; [^\\]+)?")
STEPS = (
    "ruff format --check",
    "ruff check",
    "mypy",
    "lint-imports",
    "deptry",
    "programs",
    "test-main",
)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(name: str) -> set[tuple[str, ...]]:
    return set(PIN.findall(text(name)))


def versions(name: str) -> set[tuple[str, ...]]:
    # Each lock says for itself on which systems a distribution is needed.
    return {pin[:2] for pin in pins(name)}


def exceptions_without_reason(settings: str) -> list[str]:
    """Return the lint exceptions that have no reason beside them."""
    lint = settings.partition("[tool.ruff.lint]")[2].partition("[tool.mypy]")[0]
    lint = lint.replace('select = ["ALL"]', "")
    return [
        found.group().strip()
        for found in EXCEPTION.finditer(lint)
        if not re.fullmatch(r"\s*# \w.{9,}", found["reason"])
    ]


def test_every_lint_rule_is_on_unless_a_reason_stands_beside_it():
    settings = tomllib.loads(text("pyproject.toml"))["tool"]["ruff"]["lint"]
    assert settings["select"] == ["ALL"]
    assert len(EXCEPTION.findall(text("pyproject.toml"))) >= len(settings["ignore"])
    assert not exceptions_without_reason(text("pyproject.toml"))


def test_types_are_strict_and_warnings_are_errors():
    tools = tomllib.loads(text("pyproject.toml"))["tool"]
    assert tools["mypy"]["strict"] is True
    assert set(tools["mypy"]["files"]) == {"app", "engine", "evenband"}
    assert tools["pytest"]["ini_options"]["filterwarnings"][0] == "error"


def test_the_locks_agree_and_every_pin_has_a_hash():
    assert versions("requirements.lock") <= versions("requirements-cluster.lock")
    assert versions("requirements-cluster.lock") <= versions("requirements-test.lock")
    names = ("", "-build", "-cluster", "-test")
    locks = [f"requirements{name}.lock" for name in names]
    for name in locks:
        assert pins(name)
        blocks = re.split(r"(?m)^(?=[a-z0-9])", text(name))[1:]
        assert not [block for block in blocks if "--hash=sha256:" not in block]


def test_what_runs_needs_nothing_that_builds_or_tests_it():
    needed = {name for name, *_ in pins("requirements.lock")}
    built = {name for name, *_ in pins("requirements-build.lock")}
    assert {"hatchling", "editables"} <= built
    assert not needed & {"hatchling", "editables", "pytest", "dask"}


def test_ci_runs_what_a_developer_runs():
    assert "make test" in text(".ci/run")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert not [step for step in STEPS if step not in text("Makefile")]


def test_hooks_run_from_the_project_alone():
    repositories = yaml.safe_load(text(".pre-commit-config.yaml"))["repos"]
    assert {one["repo"] for one in repositories} == {"local"}
    entries = [hook["entry"] for one in repositories for hook in one["hooks"]]
    assert entries
    assert all(entry.startswith(".venv/bin/") for entry in entries)


@pytest.mark.parametrize("reason", ["", "  # no", "  #"])
def test_an_exception_without_a_reason_is_found(reason):
    planted = f'[tool.ruff.lint]\nignore = [\n    "S101",{reason}\n]\n[tool.mypy]\n'
    assert exceptions_without_reason(planted)
