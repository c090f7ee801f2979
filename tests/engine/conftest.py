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
    "agreement_high_needs", "agreement_places", "agreement_targeted", "allocation_tables",
    "assignment", "candidate_documents", "candidate_figures", "control_totals", "atlas_whole_methods", "atlas_words", "block_high_needs", "block_places",
    "block_refusals", "block_targeted", "budget_cover", "budget_rows", "odd_prices", "odd_values", "cache_files", "calendars", "calls", "case_fixtures",
    "candidate_groups", "catalogue", "charts", "check", "codes", "column_bounds", "columns_of_other_types", "content", "complete_files", "decision_tables",
    "default_limits", "detectors", "disclosure", "document", "ehc_margins", "export_workbook", "figure_places", "file_kinds", "file_metadata",
    "statements_from_pdf", "identity_of_keys", "input_file", "jumps", "keys_alike", "laws_of_files",
    "lazy", "load", "long_rows", "clause_notes", "mistakes_together", "mistakes_of_tables", "whole_lines", "mistakes_independent", "refusals_of_compiling", "report", "empty_and_unseen", "other_digits", "override_places", "parquet_pages", "reading_damaged",
    "reading_arrow", "reading_files", "reading_days", "reading_none", "reading_numbers", "reading_symbols", "reading_hostile", "reading_memory", "reading_schools", "reading_text",
    "odd_sheets", "odd_spellings", "reading_uncertain_cells", "row_chunks", "row_of_column_names", "rule_fixtures", "rule_folder",
    "rule_differences", "rule_value_rows", "sheets_as_shown", "sheets_hidden", "stray_rows",
    "small_table", "steps_targeted", "symbols_and_habits_read_alike", "synth", "targeted_alone", "tiers_not_printed", "tariff_coverage", "thrift", "typed_reading_alike", "upn", "what_if_changed_parts", "what_if_dates", "what_if_paths", "wide_documents",
    "formula_workbook", "policy_agreement", "policy_allocation", "policy_convergence", "policy_drift", "policy_pairs", "policy_severity", "run_notes", "rows_without_value", "waterfall", "workbook_sheets", "written", "wrong_documents", "yaml_in_c", "year_labels", "every_mistake",
}  # fmt: skip
"""Files whose tests call no kernel: the same in every form of the engine, and run in one of them."""

COMPILED_OTHERWISE = {"money"}
"""Files that call what a kernel calls, in both of its forms."""

HERE = Path(__file__).parent
assert not [name for name in WITHOUT_KERNELS if not (HERE / f"test_{name}.py").exists()], (
    "a file of WITHOUT_KERNELS has another name now"
)
met: dict[str, bool] = {}
"""Whether any test of a file called a kernel, for the files that this process has run."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the files that call no kernel."""
    for item in items:
        own = item.path.parent == HERE
        if own and item.path.stem.removeprefix("test_") in WITHOUT_KERNELS:
            item.add_marker("without_kernels")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Note whether a test calls a kernel, and fail it if its file is said to call none."""
    call, file = Kernel.__call__, item.path.stem.removeprefix("test_")
    met.setdefault(file, False)

    def note(called: Kernel[..., None], *given: object, **named: object) -> None:
        if item.get_closest_marker("without_kernels"):
            pytest.fail(f"{called.__name__} is called: take this file out of WITHOUT_KERNELS")
        met[file] = True
        call(called, *given, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Kernel, "__call__", note)
        return (yield)


def is_run_again(config: pytest.Config) -> bool:
    """Return whether all files that call a kernel are run, and no other."""
    return "not without_kernels" in config.option.markexpr and config.args == ["tests/engine"]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Take what a process of the run has noted."""
    for file, called in getattr(node, "workeroutput", {}).get("met", {}).items():
        met[file] = met.get(file, False) or called


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that repeats a file of which no test called a kernel."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["met"] = met
    elif is_run_again(session.config):
        none = sorted(file for file, called in met.items() if not called)
        if named := [file for file in none if file not in COMPILED_OTHERWISE]:
            print(f"\nName in WITHOUT_KERNELS, as they call no kernel: {', '.join(named)}")
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


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
