"""A run of candidates that is ended outright at any moment goes on when it is started again, to the same bytes."""

import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.candidates.record_file import RecordFile
from tests.storm_size import is_whole, repetitions

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).with_name("evenband")
STEPS = "band_profile.assignment.points.steps"
PRICE = "band_profile.tariff.prices.band:2.pounds@from:2025-09-01"
"""A value that changes within the year, so that cut-offs are not in lanes."""
CUTS = range(20, 30) if is_whole() else range(20, 25)
PRICES = range(7_000, 8_000, 100)
ROWS = 3_000 if is_whole() else 60
LOOK_SECONDS = 0.001
KEY = b"CANARYPUPIL"
DETAILS = {"groups": ("--detail", "groups"), "totals": ()}
KILLS = len(repetitions(1, 50))
MOST_IN_A_ROW = 3
"""Kills of runs that go on from one another before one is left to end."""


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """Return a document whose cut-offs are structures with prices enough for a block each, so that blocks are many, and its table."""
    folder = tmp_path_factory.mktemp("inputs")
    (folder / "tried.yaml").write_text(
        "format: evenband-candidates/1\ntitle: Cut-offs\nbaseline: toy-points-2025-26\nvary:\n"
        f"  {PRICE}: [{', '.join(map(str, PRICES))}]\n  {STEPS}.band:2.from: [{', '.join(map(str, CUTS))}]\n"
        f"  {STEPS}.band:3.from: [30, 31, 32, 33, 34, 35]\n",
        encoding="utf-8",
    )
    rows = "".join(f"{KEY.decode()}{at:05},{940 + at % 2},E,{12 + at % 80}\n" for at in range(ROWS))
    (folder / "pupils.csv").write_text(f"pupil_key,la,sen_provision,points\n{rows}")
    return folder


class Runs:
    """Runs of one kind in one folder, which go on from one another."""

    def __init__(self, inputs: Path, folder: Path, more: tuple[str, ...], kind: str) -> None:
        self.folder, self.out = folder, folder / f"out.{kind}"
        self.state = self.out.with_name(self.out.name + ".resume")
        self.temporary, self.home = folder / "temporary", folder / "home"
        for one in (self.temporary, self.home):
            one.mkdir()
        tables = ("--pupils", inputs / "pupils.csv", "--other-authorities", "valued")
        call = (PROGRAM, "candidates", inputs / "tried.yaml", *tables, *more)
        self.plain = [*call, "--out", folder / f"whole.{kind}"]
        self.call = [*call, "--out", self.out, "--resume"]
        self.whole = folder / f"whole.{kind}"

    def start(self, call: list) -> subprocess.Popen:
        environment = os.environ | {"TMPDIR": str(self.temporary), "XDG_DATA_HOME": str(self.home)}
        return subprocess.Popen(call, cwd=ROOT, env=environment, stderr=subprocess.PIPE)

    def finish(self, call: list) -> str:
        with self.start(call) as running:
            said = running.communicate()[1].decode()
        assert running.returncode == 0, said
        return said

    def kept_bytes(self) -> int:
        """Run to the end, and return how much the file of what is worked out was seen to hold."""
        most = 0
        with self.start(self.call) as running:
            while running.poll() is None:
                most = max(most, self.size)
                time.sleep(LOOK_SECONDS)
        assert running.returncode == 0
        return most

    @property
    def size(self) -> int:
        """Return the bytes of what is worked out so far, 0 where nothing is."""
        try:
            return self.state.stat().st_size
        except FileNotFoundError:
            return 0

    @property
    def blocks(self) -> int:
        """Return how many blocks are kept."""
        content = self.state.read_bytes() if self.state.exists() else b""
        return len(RecordFile(io.BytesIO(content), content.find(b"\n") + 1).numbers)

    def kill_one(self, chance: random.Random, whole: int) -> bool:
        """End a run outright while blocks are kept, more than were before; return whether it was ended before its end, with a block kept.

        ``whole`` is how much the file of what is worked out holds at last.
        """
        least = max(whole // 10, self.size + 1)
        at = chance.randint(least, max(least, whole * 9 // 10))
        with self.start(self.call) as running:
            while running.poll() is None and self.size < at:
                time.sleep(LOOK_SECONDS)
            running.send_signal(signal.SIGKILL)
            running.communicate()
        return running.returncode == -signal.SIGKILL and self.blocks > 0

    def check_what_is_left(self) -> None:
        for folder in (self.folder, self.temporary, self.home):
            left = [path for path in folder.rglob("*") if path.is_file()]
            assert not [path for path in left if KEY in path.read_bytes()]
        assert not self.state.exists() or self.state.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("detail", "kind"),
    [("groups", "parquet"), ("groups", "csv"), ("totals", "csv"), ("totals", "parquet")],
)
def test_runs_that_are_ended_outright_go_on_to_the_same_bytes(detail, kind, inputs, tmp_path):
    runs = Runs(inputs, tmp_path, DETAILS[detail], kind)
    runs.finish(runs.plain)
    expected = runs.whole.read_bytes()
    manifest = json.loads(runs.whole.with_name(runs.whole.name + ".manifest.json").read_text())
    whole = runs.kept_bytes()
    killed = hit = 0
    while killed < KILLS:
        runs.out.unlink(missing_ok=True)
        chance = random.Random(f"{detail} {kind} {killed}")
        for _ in range(min(chance.randint(1, MOST_IN_A_ROW), KILLS - killed)):
            killed += 1
            hit += runs.kill_one(chance, whole)
            runs.check_what_is_left()
            if runs.out.exists():
                assert runs.out.read_bytes() == expected
        kept = runs.blocks
        said = runs.finish(runs.call)
        assert ("candidates were worked out before; going on." in said) is (kept > 0)
        assert runs.out.read_bytes() == expected
        found = json.loads(runs.out.with_name(runs.out.name + ".manifest.json").read_text())
        assert {**found, "files": 0} == {**manifest, "files": 0}
        assert not runs.state.exists()
        runs.check_what_is_left()
    print(f"{detail} as {kind}: {killed} runs ended, {hit} with blocks kept")
    assert hit * 2 >= killed


@pytest.mark.parametrize(
    "more", [("--publish", "--detail", "groups"), ("--detail", "pupils", "--candidate", "3")], ids=["publication", "pupils"]
)  # fmt: skip
def test_what_keeps_nothing_is_worked_out_again_to_the_same_bytes(more, inputs, tmp_path):
    runs = Runs(inputs, tmp_path, more, "csv")
    again = [one if one != runs.whole else runs.out for one in runs.plain]
    begun = time.monotonic()
    runs.finish(runs.plain)
    seconds, expected = time.monotonic() - begun, runs.whole.read_bytes()
    ended = 0
    for seed in range(KILLS):
        runs.out.unlink(missing_ok=True)
        with runs.start(again) as running:
            time.sleep(random.Random(f"{more} {seed}").uniform(0, seconds))
            running.send_signal(signal.SIGKILL)
            running.communicate()
        ended += running.returncode == -signal.SIGKILL
        assert not runs.out.exists() or runs.out.read_bytes() == expected
        assert not list(tmp_path.glob(".evenband-*"))
        if seed % MOST_IN_A_ROW == 0:
            runs.finish(again)
            assert runs.out.read_bytes() == expected
    print(f"{' '.join(more)}: {KILLS} runs ended, {ended} before their end")
