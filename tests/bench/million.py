"""A million candidates over national plan holders, each task in a process of its own: wall and processor time, and memory.

``python -m tests.bench.million`` prints what candidates of prices cost, of prices with an adjustment by authority, and with
cut-offs of their own: national totals with winners and losers of all, totals by authority of the front and the cheapest.
Reading is not on the clock; laying out is.
"""

import argparse
import multiprocessing
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.candidates import Run
from engine.candidates.figures import KINDS, Limits, every_figure
from engine.candidates.summary import summary_of
from engine.export.candidates import answers_among
from engine.row_chunks import Blocks
from engine.rules.compile import compile_rules
from engine.rules.document import RuleSet
from engine.rules.load import load_rule_file
from tests.bench.candidates import candidates_of, plan_holders
from tests.bench.national import PROFILE

TOP = 20
"""Candidates with the least total whose totals by authority are kept, beside those of the front."""

FIRST, EACH = 97_311, 1_234
"""Adjustments by authority, millionths: the first, and how far the next is from it."""

TASKS = ("prices", "adjusted", "cut-offs")


def adjusted(document: RuleSet, authorities: list[int]) -> RuleSet:
    """Return a rule set with an area cost adjustment of each authority, with six decimals."""
    rows = [
        {"when": {"la": [str(la)]}, "value": f"{(900_000 + FIRST + EACH * at) / 1e6:.6f}"}
        for at, la in enumerate(authorities)
    ]
    held = document.model_dump(mode="json", by_alias=True, exclude_unset=True)
    held["band_profile"]["tariff"]["area_cost_adjustment"] = {"rows": rows}
    return RuleSet.model_validate(held)


def peak() -> float:
    """Return the most memory that this process has held since ``begin_peak``, GB."""
    status = Path("/proc/self/status").read_text()
    line = next(one for one in status.splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) / 1e6


def begin_peak() -> None:
    """Forget how much memory this process held before."""
    Path("/proc/self/clear_refs").write_text("5")


def work(task: str, millions: int, number: int, threads: int) -> None:
    """Print what one task costs: what is held when it begins, and its time and memory."""
    table, document = plan_holders(millions), load_rule_file(PROFILE)
    if task == "adjusted":
        document = adjusted(document, np.unique(table.columns["la"]).tolist())
    candidates = candidates_of(number, cut_offs=task == "cut-offs")
    rules = compile_rules(document)
    warm = candidates_of(2_048, cut_offs=task == "cut-offs")
    run = Run.of(rules, table, warm, KINDS, Blocks(threads))
    summary_of(run, every_figure(run, Limits()))
    begin_peak()
    held, clock, processor = peak(), time.perf_counter(), time.process_time()

    def show(words: str) -> None:
        wall, spent = time.perf_counter() - clock, time.process_time() - processor
        print(
            f"  {words:34}{wall:8.2f} s by the clock{spent:8.2f} s of processor{peak():7.2f} GB",
            flush=True,
        )

    print(f"{number:,} candidates: {task}, {threads} threads; {held:.2f} GB before")
    run = Run.of(rules, table, candidates, KINDS, Blocks(threads))
    run.prepared(0)
    show("laid out")
    summary = summary_of(run, every_figure(run, Limits()))
    show("figures of all")
    which = summary.among_the_best(TOP)
    kept = list(answers_among(run, which))
    by_authority = np.concatenate([one.after[which[one.rows]] for one in kept])
    show(f"totals by authority of {len(by_authority)}")
    print(f"  {run.plan_sentence}")


def main() -> None:
    """Work each task out in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.million")
    parser.add_argument(
        "--millions", type=int, default=9, help="million pupils, of whom 7 percent have a plan"
    )
    parser.add_argument("--number", type=int, default=1_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--task", choices=TASKS, action="append")
    chosen = parser.parse_args()
    start: Callable[..., multiprocessing.Process] = multiprocessing.get_context("spawn").Process
    for task in chosen.task or TASKS:
        one = start(target=work, args=(task, chosen.millions, chosen.number, chosen.threads))
        one.start()
        one.join()
        if one.exitcode:
            raise SystemExit(one.exitcode)


if __name__ == "__main__":
    main()
