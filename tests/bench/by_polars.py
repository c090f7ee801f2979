"""polars, lazy and on all its threads: conditional sums in one pass, one join, three groupings."""

import numpy as np
import polars as pl

from tests.bench.answers import Formula, TopUps
from tests.bench.cells import NEEDS, NO_PHASE, NO_SCORE, PHASES, SCORES, SETTINGS
from tests.bench.lines import MAINSTREAM, MILLION, given_amounts, plain_lines, whole_pupils
from tests.bench.national import National, Pupils

YEAR = pl.col("year_group")


def stage() -> pl.Expr:
    """Return the key stage of a pupil, 0 outside them."""
    inside = pl.when(YEAR < 7).then(1).when(YEAR < 10).then(2).when(YEAR < 12).then(3).otherwise(0)
    return pl.when(YEAR < 0).then(0).otherwise(inside).cast(pl.Int8)


def phase() -> pl.Expr:
    """Return the code of a pupil's phase."""
    stages = pl.when(YEAR < 7).then(1).when(YEAR < 10).then(2).when(YEAR < 12).then(3).otherwise(4)
    known = pl.when(YEAR < 0).then(0).otherwise(stages)
    return pl.when(YEAR < -2).then(NO_PHASE).otherwise(known).cast(pl.Int32)


class Polars:
    """Lazy polars."""

    def __init__(self, national: National) -> None:
        self.national = national
        self.lines = plain_lines(national.formula)
        mainstream = np.isin(national.schools.columns["phase"], MAINSTREAM)
        size = len(national.schools)
        given = given_amounts(self.lines, national.schools)
        self.schools = pl.DataFrame(
            {"school": np.arange(size, dtype=np.int32), "mainstream": mainstream}
            | {f"given_{at}": pence for at, pence in given.items()}
        )
        self.frames = {id(one): frame_of(one) for one in (national.everyone, national.plan_holders)}
        net = national.cells.net
        self.net = pl.DataFrame({"key": np.arange(len(net), dtype=np.int32), "net": net})

    def formula(self) -> Formula:
        """Return each school's lines."""
        lines = self.lines
        counted = [at for at, line in enumerate(lines) if line.counts == "pupils"]
        units = (
            self.frames[id(self.national.everyone)]
            .lazy()
            .with_columns(stage=stage())
            .group_by("school")
            .agg(units_of(lines[at]).alias(f"units_{at}") for at in counted)
        )
        amounts = self.schools.lazy().join(units, on="school", how="left").with_columns(
            (2 * self.exact(at) * lines[at].rate + MILLION).floordiv(2 * MILLION).alias(f"amount_{at}")
            for at in counted
        )  # fmt: skip
        whole = [
            pl.col(f"amount_{at}" if at in counted else f"given_{at}").alias(f"a{at}")
            for at in range(len(lines))
        ]
        parts = [
            (2 * pl.col(f"a{at}") * line.percent + MILLION).floordiv(2 * MILLION).alias(f"n{at}")
            for at, line in enumerate(lines)
        ]
        found = amounts.sort("school").select(whole).with_columns(parts).collect()
        size = len(lines)
        return Formula(found[:, :size].to_numpy(), found[:, size:].to_numpy())

    def exact(self, at: int) -> pl.Expr:
        """Return the millionths of units of a line of each school."""
        line = self.lines[at]
        units = pl.when("mainstream").then(pl.col(f"units_{at}").fill_null(0)).otherwise(0)
        exact = units.cast(pl.Int64) * MILLION
        if line.left_out:
            whole = [pl.col(f"units_{one}").fill_null(0) for one in whole_pupils(self.lines, line)]
            exact = pl.max_horizontal(
                exact - sum(whole[1:], whole[0]).cast(pl.Int64) * line.left_out, 0
            )
            exact = pl.when("mainstream").then(exact).otherwise(0)
        return exact

    def top_ups(self, pupils: Pupils) -> TopUps:
        """Return each pupil's top-up, and sums by school, authority and need."""
        cells = self.national.cells
        last = cells.first + cells.days - 1
        need, score = pl.col("primary_need").cast(pl.Int32).clip(0), pl.col("score").cast(pl.Int32)
        key = (need * SETTINGS + pl.col("setting").cast(pl.Int32).clip(0)) * PHASES + phase()
        key = key * SCORES + pl.when(score < 0).then(NO_SCORE).otherwise(score)
        ended = (
            pl.when(pl.col("end") < 0).then(last).otherwise(pl.col("end").clip(upper_bound=last))
        )
        stayed = (ended - pl.col("start").clip(cells.first) + 1).clip(0).cast(pl.Int64)
        paid = (
            self.frames[id(pupils)]
            .lazy()
            .select("school", "la", need.alias("need"), key.alias("key"), stayed.alias("stayed"))
            .join(self.net.lazy(), on="key", how="left", maintain_order="left")
            .select(
                "school",
                "la",
                "need",
                amount=(2 * pl.col("net") * pl.col("stayed") + cells.days).floordiv(2 * cells.days),
            )
        )
        sums = [
            paid.group_by(name).agg(pl.col("amount").sum()) for name in ("school", "la", "need")
        ]
        amount, schools, authorities, needs = pl.collect_all([paid.select("amount"), *sums])
        size = len(pupils.urns) + 1
        return TopUps(
            amount["amount"].to_numpy(),
            laid_out(schools, size)[:-1],
            laid_out(authorities, 1_000),
            laid_out(needs, NEEDS),
        )


def frame_of(pupils: Pupils) -> pl.DataFrame:
    """Return pupils as a frame of the same narrow columns, with the dense school number."""
    return pl.DataFrame({**pupils.columns, "school": pupils.school})


def units_of(line) -> pl.Expr:
    """Return the pupils who count in a line."""
    counts = (
        pl.col("stage").is_in(line.stages)
        if len(line.stages) > 1
        else pl.col("stage") == line.stages[0]
    )
    return (counts if line.column is None else counts & (pl.col(line.column) == line.value)).sum()


def laid_out(sums: pl.DataFrame, size: int) -> np.ndarray:
    """Return sums in the order of their groups."""
    found = np.zeros(size, np.int64)
    found[sums[:, 0].to_numpy()] = sums["amount"].to_numpy()
    return found
