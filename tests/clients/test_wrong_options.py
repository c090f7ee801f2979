"""Every option and argument of every command, given something wrong: the answer is one plain sentence."""

import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from app import cli
from app.cli import app
from engine import money
from tests.house.sources import ROOT as ROOT_FOLDER
from tests.plain_words import fault_of

ROOT = typer.main.get_command(app)
VALUES = {
    "text": "\u00a7 wrong",
    "number": "-1",
    "file": "no/such/file.yaml",
    "other digits": "\u0663",
    "superscript": "\u00b3",
}
TOY = str(ROOT_FOLDER / "fixtures/rules/toy/toy-2025-26.yaml")
LONG = {("serve",), ("warm",)}
"""Commands that run on with a value that they accept."""


def commands(group, path=()):
    """Yield every command with the words that call it."""
    for name, one in group.commands.items():
        if hasattr(one, "commands"):
            yield from commands(one, (*path, name))
        else:
            yield (*path, name), one


COMMANDS = list(commands(ROOT))
OPTIONS = [
    (path, command, one)
    for path, command in COMMANDS
    for one in command.params
    if one.param_type_name == "option" and one.name != "help"
]


def is_heading(line):
    """Return whether a line names a file, or where help is, and says nothing of what is wrong."""
    return not line or line.startswith("For help: ") or line.endswith(":")


def said(*words, may_work=False):
    """Return what a call that is refused says, and see that it is plain."""
    answer = CliRunner().invoke(app, [str(word) for word in words])
    assert answer.exit_code in ({0, 1, 2, 3} if may_work else {1, 2, 3}), (words, answer.exception)
    assert isinstance(answer.exception, SystemExit) or not answer.exit_code, words
    text = answer.stderr
    for value in filter(None, VALUES.values()):
        text = text.replace(value, "(value)")
    lines = [line for line in text.splitlines() if not is_heading(line)]
    assert lines or not answer.exit_code, words
    assert not [line for line in lines if fault_of(line)], (words, text)
    return answer.stderr


def needed(command, leave=(), rules="x"):
    """Return what a command must be given, as a call that has no other fault."""
    words = []
    for one in command.params:
        if one.required and one not in leave:
            is_option = one.param_type_name == "option"
            words += [max(one.opts, key=len)] if is_option else []
            is_rules = str(one.metavar).startswith("ID|FILE")
            words.append(rules if is_rules else "10" if is_option and "pupils" in one.name else "x")
    return words


def test_every_command_is_called():
    assert len(COMMANDS) > 15
    assert len(OPTIONS) > 60


@pytest.mark.parametrize(
    ("path", "command"), COMMANDS, ids=lambda one: " ".join(one) if isinstance(one, tuple) else ""
)
def test_an_unknown_option_and_what_is_missing_are_named(path, command):
    assert "unknown option --surprise" in said(*path, "--surprise", "1")
    places = [one for one in command.params if one.required and one.param_type_name != "option"]
    for one in command.params:
        if one.required:
            # Of words without a name it is always the last that is missing.
            lacking = one if one not in places else places[-1]
            name = max(one.opts, key=len) if one not in places else lacking.metavar
            told = f"{name or lacking.name.upper()} is missing"
            assert told in said(*path, *needed(command, [one]))


@pytest.mark.parametrize("path", sorted({path[:-1] for path, _ in COMMANDS}))
def test_an_unknown_command_is_answered_with_the_commands_or_the_nearest(path):
    assert "unknown command 'surprise'; the commands are " in said(*path, "surprise")
    assert "did you mean 'value'?" in said("valu")


def is_flag(option):
    return getattr(option, "is_flag", False)


def test_an_option_without_its_value_says_so():
    for path, command, option in OPTIONS:
        name = max(option.opts, key=len)
        if is_flag(option):
            assert f"{name} takes no value" in said(*path, f"{name}=x")
        else:
            assert f"{name} needs a value" in said(*path, *needed(command), name)


@pytest.mark.parametrize("kind", VALUES)
def test_a_wrong_value_of_an_option_is_refused_in_plain_words(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    # Some commands read every published document, of which one is enough here.
    monkeypatch.setenv("EVENBAND_RULES_FOLDER", str(Path(TOY).parent))
    for path, command, option in OPTIONS:
        if is_flag(option) or path in LONG:
            continue
        name = max(option.opts, key=len)
        # A rule set that is there lets a command look at the other options too.
        others = needed(command, [option], TOY if path == ("value",) else "x")
        said(*path, *others, name, VALUES[kind], may_work=True)


TYPED = [
    ("value --rules x --threads x", "--threads must be a whole number"),
    ("value --rules x --threads 1000", "--threads must be 256 or less"),
    ("value --rules x --on today", "--on must be a date such as 2025-04-01"),
    ("value --rules x --format word", "--format must be one of csv, json, parquet, xlsx"),
    ("serve --port 0", "--port must be 1 or more"),
    ("value --rules x y", "unexpected argument y"),
    ("synth --out x --pupils many", "--pupils must be a whole number"),
]


@pytest.mark.parametrize(("call", "sentence"), TYPED)
def test_a_value_of_the_wrong_kind_is_answered_with_the_right_kind(call, sentence):
    path = call.split()[0]
    assert said(*call.split()).splitlines() == [
        f"evenband {path}: {sentence}"
        + ("; put a value that has spaces in quotes" if "unexpected" in sentence else ""),
        f"For help: evenband {path} --help",
    ]


def test_a_fault_of_the_program_is_one_sentence_and_no_trace(monkeypatch, capsys):
    def fail():
        money.decimal_of("pupil-of-mine")

    monkeypatch.setattr(cli, "app", fail)
    monkeypatch.setattr(cli.signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    (line,) = capsys.readouterr().err.splitlines()
    assert ended.value.code == 4
    assert re.fullmatch(r"evenband failed at money\.py:\d+, through a fault of its own\. .*", line)
    assert "pupil-of-mine" not in line
    assert fault_of(line) is None
    monkeypatch.setenv("EVENBAND_TRACE", "1")
    with pytest.raises(ValueError, match="number"):
        cli.main()
