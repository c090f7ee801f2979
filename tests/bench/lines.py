"""The formula's lines in plain numbers, for tools that know nothing of rule documents."""

from typing import NamedTuple

import numpy as np

from engine.rules.compiled import CompiledRules
from engine.tables import SchoolTable
from engine.vocabulary import Idaci, SchoolPhase

STAGES = {"primary": (1,), "ks3": (2,), "ks4": (3,), "secondary": (2, 3), "all": (1, 2, 3)}
MAINSTREAM = (
    SchoolPhase.primary,
    SchoolPhase.secondary,
    SchoolPhase.all_through,
    SchoolPhase.middle,
)
MILLION = 1_000_000


class Line(NamedTuple):
    """A line: what it counts, at what rate, and how much of it is notional SEN."""

    name: str
    counts: str
    column: str | None
    value: int
    stages: tuple[int, ...]
    rate: int
    percent: int
    left_out: int


def plain_lines(rules: CompiledRules) -> list[Line]:
    """Return the formula's lines in plain numbers."""
    return [plain_line(line) for line in rules.formula.lines]


def plain_line(line) -> Line:
    column, value = None, 0
    for name, wanted in line.factor.where or ():
        if wanted is not None:
            column, value = name, int(Idaci[wanted]) if isinstance(wanted, str) else int(wanted)
    left_out = line.factor.only_above_percent
    return Line(
        line.name, str(line.counts), column, value, STAGES[line.key.phase],
        line.rate or 0, line.percent or 0, int(float(left_out[0].value) * 10_000) if left_out else 0,
    )  # fmt: skip


def whole_pupils(lines: list[Line], line: Line) -> list[int]:
    """Return the places of the lines that count the pupils of a line's phase."""
    return [
        at
        for at, one in enumerate(lines)
        if one.counts == "pupils" and one.column is None and set(one.stages) <= set(line.stages)
    ]


def given_amounts(lines: list[Line], schools: SchoolTable) -> dict[int, np.ndarray]:
    """Return what schools give for themselves: amounts, and a whole lump sum for each."""
    mainstream = np.isin(schools.columns["phase"], MAINSTREAM)
    found = {}
    for at, line in enumerate(lines):
        if line.counts == "school":
            found[at] = np.where(mainstream, line.rate, 0)
        elif line.counts == "amount":
            found[at] = schools.values[f"amount_{line.name}"] * schools.has_value(
                f"amount_{line.name}"
            )
    return found
