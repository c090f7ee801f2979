"""This project's own engine, on one thread, from checked tables to every part and sum."""

import numpy as np

from engine.modules.top_ups.group_sums import outcome_sums
from engine.modules.top_ups.pupil_groups import NEED
from engine.row_chunks import ONE_THREAD
from engine.run import evaluate
from engine.tables import PupilTable
from engine.vocabulary import Need
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
        needs = outcome_sums(outcome)[NEED]
        by_need = np.zeros(max(Need) + 1, np.int64)
        by_need[[Need.__members__.get(name, 0) for name in needs.names]] = needs.before
        return TopUps(outcome.amount, schools[:-1], authorities, by_need)
