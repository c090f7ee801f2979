"""The only use of the compiler: two decorators, the folder of compiled code, and when to compile.

The compiler takes about a second to load, which is more than a handful of rows takes as plain
Python. So a process works out its first few rows plainly, and compiles a kernel when a table is
large or when small ones add up; the pence are the same. A service compiles before it is ready.

The folder is named by a digest of every source file of the engine, because the
compiler's own cache does not notice an edit in a file that a kernel calls into.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache, update_wrapper
from pathlib import Path
from threading import RLock
from typing import Any, Generic, ParamSpec, TypeVar

from engine.source import source_digest

P = ParamSpec("P")
R = TypeVar("R")

CACHE_VARIABLE = "EVENBAND_CACHE_DIR"
PLAIN_CELLS = 50_000
"""Cells of arrays that a process works on as plain Python before it loads the compiler."""


def compiled_digest() -> str:
    """Return a short digest of the engine's source, of the compiler's version and of how it checks."""
    from importlib.metadata import version  # noqa: PLC0415 - documents are read without it

    parts = version("numba"), os.environ.get("NUMBA_BOUNDSCHECK"), source_digest()
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()[:16]


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
    baked, name = None, compiled_digest()
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


_loading = RLock()


@cache
def _compile() -> Callable[[Callable[..., Any]], Any]:
    """Load and return the compiler, set up with the cache folder and the types of kernels."""
    import numba  # noqa: PLC0415 - takes longer to load than a few rows take without it
    from numba.core import config  # noqa: PLC0415
    from numba.core.typing.typeof import typeof_impl  # noqa: PLC0415

    folder = cache_folder()
    if folder is not None:
        config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]

    # Within a kernel a scalar is a name for an object of this module, not of the compiler.
    def type_of(found: Scalar[..., Any], context: object) -> object:
        return typeof_impl(found.compiled, context)

    typeof_impl.register(Scalar)(type_of)

    def compiling(function: Callable[..., Any]) -> Any:
        try:
            dispatcher: Any = numba.njit(cache=folder is not None, nogil=True, fastmath=False)(
                function
            )
        except (OSError, RuntimeError):
            # Nowhere can anything be kept after all.
            return numba.njit(nogil=True, fastmath=False)(function)
        if folder is None or config.DISABLE_JIT:  # type: ignore[attr-defined]
            # Nothing is kept, and a function that stays plain Python has no cache.
            return dispatcher
        dispatcher._cache = FunctionCache(dispatcher._cache)  # noqa: SLF001 - the compiler offers no other way
        return dispatcher

    return compiling


class FunctionCache:
    """The compiler's cache of one function, without which it is only slower.

    A full disk, or a file that was cut, makes a kernel be compiled again and stops nothing.
    """

    def __init__(self, cache: Any) -> None:
        self._cache = cache

    def __getattr__(self, name: str) -> Any:
        """Return whatever else the compiler asks of its cache."""
        return getattr(self._cache, name)

    def load_overload(self, signature: object, target: object) -> Any:
        """Return the compiled form of a signature, or None where it is not kept, or not whole."""
        try:
            return self._cache.load_overload(signature, target)
        except Exception:  # noqa: BLE001 - a damaged file raises whatever its bytes happen to spell
            with suppress(OSError):
                self._cache.flush()
            return None

    def save_overload(self, signature: object, compiled: object) -> None:
        """Keep the compiled form of a signature where there is room for it."""
        with suppress(OSError):
            self._cache.save_overload(signature, compiled)


class Scalar(Generic[P, R]):
    """A function of single numbers: compiled within kernels, plain Python elsewhere."""

    def __init__(self, function: Callable[P, R]) -> None:
        self.py_func = function
        self._compiled: Callable[P, R] | None = None
        update_wrapper(self, function)

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> R:
        """Return what the function as it is written returns."""
        return self.py_func(*arguments, **named)

    def __reduce__(self) -> str:
        """Return the name by which another process finds the same function."""
        return self.py_func.__qualname__

    @property
    def compiled(self) -> Callable[P, R]:
        """Return the compiled form; the compiler is loaded when it is first asked for."""
        if self._compiled is None:
            # Threads that come to a new kernel together share one compiled form.
            with _loading:
                if self._compiled is None:
                    self._compiled = _compile()(self.py_func)
        return self._compiled

    @property
    def signatures(self) -> tuple[Any, ...]:
        """Return the kinds of arguments that the function is compiled for so far."""
        return tuple(getattr(self._compiled, "signatures", ()))


class Kernel(Scalar[P, R]):
    """A function of rows, compiled when a table is large or when small ones add up."""

    plain_cells_left = PLAIN_CELLS

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> R:
        """Run the kernel in the faster form; both fill the same numbers."""
        compiled = self._compiled
        if compiled is not None:
            return compiled(*arguments, **named)
        cells = cells_of(arguments)
        if cells > Kernel.plain_cells_left:
            return self.compiled(*arguments, **named)
        Kernel.plain_cells_left -= cells
        return self.py_func(*arguments, **named)


def cells_of(argument: object) -> int:
    """Return the cells of an array, or of all the arrays that are named together; 1 of a number."""
    if isinstance(argument, tuple):
        return sum(map(cells_of, argument))
    return int(getattr(argument, "size", 1))


def compile_from_now_on() -> None:
    """Let every kernel be compiled when it is next called, however few its rows."""
    Kernel.plain_cells_left = 0


def kernel(function: Callable[P, R]) -> Kernel[P, R]:
    """Compile ``function`` with the project's options: cached, no interpreter lock, exact."""
    return Kernel(function)


def scalar(function: Callable[P, R]) -> Scalar[P, R]:
    """Let kernels call a function of single numbers, and Python too."""
    return Scalar(function)
