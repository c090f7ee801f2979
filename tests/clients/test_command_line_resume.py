"""A run of candidates that was ended goes on where it was, to the same bytes; what another run left is not used."""

import fcntl
import json
import stat

import pytest
from typer.testing import CliRunner

from app.cli import app
from engine.candidates import block_run as module
from engine.candidates.run import Run

PRICE = "band_profile.tariff.prices.band:2.pounds"
CUT = "band_profile.assignment.points.steps.band:2.from"
KEY = "canarypupil"
AHEAD = 2
"""Blocks that threads may have begun when one of them fails."""


class Ended(BaseException):
    """What ends a run from outside."""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "BLOCK", 5)
    varied = {"ordered": f"  {PRICE}: {{from: 7000, to: 7059, step: 1}}\n"}
    varied["mixed"] = f"  {PRICE}: {{from: 7000, to: 7019, step: 1}}\n  {CUT}: [20, 21, 22]\n"
    for name, text in varied.items():
        head = "format: evenband-candidates/1\ntitle: Points\nbaseline: toy-points-2025-26\nvary:\n"
        (tmp_path / f"{name}.yaml").write_text(head + text, encoding="utf-8")
    rows = "".join(f"{KEY}{at},{940 + at % 2},E,{12 + at}\n" for at in range(40))
    (tmp_path / "points.csv").write_text(f"pupil_key,la,sen_provision,points\n{rows}")
    return tmp_path


def words(folder, name, out, *more):
    table = ("--pupils", folder / "points.csv", "--other-authorities", "valued")
    return [str(one) for one in ("candidates", folder / f"{name}.yaml", *table, "--out", folder / out, "--threads", 1, *more)]  # fmt: skip


def command(arguments):
    return CliRunner().invoke(app, arguments)


def ended_after(number, arguments, monkeypatch):
    """Run a command that is ended when so many blocks are worked out."""
    left = [number]

    def block(self, at, of=Run.block):
        if not left[0]:
            raise Ended
        left[0] -= 1
        return of(self, at)

    with monkeypatch.context() as patch:
        patch.setattr(Run, "block", block)
        with pytest.raises(Ended):
            CliRunner().invoke(app, arguments, catch_exceptions=False)


def blocks_of(arguments, monkeypatch):
    """Return how a command ended, and how many blocks it worked out."""
    seen = []

    def block(self, at, of=Run.block):
        seen.append(at)
        return of(self, at)

    with monkeypatch.context() as patch:
        patch.setattr(Run, "block", block)
        return command(arguments), len(seen)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("name", ["ordered", "mixed"])
@pytest.mark.parametrize("more", [("--detail", "groups"), (), ("--detail", "groups", "--top", "7")])
def test_a_run_that_was_ended_goes_on_to_the_same_bytes(folder, monkeypatch, name, more, kind):
    whole, out = f"whole.{kind}", f"out.{kind}"
    assert command(words(folder, name, whole, *more)).exit_code == 0
    resumed = words(folder, name, out, *more, "--resume")
    ended_after(7, resumed, monkeypatch)
    state = folder / f"{out}.resume"
    assert not (folder / out).exists()
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert KEY.encode() not in state.read_bytes()
    answer, blocks = blocks_of(resumed, monkeypatch)
    assert answer.exit_code == 0, answer.output
    assert "of 60 candidates were worked out before; going on." in answer.stderr
    assert "--top" in more or blocks <= 12 - 7 + AHEAD
    assert (folder / out).read_bytes() == (folder / whole).read_bytes()
    one, other = (json.loads((folder / f"{at}.manifest.json").read_text()) for at in (out, whole))
    assert {**one, "files": 0} == {**other, "files": 0}
    assert not state.exists()


def test_a_run_that_is_not_ended_leaves_nothing_and_has_the_same_bytes(folder):
    for out, more in (("plain.csv", ()), ("kept.csv", ("--resume",))):
        assert command(words(folder, "mixed", out, "--detail", "groups", *more)).exit_code == 0
    assert (folder / "plain.csv").read_bytes() == (folder / "kept.csv").read_bytes()
    assert not list(folder.glob("*.resume"))
    assert not list(folder.glob(".evenband*"))


