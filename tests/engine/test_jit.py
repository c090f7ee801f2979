"""Compiled code is kept where it can be, is never stale, and is compiled once."""

import inspect
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy as copy_of
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest

from engine import jit
from engine.kernels.answers import fill_answers
from engine.row_chunks import Blocks
from engine.run import evaluate
from tests.builders import school_table
from tests.engine.conftest import kernels
from tests.engine.test_determinism import toy
from tests.house.sources import ROOT

LINE = """
import numpy as np
from engine.jit import cache_folder, compile_from_now_on
from engine.kernels.notional import LinePrices, LineUnits, OpenPart, fill_notional
compile_from_now_on()
one, line = np.ones(1, np.int64), np.ones((1, 1), np.int64)
units = LineUnits(np.zeros((1, 1), np.int8), 1_500_000 * line, np.zeros((1, 1, 1), np.int64))
prices = LinePrices(3 * line, 0 * line, 0 * one, 12 * one, one)
amount, others = 0 * line, [0 * line, 0 * one, 0 * one, 0 * one, 0 * one]
fill_notional(0, 1, units, prices, OpenPart(np.empty(0, np.int64), 1), amount, *others)
print(cache_folder(), int(amount[0, 0]))
"""
NOWHERE = """
import tempfile
def nowhere():
    raise FileNotFoundError
tempfile.gettempdir = nowhere
"""


def run(program: str, folder: Path, **environment: str) -> tuple[str, str]:
    """Run a program in a copy of the project and return the two words it prints."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    where, value = done.stdout.split()
    return where, value


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Path:
    """Return a folder with the engine alone, which no test changes."""
    folder = tmp_path_factory.mktemp("shared")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "engine", folder / "engine", ignore=ignored)
    return folder


@pytest.fixture
def copy(shared, tmp_path) -> Path:
    """Return a folder with the engine alone, to be edited."""
    return shutil.copytree(shared, tmp_path / "project")


@pytest.fixture(scope="module")
def compiled_once(shared, tmp_path_factory) -> Path:
    """Return a cache with the compiled forms of one kernel and its helpers."""
    folder = tmp_path_factory.mktemp("compiled")
    home = {"EVENBAND_CACHE_DIR": str(folder), "NUMBA_DISABLE_JIT": "0"}
    assert run(LINE, shared, **home)[1] == "5"
    return folder


def test_an_edit_of_a_helper_gives_a_new_folder_and_the_new_value(copy, tmp_path):
    home = {"EVENBAND_CACHE_DIR": str(tmp_path / "cache")}
    folder, amount = run(LINE, copy, **home)
    assert (folder, amount) == run(LINE, copy, **home)
    assert (amount, Path(folder).parent) == ("5", tmp_path / "cache")
    money = copy / "engine" / "money.py"
    text = money.read_text("utf-8")
    rounding = "    return (2 * numerator + denominator - (numerator < 0)) // (2 * denominator)\n"
    assert text.count(rounding) == 1
    money.write_text(text.replace(rounding, rounding.rstrip() + " + 7\n"), "utf-8")
    edited, changed = run(LINE, copy, **home)
    assert edited != folder
    assert changed == "12"


def test_kernels_run_without_a_cache_where_nothing_can_be_written(shared):
    home = {"EVENBAND_CACHE_DIR": "/proc/evenband"}
    assert run(NOWHERE + LINE, shared, **home) == ("None", "5")


def test_the_temporary_folder_is_used_where_the_chosen_one_cannot_be_written(shared, tmp_path):
    spare = {"EVENBAND_CACHE_DIR": "/proc/evenband", "TMPDIR": str(tmp_path)}
    folder, amount = run(LINE, shared, **spare)
    assert amount == "5"
    assert Path(folder).is_relative_to(tmp_path)


FULL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))
"""


