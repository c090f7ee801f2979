"""A warmed process has every kernel compiled, so that no first answer waits."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COUNT = """
import importlib, pkgutil
import engine.kernels
from engine.warm import warm
assert warm()
for found in pkgutil.iter_modules(engine.kernels.__path__):
    module = importlib.import_module(f"engine.kernels.{found.name}")
    for name, function in vars(module).items():
        if name.startswith("fill_") and function.__module__ == module.__name__:
            print(name, len(function.signatures))
"""


@pytest.mark.slow_without_jit
def test_warming_compiles_each_kernel_once():
    compiled = {**os.environ, "NUMBA_DISABLE_JIT": "0"}
    printed = subprocess.run(
        [sys.executable, "-c", COUNT],
        cwd=ROOT,
        env=compiled,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    counts = dict(line.split() for line in printed.splitlines())
    assert len(counts) >= 7
    assert set(counts.values()) == {"1"}, counts
