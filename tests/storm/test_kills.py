"""A run that is ended outright leaves its target whole or as it was, and no pupil anywhere else."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from engine.export.complete_files import remove_leftovers
from tests.storm_size import is_whole, repetitions

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).with_name("evenband")
# The tests of one kind share its whole run.
KINDS = [
    pytest.param(kind, marks=pytest.mark.xdist_group(f"kills of {kind}"))
    for kind in ("csv", "json", "parquet", "xlsx")
]
ROWS = 60_000 if is_whole() else 4_000
"""Each day so few that a run works them out as plain Python, and loads no compiler."""
LOOK_SECONDS = 0.004
"""How often a run is looked at: more often costs as much as the run itself."""
KEY = b"CANARYPUPIL"
MANIFEST = ".manifest.json"


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("inputs") / "pupils.csv"
    rows = "".join(f"{KEY.decode()}{number:07},940,E,mainstream,25,A\n" for number in range(ROWS))
    path.write_text(f"pupil_key,la,sen_provision,setting,hours,band\n{rows}")
    return path


class Whole(NamedTuple):
    """What a whole run writes, how long it takes, and how long until its file is in place."""

    content: bytes
    manifest: bytes
    seconds: float
    writing_seconds: float


@pytest.fixture(scope="module")
def whole_runs() -> dict[str, Whole]:
    """Hold the whole run of each kind, which is made once for all kills of that kind."""
    return {}


class Runs:
    """Runs of one kind in one folder, with a separate temporary folder."""

    def __init__(self, table: Path, folder: Path, kind: str, known: dict[str, Whole]) -> None:
        self.out = folder / "out" / f"out.{kind}"
        self.temporary = folder / "temporary"
        self.home = folder / "home"
        for one in (self.out.parent, self.temporary, self.home):
            one.mkdir()
        inputs = ("--rules", "toy-2025-26", "--pupils", table, "--detail", "pupils")
        self.command = [PROGRAM, "value", *inputs, "--out", self.out]
        self.manifest = self.out.with_name(self.out.name + MANIFEST)
        if not known and is_whole():
            self._whole_run()  # kernels are compiled and files are warm from here on
        if kind not in known:
            known[kind] = self._whole_run()
        self.whole = known[kind]
        self.manifest.write_bytes(self.whole.manifest)

    @property
    def sizes(self) -> set[int]:
        """Return how large a target and a manifest are once they are whole."""
        return {len(self.whole.content), len(self.whole.manifest)}

    def start(self) -> subprocess.Popen[bytes]:
        environment = os.environ | {"TMPDIR": str(self.temporary), "XDG_DATA_HOME": str(self.home)}
        return subprocess.Popen(self.command, cwd=ROOT, env=environment)

    def _whole_run(self) -> Whole:
        """Run to the end, and watch when the target is written."""
        self.out.unlink(missing_ok=True)
        begun, writing, placed = time.monotonic(), None, None
        with self.start() as running:
            while running.poll() is None:
                if writing is None and self.is_writing(running.pid):
                    writing = time.monotonic()
                if placed is None and self.out.exists():
                    placed = time.monotonic()
                time.sleep(LOOK_SECONDS)
        assert running.returncode == 0
        end = time.monotonic()
        content, manifest = self.out.read_bytes(), self.manifest.read_bytes()
        written = placed or end
        return Whole(content, manifest, end - begun, written - min(writing or written, written))

    def is_writing(self, process: int) -> bool:
        """Return whether a process has a file open in the folder of its target."""
        try:
            links = [one.readlink() for one in Path(f"/proc/{process}/fd").iterdir()]
        except OSError:
            return False
        return any(str(link).startswith(f"{self.out.parent}/") for link in links)

    def kill_one(self, chance: random.Random, *, while_writing: bool) -> None:
        """Start a run and end it outright at a random moment."""
        with self.start() as running:
            if while_writing:
                while running.poll() is None and not self.is_writing(running.pid):
                    time.sleep(LOOK_SECONDS)
                time.sleep(chance.uniform(0, self.whole.writing_seconds))
            else:
                time.sleep(chance.uniform(0, self.whole.seconds))
            running.send_signal(signal.SIGKILL)

    def check(self, before: bytes) -> bool:
        """Return whether the target is new, once it is whole or as it was, and the next run leaves nothing else.

        A run that replaces a file may be ended in the moment when its own has a hidden name.
        """
        names = {self.out.name, self.out.name + MANIFEST}
        left = [path for path in self.out.parent.iterdir() if path.name not in names]
        assert len(left) <= 1
        assert all(path.stat().st_size in self.sizes for path in left)
        remove_leftovers(self.out.parent)
        found = {path.name for path in self.out.parent.iterdir()}
        assert found <= names
        assert self.out.read_bytes() in {before, self.whole.content}
        if self.manifest.exists():
            [file] = json.loads(self.manifest.read_text())["files"]
            assert file["sha256"] == hashlib.sha256(self.whole.content).hexdigest()
        for folder in (self.temporary, self.home):
            left = [path for path in folder.rglob("*") if path.is_file()]
            assert not [path for path in left if KEY in path.read_bytes()]
            assert not [path for path in left if path.suffix != ".nbi" and folder is self.temporary]
        return self.out.read_bytes() == self.whole.content


@pytest.mark.parametrize("there", [False, True], ids=["manifest new", "manifest there"])
@pytest.mark.parametrize("kind", KINDS)
def test_kills_leave_a_target_whole_or_as_it_was(kind, there, table, tmp_path, whole_runs):
    runs = Runs(table, tmp_path, kind, whole_runs)
    new = 0
    for seed in repetitions(1, 25):
        runs.out.write_bytes(b"before")
        if not there:
            runs.manifest.unlink(missing_ok=True)
        runs.kill_one(random.Random(seed), while_writing=seed % 4 != 3)
        new += runs.check(b"before")
    print(f"{kind}: {len(repetitions(1, 25))} kills, {new} after the target was whole")
