"""Whole processes from files to totals: the command, and polars alone doing the same sums without a check.

``python -m tests.bench.whole_runs --pupils 9000000`` writes invented files, runs both in turn, and prints
processor time, the clock and the memory of each, with the ratio of processor time to that of polars.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from engine.rules.compile import compile_rules
from engine.rules.load import load_rule_file
from engine.vocabulary import Idaci, Need, Setting
from tests.bench.cells import NEEDS, PHASES, SCORES, SETTINGS, Cells
from tests.bench.lines import plain_lines
from tests.bench.national import PROFILE

RULES = "national-profile-candidate"


class Cost(NamedTuple):
    """Seconds of processor and clock, and gigabytes at the highest."""

    processor: float
    clock: float
    memory: float


def cost_of(command: list[str]) -> Cost:
    """Run a program and return what it took; raises ``SystemExit`` where it failed."""
    started = time.perf_counter()
    child = os.posix_spawn(
        command[0],
        command,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, one, os.devnull, os.O_WRONLY, 0) for one in (1, 2)],
    )
    _, status, used = os.wait4(child, 0)
    if status:
        message = f"failed: {' '.join(command)}"
        raise SystemExit(message)
    clock = time.perf_counter() - started
    return Cost(used.ru_utime + used.ru_stime, clock, used.ru_maxrss / 1e6)


def evenband(*arguments: str) -> list[str]:
    """Return the command line as a new process runs it."""
    return [sys.executable, "-m", "app.cli", *arguments]


def run_of(folder: Path, pupils: Path) -> list[str]:
    """Return the command that values schools and pupils to totals."""
    schools = next(folder.glob("schools.*"))
    out = str(folder / "totals.csv")
    tables = ("--schools", str(schools), "--pupils", str(pupils))
    return evenband("value", "--rules", RULES, *tables, "--detail", "totals", "--out", out)


def polars_of(folder: Path, pupils: Path) -> list[str]:
    """Return the program that does the same in polars."""
    schools = next(folder.glob("schools.*"))
    files = (pupils, schools, folder / "rules.json", folder / "net.npy", folder / "polars.json")
    return [sys.executable, str(Path(__file__).with_name("whole_polars.py")), *map(str, files)]


def write_rules(folder: Path) -> None:
    """Write the lines of the formula and the net prices, as polars needs them."""
    document = load_rule_file(PROFILE)
    cells = Cells.of(document)
    codes = {"primary_need": Need, "setting": Setting, "idaci": Idaci}
    rules = {
        "lines": [one._asdict() for one in plain_lines(compile_rules(document))],
        "codes": {name: {one.name: int(one) for one in each} for name, each in codes.items()},
        "shape": [NEEDS, SETTINGS, PHASES, SCORES],
        "first": cells.first,
        "days": cells.days,
    }
    (folder / "rules.json").write_text(json.dumps(rules))
    np.save(folder / "net.npy", cells.net)


def refuse_difference(folder: Path) -> None:
    """Stop where the two programs do not come to the same pence."""
    totals = pl.read_csv(folder / "totals.csv", infer_schema=False).filter(grouping="total")
    theirs = json.loads((folder / "polars.json").read_text())
    for name, pence in theirs.items():
        ours = totals[name].drop_nulls().to_list()
        if ours != [f"{pence // 100}.{pence % 100:02d}"]:
            message = f"evenband and polars do not agree on {name}"
            raise SystemExit(message)


def shuffled(folder: Path) -> Path:
    """Write the pupils of a Parquet file in another order."""
    path = folder / "shuffled.parquet"
    pupils = pl.read_parquet(folder / "pupils.parquet")
    pupils.sample(fraction=1, shuffle=True, seed=3).write_parquet(path)
    return path


def main() -> None:
    """Write the files, run both programs in turn, and print what each took."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.whole_runs")
    parser.add_argument("--pupils", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    print(
        f"{chosen.pupils:,} pupils from files to totals, whole processes in turn, medians of {chosen.rounds}"
    )
    print(f"  {'':22}{'processor':>12}{'clock':>10}{'memory':>12}{'x polars':>10}")
    for kind in ("parquet", "csv"):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_rules(folder)
            cost_of(
                evenband("synth", "--pupils", str(chosen.pupils), "--format", kind, "--out", name)
            )
            files = {kind: folder / f"pupils.{kind}"}
            if kind == "parquet":
                files["shuffled"] = shuffled(folder)
            for title, file in files.items():
                compare(title, run_of(folder, file), polars_of(folder, file), chosen.rounds)
                refuse_difference(folder)


def compare(title: str, ours: list[str], theirs: list[str], rounds: int) -> None:
    """Run two programs in turn, once before the clock, and print the medians."""
    costs: dict[str, list[Cost]] = {"evenband": [], "polars": []}
    cost_of(ours)
    for _ in range(rounds):
        costs["evenband"].append(cost_of(ours))
        costs["polars"].append(cost_of(theirs))
    median = {
        name: Cost(*map(statistics.median, zip(*some, strict=True))) for name, some in costs.items()
    }
    for name, one in median.items():
        ratio = one.processor / median["polars"].processor
        print(
            f"  {title:10}{name:12}{one.processor:10.2f} s{one.clock:8.2f} s{one.memory:9.2f} GB{ratio:10.2f}"
        )


if __name__ == "__main__":
    main()
