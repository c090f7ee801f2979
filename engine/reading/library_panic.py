"""Panics of the libraries that parse files: caught, and kept from printing their trace."""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

_PANIC = "PanicException"
_STANDARD_ERROR = 2
_ONE_AT_A_TIME = threading.RLock()
_AT_ONCE = 1 << 16
_TRACE = b"panicked at "
_LAST_THREADS = 0.1
"""Seconds that are left to other threads of a library, which fail on the same file."""


class PanicOfLibrary(Exception):
    """A library that parses a file failed on it; its message is not shown."""


@contextmanager
def without_traces() -> Iterator[None]:
    """Turn a panic into ``PanicOfLibrary``; a library prints its trace past Python, on standard error.

    What else is printed there meanwhile follows at the end, also where the block raises
    something else. A trace is left out there too: of the threads of a library one may panic
    where another finds the fault in a plain way, or panic moments after another.
    """
    with _ONE_AT_A_TIME:
        panicked = False
        aside, true = _set_aside()
        try:
            yield
        except BaseException as error:
            # Each library has its own panic class: not an Exception, and rarely importable.
            panicked = type(error).__name__ == _PANIC
            if panicked:
                time.sleep(_LAST_THREADS)
                raise PanicOfLibrary from None
            raise
        finally:
            _put_back(aside, true, shown=not panicked)


def _set_aside() -> tuple[int, int]:
    """Let standard error be written elsewhere; return that, and standard error, as descriptors."""
    try:
        true = os.dup(_STANDARD_ERROR)
    except OSError:
        return -1, -1
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    aside = _unseen()
    os.dup2(aside, _STANDARD_ERROR)
    return aside, true


def _unseen() -> int:
    """Return an open file without a name, in memory where the system has such."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("standard-error")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _put_back(aside: int, true: int, *, shown: bool) -> None:
    if true < 0:
        return
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    os.dup2(true, _STANDARD_ERROR)
    os.close(true)
    if shown:
        os.lseek(aside, 0, os.SEEK_SET)
        said = b"".join(iter(partial(os.read, aside, _AT_ONCE), b""))
        with suppress(OSError):
            os.write(_STANDARD_ERROR, b"" if _TRACE in said else said)
    os.close(aside)
