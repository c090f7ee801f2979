"""Many candidates over national plan holders: of prices alone, and with cut-offs of their own, against three peers.

``python -m tests.bench.candidates`` prints processor time a candidate, with laying out apart. The peers have each
pupil's combined key and each candidate's table of prices in memory before the clock starts, and answer totals by authority.
"""

import argparse
import resource
import statistics
import time
from collections.abc import Callable
from datetime import date

import duckdb
import numpy as np
import polars as pl

from engine.candidates import Candidates, PathValues, Run
from engine.candidates.figures import KINDS, Limits, every_figure
from engine.candidates.summary import summary_of
from engine.days import day_number
from engine.lab.synth import synthetic_tables
from engine.row_chunks import Blocks
from engine.rules.compile import compile_rules
from engine.rules.load import load_rule_file
from engine.rules.number_kinds import Kind
from engine.rules.override import override
from engine.rules.paths import Paths
from engine.tables import PupilTable
from engine.vocabulary import SenProvision
from tests.bench.cells import PHASE_OF, PHASES, SCORES, SETTINGS, Cells
from tests.bench.national import PROFILE

PART_YEARS = 0.09
"""The share of plans that begin within the year."""

PEERS = 5
"""Candidates that each peer works out."""

YOUNGEST = -2
"""The first year group: below it none is supplied."""

CUT_OFFS = (10, 25, 40, 55, 70, 80, 90)


def plan_holders(millions: int) -> PupilTable:
    """Return those who have a plan among so many million pupils, some of whose plans begin within the year."""
    parts = []
    for seed in range(millions):
        pupils = synthetic_tables(1_000_000, seed=seed, schools=2_450).pupils
        held = pupils.columns
        known = (
            (held["primary_need"] > 0) & (held["setting"] > 0) & (held["year_group"] >= YOUNGEST)
        )
        plans = np.flatnonzero(known & (held["sen_provision"] == SenProvision.E))
        parts.append({name: np.asarray(held)[plans] for name, held in pupils.columns.items()})
    columns = {name: np.concatenate([one[name] for one in parts]) for name in parts[0]}
    length, drawn = len(columns["la"]), np.random.default_rng(7)
    later = drawn.random(length) < PART_YEARS
    first = day_number(date(2026, 4, 1)) + drawn.integers(1, 365, length)
    columns["start"] = np.where(later, first, columns["start"]).astype(columns["start"].dtype)
    columns["end"] = np.full(length, np.iinfo(np.int32).min, np.int32)
    keys = pl.Series([f"plan-{at}" for at in range(length)])
    return PupilTable.of(keys, columns, np.arange(length, dtype=np.int32), by_key=False)


def candidates_of(number: int, *, cut_offs: bool) -> Candidates:
    """Draw candidates of every price, and of the profile's general cut-offs."""
    paths, drawn = Paths(load_rule_file(PROFILE)), np.random.default_rng(5)
    values = []
    for path, kind in paths.every():
        name = paths.name(path)
        if kind is Kind.dated and "prices" in path:
            pence = round(float(paths.at(path)[0]["value"]) * 100)
            values.append(
                PathValues(name, (pence * drawn.uniform(0.85, 1.15, number)).astype(np.int64), 2)
            )
        is_general = (
            path[:4] == ("band_profile", "assignment", "table", "rows") and path[-1] == "from"
        )
        if cut_offs and kind is Kind.cut_off and is_general:
            now = int(paths.number_of(path))
            if now in CUT_OFFS and len(paths.at(path[:5])["when"]) == 1:
                values.append(PathValues(name, now + drawn.integers(-4, 5, number), 0))
    return Candidates.of(values)


def processor(work: Callable[[], object], rounds: int) -> float:
    """Return the median processor seconds of some work."""
    found = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        found.append(time.process_time() - started)
    return statistics.median(found)


