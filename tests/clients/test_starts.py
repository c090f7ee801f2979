"""What the tests of clients start ends, as the installed program does and with what it said."""

import subprocess
from pathlib import Path

import pytest

from engine.vocabulary import FIXTURES
from tests.clients.conftest import HERE, LONGEST
from tests.clients.served import serving
from tests.clients.starts import PROGRAM, started

PUPILS = FIXTURES / "tables" / "toy_pupils.csv"
TOY = ("value", "--rules", "toy-2025-26", "--pupils")
FULL = Path("/dev/full")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((*TOY, PUPILS), 0),
        ((*TOY, FIXTURES / "README.md"), 1),
        (("value",), 2),
        ((*TOY, "no.csv"), 3),
    ],
    ids=["done", "refused", "misused", "unreadable"],
)
def test_a_forked_call_ends_and_prints_as_the_installed_program(words, code, tmp_path):
    program = [str(PROGRAM), *map(str, words)]
    new = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False)
    forked = started(*words, cwd=tmp_path)
    assert (new.returncode, new.stdout, new.stderr) == (code, forked.stdout, forked.stderr)
    assert forked.returncode == code


def test_a_forked_call_writes_in_its_own_folder_and_reads_its_own_environment(
    tmp_path, monkeypatch
):
    assert started("synth", "--pupils", 40, "--out", "made", cwd=tmp_path).returncode == 0
    assert (tmp_path / "made" / "pupils.csv").exists()
    monkeypatch.setenv("EVENBAND_RULES_FOLDER", str(tmp_path))
    assert "toy-2025-26" not in started("rules", "list").stdout
    monkeypatch.delenv("EVENBAND_RULES_FOLDER")
    assert "toy-2025-26" in started("rules", "list").stdout


def test_a_forked_call_prints_into_the_file_that_it_is_given():
    assert started("--version", stdout=FULL).returncode == 3


def test_a_service_that_does_not_start_is_not_waited_for_and_its_log_is_shown(tmp_path):
    (tmp_path / "evenband.db").mkdir()
    with pytest.raises(AssertionError, match=r"evenband\.db"), serving(tmp_path):
        pass


def test_the_files_that_are_begun_first_are_there():
    assert [name for name in LONGEST if not (HERE / f"{name}.py").exists()] == []
