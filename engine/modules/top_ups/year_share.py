"""The part of the year that each pupil earns, as kernel arrays."""

import numpy as np
from numpy.typing import NDArray

from engine.calendars import backdated
from engine.columns import Int
from engine.kernels.top_ups import YearsPart
from engine.rules.compiled import CompiledTopUps
from engine.tables import Pupils, PupilTable, frozen

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


def began_of(top_ups: CompiledTopUps, pupils: Pupils) -> NDArray[np.int32]:
    """Return the first day paid of each pupil, a late plan's as it was due; negative where open."""
    columns, days = pupils.columns, top_ups.backdated_days
    if "start" not in columns:
        return np.full(len(pupils), -1, np.int32)
    start: NDArray[np.int32] = columns["start"]
    return backdated(start, columns["requested"], days) if days else start


def mass_of(top_ups: CompiledTopUps, pupils: PupilTable) -> Int:
    """Return the part of the year that each pupil earns, of the calendar's denominator."""
    calendar, columns = top_ups.calendar, pupils.columns
    whole = np.full(len(pupils), calendar.denominator, np.int64)
    open_start, open_end = calendar.first, calendar.first + len(calendar.cumulative)
    if calendar.dated:
        began = began_of(top_ups, pupils)
        end = columns.get("end", whole * 0 - 1)
        start = np.where(began < 0, open_start, began)
        whole = calendar.mass(start, np.where(end < 0, open_end, end))
    parts = columns.get("parts_on_roll", np.full(len(pupils), -1, np.int16)).astype(np.int64)
    each = calendar.denominator // calendar.parts if calendar.parts else 0
    mass: Int = np.where(parts < 0, whole, parts * each)
    return mass
