"""What a person's commands cost, each a process of its own: processor time, clock and memory, in turn."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

RULES = "national-profile-candidate"
TRIED = ("--override", "top_up_rule.threshold.pounds=5000")
MEGABYTE = 1024


class Cost(NamedTuple):
    """Seconds of a process by the processor and the clock, and megabytes at its largest."""

    processor: float
    clock: float
    megabytes: float


def cost_of(command: Sequence[str]) -> Cost:
    """Run a command of Evenband to its end and return what it cost."""
    started = time.perf_counter()
    program = [sys.executable, "-m", "app.cli", *command]
    with subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        message = f"{' '.join(command)} ended with {process.returncode}"
        raise SystemExit(message)
    clock = time.perf_counter() - started
    return Cost(used.ru_utime + used.ru_stime, clock, used.ru_maxrss / MEGABYTE)


def process_costs(pupils: int, rounds: int = 3) -> dict[str, Cost]:
    """Return the median costs of commands over an invented file of so many pupils, and over ten."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        for name, number in (("many", pupils), ("ten", 10)):
            synth = ["synth", "--pupils", str(number), "--out", str(folder / name)]
            cost_of([*synth, "--format", "parquet"])

        def tables(name: str) -> list[str]:
            found = [
                part
                for kind in ("pupils", "schools")
                for part in (f"--{kind}", str(folder / name / f"{kind}.parquet"))
            ]
            return [*found, "--out", str(folder / "answer.csv")]

        pair = ("--baseline", RULES, "--candidate", RULES, *TRIED)
        commands = {
            "value, ten pupils": ["value", "--rules", RULES, *tables("ten")],
            "value": ["value", "--rules", RULES, *tables("many")],
            "compare": ["compare", *pair, *tables("many")],
        }
        # The first of each compiles kernels, where none are kept.
        costs: dict[str, list[Cost]] = {name: [] for name in commands}
        for at in range(rounds + 1):
            for name, command in commands.items():
                cost = cost_of(command)
                if at:
                    costs[name].append(cost)
    return {
        name: Cost(*map(statistics.median, zip(*each, strict=True))) for name, each in costs.items()
    }


def show_processes(pupils: int) -> None:
    """Print the costs of whole commands, each beside that of valuing the same file."""
    costs = process_costs(pupils)
    print(f"\nWhole processes over {pupils:,} invented pupils in Parquet, in turn; 'x' is of value")
    print(f"  {'':20}{'processor s':>13}{'x':>7}{'clock s':>10}{'x':>7}{'MB':>8}")
    value = costs["value"]
    for name, cost in costs.items():
        print(
            f"  {name:20}{cost.processor:13.2f}{cost.processor / value.processor:7.2f}"
            f"{cost.clock:10.2f}{cost.clock / value.clock:7.2f}{cost.megabytes:8.0f}"
        )
