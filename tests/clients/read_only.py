"""A command as a container calls it: nothing but one folder can be written to, and there is no home.

Where the system lets this user have mounts of its own, all of them are read-only but that folder. Elsewhere the folders
that a program would write to beside it are only said to be away, which a program that needs them meets in the same way.
"""

import os
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

MOUNTS = """
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
cut -d ' ' -f 5 /proc/self/mountinfo | while read -r place; do
    case "$place" in
        "$1") ;;
        /proc|/proc/*|/sys|/sys/*|/dev/pts|/dev/mqueue) ;;
        *) mount -o remount,bind,ro "$place" ;;
    esac
done
shift
cd "$1"
shift
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs -- "$@"
"""
OWN = (("unshare", "--mount"), ("unshare", "--user", "--map-root-user", "--mount"))
"""How a process gets mounts of its own: by right, or as a user of its own names."""


@cache
def _way(folder: Path) -> tuple[str, ...]:
    """Return the beginning of a command whose mounts are its own; nothing where the system gives none."""
    for one in OWN:
        begins = (*one, "sh", "-c", MOUNTS, "sh", str(folder), str(folder))
        tried = subprocess.run([*begins, "true"], check=False, capture_output=True)
        if tried.returncode == 0:
            return begins
    return ()


def called(folder: Path, arguments: Sequence[object], **more: str) -> dict[str, object]:
    """Return what ``subprocess`` takes to call a program that may write to one folder alone, from there."""
    absent = {"HOME": "/nonexistent", "TMPDIR": str(folder / "nonexistent")}
    surroundings = {"PATH": os.defpath, "COLUMNS": "200", "NUMBA_OPT": "0", **absent, **more}
    words = [*_way(folder), *map(str, arguments)]
    return {"args": words, "cwd": folder, "env": surroundings, "stdin": subprocess.DEVNULL}


def is_enforced(folder: Path) -> bool:
    """Return whether the system itself refuses to write anywhere else."""
    return bool(_way(folder))
