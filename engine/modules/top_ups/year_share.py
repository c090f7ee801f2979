"""The part of the year that each pupil earns, as kernel arrays."""

import numpy as np
from numpy.typing import NDArray

from engine.kernels.top_ups import YearsPart
from engine.outcome import began_of
from engine.rules.compiled import CompiledTopUps
from engine.tables import Pupils, frozen

NO_DAYS: NDArray[np.int32] = frozen(np.empty(0, np.int32))
NO_COUNTS: NDArray[np.int16] = frozen(np.empty(0, np.int16))
"""Empty arrays for a column that the rules do not read."""


def years_part(top_ups: CompiledTopUps, pupils: Pupils) -> YearsPart:
    """Return the calendar and the pupils' dates or counted parts; empty where a column is missing."""
    whole, held = whole_year(top_ups), pupils.columns
    if top_ups.calendar.dated:
        whole = whole._replace(began=_began(top_ups, pupils), ended=held.get("end", NO_DAYS))
    return whole._replace(parts=held.get("parts_on_roll", NO_COUNTS))


def whole_year(top_ups: CompiledTopUps) -> YearsPart:
    """Return the calendar for pupils who stay all year."""
    calendar = top_ups.calendar
    each_part = calendar.denominator // calendar.parts if calendar.parts else 0
    return YearsPart(calendar.first, calendar.cumulative, NO_DAYS, NO_DAYS, NO_COUNTS, each_part)


def _began(top_ups: CompiledTopUps, pupils: Pupils) -> NDArray[np.int32]:
    """Return the first day paid of each pupil; empty where no start is given."""
    return frozen(began_of(top_ups, pupils)) if "start" in pupils.columns else NO_DAYS
