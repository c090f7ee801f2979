"""The folder of entries: for its owner alone, each entry a file named by its digest, none older than some days."""

import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from engine.cache_files import UNFINISHED
from engine.code_cache.arrays import (
    CachedArrays,
    Damaged,
    map_arrays,
    record_of,
    write_arrays,
)
from engine.errors import FileRefused, Problem

DAYS = 7
"""Days after which an entry is removed, unless another number is chosen."""

_NAME = re.compile(r"pupils-([0-9a-f]{64})\.arrow")
_OTHERS_MAY_READ = 0o077
_DAY = 86_400
_UNFINISHED_SECONDS = 3_600
"""After which a file that is being written is left over from a process that was ended."""


class FolderRefused(FileRefused):
    """A folder in which pupils' codes are not kept."""


class Entry(NamedTuple):
    """One entry: its digest, when it was written, its bytes, and how many pupils it has (None where it is damaged)."""

    key: str
    written: datetime
    size: int
    pupils: int | None


@dataclass(frozen=True, slots=True)
class CodeCache:
    """A folder of entries, and the days after which one is removed."""

    folder: Path
    days: int = DAYS

    def entries(self) -> Iterator[Entry]:
        """Yield what is kept, the oldest first."""
        found = []
        for path, key in self._files():
            with suppress(FileNotFoundError):
                status = path.stat()
                written = datetime.fromtimestamp(status.st_mtime, UTC)
                found.append(Entry(key, written, status.st_size, _pupils(path)))
        yield from sorted(found, key=lambda one: (one.written, one.key))

    def get(self, key: str) -> CachedArrays | None:
        """Return an entry, mapped; None where there is none, or it is not whole."""
        path = self._path(key)
        try:
            held = map_arrays(path)
        except (Damaged, OSError):
            return None
        return held if held.record.get("key") == key else None

    def put(self, key: str, held: CachedArrays) -> bool:
        """Keep an entry, in place of any other of its digest; return whether there was room for it."""
        try:
            write_arrays(self._path(key), {**held.record, "key": key}, held.arrays)
        except OSError:
            return False
        return True

    def purge(self) -> int:
        """Remove what is too old, and what a process that was ended left over; return how many files those are."""
        now, gone = time.time(), 0
        for path, _ in self._files():
            gone += _removed(path, now - self.days * _DAY)
        for path in self.folder.glob(f"{UNFINISHED}*"):
            gone += _removed(path, now - _UNFINISHED_SECONDS)
        return gone

    def empty(self) -> int:
        """Remove every entry; return how many there were. No other file is touched."""
        files = [*(path for path, _ in self._files()), *self.folder.glob(f"{UNFINISHED}*")]
        return sum(_removed(path, None) for path in files)

    def _path(self, key: str) -> Path:
        return self.folder / f"pupils-{key}.arrow"

    def _files(self) -> Iterator[tuple[Path, str]]:
        for path in self.folder.iterdir():
            found = _NAME.fullmatch(path.name)
            if found is not None and stat.S_ISREG(path.lstat().st_mode):
                yield path, found[1]


def code_cache(folder: Path, days: int = DAYS) -> CodeCache:
    """Return the cache in a folder, made for its owner alone where there is none, without what is too old.

    Raises ``FolderRefused`` for a folder that others may read, and ``OSError`` for one that cannot be.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.stat()
    if status.st_uid != os.getuid() or status.st_mode & _OTHERS_MAY_READ:
        sentence = (
            "others may read this folder, or it is another user's: codes of pupils are kept for one "
            f"user alone; name another folder, or make it yours alone with chmod 700 {folder}"
        )
        refused = FolderRefused([Problem(sentence, "folder-not-private")])
        refused.add_note(str(folder))
        raise refused
    cache = CodeCache(folder, days)
    cache.purge()
    return cache


def _pupils(path: Path) -> int | None:
    try:
        return int(record_of(path)["pupils"])
    except (Damaged, OSError, ValueError, TypeError, KeyError):
        return None


def _removed(path: Path, before: float | None) -> bool:
    """Remove a file, of any age or older than a moment; return whether it was removed."""
    with suppress(OSError):
        if before is None or path.lstat().st_mtime < before:
            path.unlink()
            return True
    return False
