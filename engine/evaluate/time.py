"""The part of the year that each pupil earns, as the kernel takes it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.evaluate.bands import refuse
from engine.outcome import began_of
from engine.rules.compiled import CompiledTopUps
from engine.tables import PupilTable, frozen

NO_DAYS: NDArray[np.int32] = frozen(np.empty(0, np.int32))
NO_COUNTS: NDArray[np.int16] = frozen(np.empty(0, np.int16))
"""Stand for a column that the rules do not read."""


class YearsPart(NamedTuple):
    """What tells the part of the year that each pupil earns, as the kernel takes it."""

    first_day: int
    cumulative: Int
    began: NDArray[np.int32]
    ended: NDArray[np.int32]
    parts: NDArray[np.int16]
    each_part: int


def years_part(top_ups: CompiledTopUps, pupils: PupilTable) -> YearsPart:
    """Return the calendar and the pupils' dates or counted parts; none where a column is not there."""
    calendar = top_ups.calendar
    held = pupils.columns
    return YearsPart(
        first_day=calendar.first,
        cumulative=calendar.cumulative,
        began=_began(top_ups, pupils) if calendar.dated else NO_DAYS,
        ended=held.get("end", NO_DAYS) if calendar.dated else NO_DAYS,
        parts=held.get("parts_on_roll", NO_COUNTS),
        each_part=calendar.denominator // calendar.parts if calendar.parts else 0,
    )


def refuse_parts(top_ups: CompiledTopUps, pupils: PupilTable) -> None:
    """Refuse counted parts where the year has no equal ones, or fewer."""
    calendar, parts = top_ups.calendar, pupils.columns.get("parts_on_roll")
    if parts is None:
        return
    days = len(calendar.cumulative) - 1
    if top_ups.pupil_protection is not None and top_ups.protected_days < days:
        sentence = "cannot be used: protection ends within the year; give start and end"
        refuse(np.sort(pupils.rows[parts >= 0]), "parts", "parts_on_roll", sentence)
    if not calendar.parts:
        sentence = "cannot be used: the year's parts are not equal; give start and end"
        refuse(np.sort(pupils.rows[parts >= 0]), "parts", "parts_on_roll", sentence)
    sentence = f"is more than the year's {calendar.parts} parts"
    refuse(np.sort(pupils.rows[parts > calendar.parts]), "parts", "parts_on_roll", sentence)


def _began(top_ups: CompiledTopUps, pupils: PupilTable) -> NDArray[np.int32]:
    """Return the first day paid of each pupil; none where no start is given."""
    return frozen(began_of(top_ups, pupils)) if "start" in pupils.columns else NO_DAYS
