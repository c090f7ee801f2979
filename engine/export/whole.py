"""Files that are there whole or not at all."""

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

Writing = Callable[[BinaryIO], object]


def write_whole(files: Sequence[tuple[Path, Writing]]) -> None:
    """Write files beside their targets, then put each in its place once all are on the disk.

    Whatever goes wrong before leaves every target as it was. A process that is ended
    outright may leave a hidden file that ends in ``.partial``, never a part of a target.
    """
    partial: list[Path] = []
    try:
        for target, writing in files:
            handle, name = tempfile.mkstemp(
                prefix=f".{target.name}.", suffix=".partial", dir=target.parent
            )
            os.close(handle)
            partial.append(Path(name))
            with Path(name).open("wb") as file:
                writing(file)
                file.flush()
                os.fsync(file.fileno())
            _as_a_plain_file(Path(name), target)
        for (target, _), path in zip(files, list(partial), strict=True):
            path.replace(target)
            partial.remove(path)
    finally:
        for path in partial:
            path.unlink(missing_ok=True)
    for folder in {target.parent for target, _ in files}:
        _keep(folder)


def _as_a_plain_file(path: Path, target: Path) -> None:
    """Give a file the permissions of the one it replaces, or of any new file."""
    if target.exists():
        path.chmod(target.stat().st_mode & 0o777)
        return
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(0o666 & ~mask)


def _keep(folder: Path) -> None:
    """Ask the disk to remember which names a folder holds."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