class Peers:
    """Each pupil's combined key, authority and days of the year, and what candidates pay a year by key."""

    def __init__(self, table: PupilTable, candidates: Candidates, rows: list[int]) -> None:
        """Lay out the columns and the tables that the peers look pupils up in."""
        document = load_rule_file(PROFILE)
        cells = [Cells.of(override(document, candidates.overrides(row))) for row in rows]
        columns = table.columns
        need, setting = (
            np.maximum(columns[name], 0).astype(np.int64) for name in ("primary_need", "setting")
        )
        phase = PHASE_OF[columns["year_group"].astype(np.int64) + 128]
        score = columns["score"]
        self.key = ((need * SETTINGS + setting) * PHASES + phase) * SCORES + score
        self.whole = cells[0].days
        self.days = self.whole - np.clip(
            columns["start"].astype(np.int64) - cells[0].first, 0, self.whole
        )
        self.nets = [one.net for one in cells]
        self.la = np.unique(columns["la"], return_inverse=True)[1].astype(np.int64)
        self.offsets = np.flatnonzero(np.r_[True, np.diff(self.la) != 0])
        self.frame = pl.DataFrame({"key": self.key, "la": self.la, "days": self.days})
        self.duck = duckdb.connect()
        self.duck.register("frame", self.frame.to_arrow())
        self.duck.execute("create table pupils as select * from frame")

    def numpy(self, at: int) -> np.ndarray:
        """Return each authority's total by one gather and a sum of runs."""
        net = self.nets[at][self.key]
        return np.add.reduceat((2 * net * self.days + self.whole) // (2 * self.whole), self.offsets)

    def polars(self, at: int) -> np.ndarray:
        """Return the same by a gather and a group."""
        net = pl.Series(self.nets[at]).gather(self.frame["key"])
        paid = (2 * net * pl.col("days") + self.whole) // (2 * self.whole)
        found = self.frame.lazy().select("la", paid=paid).group_by("la").agg(pl.col("paid").sum())
        return found.sort("la").collect()["paid"].to_numpy()

    def duckdb(self, at: int) -> np.ndarray:
        """Return the same by a join with the table of prices."""
        net = pl.DataFrame({"key": np.arange(len(self.nets[at])), "net": self.nets[at]}).to_arrow()
        self.duck.register("prices", net)
        paid = f"(2 * net * days + {self.whole}) // {2 * self.whole}"
        query = f"select la, sum({paid})::bigint as paid from pupils join prices using (key) group by la order by la"  # noqa: S608 - our own numbers
        return self.duck.execute(query).fetchnumpy()["paid"]


def show(title: str, seconds: float, number: int) -> float:
    """Print processor time a candidate and return it, in millionths of a second."""
    each = seconds / number * 1e6
    print(f"  {title:58}{each:12.1f} µs a candidate")
    return each


def prices(table: PupilTable, number: int) -> None:
    """Print what candidates of prices cost with every figure, by one thread and by two."""
    print(f"{number:,} candidates of prices, with winners and losers, figures of all")
    rules = compile_rules(load_rule_file(PROFILE))
    for threads in (1, 2):
        run = Run.of(rules, table, candidates_of(number, cut_offs=False), KINDS, Blocks(threads))
        run.prepared(0)
        started, clock = time.process_time(), time.perf_counter()
        summary_of(run, every_figure(run, Limits()))
        show(f"{threads} thread(s)", time.process_time() - started, number)
        print(f"  {'':58}{time.perf_counter() - clock:12.2f} s by the clock")


def lanes(table: PupilTable, number: int, rounds: int) -> None:
    """Print what candidates with cut-offs of their own cost, beside the peers."""
    rules, candidates = compile_rules(load_rule_file(PROFILE)), candidates_of(number, cut_offs=True)
    run = Run.of(rules, table, candidates, KINDS)
    laid_out = processor(lambda: run.prepared(0), 1)
    prepared = run.prepared(0)
    rows = prepared.variant.rows
    print(
        f"{len(rows):,} of {number:,} candidates with cut-offs of their own in lanes; laid out in {laid_out:.2f} s"
    )
    answer, first = run.block(0), run.blocks[0].some
    amounts = prepared.side.steps.amounts(prepared.variant.amounts, first)
    counted, length = prepared.counted, len(answer.rows)
    totals = show(
        "totals by authority",
        processor(lambda: counted.sums(amounts, first, changes=False), rounds),
        length,
    )
    changes = show(
        "with winners and losers", processor(lambda: counted.sums(amounts, first), rounds), length
    )
    # A run of its own each time: answers are kept.
    show(
        "a block, with amounts, bands and figures",
        processor(lambda: run.with_blocks(run.blocks).block(0), rounds),
        length,
    )
    print(f"  {'winners and losers, of totals':58}{changes / totals:12.2f} x")
    peers = Peers(table, candidates, rows[:PEERS].tolist())
    la = run.groups.kind("la").slice
    for name in ("polars", "duckdb", "numpy"):
        work = getattr(peers, name)
        for at in range(PEERS):
            if not np.array_equal(work(at), answer.after[at, la]):
                message = f"evenband and {name} do not agree"
                raise SystemExit(message)
        each = show(
            name, processor(lambda work=work: [work(at) for at in range(PEERS)], rounds), PEERS
        )
        print(
            f"  {'':58}{each / totals:12.0f} x totals, {each / changes:.0f} x with winners and losers"
        )


def main() -> None:
    """Lay plan holders out and print what candidates cost."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.candidates")
    parser.add_argument(
        "--millions", type=int, default=9, help="million pupils, of whom 7 percent have a plan"
    )
    parser.add_argument("--prices", type=int, default=100_000)
    parser.add_argument("--cut-offs", type=int, default=1_400, help="of which some are in lanes")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    table = plan_holders(chosen.millions)
    print(f"{len(table):,} plans, processor time, medians of {chosen.rounds}")
    lanes(table, chosen.cut_offs, chosen.rounds)
    prices(table, chosen.prices)
    print(
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB at the highest, peers among it"
    )


if __name__ == "__main__":
    main()
