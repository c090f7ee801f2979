"""The lines of a formula by school: shares of its pupils, as older tables give them, become units."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine import money
from engine.columns import PROPORTION_PREFIX, UNITS_PREFIX, Int
from engine.reading.cell_spellings import exact_number
from engine.tables import Array
from engine.vocabulary import WITHHELD, YEARS_OF_PHASE, Presence, SchoolPhase

ALL = "all"
_STAGES = ("primary", "ks3", "ks4")
_PRIMARY, _KS3, _KS4 = (f"{UNITS_PREFIX}basic_entitlement_{stage}" for stage in _STAGES)
PHASE_PUPILS = {
    "primary": (_PRIMARY,),
    "ks3": (_KS3,),
    "ks4": (_KS4,),
    "secondary": (_KS3, _KS4),
    ALL: (_PRIMARY, _KS3, _KS4),
}
"""The columns that add to the pupils of a phase, unless the rules say otherwise."""

_NEEDED = {
    **{phase: {stage for stage, years in zip(_STAGES, spread, strict=True) if years}
       for phase, spread in YEARS_OF_PHASE.items()},
    SchoolPhase.middle: {"primary", "ks3"},
}  # fmt: skip
"""The stages that a school of the phase has, whose pupils must therefore be given."""


@dataclass(frozen=True, slots=True)
class LineValues:
    """A line's column: its values (millionths) and why each is there or not."""

    values: Int
    presence: Array


def with_shares_as_units(
    text: pl.DataFrame,
    order: NDArray[np.intp],
    values: Mapping[str, LineValues],
    phase: Array,
    phase_pupils: Mapping[str, tuple[str, ...]],
) -> dict[str, LineValues]:
    """Return the lines with each share of pupils turned into units, beside units given outright.

    ``text`` has the shares as they were written, in rows that ``order`` brings into the order of ``values``.
    """
    units = {name: one for name, one in values.items() if not name.startswith(PROPORTION_PREFIX)}
    for name in values.keys() - units.keys():
        line = name.removeprefix(PROPORTION_PREFIX)
        pupils = pupils_of(counted_in(line, phase_pupils), values, phase)
        shared = units_of_shares(text[name][order], values[name].presence, pupils)
        outright = values.get(UNITS_PREFIX + line)
        units[UNITS_PREFIX + line] = shared if outright is None else _either(outright, shared)
    return units


def _either(outright: LineValues, shared: LineValues) -> LineValues:
    """Return the units given outright where they are, those of the share elsewhere."""
    keep = (outright.presence == Presence.given) | (shared.presence == Presence.not_supplied)
    return LineValues(
        np.where(keep, outright.values, shared.values),
        np.where(keep, outright.presence, shared.presence).astype(np.int8),
    )


def counted_in(line: str, phase_pupils: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the columns of pupils that a line's share is taken of, by the end of its name.

    None where the rules count no pupils of that phase alone: a share of others would be too much.
    """
    known = phase_pupils or PHASE_PUPILS
    phases = {**PHASE_PUPILS, **known}
    phase = next((phase for phase in phases if phase != ALL and line.endswith(f"_{phase}")), ALL)
    return tuple(known.get(phase, ()))


def units_of_shares(shares: pl.Series, presence: Array, pupils: LineValues) -> LineValues:
    """Return units (millionths of a pupil) for shares of pupils as text.

    Rounded once, halves away from zero. Without the pupils there are no units, unless the share is
    0: none of any number of pupils is none.
    """
    known = presence.astype(np.int8)
    units = np.zeros(len(shares), np.int64)
    for row in np.flatnonzero(presence == Presence.given):
        share = _share(shares[int(row)])
        if share:
            known[row] = pupils.presence[row]
        if known[row] == Presence.given:
            units[row] = money.scaled(share, int(pupils.values[row]))
    return LineValues(units, known)


def _share(text: str | None) -> Decimal:
    """Return a share as it is written; a word for none, or a blank that means none, is 0."""
    cell = (text or "").strip()
    return exact_number(cell, percent=True) or Decimal(0)


def pupils_of(
    names: tuple[str, ...], columns: Mapping[str, LineValues], phase: Array
) -> LineValues:
    """Return the sum of some counts of pupils, not supplied where one that is needed is missing."""
    pupils = np.zeros(len(phase), np.int64)
    known = np.full(len(phase), Presence.not_supplied, np.int8)
    wanting = np.zeros(len(phase), bool)
    for name in names:
        needed = np.isin(
            phase,
            [int(one) for one, stages in _NEEDED.items() if name.rpartition("_")[2] in stages],
        )
        if name not in columns:
            wanting |= needed
            continue
        presence = columns[name].presence
        pupils += columns[name].values
        known[presence == Presence.given] = Presence.given
        wanting |= (needed & (presence == Presence.not_supplied)) | np.isin(presence, WITHHELD)
    known[wanting] = Presence.not_supplied
    return LineValues(pupils, known)
