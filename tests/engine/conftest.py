"""What holds of the kernels once every test of the engine has used them."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator

import pytest

import engine.kernels


def kernels() -> dict[str, Callable[..., None]]:
    """Return every kernel by name: what takes rows from ``start`` to ``stop``."""
    found = {}
    for module in pkgutil.iter_modules(engine.kernels.__path__):
        held = vars(importlib.import_module(f"engine.kernels.{module.name}"))
        for name, one in held.items():
            written = getattr(one, "py_func", one)
            own = inspect.isfunction(written) and written.__module__.startswith("engine.kernels")
            if own and list(inspect.signature(written).parameters)[:2] == ["start", "stop"]:
                found[name] = one
    return found


@pytest.fixture(scope="session", autouse=True)
def every_kernel_is_compiled_once() -> Iterator[None]:
    """Fail the run in which any kernel met a second shape of arguments, for each costs a compilation."""
    yield
    shapes = {name: len(getattr(kernel, "signatures", ())) for name, kernel in kernels().items()}
    assert not {name: number for name, number in shapes.items() if number > 1}
    # Were the compiled forms not counted, nothing would be found.
    loaded = [one for one in kernels().values() if hasattr(one._compiled, "signatures")]
    assert not loaded or max(shapes.values()) == 1
