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
# Most tests are given a copy of one project that is set up.
pytestmark = pytest.mark.xdist_group("set-up")
MOMENTS = random.Random(51).choices(range(50, 4_000), k=len(repetitions(1, 20)))


def begun(folder: Path) -> Path:
    """Return a folder with what a set-up reads, and nothing that it makes."""
    shutil.copy(ROOT / "Makefile", folder)
    for name in LOCKS:
        (folder / name).touch()
    return folder


@pytest.fixture
def project(tmp_path) -> Path:
    """Give a project that has not been set up."""
    return begun(tmp_path)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Give a project set up in spite of an environment without pip; to make another is slow."""
    folder = begun(tmp_path_factory.mktemp("made"))
    making = subprocess.run(["make", "-n", STAMP], cwd=folder, capture_output=True, check=True)
    assert making.stdout
    python = shutil.which("python3")
    subprocess.run([python, "-m", "venv", "--without-pip", folder / ".venv"], check=True)
    finish(folder)
    return folder


@pytest.fixture
def whole(made, tmp_path) -> Path:
    """Give a copy of the project that is set up, with the times of its files."""
    return shutil.copytree(made, tmp_path / "whole", symlinks=True)


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


def test_an_environment_without_pip_is_made_again(made):
    assert list((made / ".venv").glob("lib/python*/site-packages/pip/__main__.py"))


def test_a_requirement_half_installed_is_installed_again(whole):
    half = next((whole / ".venv").glob("lib/python*/site-packages/pip"))
    shutil.rmtree(half)
    (whole / ".cache" / "unfinished").touch()
    finish(whole)


def test_a_set_up_whose_cache_folder_was_removed_goes_on(whole):
    shutil.rmtree(whole / ".cache")
    (whole / LOCKS[0]).write_text("# changed\n", encoding="utf-8")
    finish(whole)


def test_a_whole_set_up_is_left_alone(whole):
    before = (whole / STAMP).stat().st_mtime_ns
    finish(whole)
    assert (whole / STAMP).stat().st_mtime_ns == before
