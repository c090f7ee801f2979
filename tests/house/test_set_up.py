"""A set-up that is stopped at any moment is made whole by the next call.

Nothing is fetched here; ``tests/storm/test_set_up.py`` does the same with the real locks.
"""

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.house.sources import ROOT
from tests.storm_size import repetitions

STAMP = ".venv/runtime.stamp"
# No requirement, so that nothing is fetched: the environment and its pip are what is stopped.
LOCKS = ("requirements.lock", "requirements-build.lock")
MOMENTS = random.Random(51).choices(range(50, 4_000), k=len(repetitions(1, 20)))


@pytest.fixture
def project(tmp_path) -> Path:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in LOCKS:
        (tmp_path / name).touch()
    return tmp_path


def start(project: Path) -> subprocess.Popen[bytes]:
    """Begin the set-up in its own process group, so that all of it can be ended at once."""
    return subprocess.Popen(
        ["make", STAMP],
        cwd=project,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def finish(project: Path) -> None:
    """Call the set-up again and hold it to be whole."""
    done = subprocess.run(["make", STAMP], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    pip = [project / ".venv" / "bin" / "python", "-m", "pip", "--version"]
    subprocess.run(pip, check=True, capture_output=True)
    assert (project / STAMP).exists()
    assert not (project / ".cache" / "unfinished").exists()


@pytest.mark.parametrize("milliseconds", MOMENTS)
def test_a_set_up_stopped_at_any_moment_is_made_whole(project, milliseconds):
    making = start(project)
    time.sleep(milliseconds / 1000)
    os.killpg(making.pid, signal.SIGKILL)
    making.wait()
    finish(project)


def test_an_environment_without_pip_is_made_again(project):
    making = subprocess.run(["make", "-n", STAMP], cwd=project, capture_output=True, check=True)
    assert making.stdout
    python = shutil.which("python3")
    subprocess.run([python, "-m", "venv", "--without-pip", project / ".venv"], check=True)
    finish(project)


def test_a_requirement_half_installed_is_installed_again(project):
    finish(project)
    half = next((project / ".venv").glob("lib/python*/site-packages/pip"))
    shutil.rmtree(half)
    (project / ".cache" / "unfinished").touch()
    finish(project)


def test_a_set_up_whose_cache_folder_was_removed_goes_on(project):
    finish(project)
    shutil.rmtree(project / ".cache")
    (project / LOCKS[0]).write_text("# changed\n", encoding="utf-8")
    finish(project)


def test_a_whole_set_up_is_left_alone(project):
    finish(project)
    before = (project / STAMP).stat().st_mtime_ns
    finish(project)
    assert (project / STAMP).stat().st_mtime_ns == before
