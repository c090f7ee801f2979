"""The programs outside Python which tests drive: find them, ask for them, install them.

``python -m tests.programs`` installs what is missing: packages of npm wherever npm is, programs as
root on Debian. Elsewhere it says in one line what is left out and why, and fails where nothing may
be left out.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

BESIDE = Path(__file__).resolve().parents[2] / "shared"
"""Where whole published tables may lie; they are no part of the project."""

NPM = Path(__file__).parent / "clients" / "npm"
"""Which packages of npm the tests use, pinned; they are installed away from the project's files."""

GENERATOR = Path(__file__).parent / "clients" / "generated" / "generator.lock"
"""What a generator of Python clients needs, with hashes; its libraries are not the project's."""

DEBIAN_UNO = Path("/usr/lib/python3/dist-packages/uno.py")


@dataclass(frozen=True)
class Program:
    """A program that tests drive, and the Debian package that brings it, if one does."""

    package: str | None
    find: Callable[[], Path | None]


def on_path(*names: str) -> Path | None:
    """Return the first of the named programs that is on the path."""
    found = (shutil.which(name) for name in names)
    return next((Path(path) for path in found if path), None)


def postgres_programs() -> Path | None:
    """Return the folder of PostgreSQL's server programs: the one asked for, or the newest."""
    if wanted := os.environ.get("PG_BINDIR"):
        return Path(wanted)
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    initdb = debian[-1] if debian else on_path("initdb")
    return initdb.resolve().parent if initdb else None


def uno_module() -> Path | None:
    """Return the Python module through which LibreOffice is driven."""
    return DEBIAN_UNO if DEBIAN_UNO.exists() else None


def nginx() -> Path | None:
    """Return the web server, which may be where only root looks for programs."""
    debian = Path("/usr/sbin/nginx")
    return on_path("nginx") or (debian if debian.exists() else None)


def r_with(package: str) -> Path | None:
    """Return the program that runs R scripts, where R has a package."""
    homes = [Path("/usr/lib/R/site-library"), Path("/usr/local/lib/R/site-library")]
    return on_path("Rscript") if any((home / package).is_dir() for home in homes) else None


def npm_folder() -> Path:
    """Return where the pinned packages of npm go: another folder for each list of them."""
    pinned = hashlib.sha256((NPM / "package-lock.json").read_bytes()).hexdigest()
    return NPM.parents[2] / ".cache" / "npm" / pinned[:12]


def npm_packages() -> Path | None:
    """Return the folder in which the pinned packages of npm are installed, whole."""
    folder = npm_folder()
    return folder if (folder / "installed").exists() else None


def generator_folder() -> Path:
    """Return where the generator of Python clients goes: another folder for each lock."""
    pinned = hashlib.sha256(GENERATOR.read_bytes()).hexdigest()
    return GENERATOR.parents[3] / ".cache" / "client-generator" / pinned[:12]


def client_generator() -> Path | None:
    """Return the virtual environment of the generator of Python clients, where it is whole."""
    folder = generator_folder()
    return folder if (folder / "installed").exists() else None


PROGRAMS = {
    "chromium": Program("chromium", lambda: on_path("chromium", "chromium-browser")),
    "libreoffice": Program("libreoffice-calc", lambda: on_path("soffice", "libreoffice")),
    "uno": Program("python3-uno", uno_module),
    "postgresql": Program("postgresql", postgres_programs),
    "R with httr2": Program("r-cran-httr2", lambda: r_with("httr2")),
    "R with jsonlite": Program("r-cran-jsonlite", lambda: r_with("jsonlite")),
    "nginx": Program("nginx", nginx),
    "npm": Program("npm", lambda: on_path("npm")),
    "npm environment": Program(None, npm_packages),
    "client generator": Program(None, client_generator),
}


def or_leave_out(table: Path) -> None:
    """Go on where a whole published table is beside the project, and say so where it is not."""
    import pytest  # noqa: PLC0415 - programs are installed before it

    if not table.exists():
        pytest.skip(f"{table.name} does not lie beside the project")


def nothing_may_be_left_out() -> bool:
    """Return whether a missing program is a failure rather than a reason to leave tests out."""
    return os.environ.get("CI", "").lower() in {"1", "true"}


def need(name: str) -> Path:
    """Return the path of a program; without it leave the test out, or fail it under CI."""
    if found := PROGRAMS[name].find():
        return found
    package = PROGRAMS[name].package
    source = f"Debian package {package}" if package else "make programs installs it"
    reason = f"{name} is not installed ({source})"
    import pytest  # noqa: PLC0415 - programs are installed before it

    outcome = pytest.fail if nothing_may_be_left_out() else pytest.skip
    raise outcome.Exception(reason)


def missing() -> list[str]:
    """Return the names of the programs that are not installed."""
    return [name for name, program in PROGRAMS.items() if program.find() is None]


def install(packages: list[str]) -> None:
    """Install Debian packages, without a question asked."""
    # At this level Debian starts no service of what it installs, whose port may be taken.
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        subprocess.run(
            command, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
        )


def install_npm_packages(npm: Path) -> None:
    """Install the pinned packages of npm into a folder of their own; none of their scripts runs."""
    folder = npm_folder()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(NPM / name, folder)
    command = [str(npm), "ci", "--ignore-scripts", "--silent"]
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode == 0:
        (folder / "installed").touch()


def install_client_generator() -> None:
    """Install the pinned generator of Python clients into a separate virtual environment."""
    folder = generator_folder()
    shutil.rmtree(folder, ignore_errors=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    for command in (
        [sys.executable, "-m", "venv", str(folder)],
        [*pip, "--no-input", "install", "--require-hashes", "--requirement", str(GENERATOR)],
    ):
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            return
    (folder / "installed").touch()


def main() -> int:
    """Install what is missing where that is ours to do, and say what is left out."""
    reason = "only root on Debian installs programs"
    packages = [package for name in missing() if (package := PROGRAMS[name].package)]
    if packages and os.geteuid() == 0 and on_path("apt-get"):
        print(f"Installing for the tests: {', '.join(packages)}", flush=True)
        install(packages)
        reason = "apt-get could not install them"
    if npm_packages() is None and (npm := PROGRAMS["npm"].find()):
        print("Installing for the tests: packages of npm", flush=True)
        install_npm_packages(npm)
        reason = "npm could not install them"
    if client_generator() is None:
        print("Installing for the tests: a generator of Python clients", flush=True)
        install_client_generator()
        reason = reason if client_generator() else "pip could not install it"
    if not (absent := missing()):
        return 0
    print(f"Left out of the tests: {', '.join(absent)} ({reason})", flush=True)
    return int(nothing_may_be_left_out())


if __name__ == "__main__":
    sys.exit(main())
