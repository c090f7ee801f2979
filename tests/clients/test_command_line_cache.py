"""``--cache FOLDER`` and ``evenband cache``: the same bytes with and without, listed, emptied, and refused where others may read."""

import re

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.commands.cache import DAYS, FOLDER
from engine.vocabulary import FIXTURES

PUPILS = str(FIXTURES / "tables" / "toy_pupils.csv")
PRICE = "band_profile.tariff.prices.A.pounds"
RULES = "toy-2025-26"
TRIED = ("--baseline", RULES, "--candidate", RULES, "--override", f"{PRICE}=9000")
CANDIDATES = f"format: evenband-candidates/1\ntitle: Prices of band A\nbaseline: toy-2025-26\nvary:\n  {PRICE}: [5000, 9000]\n"
COMMANDS = {
    "value": ("value", "--rules", RULES),
    "value, pupils": ("value", "--rules", RULES, "--detail", "pupils"),
    "value, payments": ("value", "--rules", RULES, "--detail", "schedule"),
    "compare": ("compare", *TRIED),
    "compare, pupils": ("compare", *TRIED, "--detail", "pupils"),
    "candidates": ("candidates", "DOCUMENT"),
    "seek": ("seek", "--rules", RULES, "--path", PRICE, "--total", "90000"),
}


def command(*arguments, **environment):
    return CliRunner().invoke(app, [str(one) for one in arguments], env=environment)


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "tried.yaml"
    path.write_text(CANDIDATES, encoding="utf-8")
    return path


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_command_gives_the_same_bytes_without_a_cache_and_with_what_was_kept(
    tmp_path, document, words
):
    words = [document if one == "DOCUMENT" else one for one in words]
    out, kept = tmp_path / "answer.csv", ("--cache", tmp_path / "kept")
    found = []
    for more in ((), kept, kept):
        answer = command(*words, "--pupils", PUPILS, "--out", out, *more)
        assert answer.exit_code == 0, answer.output
        manifest = out.with_name(f"{out.name}.manifest.json")
        found.append((out.read_bytes(), manifest.read_bytes(), answer.stderr))
        out.unlink()
        manifest.unlink()
    assert found[0] == found[1] == found[2]
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_a_working_from_the_cache_has_the_pupils_key(tmp_path):
    found = [
        command("value", "--rules", RULES, "--pupils", PUPILS, "--explain", "toy-03", *more)
        for more in ((), *[("--cache", tmp_path / "kept")] * 2)
    ]
    assert [one.exit_code for one in found] == [0, 0, 0], found[0].output
    assert found[0].output == found[1].output == found[2].output


def test_a_table_from_standard_input_is_kept_too(tmp_path):
    text = (FIXTURES / "tables" / "toy_pupils.csv").read_bytes()
    words = ["value", "--rules", RULES, "--pupils", "-", "--detail", "pupils", "--format", "csv"]
    found = [
        CliRunner().invoke(app, [*words, *more], input=text)
        for more in ([], *[["--cache", str(tmp_path / "kept")]] * 2)
    ]
    assert [one.exit_code for one in found] == [0, 0, 0], found[1].output
    assert found[0].output == found[1].output == found[2].output


def test_what_is_kept_is_listed_and_removed(tmp_path):
    kept = ("--cache", tmp_path / "kept")
    assert command("cache", "list", *kept).stdout == "Nothing is kept.\n"
    command("value", "--rules", RULES, "--pupils", PUPILS, *kept)
    listed = command("cache", "list", *kept).stdout
    assert re.fullmatch(
        r"[0-9a-f]{12}  \d{4}-\d\d-\d\d \d\d:\d\d UTC  \d+ pupils  0\.\d MB\n", listed
    )
    assert (
        command("cache", "empty", **{FOLDER: str(tmp_path / "kept")}).stdout == "1 entry removed.\n"
    )
    assert not list((tmp_path / "kept").iterdir())


def test_the_environment_names_the_folder_and_the_days(tmp_path):
    here = {FOLDER: str(tmp_path / "kept")}
    assert command("value", "--rules", RULES, "--pupils", PUPILS, **here).exit_code == 0
    assert len(list((tmp_path / "kept").iterdir())) == 1
    for days in ("0", "-1", "soon", "1.5", "400", ""):
        answer = command("cache", "list", **here, **{DAYS: days})
        assert answer.exit_code == 2, days
        assert f"{DAYS} is a whole number of days from 1 to 366" in answer.output
    assert command("cache", "list", **here, **{DAYS: "1"}).exit_code == 0


def test_without_a_folder_nothing_is_kept_and_the_command_says_what_to_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert command("value", "--rules", RULES, "--pupils", PUPILS).exit_code == 0
    assert not list(tmp_path.iterdir())
    answer = command("cache", "list")
    assert answer.exit_code == 2
    assert "--cache FOLDER" in answer.output


def test_a_folder_that_others_may_read_is_refused_before_anything_is_read(tmp_path):
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    answer = command("value", "--rules", RULES, "--pupils", PUPILS, "--cache", folder)
    assert answer.exit_code == 1
    assert "chmod 700" in answer.output
    assert not list(folder.iterdir())
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    answer = command("value", "--rules", RULES, "--pupils", PUPILS, "--cache", file)
    assert answer.exit_code != 0
    assert "Traceback" not in answer.output
