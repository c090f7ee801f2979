"""A run of candidates that is ended outright at any moment goes on when it is started again, to the same bytes."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.storm_size import is_whole, repetitions

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).with_name("evenband")
STEPS = "band_profile.assignment.points.steps"
PRICE = "band_profile.tariff.prices.band:2.pounds"
CUTS = range(20, 30) if is_whole() else range(20, 25)
ROWS = 3_000 if is_whole() else 60
LOOK_SECONDS = 0.002
KEY = b"CANARYPUPIL"
DETAILS = {"groups": ("--detail", "groups"), "totals": ()}


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """Return a document whose cut-offs are structures of their own, so that blocks are many, and its table."""
    folder = tmp_path_factory.mktemp("inputs")
    (folder / "tried.yaml").write_text(
        "format: evenband-candidates/1\ntitle: Cut-offs\nbaseline: toy-points-2025-26\nvary:\n"
        f"  {PRICE}: [7000, 7100, 7200]\n  {STEPS}.band:2.from: [{', '.join(map(str, CUTS))}]\n"
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

    def working_seconds(self) -> float:
        """Run to the end, and return how long a file of what is worked out is there."""
        begun = None
        with self.start(self.call) as running:
            while running.poll() is None:
                if begun is None and self.has_begun():
                    begun = time.monotonic()
                time.sleep(LOOK_SECONDS)
        assert running.returncode == 0
        return time.monotonic() - (begun or time.monotonic())

    def has_begun(self) -> bool:
        return self.state.exists() and self.state.stat().st_size > 200

    def kill_one(self, after: float) -> bool:
        """End a run outright some seconds after its first block is kept; return whether it was ended before its end."""
        with self.start(self.call) as running:
            while running.poll() is None and not self.has_begun():
                time.sleep(LOOK_SECONDS)
            time.sleep(after)
            running.send_signal(signal.SIGKILL)
            running.communicate()
        return running.returncode == -signal.SIGKILL

    def check_what_is_left(self) -> None:
        for folder in (self.folder, self.temporary, self.home):
            left = [path for path in folder.rglob("*") if path.is_file()]
            assert not [path for path in left if KEY in path.read_bytes()]
        assert not self.state.exists() or self.state.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("detail", "kind"), [("groups", "parquet"), ("totals", "csv")])
def test_runs_that_are_ended_outright_go_on_to_the_same_bytes(detail, kind, inputs, tmp_path):
    runs = Runs(inputs, tmp_path, DETAILS[detail], kind)
    runs.finish(runs.plain)
    expected = runs.whole.read_bytes()
    manifest = json.loads(runs.whole.with_name(runs.whole.name + ".manifest.json").read_text())
    # Each day a run is ended as soon as it has something to go on from.
    seconds = runs.working_seconds() if is_whole() else 0
    went_on = 0
    for seed in repetitions(1, 50):
        runs.out.unlink(missing_ok=True)
        chance = random.Random(f"{detail} {kind} {seed}")
        for _ in range(chance.randint(1, 3) if is_whole() else 1):
            runs.kill_one(chance.uniform(0, seconds))
            runs.check_what_is_left()
            if runs.out.exists():
                assert runs.out.read_bytes() == expected
        said = runs.finish(runs.call)
        went_on += "candidates were worked out before; going on." in said
        assert runs.out.read_bytes() == expected
        found = json.loads(runs.out.with_name(runs.out.name + ".manifest.json").read_text())
        assert {**found, "files": 0} == {**manifest, "files": 0}
        assert not runs.state.exists()
        runs.check_what_is_left()
    assert went_on
    print(f"{detail} as {kind}: {len(repetitions(1, 50))} runs ended, {went_on} went on")
