"""What a place costs and what is paid for it: invented, to go with setting and severity."""

import numpy as np

from engine.columns import Int
from engine.money import PENCE
from engine.synth.described import Described
from engine.synth.draws import Stream
from engine.synth.margins import by_code
from engine.synth.severity import HIGHEST_SCORE, among, severity, with_provision
from engine.tables import Column
from engine.vocabulary import SenProvision, Setting


def _cost(of: Described, these: Int) -> Int:
    """Return the assessed cost of plan holders, in pence."""
    reached = severity(of)[these].astype(np.int64)
    lowest, highest = (_of_setting(of, these, name) for name in ("lowest_cost", "highest_cost"))
    uneven = of.draws.between(Stream.assessed_cost, 880, 1120, len(these))
    return (lowest + (highest - lowest) * reached // HIGHEST_SCORE) * uneven // 1000


def _of_setting(of: Described, these: Int, name: str) -> Int:
    """Return a sum of ``settings.csv`` for each place, in pence."""
    return by_code("settings", Setting, name)[of.people.setting[these]] * PENCE


def assessed_cost(of: Described) -> Column:
    """Return the assessed cost of provision for those with a plan."""
    these = with_provision(of, SenProvision.E)
    return among("assessed_cost", of, these, _cost(of, these))


def top_up(of: Described) -> Column:
    """Return what is paid today: the cost above the place's own funding, to ten pounds; else nothing."""
    these = with_provision(of, SenProvision.E)
    above = np.maximum(_cost(of, these) - _of_setting(of, these, "core"), 0)
    uneven = of.draws.between(Stream.top_up, 900, 1000, len(these))
    return among("top_up", of, these, above * uneven // 1_000_000 * 1000, others=0)
