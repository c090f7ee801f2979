"""What holds of the kernels once every test of the engine has used them, and which files use none."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

import engine.kernels
from engine.jit import Kernel

WITHOUT_KERNELS = {
    *("agreement_high_needs", "agreement_places", "agreement_targeted", "assignment"),
    *("atlas_whole_methods", "atlas_words", "block_high_needs", "block_places", "block_targeted"),
    *("blocks", "calendars", "calls", "case_fixtures", "catalogue", "check", "decision_tables"),
    *("document", "ehc_margins", "export_workbook", "file_metadata", "ingest_damaged"),
    *("ingest_files", "ingest_hostile", "ingest_schools", "ingest_text"),
    *("input_file", "load", "other_digits", "parquet_pages", "synth", "upn", "whole", "written"),
    "wrong_documents",
}
"""Files whose tests call no kernel: the same in every form of the engine, and run in one of them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the files that call no kernel."""
    for item in items:
        own = item.path.parent == Path(__file__).parent
        if own and item.path.stem.removeprefix("test_") in WITHOUT_KERNELS:
            item.add_marker("without_kernels")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that calls a kernel although its file is said to call none."""

    def refuse(called: Kernel[..., None], *_: object, **__: object) -> None:
        pytest.fail(f"{called.__name__} is called: take this file out of WITHOUT_KERNELS")

    with pytest.MonkeyPatch.context() as patch:
        if item.get_closest_marker("without_kernels"):
            patch.setattr(Kernel, "__call__", refuse)
        return (yield)


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
