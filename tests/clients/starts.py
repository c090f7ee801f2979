"""The command line in a process of its own, forked from one that has loaded its libraries.

Loading them takes ten times as long as most commands do. A call still has its own folder,
environment, standard streams and exit code. What a start itself loads, prints and leaves is tried
with the installed program: in the tests of the README, of help, of signals and of the wheel.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from multiprocessing import get_context
from pathlib import Path

from tests.clients.served import PROGRAM

LOADED = [
    "app.commands.display",
    "app.commands.outputs",
    "app.commands.rule_list",
    "app.settings",
    "app.workbooks.service",
    "engine.catalogue",
    "engine.lab.atlas",
    "engine.lab.imports.decision_tables",
    "engine.lab.imports.decision_workbook",
    "engine.lab.imports.ehc_margins",
    "engine.lab.imports.proforma_import",
    "engine.lab.synth",
    "engine.rules.notes",
    "engine.statement",
]
"""What commands load when they are called."""

# Nothing of polars has run where processes are forked, so that none of its threads is lost.
QUIET = "POLARS_ALLOW_FORKING_THREAD"

_FORKING = get_context("forkserver")
_FORKING.set_forkserver_preload(["app.cli", *LOADED])


def _evenband(
    words: list[str], folder: str, settings: dict[str, str], streams: tuple[str, str]
) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(settings)
    for number, path in enumerate(streams, start=1):
        os.dup2(os.open(path, os.O_WRONLY), number)
    sys.argv = [str(PROGRAM), *words]
    from app.cli import main  # noqa: PLC0415 - loaded where the process is forked from

    main()


def started(
    *words: object,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdout: Path | str | None = None,
    stderr: Path | None = None,
) -> "subprocess.CompletedProcess[str]":
    """Return how a call of ``evenband`` ended, and what it printed where no file was given for it."""
    os.environ.setdefault(QUIET, "1")
    given = [str(word) for word in words]
    with tempfile.TemporaryDirectory() as kept:
        paths = [Path(kept) / "stdout", Path(kept) / "stderr"]
        for path in paths:
            path.touch()
        streams = str(stdout or paths[0]), str(stderr or paths[1])
        settings = dict(os.environ if env is None else env)
        process = _FORKING.Process(
            target=_evenband, args=(given, str(cwd or Path.cwd()), settings, streams)
        )
        process.start()
        process.join()
        said = [path.read_text(encoding="utf-8") for path in paths]
        return subprocess.CompletedProcess(given, process.exitcode or 0, *said)
