"""What a tariff covers: who has no price, and which prices, modifiers and bands no pupil can have.

It is worked out exactly, on the classes of answers that no condition of the profile tells apart. Where
their combinations are too many, the tariff's own conditions alone are looked at: what is then found is
so all the same, and less is found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import LEVEL_PREFIX
from engine.rules.assignment import assignment_grid
from engine.rules.bands import BandProfile, Combine, HitPolicy, Points
from engine.rules.compile_prices import conditions_of, tariff_grid
from engine.rules.equivalence_classes import EquivalenceClasses, classes_between
from engine.rules.grid import LARGEST, NONE, Conditions, Grid, build, frozen_grid
from engine.rules.inputs import Input
from engine.tables.combinations import MISSING
from engine.vocabulary import HIGHEST_YEAR_GROUP, LOWEST_YEAR_GROUP, PupilPhase, phase_of_year

MOST = 1 << 20
"""Combinations of classes that are looked at."""

YEARS = range(LOWEST_YEAR_GROUP, HIGHEST_YEAR_GROUP + 1)
PHASES = [int(phase) for phase in PupilPhase]
"""Every year group and phase: where rules read both, only those that go together are looked at."""

Attributes = Mapping[str, NDArray[np.int32]]


class Coverage(NamedTuple):
    """What of a profile is used by pupils who may be paid.

    grid       which price holds; ``gaps`` (its shape) where a pupil has none
    prices     (prices), modifiers (modifiers), bands (bands) whether any pupil has it
    """

    grid: Grid
    gaps: NDArray[np.bool_]
    prices: NDArray[np.bool_]
    modifiers: NDArray[np.bool_]
    bands: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PupilAnswers:
    """Combinations of answers of pupils, with the band of each."""

    attributes: Attributes
    band: NDArray[np.int32]

    def slots(self, grid: Grid) -> tuple[NDArray[np.int64], ...]:
        """Return the slot of each combination on each axis of a grid."""
        held = {**self.attributes, Input.band.value: self.band}
        return tuple(
            np.searchsorted(np.asarray(grid.edges_of(at)), held[name], side="right")
            for at, name in enumerate(grid.inputs)
        )

    def rows(self, grid: Grid) -> NDArray[np.int32]:
        """Return the row of a grid that decides for each combination."""
        place = np.zeros(len(self.band), np.int64)
        for axis, step in zip(self.slots(grid), grid.strides, strict=True):
            place += axis * int(step)
        return np.asarray(grid.answers[place], np.int32)

    def of(self, chosen: NDArray[np.bool_]) -> "PupilAnswers":
        """Return some of the combinations."""
        attributes = {name: held[chosen] for name, held in self.attributes.items()}
        return PupilAnswers(attributes, self.band[chosen])


def coverage_of(profile: BandProfile, pays_when: Conditions) -> Coverage:
    """Return what of a profile is used by pupils whom ``pays_when`` lets be paid."""
    tariff = profile.tariff
    grid = _with_every_band(tariff_grid(profile), len(profile.bands))
    modifiers = [
        build([conditions_of(one.band, one.when)], profile.bands, HitPolicy.first, "modifiers")
        for one in tariff.modifiers
    ]
    found = answers_between(profile, pays_when, (grid, *modifiers))
    if found is None:
        return _of_tariff_alone(profile, grid, modifiers)
    price = found.rows(grid)
    unpriced, priced = found.of(price == NONE), found.of(price > NONE)
    gaps = np.zeros(grid.shape, np.bool_)
    gaps[unpriced.slots(grid)] = len(unpriced.band) > 0
    return Coverage(
        grid,
        gaps,
        _present(price, len(tariff.prices)),
        np.asarray([bool((priced.rows(one) > NONE).any()) for one in modifiers], np.bool_),
        _present(found.band, len(profile.bands)),
    )


def _with_every_band(grid: Grid, bands: int) -> Grid:
    """Return a tariff's grid with a slot for each band on its first axis; as it is where that is too large."""
    name, answers = Input.band.value, grid.answers.reshape(grid.shape)
    at = grid.inputs.index(name) if name in grid.inputs else None
    others = [one for one in range(len(grid.inputs)) if one != at]
    if answers.size * (bands + 1) > LARGEST:
        return grid
    slots = np.zeros(1, np.int64)
    if at is None:
        answers = answers[np.newaxis]
    else:
        answers = np.moveaxis(answers, at, 0)
        slots = np.searchsorted(grid.edges_of(at), np.arange(bands), side="right")
    answers = answers[np.r_[0, np.broadcast_to(slots, bands)]]
    edges = [list(range(bands)), *(grid.edges_of(one) for one in others)]
    names = (name, *(grid.inputs[one] for one in others))
    return frozen_grid(names, edges, answers.shape, answers)


