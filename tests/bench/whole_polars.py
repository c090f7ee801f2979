"""A national run in polars alone, by its best form: one combined key, and no check of the input.

usage: python tests/bench/whole_polars.py PUPILS SCHOOLS RULES.json NET.npy OUT.csv. It imports nothing of
the engine; ``whole_runs`` writes the lines of the formula and the net prices that it reads.
"""

import json
import sys
from pathlib import Path

import numpy as np
import polars as pl

MILLION = 1_000_000
FLAGS = ("fsm", "fsm6", "eal3", "mobility", "looked_after", "low_prior_attainment")
MAIN = ("primary", "secondary", "all_through", "middle")
TEXTS = (
    "pupil_key",
    "urn",
    "la",
    "sen_provision",
    "primary_need",
    "setting",
    "idaci",
    "start",
    "end",
)
c = pl.col


def scan(path: str) -> pl.LazyFrame:
    """Return the columns of a file."""
    if path.endswith(".parquet"):
        return pl.scan_parquet(path)
    return pl.scan_csv(
        path, schema_overrides=dict.fromkeys(TEXTS, pl.String), infer_schema_length=1_000
    )


def base_of(source: pl.LazyFrame, codes: dict[str, dict[str, int]]) -> pl.DataFrame:
    """Return the columns that the rules read, as narrow numbers."""
    schema = source.collect_schema()

    def coded(name: str, dtype: type[pl.DataType]) -> pl.Expr:
        words = codes[name] | {"": 0}
        return c(name).cast(pl.String).fill_null("").replace_strict(words, return_dtype=dtype)

    def day(name: str) -> pl.Expr:
        cells = (
            c(name) if schema[name] == pl.Date else c(name).str.to_date("%Y-%m-%d", strict=False)
        )
        return cells.cast(pl.Int32)

    return source.select(
        "pupil_key",
        c("urn").cast(pl.Int32, strict=False),
        c("la").cast(pl.Int16),
        c("year_group").cast(pl.Int8),
        c("sen_provision").cast(pl.String),
        coded("primary_need", pl.Int32),
        coded("setting", pl.Int32),
        *(c(name).cast(pl.Int8) for name in FLAGS),
        coded("idaci", pl.Int8),
        c("score").cast(pl.Int16),
        day("start"),
        day("end"),
    ).collect()


def budgets(base: pl.DataFrame, schools: pl.DataFrame, lines: list[dict]) -> pl.DataFrame:
    """Return each school's formula funding and notional SEN budget, pence."""
    year = c("year_group")
    stage = (
        pl.when(year < 0)
        .then(0)
        .when(year < 7)
        .then(1)
        .when(year < 10)
        .then(2)
        .when(year < 12)
        .then(3)
    )
    counted = [at for at, line in enumerate(lines) if line["counts"] == "pupils"]

    def units(line: dict) -> pl.Expr:
        inside = c("stage").is_in(line["stages"])
        column = line["column"]
        return (inside if column is None else inside & (c(column) == line["value"])).sum()

    each = base.lazy().with_columns(stage=stage.otherwise(0).cast(pl.Int8)).group_by("urn")
    found = each.agg(units(lines[at]).alias(f"u{at}") for at in counted)
    joined = schools.lazy().join(found, on="urn", how="left")

    def of_main(at: int) -> pl.Expr:
        return pl.when("main").then(c(f"u{at}").fill_null(0)).otherwise(0).cast(pl.Int64)

    def exact(at: int) -> pl.Expr:
        line, number = lines[at], of_main(at) * MILLION
        if not line["left_out"]:
            return number
        whole = [
            one for one in counted
            if lines[one]["column"] is None and set(lines[one]["stages"]) <= set(line["stages"])
        ]  # fmt: skip
        return pl.max_horizontal(number - sum(map(of_main, whole)) * line["left_out"], 0)

    def amount(at: int) -> pl.Expr:
        line = lines[at]
        if line["counts"] == "pupils":
            return (2 * exact(at) * line["rate"] + MILLION) // (2 * MILLION)
        if line["counts"] == "school":
            return pl.when("main").then(line["rate"]).otherwise(0)
        pounds = c(f"amount_{line['name'].replace('_all', '')}").cast(pl.Float64)
        return (pounds * 100).round().cast(pl.Int64)

    amounts = joined.with_columns(amount(at).alias(f"a{at}") for at in range(len(lines)))
    parts = [
        (2 * c(f"a{at}") * line["percent"] + MILLION) // (2 * MILLION)
        for at, line in enumerate(lines)
    ]
    formula = pl.sum_horizontal([f"a{at}" for at in range(len(lines))])
    return amounts.select("urn", "la", formula=formula, notional=pl.sum_horizontal(parts)).collect()


def top_ups(base: pl.DataFrame, net: np.ndarray, rules: dict) -> pl.DataFrame:
    """Return the top-up of each pupil with special educational needs, pence."""
    _, settings, phases, scores = rules["shape"]
    year, first, days = c("year_group"), rules["first"], rules["days"]
    phase = (
        pl.when(year < 0)
        .then(0)
        .when(year < 7)
        .then(1)
        .when(year < 10)
        .then(2)
        .when(year < 12)
        .then(3)
    )
    key = (c("primary_need") * settings + c("setting")) * phases + phase.otherwise(4).cast(pl.Int32)
    key = key * scores + c("score").cast(pl.Int32).fill_null(scores - 1)
    last = first + days - 1
    stayed = (
        c("end").fill_null(last).clip(upper_bound=last)
        - c("start").fill_null(first).clip(first)
        + 1
    )
    prices = pl.DataFrame({"key": np.arange(len(net), dtype=np.int32), "net": net})
    some = base.lazy().filter(c("sen_provision").is_in(["K", "E"])).select(
        "urn", "la", "primary_need", "setting", key=key.cast(pl.Int32), stayed=stayed.clip(0).cast(pl.Int64)
    )  # fmt: skip
    due = (2 * c("net") * c("stayed") + days) // (2 * days)
    joined = some.join(prices.lazy(), on="key", how="left", maintain_order="left")
    return joined.select("urn", "la", "primary_need", "setting", top_up=due).collect()


def main(pupils: str, schools: str, rules: str, net: str, out: str) -> None:
    """Work the file out, by school, authority, need and setting, and write the sums."""
    document = json.loads(Path(rules).read_text())
    base = base_of(scan(pupils), document["codes"])
    main_phase = c("phase").cast(pl.String).is_in(MAIN)
    register = scan(schools).with_columns(main=main_phase, urn=c("urn").cast(pl.Int32)).collect()
    each_school = budgets(base, register, document["lines"])
    paid = top_ups(base, np.load(net), document)
    groups = ("urn", "la", "primary_need", "setting")
    sums = pl.collect_all([paid.lazy().group_by(one).agg(c("top_up").sum()) for one in groups])
    totals = pl.concat(
        [one.rename({one.columns[0]: "group"}).cast({"group": pl.String}) for one in sums]
    )
    each_school.write_csv(f"{out}.schools.csv")
    totals.write_csv(f"{out}.groups.csv")
    answer = {"notional_sen": each_school["notional"].sum(), "top_up": paid["top_up"].sum()}
    Path(out).write_text(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
