"""Commands and options completed by the shell, as ``evenband --install-completion`` sets it up."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("evenband")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("evenband rules li", ["list"]),
        ("evenband val", ["value"]),
        ("evenband rules list --auth", ["--authority"]),
        ("evenband rules list --kind tar", ["targeted"]),
    ],
)
def test_the_shell_is_offered_what_a_command_goes_on_with(typed, offered):
    words = len(typed.split())
    asked = {"_EVENBAND_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": words - 1}
    shown = subprocess.run(
        [PROGRAM],
        env={**os.environ, **{name: str(value) for name, value in asked.items()}},
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.split() == offered


def test_completion_for_the_shell_in_use_is_printed_to_be_kept_by_hand():
    script = f'"{PROGRAM}" --show-completion; exit $?'
    shown = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert "complete -o default -F _evenband_completion evenband" in shown.stdout