def _of_tariff_alone(profile: BandProfile, grid: Grid, modifiers: Sequence[Grid]) -> Coverage:
    """Return what can be said without looking at who is in which band: rows that earlier ones hide."""
    answers = grid.answers.reshape(grid.shape)
    gaps = answers == NONE
    for axis in range(len(grid.shape)):
        # Slot 0 of an input is "not supplied", which is not known and no gap.
        np.moveaxis(gaps, axis, 0)[0] = False
    return Coverage(
        grid,
        gaps,
        _present(answers.reshape(-1), len(profile.tariff.prices)),
        np.ones(len(modifiers), np.bool_),
        np.ones(len(profile.bands), np.bool_),
    )


def _present(held: NDArray[np.int32], length: int) -> NDArray[np.bool_]:
    found = np.zeros(length, np.bool_)
    found[np.unique(held[held > NONE])] = True
    return found


def answers_between(
    profile: BandProfile,
    pays_when: Conditions,
    priced: Sequence[Grid],
    authorities: Sequence[int] = (),
) -> PupilAnswers | None:
    """Return every combination of answers that leads to a band and may be paid; None where they are too many.

    ``authorities`` are those whose pupils are looked at, where any of the grids reads the authority.
    """
    assigned = assignment_grid(profile)
    funded = build([pays_when], profile.bands, HitPolicy.first, "pays_when")
    inputs = {name for grid in (assigned.grid, funded, *priced) for name in grid.inputs}
    both = {Input.phase.value, Input.year_group.value} <= inputs
    beside: dict[str, Sequence[int]] = (
        {Input.year_group.value: YEARS, Input.phase.value: PHASES} if both else {}
    )
    if Input.la.value in inputs:
        beside[Input.la.value] = authorities
    classes = classes_between((assigned.grid, funded, *priced), beside, MOST)
    if classes is None:
        return None
    possible = _possible(profile, classes)
    if Input.la.value in classes.names:
        held = classes.attributes[:, classes.names.index(Input.la.value)]
        possible &= np.isin(held, authorities)
    attributes = {name: classes.attributes[possible, at] for at, name in enumerate(classes.names)}
    no_band = np.full(int(possible.sum()), NONE, np.int32)
    row = PupilAnswers(attributes, attributes.get(Input.band.value, no_band)).rows(assigned.grid)
    band = np.where(row > NONE, assigned.band_of_row[np.maximum(row, 0)], NONE).astype(np.int32)
    every = PupilAnswers(attributes, band)
    return every.of((band > NONE) & (every.rows(funded) > NONE))


def _possible(profile: BandProfile, classes: EquivalenceClasses) -> NDArray[np.bool_]:
    """Return the combinations that a pupil may have, all supplied but for the band of a panel."""
    held = dict(zip(classes.names, classes.attributes.T, strict=True))
    possible = np.ones(len(classes.attributes), np.bool_)
    for name, values in held.items():
        if name != Input.band or not profile.assignment.panel_may_decide:
            possible &= values != MISSING
    if {Input.phase.value, Input.year_group.value} <= held.keys():
        years = np.clip(held[Input.year_group.value], LOWEST_YEAR_GROUP, HIGHEST_YEAR_GROUP)
        phase_of = np.asarray([int(phase_of_year(year)) for year in YEARS])
        possible &= phase_of[years - LOWEST_YEAR_GROUP] == held[Input.phase.value]
    conversion = profile.assignment.conversion
    if conversion is not None:
        given = [profile.bands.index(band) for band in conversion.values()]
        possible &= np.isin(held[Input.band.value], given)
    points = profile.assignment.points
    if points is not None and points.dimensions:
        edges = dict(zip(classes.names, classes.edges, strict=True))
        if Input.points.value in held:
            first = edges[Input.points.value]
            reached = np.searchsorted(first, sorted(_totals(points)), side="right") - 1
            possible &= np.isin(held[Input.points.value], np.asarray(first)[np.unique(reached)])
        for name, one in points.dimensions.items():
            if LEVEL_PREFIX + name in held:
                possible &= held[LEVEL_PREFIX + name] <= one.highest
    return possible


def _totals(points: Points) -> set[int]:
    """Return every number of points that levels can come to."""
    each = [
        {level * one.weight for level in range(one.highest + 1)}
        for one in points.dimensions.values()
    ]
    if points.combine is Combine.highest:
        least = max(min(one) for one in each)
        return {total for one in each for total in one if total >= least}
    totals = {0}
    for one in each:
        totals = {total + more for total in totals for more in one}
    return totals
