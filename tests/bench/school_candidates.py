"""Many candidates of a schools formula over the schools of England, beside evaluating each and beside numpy.

``python -m tests.bench.school_candidates`` prints processor time a candidate, with laying out apart. The numpy script has the units of
every line that varies, all other amounts and the cells of the sums in memory before the clock starts, and answers totals, winners
and losers by authority; both come to the same pence before anything is timed.
"""

import argparse
import resource
import time

import numpy as np

from engine.candidates import Candidates, PathValues
from engine.candidates.figures import KINDS, Limits, every_figure
from engine.candidates.schools import SchoolRun
from engine.candidates.summary import summary_of
from engine.data import FIXTURES
from engine.lab.synth import synthetic_tables
from engine.modules.school_formula.line_inputs import school_inputs
from engine.money import MILLION
from engine.row_chunks import ONE_THREAD, Blocks
from engine.rules.compile import compile_rules
from engine.rules.compile_trials import compile_what_if
from engine.rules.compiled import CompiledRules
from engine.rules.load import load_rule_file
from engine.rules.paths import Paths
from engine.run import evaluate
from tests.bench.candidates import processor, show

RULES = {
    "no minimum level": FIXTURES / "rules" / "2015-16" / "northumberland-2015-16.yaml",
    "a minimum level": FIXTURES / "rules" / "2025-26" / "northumberland-2025-26.yaml",
}
VARIED = ("fsm6_primary", "fsm6_secondary", "low_prior_attainment_primary", "fsm_primary")
"""Lines whose unit value and notional part vary."""

PEERS = 5
"""Candidates that are worked out one by one, and by numpy."""


def candidates_of(rules: CompiledRules, number: int) -> tuple[Candidates, list[int]]:
    """Draw unit values and notional parts of some lines, and return the places of these lines too."""
    paths, drawn, values, at = Paths(rules.document), np.random.default_rng(5), [], []
    for place, line in enumerate(rules.formula.lines):
        if line.name in VARIED and line.rate:
            at.append(place)
            rate = (line.rate * drawn.uniform(0.8, 1.2, number)).astype(np.int64)
            values.append(PathValues(f"{line.place}.unit_value", rate, 2))
            values.append(
                PathValues(f"{line.place}.notional_percent", drawn.integers(0, 10_000, number), 2)
            )
    known = {paths.name(path) for path, _ in paths.every()}
    return Candidates.of([one for one in values if one.place in known]), at


class Numpy:
    """The same by whole columns of schools: what varies is rounded line by line, all else is added up before."""

    def __init__(self, rules: CompiledRules, tables, at: list[int], candidates: Candidates) -> None:
        """Lay out units, the other lines, what the minimum level needs, and the runs of authorities."""
        formula, schools = rules.formula, tables.schools
        inputs = school_inputs(formula, schools, tables.pupils, ONE_THREAD)
        outcome = evaluate(rules, schools, tables.pupils).notional
        self.order = np.argsort(schools.columns["la"], kind="stable")
        la = schools.columns["la"][self.order]
        self.starts = np.flatnonzero(np.r_[True, np.diff(la) != 0])
        self.units = [inputs.units.units[one][self.order] for one in at]
        others = [one for one in range(len(formula.lines)) if one not in at]
        self.amount = outcome.amount[:, others].sum(axis=1)[self.order]
        self.notional = outcome.notional[:, others].sum(axis=1)[self.order]
        self.before = outcome.notional_total[self.order]
        exact = sum(inputs.units.units[one] * formula.lines[one].rate for one in at)
        self.base = (outcome.minimum_base - exact)[self.order]
        self.groups = schools.years.sum(axis=0)[self.order]
        self.least = None
        if formula.levels is not None:
            level = formula.levels @ schools.years
            self.least = (level * inputs.pupils)[self.order]
        self.values = [
            (candidates.values[2 * one].held, candidates.values[2 * one + 1].held * 100)
            for one in range(len(at))
        ]

    def __call__(self, row: int) -> tuple[np.ndarray, ...]:
        """Return totals, winners and losers by authority, of notional SEN."""
        notional, base = self.notional.copy(), self.base.copy()
        for units, (rates, percents) in zip(self.units, self.values, strict=True):
            product = units * rates[row]
            base += product
            amount = (2 * product + MILLION) // (2 * MILLION)
            notional += (2 * amount * percents[row] + MILLION) // (2 * MILLION)
        if self.least is not None:
            whole = np.maximum(self.groups, 1) * MILLION
            lift = (2 * np.maximum(self.least - base * self.groups, 0) + whole) // (2 * whole)
            # The rules that are timed give no notional part of it; what it comes to is a part of the work.
            notional += lift * 0
        change = notional - self.before
        return tuple(
            np.add.reduceat(one, self.starts)
            for one in (notional, (change > 0).astype(np.int64), (change < 0).astype(np.int64))
        )


def compared(title: str, rules: CompiledRules, tables, number: int) -> None:
    """Print what candidates of one rule set cost in each way."""
    candidates, at = candidates_of(rules, number)
    run = SchoolRun.of(rules, tables.schools, candidates, pupils=tables.pupils, kinds=KINDS)
    laid_out = processor(lambda: run.prepared(0), 1)
    print(f"{title}: {run.plan_sentence} Laid out in {laid_out:.2f} s")
    peer, la = Numpy(rules, tables, at, candidates), run.groups.kind("la").slice
    answer = run.block(0)
    for row in range(PEERS):
        own = (answer.after, answer.winners, answer.losers)
        if not all(
            np.array_equal(one, mine[row, la]) for one, mine in zip(peer(row), own, strict=True)
        ):
            message = "evenband and numpy do not agree"
            raise SystemExit(message)
    for threads in (1, 2):
        again = SchoolRun.of(
            rules,
            tables.schools,
            candidates,
            pupils=tables.pupils,
            kinds=KINDS,
            chunks=Blocks(threads),
        )
        again.prepared(0)
        started, clock = time.process_time(), time.perf_counter()
        summary_of(again, every_figure(again, Limits()))
        each = show(
            f"as a product, {threads} thread(s), every figure",
            time.process_time() - started,
            number,
        )
        print(f"  {'':58}{time.perf_counter() - clock:12.2f} s by the clock")

    def one_by_one() -> None:
        for row in range(PEERS):
            tried = compile_what_if(rules.document, candidates.overrides(row), rules.day, rules)
            evaluate(tried, tables.schools, tables.pupils)

    for name, work in (
        ("evaluate, one by one", one_by_one),
        ("numpy", lambda: [peer(row) for row in range(PEERS)]),
    ):
        print(f"  {'':58}{show(name, processor(work, 3), PEERS) / each:12.1f} x")


def main() -> None:
    """Invent schools and print what candidates cost."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.school_candidates")
    parser.add_argument("--schools", type=int, default=20_000)
    parser.add_argument("--pupils", type=int, default=2_000_000)
    parser.add_argument("--candidates", type=int, default=10_000)
    chosen = parser.parse_args()
    tables = synthetic_tables(chosen.pupils, seed=1, schools=chosen.schools)
    for title, path in RULES.items():
        compared(title, compile_rules(load_rule_file(path)), tables, chosen.candidates)
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB at the highest")


if __name__ == "__main__":
    main()