@pytest.mark.slow_without_jit
@pytest.mark.parametrize("most", [0, 100, 3_000], ids=["nothing", "an index begun", "an index"])
def test_kernels_run_where_the_disk_of_their_cache_is_full(most, shared, tmp_path):
    home = {"EVENBAND_CACHE_DIR": str(tmp_path / "cache"), "NUMBA_DISABLE_JIT": "0"}
    # Python itself would leave modules' bytecode cut off at the limit, and not read them again.
    limited = {**home, "TMPDIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    _, amount = run(FULL_DISK.format(most=most) + LINE, shared, **limited)
    assert amount == "5"
    assert not list(tmp_path.rglob("*.nbc"))
    assert run(LINE, shared, **home)[1] == "5"
    assert list(tmp_path.rglob("*.nbc"))


SPOILT = {
    "empty": lambda _: b"",
    "cut": lambda content: content[: len(content) // 2],
    "no longer ours": lambda content: b"\x80\x04garbage" + content,
}


@pytest.mark.slow_without_jit
@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
@pytest.mark.parametrize("ending", ["nbi", "nbc"], ids=["index", "code"])
def test_a_damaged_cache_is_made_again(ending, spoil, shared, compiled_once, tmp_path):
    cache = shutil.copytree(compiled_once, tmp_path / "cache")
    home = {"EVENBAND_CACHE_DIR": str(cache), "NUMBA_DISABLE_JIT": "0"}
    kept = {path: path.read_bytes() for path in tmp_path.rglob(f"*.{ending}")}
    assert kept
    for path, content in kept.items():
        path.write_bytes(spoil(content))
    assert run(LINE, shared, **home)[1] == "5"
    mended = [path for path, content in kept.items() if len(path.read_bytes()) == len(content)]
    assert mended


def test_a_user_without_a_home_is_served_from_the_temporary_folder(monkeypatch):
    def homeless() -> Path:
        message = "Could not determine home directory."
        raise RuntimeError(message)

    monkeypatch.delenv(jit.CACHE_VARIABLE, raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    folder = jit.cache_folder()
    assert folder is not None
    assert folder.is_relative_to(tempfile.gettempdir())


def test_the_bounds_checked_run_keeps_its_kernels_apart(monkeypatch):
    monkeypatch.setenv("NUMBA_BOUNDSCHECK", "1")
    checked = jit.compiled_digest()
    monkeypatch.delenv("NUMBA_BOUNDSCHECK")
    assert jit.compiled_digest() != checked


def inputs_of(kernel, arguments: tuple) -> dict[str, np.ndarray]:
    """Return the arrays that a kernel is given to read, by name."""
    names = list(inspect.signature(getattr(kernel, "py_func", kernel)).parameters)[2:]
    pairs = [
        (f"{name}.{field}", one)
        for name, argument in zip(names, arguments, strict=True)
        for field, one in getattr(argument, "_asdict", lambda alone=argument: {"": alone})().items()
    ]
    return {
        name: one
        for name, one in pairs
        if isinstance(one, np.ndarray) and not name.startswith("out_")
    }


def test_kernels_are_given_inputs_that_they_cannot_write(monkeypatch):
    seen, plain = {}, Blocks.run

    def watched(blocks, kernel, length, *arguments):
        seen[kernel.__name__] = inputs_of(kernel, arguments)
        plain(blocks, kernel, length, *arguments)

    monkeypatch.setattr(Blocks, "run", watched)
    rules, schools, table = toy(100)
    evaluate(rules, school_table(schools), table)
    assert set(seen) >= {
        "fill_counts",
        "fill_notional",
        "fill_top_ups",
        "fill_placement_sums",
    }
    for name, arrays in seen.items():
        loose = [
            each
            for each, one in arrays.items()
            if one.flags.writeable or not one.flags.c_contiguous
        ]
        assert not loose, name


TIERS = """
import sys
import numpy as np
from engine.jit import PLAIN_CELLS
from engine.kernels.answers import fill_answers
from engine.tables import frozen
from engine.warm import warm

def run(cells):
    edges, offsets, strides = frozen(np.array([0, 5])), frozen(np.array([0, 2])), frozen(np.array([1]))
    rows = frozen(np.arange(cells - 20, dtype=np.int32).reshape(-1, 1))
    answers, out = frozen(np.array([-1, 7, 8], np.int32)), np.empty(len(rows), np.int32)
    fill_answers(0, len(rows), rows, edges, offsets, strides, answers, out)
    return (out[:6].tolist(), "numba" in sys.modules, len(fill_answers.signatures))
"""
FEW, MANY = "run(100)", "run(PLAIN_CELLS)"
FILLED = [7, 7, 7, 7, 7, 8]


@pytest.mark.slow_without_jit
@pytest.mark.parametrize(
    ("steps", "compiled"),
    [
        pytest.param([FEW, FEW], False, id="a few rows are not worth the compiler"),
        pytest.param([FEW, MANY], True, id="many rows are"),
        pytest.param(
            [f"[{FEW} for _ in range(PLAIN_CELLS // 100)][-1]"], True, id="so are few that add up"
        ),
        pytest.param([MANY, FEW], True, id="what is compiled is used for few as well"),
        pytest.param(["warm()", FEW], True, id="a service that is warm compiles nothing later"),
    ],
)
def test_the_compiler_is_loaded_when_it_is_worth_it(steps, compiled):
    last = TIERS + "".join(f"\nfound = {step}" for step in steps) + "\nprint(found)"
    done = subprocess.run(
        [sys.executable, "-c", last],
        cwd=ROOT,
        env={**os.environ, "NUMBA_DISABLE_JIT": "0"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == str((FILLED, compiled, int(compiled)))


def test_threads_that_come_to_a_new_kernel_together_share_one_compiled_form():
    def double(number: int) -> int:
        return 2 * number

    new, start = jit.scalar(double), Barrier(8)

    def ask(_: int) -> object:
        start.wait()
        return new.compiled

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(8)))
    assert len({id(one) for one in found}) == 1
    assert found[0](21) == 42


def test_a_kernel_is_the_same_one_in_another_process():
    sent = pickle.dumps(fill_answers)
    assert b"engine.kernels.answers" in sent
    assert copy_of(fill_answers) is fill_answers


def test_every_kernel_is_among_those_that_are_counted():
    assert fill_answers.__name__ in kernels()
    assert len(kernels()) >= 7
