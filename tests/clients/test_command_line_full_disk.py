"""A full disk or a full standard output is exit 3, with its name and without a traceback."""

import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.test_command_line_files import KINDS, PUPILS, ROOT


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_is_exit_3_and_names_the_file(kind, tmp_path):
    inputs = ("--rules", "toy-2025-26", "--pupils", PUPILS, "--detail", "pupils")
    program = Path(sys.executable).with_name("evenband")

    def as_on_a_full_disk():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    out = tmp_path / f"out.{kind}"
    ran = subprocess.run(
        [program, "value", *inputs, "--out", out],
        cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=as_on_a_full_disk,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr == f"{out}: File too large\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_standard_output_is_exit_3_and_named(kind):
    inputs = ("--rules", "toy-2025-26", "--pupils", PUPILS, "--detail", "pupils")
    program = Path(sys.executable).with_name("evenband")
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [program, "value", *inputs, "--out", "-", "--format", kind],
            cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (3, "standard output: No space left on device\n")
