"""Pupils to the combinations on which a profile's rules are worked out."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.cache import Cache
from engine.kernels.codes import Contribution
from engine.modules.top_ups.bands import band_attributes
from engine.row_chunks import Blocks
from engine.rules.compiled import CompiledTopUps
from engine.rules.equivalence_classes import EquivalenceClasses
from engine.rules.grid import NONE
from engine.rules.inputs import Input
from engine.tables import MISSING, NO_SCHOOL, Combinations, Pupils, frozen
from engine.tables.combinations import NARROW, codes_of, missing_of

Attributes = dict[str, NDArray[np.int32]]
FEW = 1_000
"""Classes that are worked out for every table."""

LATEST = 2
"""Sets of classes by which a table's pupils stay told apart: other prices leave the classes as they are."""

HIGHEST_CODE = int(np.iinfo(np.int16).max)


class Combined(NamedTuple):
    """Each pupil's combination, and each combination's attributes with points summed.

    ``by_classes`` where the combinations are the profile's own and not those of the pupils.
    """

    combinations: Combinations
    attributes: Attributes
    by_classes: bool


def combined(top_ups: CompiledTopUps, pupils: Pupils, blocks: Blocks) -> Combined:
    """Return the combinations that matter to a profile: its classes, or what its pupils have.

    A profile whose classes are few is worked out once for each; where they are many, as with a
    rate for each of many levels, or where pupils are few, the combinations that occur are fewer.
    """
    classes = top_ups.classes
    if classes is None or len(pupils) < len(classes.attributes) - FEW:
        combinations = pupils.combinations(top_ups.columns)
        return Combined(
            combinations, band_attributes(top_ups, pupils, combinations), by_classes=False
        )
    read_as = (top_ups.bands, top_ups.labels, top_ups.label_bands, top_ups.dimensions)
    key = (classes.names, classes.edges, read_as, top_ups.highest_decides)
    latest = pupils.cache.get("class of each pupil", Cache, LATEST)
    combination = latest.get(key, _combination, top_ups, classes, pupils, blocks)
    combinations = Combinations(classes.names, combination, classes.attributes)
    names = {name: at for at, name in enumerate(classes.names)}
    return Combined(
        combinations,
        {name: np.ascontiguousarray(classes.attributes[:, at]) for name, at in names.items()},
        by_classes=True,
    )


def _combination(
    top_ups: CompiledTopUps, classes: EquivalenceClasses, pupils: Pupils, blocks: Blocks
) -> NDArray[np.int32]:
    narrow: list[Contribution] = []
    wide: list[NDArray[np.int32]] = []
    left = set(classes.names)
    for common in pupils.narrow_of(classes.names):
        covered, held = left & set(common.names), common.values()
        parts = sum(classes.contribution(name, held[name]).astype(np.int64) for name in covered)
        narrow.append(Contribution(common.combination, 0, np.r_[0, parts]))
        left -= covered
    for name in sorted(left):
        found = _contribution(top_ups, classes, name, pupils)
        if isinstance(found, Contribution):
            narrow.append(found)
        else:
            wide.append(found)
    return frozen(sum(wide, codes_of(narrow, len(pupils), blocks)))


def _contribution(
    top_ups: CompiledTopUps, classes: EquivalenceClasses, name: str, pupils: Pupils
) -> Contribution | NDArray[np.int32]:
    """Return what one input adds to each pupil's position: by its values, or pupil by pupil."""
    if name == Input.band:
        bands = np.r_[MISSING, _bands(top_ups, pupils)]
        return Contribution(pupils.columns["band"], 0, classes.contribution(name, bands))
    if name == Input.urn:
        urn = np.where(pupils.placement_urn == NO_SCHOOL, MISSING, pupils.placement_urn)
        return np.repeat(classes.contribution(name, urn), np.diff(pupils.offsets))
    if name == Input.la:
        return np.repeat(classes.contribution(name, pupils.placement_la), np.diff(pupils.offsets))
    value = _value(top_ups, name, pupils)
    if value.dtype.itemsize > NARROW:
        return classes.contribution(name, np.where(value < 0, MISSING, value))
    lowest = _lowest(name)
    held = np.arange(lowest, int(value.max(initial=lowest)) + 1)
    return Contribution(value, lowest, classes.contribution(name, np.r_[MISSING, held]))


def _value(top_ups: CompiledTopUps, name: str, pupils: Pupils) -> NDArray[np.signedinteger]:
    if name == Input.points and top_ups.dimensions:
        return points_of(top_ups, pupils)
    return pupils.column(name)


def _lowest(name: str) -> int:
    """Return a number below which a column holds nothing but what is not supplied."""
    missing = missing_of(name)
    return 0 if missing is None else max(missing + 1, -HIGHEST_CODE // 4)


def _bands(top_ups: CompiledTopUps, pupils: Pupils) -> NDArray[np.int32]:
    """Return the profile's band of each label in the table."""
    positions = [top_ups.bands.index(band) for band in top_ups.label_bands]
    known = dict(zip(top_ups.labels, positions, strict=True))
    return np.asarray([known.get(label, NONE) for label in pupils.labels], np.int32)


def points_of(top_ups: CompiledTopUps, pupils: Pupils) -> NDArray[np.int16]:
    """Return the points of each pupil's levels; negative where a level is not supplied."""
    points, absent = np.zeros(len(pupils), np.int64), np.zeros(len(pupils), bool)
    together = np.maximum if top_ups.highest_decides else np.add
    for name, weight, _ in top_ups.dimensions:
        level = pupils.columns[name]
        absent |= level < 0
        points = together(points, weight * np.maximum(level, 0).astype(np.int64))
    return np.where(absent, -1, np.minimum(points, HIGHEST_CODE)).astype(np.int16)
