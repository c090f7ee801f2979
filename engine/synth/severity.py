"""How severe each need is, on a scale of 0 to 100: invented, to go with need and setting."""

import numpy as np

from engine.columns import PUPIL_COLUMNS, Int, level_column
from engine.synth.described import Described
from engine.synth.draws import Stream
from engine.synth.margins import by_code
from engine.synth.needs import need
from engine.tables import Column
from engine.vocabulary import Need, SenProvision, Setting

HIGHEST_SCORE, HIGHEST_SUPPORT_SCORE = 100, 45


def severity(of: Described) -> Column:
    """Return the score by row, 0 where no need is identified."""
    return of.once("score", _drawn)


def _drawn(of: Described) -> Column:
    held = np.zeros(len(of.people), np.int8)
    of_need = by_code("needs", Need, "severity")
    of_setting = by_code("settings", Setting, "severity_more")
    plan, support = with_provision(of, SenProvision.E), with_provision(of, SenProvision.K)
    first, second = (
        of.draws.between(Stream.score, -14, 14, len(plan), part) for part in ("first", "second")
    )
    typical = of_need[need(of)[plan]] + of_setting[of.people.setting[plan]]
    held[plan] = np.clip(typical + first + second, 0, HIGHEST_SCORE)
    noise = of.draws.between(Stream.score, -12, 12, len(support), "support")
    held[support] = np.clip(of_need[need(of)[support]] // 2 + noise, 0, HIGHEST_SUPPORT_SCORE)
    return held


def with_provision(of: Described, provision: SenProvision) -> Int:
    """Return the rows of one provision."""
    return np.flatnonzero(of.people.provision == provision)


def identified(of: Described) -> Int:
    """Return the rows with a plan or on SEN support."""
    return np.flatnonzero(of.people.provision != SenProvision.N)


def among(
    name: str, of: Described, these: Int, values: Int, *, others: int | None = None
) -> Column:
    """Return a column with values in the rows ``these``; missing in the others, or all one."""
    register = PUPIL_COLUMNS.get(name) or level_column(name)
    held = np.full(len(of.people), register.missing if others is None else others, register.dtype)
    held[these] = values
    return held