def test_without_the_option_a_run_that_is_ended_leaves_nothing(folder, monkeypatch):
    before = sorted(folder.iterdir())
    ended_after(4, words(folder, "mixed", "out.csv", "--detail", "groups"), monkeypatch)
    assert sorted(folder.iterdir()) == before


OTHERS = {
    "a pupil": lambda folder: (folder / "points.csv").write_text(
        (folder / "points.csv").read_text() + "one more,940,E,15\n"
    ),
    "a candidate": lambda folder: (folder / "mixed.yaml").write_text(
        (folder / "mixed.yaml").read_text().replace("7019", "7020")
    ),
    "a constraint": lambda folder: (folder / "mixed.yaml").write_text(
        (folder / "mixed.yaml").read_text() + "constraints: {authority_loss_percent: 1}\n"
    ),
}


@pytest.mark.parametrize("change", OTHERS)
def test_what_a_run_of_other_inputs_left_is_not_used_and_that_is_said(folder, monkeypatch, change):
    resumed = words(folder, "mixed", "out.csv", "--resume")
    ended_after(6, resumed, monkeypatch)
    OTHERS[change](folder)
    answer = command(resumed)
    assert answer.exit_code == 0, answer.output
    assert "out.csv.resume: is of other inputs, rules, candidates or another version; starting anew." in answer.stderr  # fmt: skip
    assert "worked out before" not in answer.stderr
    assert command(words(folder, "mixed", "whole.csv")).exit_code == 0
    assert (folder / "out.csv").read_bytes() == (folder / "whole.csv").read_bytes()


def test_another_version_of_the_engine_starts_anew(folder, monkeypatch):
    resumed = words(folder, "mixed", "out.csv", "--resume")
    ended_after(6, resumed, monkeypatch)
    monkeypatch.setattr("app.commands.resumption.SEMANTICS", 99)
    assert "starting anew" in command(resumed).stderr


def test_damage_anywhere_in_what_was_left_changes_no_byte_of_the_result(folder, monkeypatch):
    resumed = words(folder, "mixed", "out.csv", "--detail", "groups", "--resume")
    assert command(words(folder, "mixed", "whole.csv", "--detail", "groups")).exit_code == 0
    state = folder / "out.csv.resume"
    ended_after(6, resumed, monkeypatch)
    kept = state.read_bytes()
    for at in (3, 40, len(kept) // 2, len(kept) - 1):
        damaged = bytearray(kept)
        damaged[at] ^= 1
        state.write_bytes(damaged)
        answer = command(resumed)
        assert answer.exit_code == 0, answer.output
        assert (folder / "out.csv").read_bytes() == (folder / "whole.csv").read_bytes()


def test_two_runs_do_not_share_what_is_worked_out(folder):
    state = folder / "out.csv.resume"
    with state.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        answer = command(words(folder, "mixed", "out.csv", "--resume"))
    assert answer.exit_code == 2
    assert "belongs to a run that goes on" in answer.output
    assert state.exists()


def test_a_link_in_the_place_of_the_file_is_not_followed(folder):
    (folder / "elsewhere").write_text("as it was")
    (folder / "out.csv.resume").symlink_to(folder / "elsewhere")
    answer = command(words(folder, "mixed", "out.csv", "--resume"))
    assert answer.exit_code == 3
    assert (folder / "elsewhere").read_text() == "as it was"


@pytest.mark.parametrize("more", [("--publish",), ("--detail", "pupils"), ("--out", "-")])
def test_it_is_for_totals_and_groups_that_are_written_to_a_file(folder, more):
    answer = command([*words(folder, "mixed", "out.csv", "--resume"), *more])
    assert answer.exit_code == 2
    assert not (folder / "out.csv.resume").exists()
