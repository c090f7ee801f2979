"""A full disk or a full standard output is exit 3, with its name and without a traceback."""

import os
import resource
import signal
import subprocess
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.clients.served import serving
from tests.clients.starts import PROGRAM, started
from tests.clients.test_command_line_files import KINDS, PUPILS, ROOT

FULL = Path("/dev/full")
TOY = ("value", "--rules", "toy-2025-26", "--pupils")


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_is_exit_3_and_names_the_file(kind, tmp_path):
    inputs = ("--rules", "toy-2025-26", "--pupils", PUPILS, "--detail", "pupils")

    def as_on_a_full_disk():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    out = tmp_path / f"out.{kind}"
    ran = subprocess.run(
        [PROGRAM, "value", *inputs, "--out", out],
        cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=as_on_a_full_disk,
        # Python itself would leave modules' bytecode cut off at the limit, and not read them again.
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr == f"{out}: File too large\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_standard_output_is_exit_3_and_named(kind):
    inputs = ("--rules", "toy-2025-26", "--pupils", PUPILS, "--detail", "pupils")
    ran = started("value", *inputs, "--out", "-", "--format", kind, stdout=FULL)
    assert (ran.returncode, ran.stderr) == (3, "standard output: No space left on device\n")


@pytest.mark.parametrize(
    "words",
    [
        ("--version",),
        ("--help",),
        ("value", "--help"),
        ("rules", "list"),
        ("rules", "show", "toy-2025-26"),
        ("rules", "schema"),
        ("rules", "digest", "toy-2025-26"),
        ("columns",),
        (*TOY, PUPILS),
    ],
    ids=lambda words: " ".join(map(str, words))[:30],
)
def test_whatever_is_printed_on_a_full_disk_is_exit_3(words):
    ran = started(*words, stdout=FULL)
    assert (ran.returncode, ran.stderr) == (3, "standard output: No space left on device\n")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((*TOY, "absent.csv"), 3),
        ((*TOY, ROOT / "README.md"), 1),
        (("value",), 2),
        (("rules", "show", "absent"), 2),
    ],
    ids=["unreadable", "refused", "misused", "unknown"],
)
def test_a_full_standard_error_leaves_the_exit_code(words, code):
    ran = started(*words, stderr=FULL)
    assert (ran.returncode, ran.stdout) == (code, "")


def test_a_service_whose_log_is_on_a_full_disk_answers(tmp_path):
    with serving(tmp_path, FULL) as address:
        with urlopen(f"{address}/v1/rule-sets", timeout=60) as answer:  # noqa: S310 - our own
            assert answer.status == 200
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"{address}/absent", timeout=60)  # noqa: S310 - our own
