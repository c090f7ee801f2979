"""numpy, written well: keys packed once, counted by ``bincount``, prices gathered from one table."""

import numpy as np

from tests.bench.answers import Formula, TopUps
from tests.bench.cells import NEEDS, NO_SCORE, PHASE_OF, PHASES, SCORES, SETTINGS
from tests.bench.lines import MAINSTREAM, MILLION, given_amounts, plain_lines, whole_pupils
from tests.bench.national import National, Pupils

STAGE_OF = np.zeros(256, np.int64)
STAGE_OF[128:135], STAGE_OF[135:138], STAGE_OF[138:140] = 1, 2, 3
IDACI = 8


class Numpy:
    """Vectorised numpy."""

    def __init__(self, national: National) -> None:
        self.national = national
        self.lines = plain_lines(national.formula)
        self.given = given_amounts(self.lines, national.schools)
        self.mainstream = np.isin(national.schools.columns["phase"], MAINSTREAM)

    def formula(self) -> Formula:
        """Return each school's lines."""
        pupils, lines = self.national.everyone, self.lines
        counts = self.counts(pupils)
        size = len(pupils.urns)
        amount, notional = (
            np.zeros((size, len(lines)), np.int64),
            np.empty((size, len(lines)), np.int64),
        )
        counted = {}
        for at, line in enumerate(lines):
            if line.counts == "pupils":
                table = counts[line.column]
                table = table[:, :, line.value] if line.column == "idaci" else table
                counted[at] = table[:, list(line.stages)].sum(axis=1) * self.mainstream
        for at, units in counted.items():
            line = lines[at]
            exact = units * MILLION
            if line.left_out:
                pupils_of = sum(counted[one] for one in whole_pupils(lines, line))
                exact = np.maximum(exact - pupils_of * line.left_out, 0)
            amount[:, at] = (2 * exact * line.rate + MILLION) // (2 * MILLION)
        for at, pence in self.given.items():
            amount[:, at] = pence
        percent = np.asarray([line.percent for line in lines])
        notional[:] = (2 * amount * percent + MILLION) // (2 * MILLION)
        return Formula(amount, notional)

    def counts(self, pupils: Pupils) -> dict[str | None, np.ndarray]:
        """Return, for each column, the pupils of each school and stage who have it."""
        columns, size = pupils.columns, len(pupils.urns)
        key = STAGE_OF[columns["year_group"].view(np.uint8) ^ 128]
        key += pupils.school.astype(np.int64) << 2
        length = (size + 1) << 2
        found = {None: np.bincount(key, minlength=length)[: size << 2].reshape(size, 4)}
        for name in {line.column for line in self.lines if line.column} - {"idaci"}:
            has = key[columns[name] == 1]
            found[name] = np.bincount(has, minlength=length)[: size << 2].reshape(size, 4)
        idaci = key * IDACI + np.maximum(columns["idaci"], 0)
        every = np.bincount(idaci, minlength=length * IDACI)[: (size << 2) * IDACI]
        return found | {"idaci": every.reshape(size, 4, IDACI)}

    def top_ups(self, pupils: Pupils) -> TopUps:
        """Return each pupil's top-up, and sums by school, authority and need."""
        cells, columns = self.national.cells, pupils.columns
        need = np.maximum(columns["primary_need"], 0)
        key = need.astype(np.int32) * SETTINGS
        key += np.maximum(columns["setting"], 0)
        key *= PHASES
        key += PHASE_OF[columns["year_group"].view(np.uint8) ^ 128]
        key *= SCORES
        key += np.where(columns["score"] < 0, NO_SCORE, columns["score"])
        amount = cells.net[key]
        start, end, last = columns["start"], columns["end"], cells.first + cells.days - 1
        part = np.flatnonzero((start > cells.first) | ((end >= 0) & (end < last)))
        began = np.maximum(start[part], cells.first)
        ended = np.where(end[part] < 0, last, np.minimum(end[part], last))
        stayed = np.maximum(ended - began + 1, 0)
        amount[part] = (2 * amount[part] * stayed + cells.days) // (2 * cells.days)
        return TopUps(
            amount,
            summed(pupils.school, amount, len(pupils.urns) + 1)[:-1],
            summed(columns["la"], amount, 1_000),
            summed(need, amount, NEEDS),
        )


def summed(group: np.ndarray, amount: np.ndarray, size: int) -> np.ndarray:
    """Return exact sums by group: pence below 2^53 are whole in a binary float."""
    return np.bincount(group, weights=amount, minlength=size).astype(np.int64)
