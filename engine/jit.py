"""The one home of the compiler: two decorators and the folder of compiled code.

The folder is named by a digest of every source file of the engine, because the
compiler's own cache does not notice an edit in a file that a kernel calls into.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar, cast

import numba
from numba.core import config

F = TypeVar("F", bound=Callable[..., object])

ENGINE = Path(__file__).resolve().parent
CACHE_VARIABLE = "EVENBAND_CACHE_DIR"


def source_digest() -> str:
    """Return a short digest of the engine's source and of the compiler's version."""
    digest = hashlib.sha256(f"{numba.__version__} {os.environ.get('NUMBA_BOUNDSCHECK')}".encode())
    for path in sorted(ENGINE.rglob("*.py")):
        digest.update(path.relative_to(ENGINE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _homes() -> list[Path]:
    """Return the folders that may hold compiled kernels, the best first."""
    chosen, homes = os.environ.get(CACHE_VARIABLE), []
    with suppress(RuntimeError):
        homes.append(Path(chosen) if chosen else Path.home() / ".cache" / "evenband")
    with suppress(FileNotFoundError):
        homes.append(Path(tempfile.gettempdir()) / f"evenband-{os.getuid()}")
    return homes


def cache_folder() -> Path | None:
    """Return a writable folder for compiled kernels, or None where there is none.

    A container may have a read-only root and no home: the temporary folder is tried
    last, and without it kernels are compiled in each process.
    """
    baked, name = None, source_digest()
    for folder in (home / name for home in _homes()):
        if baked is not None and not folder.exists():
            return _copied(baked, folder)
        if _writable(folder):
            return folder
        baked = folder if folder.is_dir() else None
    return None


def _copied(baked: Path, spare: Path) -> Path | None:
    """Return a writable copy of kernels compiled when a read-only image was built."""
    try:
        shutil.copytree(baked, spare)
    except FileExistsError:
        return spare
    except OSError:
        return None
    return spare


CACHE = cache_folder()
if CACHE is not None:
    config.CACHE_DIR = str(CACHE)  # type: ignore[attr-defined]


def kernel(function: F) -> F:
    """Compile ``function`` the house way: cached, without the interpreter's lock, exact."""
    return cast("F", numba.njit(cache=CACHE is not None, nogil=True, fastmath=False)(function))


def scalar(function: F) -> F:
    """Compile a function of single numbers that kernels call and Python may call too."""
    return cast("F", numba.njit(cache=CACHE is not None, nogil=True, fastmath=False)(function))
