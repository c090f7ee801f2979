"""Files as they were read: once, whole and bounded, under the digest of exactly those bytes."""

import errno
import hashlib
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from engine.errors import FileRefused, Problem

STANDARD_INPUT = Path("-")
"""The name by which a command asks for what is piped into it."""

STANDARD_INPUT_NAME = "standard input"

MOST_DOCUMENT_BYTES = 1 << 20
"""Bytes of a document in YAML; the longest published one has a hundredth of that."""

_PIECE = 1 << 20
_OTHERS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}
# Do not wait for a pipe that replaces a file between two checks.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)

Stamp = tuple[int, int, int, int, int]
"""What the disk says of a file: device, number, size, and when content and record last changed."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """What was read: the name without folders, the SHA-256 of its bytes, and where they came from.

    ``path`` and ``stamp`` are None for standard input, which is read once and cannot change.
    """

    name: str
    sha256: str
    path: Path | None
    stamp: Stamp | None

    @property
    def place(self) -> Path:
        """Return the path by which a command named the file."""
        return STANDARD_INPUT if self.path is None else self.path

    def refuse_change(self) -> None:
        """Raise ``FileRefused`` where the file no longer holds the bytes that were read."""
        if self.path is None:
            return
        try:
            if _stamp(self.path.stat()) == self.stamp:
                return
            now = digest_of(self.path)
        except FileNotFoundError:
            raise self.changed() from None
        if now != self.sha256:
            raise self.changed()

    def changed(self) -> FileRefused:
        """Return the refusal of a file that no longer holds the bytes that were read."""
        return _changed(self.place)


def read_input(path: Path, most_bytes: int) -> tuple[bytes, InputFile]:
    """Return the bytes of a file, or of standard input for ``-``, and what they were read from.

    Raises ``FileRefused`` for what is no regular file, for more than ``most_bytes``, and for
    a file that something else writes to meanwhile; ``OSError`` where it cannot be read.
    """
    if path == STANDARD_INPUT:
        content = b"".join(_pieces(sys.stdin.buffer, most_bytes))
        _check_size(len(content), most_bytes)
        return content, InputFile(STANDARD_INPUT_NAME, _digest(content), None, None)
    with open_regular(path) as file:
        before = os.fstat(file.fileno())
        _check_size(before.st_size, most_bytes, path)
        try:
            content = file.read(before.st_size + 1)
        except OSError as error:
            raise OSError(error.errno or errno.EIO, error.strerror, str(path)) from None
        stamp = _stamp(before)
        if len(content) != before.st_size or _stamp(os.fstat(file.fileno())) != stamp:
            raise _changed(path)
    return content, InputFile(path.name, _digest(content), path, stamp)


def digested_input(path: Path, most_bytes: int) -> InputFile:
    """Return what a file is of which nothing but the digest is read.

    Raises ``FileRefused`` and ``OSError`` as ``read_input`` does.
    """
    with open_regular(path) as file:
        before = os.fstat(file.fileno())
        _check_size(before.st_size, most_bytes, path)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        stamp = _stamp(before)
        if _stamp(os.fstat(file.fileno())) != stamp:
            raise _changed(path)
    return InputFile(path.name, digest, path, stamp)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file of any size; raise ``FileRefused`` for what is no file, ``OSError`` where it cannot be read."""
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_regular(path: Path) -> BufferedReader:
    """Open a file for reading; raise ``FileRefused`` where it is a pipe, device, socket or folder."""
    _check_regular(path.stat().st_mode, path)
    file = os.fdopen(os.open(path, _FLAGS), "rb")
    try:
        _check_regular(os.fstat(file.fileno()).st_mode, path)
    except BaseException:
        file.close()
        raise
    return file


def _check_regular(mode: int, path: Path) -> None:
    if not stat.S_ISREG(mode):
        kind = _OTHERS.get(stat.S_IFMT(mode), "something other than a file")
        sentence = f"is {kind}; name a file, or pipe the table in and name it -"
        raise _refusal(sentence, "not-a-file", path)


def _pieces(file: BinaryIO, most_bytes: int) -> Iterator[bytes]:
    """Yield what a pipe gives, until its end or until there is too much of it."""
    left = most_bytes + 1
    while left > 0 and (piece := file.read(min(_PIECE, left))):
        left -= len(piece)
        yield piece


def _check_size(size: int, most_bytes: int, path: Path = STANDARD_INPUT) -> None:
    if size > most_bytes:
        most = f"{most_bytes >> 20} MiB" if most_bytes >> 20 else f"{most_bytes} bytes"
        raise _refusal(f"a file may have at most {most}", "too-large", path)


def _changed(path: Path) -> FileRefused:
    sentence = "changed while it was being used, so that nothing was written; try again once nothing changes it"
    return _refusal(sentence, "file-changed", path)


def _refusal(sentence: str, rule: str, path: Path) -> FileRefused:
    refused = FileRefused([Problem(sentence, rule)])
    refused.add_note(name_of(path))
    return refused


def name_of(path: Path) -> str:
    """Return how a sentence names a file."""
    return STANDARD_INPUT_NAME if path == STANDARD_INPUT else str(path)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _stamp(status: os.stat_result) -> Stamp:
    return (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )
