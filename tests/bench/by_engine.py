"""This project's own engine, on one thread, from checked tables to every part and sum."""

import numpy as np

from engine.compare.groups import sums_by_code
from engine.row_chunks import ONE_THREAD
from engine.run import evaluate
from engine.tables import PupilTable
from tests.bench.answers import Formula, TopUps
from tests.bench.national import National, Pupils


class Engine:
    """The engine on tables just read (``first``), or on tables that it has seen before."""

    def __init__(self, national: National, *, first: bool) -> None:
        self.national, self.first = national, first
        self.blocks = ONE_THREAD
        self.read: PupilTable | None = None

    def prepare(self, pupils: Pupils) -> None:
        """Have a table as it is when it has been read, before the clock starts."""
        self.read = pupils.fresh() if self.first else pupils.table

    def formula(self) -> Formula:
        """Return each school's lines, of everyone."""
        table = self.read
        notional = evaluate(
            self.national.formula, self.national.schools, table, blocks=self.blocks
        ).notional
        return Formula(notional.amount, notional.notional)

    def top_ups(self, pupils: Pupils) -> TopUps:
        """Return each pupil's top-up, and sums by school, authority and need."""
        table = self.read
        outcome = evaluate(self.national.banding, pupils=table, blocks=self.blocks).top_ups
        schools = np.zeros(len(pupils.urns) + 1, np.int64)
        np.add.at(schools, pupils.school[table.offsets[:-1]], outcome.placement_sum)
        authorities = np.zeros(1_000, np.int64)
        np.add.at(authorities, table.placement_la, outcome.placement_sum)
        by_need = sums_by_code(outcome, "primary_need", self.blocks)
        return TopUps(outcome.amount, schools[:-1], authorities, by_need)
