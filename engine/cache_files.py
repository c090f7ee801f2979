"""Files of caches: written whole or not at all, for their owner alone, under a name that others may read meanwhile."""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

UNFINISHED = ".unfinished-"
"""How the names of files begin that are being written."""


def write_cache_file(path: Path, writing: Callable[[BinaryIO], object]) -> None:
    """Write a file beside its place and put it there once it is on the disk; raises ``OSError``, and leaves nothing then.

    A file that was there is never written in place: one that is cut while it is mapped ends the process that reads it.
    """
    # The system makes such files for their owner alone.
    handle, name = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            writing(file)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
