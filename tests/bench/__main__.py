"""Ratios of times: the engine against numpy, polars and duckdb, doing the same rules to the same pence."""

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from tests.bench.answers import same
from tests.bench.by_duckdb import DuckDb
from tests.bench.by_engine import Engine
from tests.bench.by_numpy import Numpy
from tests.bench.by_polars import Polars
from tests.bench.national import National, Pupils, national
from tests.bench.processes import show_processes
from tests.bench.starts import first_answers, help_seconds

OURS, AGAIN = "ours, first", "ours, again"
PAUSE = 0.1


class Work(NamedTuple):
    """What a contender does on the clock, and what it has in memory before."""

    run: Callable[[], tuple]
    prepare: Callable[[], None] = lambda: None


class Seconds(NamedTuple):
    """Median seconds of a contender by the clock, and of the processor over all its threads."""

    clock: float
    processor: float


Tasks = dict[str, dict[str, Work]]


def wait() -> None:
    """Let the threads of the contender before come to rest, which turn on for a while.

    The processor is kept awake meanwhile: one that slept is slow for milliseconds, which
    would be timed with the next run.
    """
    until = time.perf_counter() + PAUSE
    while time.perf_counter() < until:
        pass


def rounds(contenders: dict[str, Work], number: int) -> dict[str, Seconds]:
    """Return each contender's median seconds, one after the other in every round.

    Each round has its own order, so that no run always follows the same one: the run
    before leaves its own data in the processor's caches.
    """
    times: dict[str, list[Seconds]] = {name: [] for name in contenders}
    names, orders = list(contenders), random.Random(number)
    for _ in range(number):
        orders.shuffle(names)
        for name in names:
            run, prepare = contenders[name]
            prepare()
            wait()
            started, spent = time.perf_counter(), time.process_time()
            run()
            times[name].append(Seconds(time.perf_counter() - started, time.process_time() - spent))
    return {
        name: Seconds(*map(statistics.median, zip(*held, strict=True)))
        for name, held in times.items()
    }


def agreed(task: str, contenders: dict[str, Work]) -> None:
    """Hold every contender's answer to ours before any clock starts; this warms them too."""
    answers = {}
    for name, (run, prepare) in contenders.items():
        prepare()
        answers[name] = run()
    wrong = [name for name, answer in answers.items() if not same(answer, answers[OURS])]
    if wrong:
        message = f"{task}: {', '.join(wrong)} and {OURS} do not agree"
        raise SystemExit(message)


def show(title: str, seconds: dict[str, Seconds]) -> None:
    """Print one task: ratios to ours on tables just read and on tables seen before, by clock and processor."""
    print(f"\n{title}")
    print(f"  {'':12}{'clock':>25}{'processor':>30}")
    print(f"  {'':12}" + f"{'x first':>9}{'x again':>9}{'ms':>10}" * 2)
    for name, one in seconds.items():
        columns = "".join(
            f"{own / first:9.2f}{own / again:9.2f}{own * 1000:10.2f}"
            for own, first, again in zip(one, seconds[OURS], seconds[AGAIN], strict=True)
        )
        print(f"  {name:12}{columns}")


def tasks(data: National) -> Tasks:
    """Return what each contender does, by task."""
    ours = {OURS: Engine(data, first=True), AGAIN: Engine(data, first=False)}
    others = {"numpy": Numpy(data), "polars": Polars(data), "duckdb": DuckDb(data)}

    def formula() -> dict[str, Work]:
        prepared = {
            name: Work(one.formula, partial(one.prepare, data.everyone))
            for name, one in ours.items()
        }
        return prepared | {name: Work(one.formula) for name, one in others.items()}

    def top_ups(pupils: Pupils) -> dict[str, Work]:
        prepared = {
            name: Work(partial(one.top_ups, pupils), partial(one.prepare, pupils))
            for name, one in ours.items()
        }
        return prepared | {name: Work(partial(one.top_ups, pupils)) for name, one in others.items()}

    pupils, plans = len(data.everyone.table), len(data.plan_holders.table)
    return {
        f"A. Notional SEN of {len(data.schools):,} schools, every line, from {pupils:,} pupils": formula(),
        f"B. One band profile over {plans:,} plan holders: pupils, schools, authorities, needs": top_ups(
            data.plan_holders
        ),
        f"C. The same over all {pupils:,} pupils": top_ups(data.everyone),
    }


def main() -> None:
    """Time every task and print the ratios."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--pupils", type=int, default=1_000_000)
    parser.add_argument("--schools", type=int, default=2_400)
    parser.add_argument("--rounds", type=int, default=11)
    wanted = parser.parse_args()
    data = national(wanted.pupils, wanted.schools)
    plans = len(data.plan_holders.table)
    print(f"{wanted.pupils:,} pupils, {plans:,} plan holders, {len(data.schools):,} schools; "
          f"columns in memory; medians of {wanted.rounds} interleaved rounds.")  # fmt: skip
    print(
        f"Ours and numpy run on one thread, polars and duckdb on {os.cpu_count()}. Equal to the penny before timing."
    )
    print(
        "'first' has a table of pupils as it is when it has been read; 'again' values it a second time."
    )
    for title, works in tasks(data).items():
        agreed(title, works)
        show(title, rounds(works, wanted.rounds))
    show_processes(wanted.pupils)
    print("\nFor information, on this machine")
    once = Work(lambda: (data.everyone.as_columns().laid_out(),))
    laying_out = rounds({"once": once}, 3)["once"].clock
    print(f"  laying the table out once, when it is read{1000 * laying_out:10.1f} ms")
    print(f"  evenband --help                          {help_seconds():8.2f} s")
    for name, taken in first_answers().items():
        print(f"  first answer of a ready service, {name:17} {taken:7.1f} ms")


if __name__ == "__main__":
    main()
