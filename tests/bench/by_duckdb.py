"""duckdb, on all its threads: filtered counts in one pass, one join, three groupings."""

import duckdb
import numpy as np
import polars as pl

from tests.bench.answers import Formula, TopUps
from tests.bench.by_polars import frame_of
from tests.bench.cells import NEEDS, NO_PHASE, NO_SCORE, PHASES, SCORES, SETTINGS
from tests.bench.lines import MAINSTREAM, MILLION, given_amounts, plain_lines, whole_pupils
from tests.bench.national import National, Pupils

STAGE = "CASE WHEN year_group BETWEEN 0 AND 6 THEN 1 WHEN year_group BETWEEN 7 AND 9 THEN 2 WHEN year_group BETWEEN 10 AND 11 THEN 3 ELSE 0 END"
PHASE = f"CASE WHEN year_group < -2 THEN {NO_PHASE} WHEN year_group < 0 THEN 0 WHEN year_group < 7 THEN 1 WHEN year_group < 10 THEN 2 WHEN year_group < 12 THEN 3 ELSE 4 END"


class DuckDb:
    """SQL in memory."""

    def __init__(self, national: National) -> None:
        self.national = national
        self.lines = plain_lines(national.formula)
        self.base = duckdb.connect(":memory:")
        self.names = {id(national.everyone): "everyone", id(national.plan_holders): "plan_holders"}
        self.keep("everyone", frame_of(national.everyone))
        self.keep("plan_holders", frame_of(national.plan_holders))
        mainstream = np.isin(national.schools.columns["phase"], MAINSTREAM)
        given = given_amounts(self.lines, national.schools)
        schools = {"school": np.arange(len(mainstream), dtype=np.int32), "mainstream": mainstream}
        self.keep(
            "schools", pl.DataFrame(schools | {f"given_{at}": one for at, one in given.items()})
        )
        net = national.cells.net
        self.keep("net", pl.DataFrame({"key": np.arange(len(net), dtype=np.int32), "net": net}))
        self.query = self.formula_query()

    def keep(self, name: str, frame: pl.DataFrame) -> None:
        """Copy a frame into a table of the database."""
        self.base.register("incoming", frame.with_row_index("row").to_arrow())
        self.base.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming ORDER BY row")  # noqa: S608 - our own names
        self.base.unregister("incoming")

    def formula_query(self) -> str:
        counts, amounts = [], []
        for at, line in enumerate(self.lines):
            if line.counts != "pupils":
                amounts.append(f"given_{at} AS a{at}")
                continue
            held = f" AND {line.column} = {line.value}" if line.column else ""
            stages = ", ".join(map(str, line.stages))
            counts.append(f"count(*) FILTER (WHERE stage IN ({stages}){held}) AS u{at}")
            exact = f"coalesce(u{at}, 0) * {MILLION}"
            if line.left_out:
                whole = " + ".join(f"coalesce(u{one}, 0)" for one in whole_pupils(self.lines, line))
                exact = f"greatest({exact} - ({whole}) * {line.left_out}, 0)"
            priced = f"(2 * {exact} * {line.rate} + {MILLION}) // {2 * MILLION}"
            amounts.append(f"CASE WHEN mainstream THEN {priced} ELSE 0 END AS a{at}")
        parts = [
            f"(2 * a{at} * {line.percent} + {MILLION}) // {2 * MILLION} AS n{at}"
            for at, line in enumerate(self.lines)
        ]
        return f"""
            WITH staged AS (SELECT *, {STAGE} AS stage FROM everyone),
            units AS (SELECT school, {", ".join(counts)} FROM staged GROUP BY school),
            amounts AS (
                SELECT schools.school, {", ".join(amounts)} FROM schools LEFT JOIN units USING (school)
            )
            SELECT * EXCLUDE (school), {", ".join(parts)} FROM amounts ORDER BY school
        """  # noqa: S608 - our own names and numbers

    def formula(self) -> Formula:
        """Return each school's lines."""
        found = self.base.execute(self.query).fetchnumpy()
        amount = np.stack([found[f"a{at}"] for at in range(len(self.lines))], axis=1)
        notional = np.stack([found[f"n{at}"] for at in range(len(self.lines))], axis=1)
        return Formula(amount.astype(np.int64), notional.astype(np.int64))

    def top_ups(self, pupils: Pupils) -> TopUps:
        """Return each pupil's top-up, and sums by school, authority and need."""
        cells = self.national.cells
        last = cells.first + cells.days - 1
        days = f"""greatest(CASE WHEN "end" < 0 THEN {last} ELSE least("end", {last}) END
            - greatest("start", {cells.first}) + 1, 0)"""
        key = f"""((greatest(primary_need, 0)::INT * {SETTINGS} + greatest(setting, 0)) * {PHASES} + {PHASE})
            * {SCORES} + CASE WHEN score < 0 THEN {NO_SCORE} ELSE score END"""
        self.base.execute(f"""
            CREATE OR REPLACE TEMP TABLE paid AS
            SELECT paid.row, school, la, need, (2 * net * days + {cells.days}) // {2 * cells.days} AS amount FROM (
                SELECT row, school, la, greatest(primary_need, 0)::INT AS need,
                    ({key})::INT AS key, ({days})::BIGINT AS days
                FROM {self.names[id(pupils)]}
            ) AS paid JOIN net USING (key)
        """)  # noqa: S608 - our own names and numbers
        paid = self.base.execute("SELECT row, amount FROM paid").fetchnumpy()
        amount = np.empty(len(pupils.school), np.int64)
        amount[paid["row"]] = paid["amount"]
        size = len(pupils.urns) + 1
        schools, authorities, needs = (
            self.summed(name, length)
            for name, length in (("school", size), ("la", 1_000), ("need", NEEDS))
        )
        return TopUps(amount, schools[:-1], authorities, needs)

    def summed(self, name: str, size: int) -> np.ndarray:
        """Return sums in the order of their groups."""
        query = f"SELECT {name} AS place, sum(amount)::BIGINT AS pence FROM paid GROUP BY {name}"  # noqa: S608
        found, sums = self.base.execute(query).fetchnumpy(), np.zeros(size, np.int64)
        sums[found["place"]] = found["pence"]
        return sums
