"""Gaps of a grid in words: all combinations that no row covers, as few boxes, each with a counterexample."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.money import number
from engine.rules.grid import Grid, Interval, domain
from engine.rules.inputs import CODES, SCALES, Input

MOST_RANGES = 24
"""Ranges of one input that are written out; of more, those outside them are said."""

Slots = tuple[int, ...]
Box = tuple[Slots, ...]
"""Some slots of each axis of a grid: every combination of them is in the gap."""


def boxes_of(gaps: NDArray[np.bool_]) -> list[Box]:
    """Return boxes of slots that together are exactly a gap, and of which no two overlap.

    >>> boxes_of(np.asarray([[False, True], [False, True], [True, True]]))
    [((0, 1), (1,)), ((2,), (0, 1))]
    """
    if not gaps.any():
        return []
    if gaps.ndim <= 1:
        return [(tuple(np.flatnonzero(gaps).tolist()),)[: gaps.ndim]]
    rows = gaps.reshape(len(gaps), -1)
    different, which = np.unique(rows, axis=0, return_inverse=True)
    below = [boxes_of(one.reshape(gaps.shape[1:])) for one in different]
    alike: dict[int, list[int]] = {}
    for slot, row in enumerate(which.reshape(-1).tolist()):
        alike.setdefault(row, []).append(slot)
    return [(tuple(slots), *box) for row, slots in alike.items() for box in below[row]]


class Gap(NamedTuple):
    """A gap in words, by input: what is in it, and one value of each that is."""

    words: Mapping[str, str]
    example: Mapping[str, str]

    def without(self, name: str) -> "Gap":
        """Return the gap without one of its inputs."""
        words = {one: said for one, said in self.words.items() if one != name}
        return Gap(words, {one: said for one, said in self.example.items() if one != name})

    def __str__(self) -> str:
        """Return the gap as part of a sentence, such as ``setting special, score 50-59``."""
        return ", ".join(f"{name.replace('_', ' ')} {words}" for name, words in self.words.items())


def gap_of(
    grid: Grid,
    box: Box,
    bands: Sequence[str],
    covers: Mapping[str, Sequence[Interval]] | None = None,
) -> Gap:
    """Return a box of a grid in words; ``covers`` bounds the values that count, by default all.

    An input of which every value is in the box is left out.
    """
    words, example = {}, {}
    for at, name in enumerate(grid.inputs):
        edges = grid.edges_of(at)
        every = domain(name, len(bands))
        whole = list((covers or {}).get(name, [every]))
        spans = [_of_slot(edges, slot, every[1]) for slot in box[at] if slot]
        held = _within(spans, whole)
        example[name] = _value(name, held[0][0], bands)
        if held != _joined(whole) or covers is not None:
            words[name] = _words(name, held, whole, bands)
    return Gap(words, example)


def _of_slot(edges: list[int], slot: int, highest: int) -> Interval:
    return edges[slot - 1], edges[slot] - 1 if slot < len(edges) else highest


def _within(spans: Sequence[Interval], whole: Sequence[Interval]) -> list[Interval]:
    """Return the parts of spans that are within others, joined where they meet."""
    parts = [
        (max(low, first), min(high, last))
        for low, high in spans
        for first, last in whole
        if max(low, first) <= min(high, last)
    ]
    return _joined(parts)


def _joined(parts: Sequence[Interval]) -> list[Interval]:
    joined: list[Interval] = []
    for low, high in sorted(parts):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(high, joined[-1][1])
        else:
            joined.append((low, high))
    return joined


def _words(name: str, held: list[Interval], whole: Sequence[Interval], bands: Sequence[str]) -> str:
    """Return values in words; by those left out where that is shorter."""
    others = _others(held, _joined(whole))
    if name in CODES or name == Input.band:
        inside, outside = (_each(name, of, bands) for of in (held, others))
        shorter = outside and len(outside) < len(inside)
        return f"other than {' or '.join(outside)}" if shorter else " or ".join(inside)
    if len(held) <= MOST_RANGES:
        return " or ".join(_range(name, one) for one in held)
    return f"other than the {len(others):,} values or ranges that are named"


def _others(held: list[Interval], whole: list[Interval]) -> list[Interval]:
    """Return what of the whole is not held."""
    others = []
    for first, last in whole:
        low = first
        for one in held:
            if first <= one[0] <= last:
                if low < one[0]:
                    others.append((low, one[0] - 1))
                low = one[1] + 1
        if low <= last:
            others.append((low, last))
    return others


def _each(name: str, held: list[Interval], bands: Sequence[str]) -> list[str]:
    """Return codes or bands by name."""
    values = [one for low, high in held for one in range(low, high + 1)]
    if name == Input.band:
        return [bands[one] for one in values]
    known = {int(code) for code in CODES[Input(name)]}
    return [_value(name, one, bands) for one in values if one in known]


def _value(name: str, value: int, bands: Sequence[str]) -> str:
    if name == Input.band:
        return bands[value]
    if name in CODES:
        return CODES[Input(name)](value).name
    return number(value, SCALES.get(name, 1)) if SCALES.get(name, 1) > 1 else str(value)


def _range(name: str, held: Interval) -> str:
    low, high = held
    first = _value(name, low, ())
    if high >= domain(name, 0)[1]:
        return f"{first} or more"
    return first if low == high else f"{first}-{_value(name, high, ())}"
