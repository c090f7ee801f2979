"""The wheel in an empty environment, called from an empty folder.

What it needs is borrowed, distribution by distribution, from the environment of the tests: only what
the lock for running names. So this proves that the wheel is whole and that the lock names all it
imports; not that an index hands the same out.
"""

import os
import socket
import subprocess
import sys
import venv
from importlib.metadata import distribution, version
from pathlib import Path
from zipfile import ZipFile

import pytest

from engine.data import FIXTURES
from tests.clients.read_only import called, is_enforced
from tests.clients.served import ended, wait_for
from tests.house.sources import ROOT
from tests.house.test_tooling import pins

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
# Never used by what runs: excerpts for importers and tables of tests, and the published schemas.
NOT_CARRIED = {"cases", "schema", "tables"}
PROFILE = "national-profile-candidate"
TRIED = f"""format: evenband-candidates/1
title: Thresholds
baseline: {PROFILE}
vary:
  top_up_rule.threshold.pounds: [4000, 5000, 6000]
"""
COMPLETION = {
    "_EVENBAND_COMPLETE": "complete_bash",
    "COMP_WORDS": "evenband comp",
    "COMP_CWORD": "1",
}
IMPORTED = "import app, engine, evenband; print(app.__file__, engine.__file__, evenband.__file__)"


def needed_at_run_time() -> set[str]:
    """Return the locked distributions that this machine has; the lock names others too."""
    return {name for name, _, marker in pins("requirements.lock") if not marker or "numpy" in name}


