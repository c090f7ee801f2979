"""Commands and options completed by the shell, as ``evenband --install-completion`` sets it up."""

import os
import subprocess

import click
import pytest
import typer

from app.cli import app
from app.commands import completion
from engine import jit
from engine.data import FIXTURES
from tests.clients.starts import PROGRAM, started

WEST_SUSSEX = "Schools formula and notional SEN budget, West Sussex 2021-22"


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("evenband rules li", ["list"]),
        ("evenband val", ["value"]),
        ("evenband rules list --auth", ["--authority"]),
        ("evenband rules list --kind tar", ["targeted"]),
        ("evenband value --rules north", ["northumberland-2015-16", "northumberland-2025-26"]),
        ("evenband rules list --authority 86", ["865", "868", "869"]),
        ("evenband rules check m", ["mine.yaml"]),
    ],
)
def test_the_shell_is_offered_what_a_command_goes_on_with(typed, offered, tmp_path):
    for name in ("mine.yaml", "notes.yml", ".notes.yaml", "mine.csv"):
        (tmp_path / name).touch()
    words = len(typed.split())
    asked = {"_EVENBAND_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": words - 1}
    shown = started(
        cwd=tmp_path, env={**os.environ, **{name: str(value) for name, value in asked.items()}}
    )
    assert shown.returncode == 0
    assert sorted(shown.stdout.split()) == sorted(offered)


def test_a_rule_document_that_cannot_be_read_hides_no_other_rule_set(tmp_path, monkeypatch):
    (tmp_path / "broken.yaml").write_text("identifier: broken\n")
    (tmp_path / "toy.yaml").write_bytes((FIXTURES / "rules/toy/toy-2025-26.yaml").read_bytes())
    monkeypatch.setenv("EVENBAND_RULES_FOLDER", str(tmp_path))
    monkeypatch.chdir(tmp_path.parent)
    assert [name for name, _ in completion.rule_sets("")] == ["toy-2025-26"]


def test_where_summaries_are_kept_is_found_once_for_all_of_them(monkeypatch):
    found = []
    real = jit.compiled_digest
    monkeypatch.setattr(jit, "compiled_digest", lambda: found.append(1) or real())
    assert len(list(completion.rule_sets(""))) > 30
    assert len(found) == 1


@pytest.mark.parametrize(
    ("offers", "typed", "offered"),
    [
        (completion.rule_sets, "west-s", [("west-sussex-2021-22", WEST_SUSSEX)]),
        (completion.rule_sets, "nowhere", []),
        (completion.authorities, "west-s", [("west-sussex", "West Sussex")]),
        (completion.authorities, "93", [("935", "Suffolk"), ("938", "West Sussex")]),
        (completion.years, "2015", [("2015-16", "")]),
        (completion.layouts, "north", [("northumberland_2015_16", "comes with the program")]),
    ],
)
def test_what_goes_on_from_the_text_so_far_is_offered_with_words(offers, typed, offered):
    assert list(offers(typed)) == offered


def parameters(command, path="evenband"):
    """Yield every parameter of a command and of those below it."""
    for one in command.params:
        yield f"{path} {one.name}", one
    for name, below in getattr(command, "commands", {}).items():
        yield from parameters(below, f"{path} {name}")


def test_wherever_a_rule_set_may_be_named_its_identifiers_are_offered():
    named = [
        (path, one)
        for path, one in parameters(typer.main.get_command(app))
        if str(one.metavar).startswith("ID|FILE")
    ]
    assert len(named) > 12
    for path, one in named:
        offered = one.shell_complete(click.Context(click.Command("any")), "west-s")
        assert [each.value for each in offered] == ["west-sussex-2021-22"], path


def test_completion_for_the_shell_in_use_is_printed_to_be_kept_by_hand():
    script = f'"{PROGRAM}" --show-completion; exit $?'
    shown = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert "complete -o default -F _evenband_completion evenband" in shown.stdout
