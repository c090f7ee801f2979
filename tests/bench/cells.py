"""The candidate profile as one table of prices, which the other tools look pupils up in."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from engine.rules.document import RuleSet
from engine.vocabulary import Need, PupilPhase, Setting, phase_of_year

NEEDS, SETTINGS, PHASES, SCORES = 15, 13, 6, 102
NO_PHASE, NO_SCORE = PHASES - 1, SCORES - 1
AXES = {"primary_need": 0, "setting": 1, "phase": 2, "score": 3}
CODES = {"primary_need": Need, "setting": Setting, "phase": PupilPhase}
PHASE_OF = np.full(256, NO_PHASE, np.int32)
PHASE_OF[np.arange(-2, 15) + 128] = [phase_of_year(year) for year in range(-2, 15)]
"""The phase of each year group that fits a byte, shifted by 128."""


@dataclass(frozen=True)
class Cells:
    """Pence a year for each need, setting, phase and score, packed; and the year's days."""

    net: np.ndarray
    first: int
    days: int

    @classmethod
    def of(cls, document: RuleSet) -> "Cells":
        """Write the rows of a profile into the table, the last row first."""
        profile, rule = document.band_profile, document.top_up_rule
        shape = (NEEDS, SETTINGS, PHASES, SCORES)
        band = np.full(shape, -1)
        for row in reversed(profile.assignment.table.rows):
            band[where(row.when)] = profile.bands.index(row.band)
        net = np.zeros(shape, np.int64)
        for price in reversed(profile.tariff.prices):
            fits = np.zeros(shape, bool)
            fits[where(price.when)] = True
            chosen = fits & (band == profile.bands.index(price.band))
            net[chosen] = int(Decimal(price.pounds[0].value) * 100)
        threshold = int(Decimal(rule.threshold.pounds[0].value) * 100)
        net[:, Setting.mainstream] = np.maximum(net[:, Setting.mainstream] - threshold, 0)
        # Where a need or a setting that is not supplied would decide, nothing is paid yet.
        net[0], net[:, 0] = 0, 0
        period = rule.calendar.periods[0]
        first = (period.first - period.first.replace(year=1970, month=1, day=1)).days
        return cls(net.reshape(-1), first, (period.last - period.first).days + 1)


def where(when: dict) -> tuple:
    """Return the part of the table that a row's conditions name."""
    axes = [np.arange(size) for size in (NEEDS, SETTINGS, PHASES, SCORES)]
    for name, choices in when.items():
        found: set[int] = set()
        for choice in choices:
            if str(name) in CODES:
                found.add(int(CODES[str(name)][choice]))
            else:
                low, _, high = choice.partition("-")
                found |= set(range(int(low), int(high) + 1))
        axes[AXES[str(name)]] = np.asarray(sorted(found))
    return np.ix_(*axes)