def borrow(folder: Path) -> None:
    """Link into a folder what the distributions that are needed at run time have installed."""
    folder.mkdir()
    for name in needed_at_run_time():
        installed = distribution(name)
        for top in {file.parts[0] for file in installed.files or ()} - {".."}:
            link = folder / top
            if not link.exists():
                link.symlink_to(installed.locate_file(top))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    building = (*PIP, "wheel", "--no-build-isolation", "--no-deps", "--no-index")
    subprocess.run([*building, "--wheel-dir", folder, ROOT], check=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """Return the folder of programs of an environment that holds the wheel."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home / "venv", with_pip=False, symlinks=True)
    programs = home / "venv" / "bin"
    into = ("--python", programs / "python", "install", "--no-deps", "--no-index")
    subprocess.run([*PIP, *into, wheel], check=True)
    borrow(home / "borrowed")
    (packages,) = (home / "venv" / "lib").glob("python*/site-packages")
    (packages / "borrowed.pth").write_text(f"{home / 'borrowed'}\n", encoding="utf-8")
    return programs


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory) -> dict[str, str]:
    """Return the environment of a user with an empty home; how fast kernels are does not matter."""
    home = tmp_path_factory.mktemp("home")
    return {"PATH": os.defpath, "HOME": str(home), "COLUMNS": "200", "NUMBA_OPT": "0"}


@pytest.fixture
def run(installed, surroundings, tmp_path):
    def call(*arguments, program: str = "evenband", **more: str) -> str:
        done = subprocess.run(
            [installed / program, *map(str, arguments)],
            cwd=tmp_path,
            env=surroundings | more,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return call


def test_the_wheel_carries_every_file_of_data_and_every_migration(wheel):
    with ZipFile(wheel) as opened:
        names = set(opened.namelist())
    data = {
        f"engine/_fixtures/{path.relative_to(FIXTURES).as_posix()}"
        for path in FIXTURES.rglob("*")
        if path.is_file() and path.relative_to(FIXTURES).parts[0] not in NOT_CARRIED
    }
    migrations = {
        f"app/_migrations/{path.relative_to(ROOT / 'migrations').as_posix()}"
        for path in (ROOT / "migrations").rglob("*.py")
    }
    typed = {"engine/py.typed", "evenband/py.typed"}
    assert data
    assert migrations
    assert not (data | migrations | typed) - names
    assert not [name for name in names if name.startswith(("tests/", "fixtures/", "migrations/"))]


def test_a_checkout_reads_its_own_data_whatever_lies_in_the_environment():
    assert FIXTURES == ROOT / "fixtures"


def test_its_own_packages_are_imported(run, installed):
    inside = run("-c", IMPORTED, program="python").split()
    assert len(inside) == 3
    assert all(Path(file).is_relative_to(installed.parent / "lib") for file in inside)


def test_a_notebook_values_ten_schools_and_explains_one_within_five_lines(run, tmp_path):
    table = ROOT / "fixtures" / "tables" / "northumberland_2015_16_schools.csv"
    (tmp_path / "schools.csv").write_bytes(table.read_bytes())
    guide = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = (
        guide.partition("```python\n")[2]
        .partition("```")[0]
        .replace(str(table.relative_to(ROOT)), "schools.csv")
    )
    assert len([line for line in lines.splitlines() if line]) == 5
    assert "=  Notional SEN budget   72,727.40  pounds" in run("-c", lines, program="python")


def test_it_says_its_version(run):
    assert run("--version") == f"evenband {version('evenband')}\n"


def test_a_shell_completes_its_commands(run):
    assert run(**COMPLETION).split() == ["compare"]


def test_it_lists_and_checks_rules(run, tmp_path):
    assert "nff-2025-26" in run("rules", "list")
    own = tmp_path / "own.yaml"
    own.write_bytes((FIXTURES / "rules" / "toy" / "toy-2025-26.yaml").read_bytes())
    assert "toy-2025-26 version 1" in run("rules", "check", own)


def test_it_invents_values_and_compares(run, tmp_path):
    run("synth", "--pupils", 300, "--out", "made")
    tables = ("--pupils", "made/pupils.csv", "--schools", "made/schools.csv")
    run("value", "--rules", PROFILE, *tables, "--out", "valued.csv")
    sides = ("--baseline", PROFILE, "--candidate", PROFILE)
    run("compare", *sides, *tables, "--out", "compared.csv")
    assert (tmp_path / "valued.csv").read_text(encoding="utf-8").count("\n") > 1
    assert (tmp_path / "compared.csv").stat().st_size > 0


def test_it_writes_a_workbook_to_fill_in(run, tmp_path):
    assert "sheets Schools, Bands" in run("workbook", PROFILE)
    assert (tmp_path / f"{PROFILE}.xlsx").read_bytes().startswith(b"PK")


@pytest.fixture
def contained(installed, tmp_path):
    """Return how the program is called where it may write to one folder alone, and has no home."""

    def call(*arguments, **more: str) -> str:
        done = subprocess.run(
            **called(tmp_path, [installed / "evenband", *arguments], **more),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return call


def test_nothing_but_one_folder_can_be_written_to(tmp_path):
    if is_enforced(tmp_path):
        for place in (ROOT / "tests", tmp_path.parent, "/tmp", "/var/tmp", "/dev/shm"):
            touch = called(tmp_path, ["touch", Path(place) / "evenband-was-here"])
            done = subprocess.run(**touch, capture_output=True, text=True, check=False)
            assert "Read-only file system" in done.stderr, place
    subprocess.run(**called(tmp_path, ["touch", "here"]), check=True)
    assert (tmp_path / "here").exists()


def test_it_values_and_tries_candidates_where_the_root_is_read_only_and_there_is_no_home(
    run, contained, tmp_path
):
    run("synth", "--pupils", 300, "--out", "made")
    (tmp_path / "tried.yaml").write_text(TRIED, encoding="utf-8")
    value = ("value", "--rules", PROFILE, "--pupils", "made/pupils.csv", "--detail", "pupils")
    tried = ("candidates", "tried.yaml", "--pupils", "made/pupils.csv", "--detail", "groups")
    for command in (value, tried):
        made = []
        for name, call, more in (
            ("usual", run, ()),
            ("contained", contained, ()),
            ("kept", contained, ("--cache", "codes")),
            ("again", contained, ("--cache", "codes")),
        ):
            call(*command, "--out", f"{name}.csv", *more)
            made.append((tmp_path / f"{name}.csv").read_bytes())
        assert len(set(made)) == 1
    assert len(list((tmp_path / "codes").iterdir())) > 0
    contained("rules", "list")


def test_it_serves_where_the_root_is_read_only_and_its_database_is_elsewhere(
    run, installed, surroundings, tmp_path
):
    run("warm")
    baked = Path(surroundings["HOME"]) / ".cache" / "evenband"
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "log"
    call = called(
        tmp_path,
        [installed / "evenband", "serve", "--port", port],
        EVENBAND_CACHE_DIR=str(baked),
        EVENBAND_DATABASE_URL=f"sqlite:///{tmp_path / 'held.db'}",
        TMPDIR=str(temporary),
    )
    with log.open("wb") as output:
        process = subprocess.Popen(**call, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_for(process, f"http://127.0.0.1:{port}/health/ready", log)
        finally:
            ended(process)
    assert (tmp_path / "held.db").exists()


def test_it_warms_and_then_serves_until_it_is_ready(run, installed, surroundings, tmp_path):
    assert "Every kernel is compiled" in run("warm")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [installed / "evenband", "serve", "--port", str(port)],
            cwd=tmp_path,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(process, f"http://127.0.0.1:{port}/health/ready", log)
        finally:
            ended(process)
