"""Files that are written completely or not at all, with no copy elsewhere."""

import errno
import fcntl
import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl

Writing = Callable[[BinaryIO], object]

_HIDDEN = re.compile(r"\.evenband-[0-9a-f]{32}\.partial")
_PARTS = re.compile(r"\.evenband-[0-9a-f]{32}\.parts")
_HANDLES = Path("/proc/self/fd")
_WITHOUT_NAME = getattr(os, "O_TMPFILE", 0) if _HANDLES.is_dir() else 0
_CANNOT = {errno.EOPNOTSUPP, errno.EISDIR, errno.ENOENT, errno.EINVAL, errno.EPERM}
"""What a disk says that has no files without a name, or gives them none later."""


@dataclass(slots=True)
class _Partial:
    """A file half written; ``name`` is None while it has none, ``target`` is its final path."""

    target: Path
    file: BinaryIO
    name: Path | None


def write_whole(
    files: Sequence[tuple[Path, Writing]], *, before_place: Callable[[], None] = lambda: None
) -> None:
    """Write files beside their targets, then put each in its place once all are on the disk.

    ``before_place`` may still refuse all of them. Any failure before that leaves every
    target as it was. Until then a file has no name, so that a process that is ended outright
    leaves nothing. A file that replaces another has a hidden name for the moment between the
    two, and all the time where a disk knows no files without one: what a process that is ended
    then leaves, the next run beside it removes. Raises ``OSError`` that names the target.
    """
    for folder in {target.parent for target, _ in files}:
        remove_leftovers(folder)
    with ExitStack() as opened:
        partial = []
        for target, writing in files:
            with disk_errors_about(str(target)):
                one = opened.enter_context(_partial(target))
                writing(one.file)
                one.file.flush()
                os.fchmod(one.file.fileno(), _mode(target))
                os.fsync(one.file.fileno())
                partial.append(one)
        before_place()
        for one in partial:
            with disk_errors_about(str(one.target)):
                _put_in_place(one)
    for folder in {target.parent for target, _ in files}:
        _keep(folder)


def remove_leftovers(folder: Path) -> None:
    """Remove what runs that were ended outright left in a folder, and nothing of a run that goes on."""
    with suppress(OSError):
        for path in list(folder.iterdir()):
            file = _HIDDEN.fullmatch(path.name) and path.is_file()
            if (file or (_PARTS.fullmatch(path.name) and path.is_dir())) and not path.is_symlink():
                with suppress(OSError):
                    _remove_leftover(path)


def _remove_leftover(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        # A run holds the lock of its file until it is in place.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            shutil.rmtree(path)
        else:
            path.unlink()
    finally:
        os.close(handle)


@contextmanager
def disk_errors_about(target: str) -> Iterator[None]:
    """Let an error of the disk say which file it is about, in the system's own words.

    A library that writes raises its own exception for this.
    """
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        stated = re.search(r"os error ([0-9]+)", str(error))
        number = int(stated[1]) if stated else getattr(error, "errno", None)
        if number is None and not isinstance(error, OSError):
            raise
        if getattr(error, "filename", None) == target:
            raise
        number = number or errno.EIO
        raise OSError(number, os.strerror(number), target) from None


@contextmanager
def file_without_name(target: Path) -> Iterator[BinaryIO]:
    """Give a file on the disk of a target that only this run reads and writes, and that is gone at its end."""
    with disk_errors_about(str(target)), _partial(target) as one:
        yield one.file


@contextmanager
def folder_of_parts(target: Path) -> Iterator[Path]:
    """Give a hidden folder beside a target, for its owner alone, where other processes put parts of it; it is gone at the end.

    What a process that is ended outright leaves, the next run beside the target removes.
    """
    with disk_errors_about(str(target)):
        handle, folder = _locked_folder(target.parent)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _locked_folder(parent: Path) -> tuple[int, Path]:
    while True:
        folder = parent / f".evenband-{secrets.token_hex(16)}.parts"
        folder.mkdir(mode=0o700)
        with suppress(FileNotFoundError):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            fcntl.flock(handle, fcntl.LOCK_EX)
            # Another run may have taken it for a leftover before it was locked.
            if folder.is_dir():
                return handle, folder
            os.close(handle)


@contextmanager
def _partial(target: Path) -> Iterator[_Partial]:
    """Give an open file on the disk of its target, which is gone at the end unless it is in place."""
    handle, name = _opened(target.parent)
    one = _Partial(target, os.fdopen(handle, "w+b"), name)
    try:
        yield one
    finally:
        if one.name is not None:
            one.name.unlink(missing_ok=True)
        # What could not be written cannot be flushed either.
        with suppress(OSError):
            one.file.close()


def _opened(folder: Path) -> tuple[int, Path | None]:
    if _WITHOUT_NAME:
        try:
            return os.open(folder, _WITHOUT_NAME | os.O_RDWR | os.O_CLOEXEC, 0o600), None
        except OSError as error:
            if error.errno not in _CANNOT:
                raise
    while True:
        name = _hidden(folder)
        handle = os.open(name, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        # Another run may have taken it for a leftover before it was locked.
        if os.fstat(handle).st_nlink:
            return handle, name
        os.close(handle)


def _hidden(folder: Path) -> Path:
    return folder / f".evenband-{secrets.token_hex(16)}.partial"


def _put_in_place(one: _Partial) -> None:
    if one.name is None:
        with suppress(FileExistsError):
            _link(one.file.fileno(), one.target)
            return
        fcntl.flock(one.file.fileno(), fcntl.LOCK_EX)
        name = _hidden(one.target.parent)
        _link(one.file.fileno(), name)
        one.name = name
    one.name.replace(one.target)
    one.name = None


def _link(handle: int, name: Path) -> None:
    """Give a file without a name one."""
    folder = os.open(name.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        # With a folder given, the link of the process file system is followed to the file.
        os.link(_HANDLES / str(handle), name.name, dst_dir_fd=folder, follow_symlinks=True)
    finally:
        os.close(folder)


def _mode(target: Path) -> int:
    """Return the permissions of the file that is replaced, or of any new file."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _keep(folder: Path) -> None:
    """Ask the disk to remember which names a folder holds."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
