"""The first ``make install``, with its real locks, killed at twenty moments and called again.

It takes the package index that pip is set up with. Every day's tests kill a set-up that has
nothing to fetch; see ``tests/house/test_set_up.py``.
"""

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.house.sources import ROOT, tracked_files
from tests.storm_size import repetitions

KILLS = repetitions(0, 20)
# What each distribution says it has installed, for those files that are not there.
MISSING = """
from importlib.metadata import distributions
for one in distributions():
    for file in one.files or [one.metadata["Name"] + " has no list of files"]:
        if not one.locate_file(file).exists():
            print(one.metadata["Name"], file)
"""
NAMES = "from importlib.metadata import distributions as all_of; print(sorted(one.name + one.version for one in all_of()))"


def clone(folder: Path) -> Path:
    """Copy what git keeps, as a new user has it."""
    for path in tracked_files():
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return folder


def python(project: Path, code: str) -> str:
    """Return what Python prints in the environment of a project."""
    program = project / ".venv" / "bin" / "python"
    done = subprocess.run([program, "-c", code], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def start(project: Path) -> subprocess.Popen[bytes]:
    """Begin the set-up in its own process group, so that all of it can be ended at once."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(["make", "install"], cwd=project, start_new_session=True, **quiet)


def finish(project: Path) -> None:
    """Call the set-up again, and hold what it makes to be whole."""
    done = subprocess.run(
        ["make", "install"], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not (project / ".cache" / "unfinished").exists()
    assert not python(project, MISSING)
    program = project / ".venv" / "bin" / "evenband"
    said = subprocess.run(
        [program, "--version"], cwd=project, check=True, capture_output=True, text=True
    )
    assert said.stdout.startswith("evenband ")


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> tuple[float, str]:
    """Return how long an uninterrupted set-up takes, and what it has installed."""
    project = clone(tmp_path_factory.mktemp("whole"))
    begun = time.monotonic()
    finish(project)
    taken, names = time.monotonic() - begun, python(project, NAMES)
    shutil.rmtree(project)
    return taken, names


@pytest.mark.parametrize("seed", KILLS)
def test_a_whole_install_killed_at_any_moment_is_made_whole_by_the_next_call(seed, whole, tmp_path):
    seconds, names = whole
    moment = random.Random(seed).uniform(0, seconds)
    project = clone(tmp_path)
    making = start(project)
    time.sleep(moment)
    ended = making.poll() is not None
    if not ended:
        os.killpg(making.pid, signal.SIGKILL)
        making.wait()
    begun = time.monotonic()
    finish(project)
    assert python(project, NAMES) == names
    state = "after it had ended" if ended else "before its end"
    mended = time.monotonic() - begun
    print(f"killed at {moment:.1f} of {seconds:.1f} s, {state}: whole again in {mended:.1f} s")
    shutil.rmtree(project)
