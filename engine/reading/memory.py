"""Memory that a table will take up, and what there is: refused before, so that no run is killed half way.

Of a control group (a container), of the machine, and of the process's own limits, the least counts.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from engine.reading.report import refusal

BYTES_OF_TEXT_CELL = 32
"""Memory of a cell that is read as text, at its highest: measured 31 of a national Parquet file."""

BYTES_OF_TEXT_FILE = 10
"""Memory of each byte of comma-separated text that is read as text, at its highest: measured 9.9."""

BYTES_OF_TYPED_ROW = 110
"""Memory of a row that is read by the types of its columns: measured 95 of a national file."""

_GROUPS = Path("/sys/fs/cgroup")
_GIGABYTE = 10**9


def check_memory(needed: int, why: str) -> None:
    """Raise ``TableRefused`` where reading a table takes more memory than there is.

    ``why`` says as what it is read: ``as text``, for example.
    """
    free = available()
    if free is None or needed <= free:
        return
    sentence = (
        f"reading it {why} takes about {_gigabytes(needed)} of memory, and {_gigabytes(free)} are free; "
        "close other programs, give the container more, or divide the file by authority"
    )
    raise refusal("too-little-memory", sentence)


def _gigabytes(number: int) -> str:
    return f"{number / _GIGABYTE:.1f} GB"


def available() -> int | None:
    """Return the bytes of memory that this process may still take up; None where nothing says."""
    return min(
        (max(one, 0) for one in (*_of_groups(), *_of_machine(), *_of_limits())), default=None
    )


def _of_machine() -> Iterator[int]:
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                yield int(line.split()[1]) * 1024


def _of_groups() -> Iterator[int]:
    """Yield what is left of the limit of this process's control group, and of those above it (version 2)."""
    with suppress(OSError, ValueError, IndexError):
        path = Path("/proc/self/cgroup").read_text().splitlines()[-1].rpartition(":")[2]
        own = _GROUPS / path.lstrip("/")
        for group in (own, *own.parents):
            if group.is_relative_to(_GROUPS):
                yield from _of_group(group)


def _of_group(group: Path) -> Iterator[int]:
    with suppress(OSError, ValueError):
        limit = (group / "memory.max").read_text().strip()
        if limit != "max":
            yield int(limit) - int((group / "memory.current").read_text()) + _cached_files(group)


def _cached_files(group: Path) -> int:
    """Return the bytes of files that the system keeps in memory until something else needs it."""
    for line in (group / "memory.stat").read_text().splitlines():
        if line.startswith("inactive_file "):
            return int(line.split()[1])
    return 0


def _of_limits() -> Iterator[int]:
    """Yield what is left of the limits on the process's addresses and data."""
    with suppress(ImportError, OSError, ValueError, IndexError):
        import resource  # noqa: PLC0415 - not on every system

        pages = Path("/proc/self/statm").read_text().split()
        for limit, used in ((resource.RLIMIT_AS, pages[0]), (resource.RLIMIT_DATA, pages[5])):
            most = resource.getrlimit(limit)[0]
            if most != resource.RLIM_INFINITY:
                yield most - int(used) * os.sysconf("SC_PAGE_SIZE")
