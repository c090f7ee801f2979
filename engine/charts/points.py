"""Points by two measures, what each costs and what is to be small beside it; those that nothing beats are joined."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from engine.charts.picture import picture, rounds, share

HEIGHT, TOP, FOOT = 260, 28, 46
"""Pixels: of the field of points, of the words above it, and of those under it."""

LEFT, RIGHT = 110, 30
"""Thousandths of the width that are free at both sides of the outermost points; ticks have room at the left."""

CELLS = 250
"""Steps of the width among which points that would cover each other are drawn once."""


class Point(NamedTuple):
    """A point; those of the ``front`` are joined in the order in which they come, and a ``label`` is printed beside it."""

    x: int
    y: int
    front: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """What is measured along an axis, and how its numbers are printed."""

    title: str
    text: Callable[[int], str]


class _Scale(NamedTuple):
    low: int
    high: int

    def at(self, value: int, length: int) -> int:
        """Return how far along an axis a value is, out of a length."""
        wide = max(self.high - self.low, 1)
        return (value - self.low) * length // wide


def point_chart(
    name: str, title: str, description: str, points: Sequence[Point], axes: tuple[Axis, Axis]
) -> Markup:
    """Return points as SVG; the first axis goes across, the second upwards, from none unless all are far above it."""
    across = _wider([one.x for one in points])
    up = _upwards([one.y for one in points])
    parts = [*_grid(across, up, axes), *_drawn(points, across, up)]
    return picture(name, title, description, parts, TOP + HEIGHT + FOOT)


def _wider(values: Sequence[int]) -> _Scale:
    low, high = min(values), max(values)
    wide = max(high - low, 1)
    return _Scale(low - max(wide * LEFT // 1000, 1), high + max(wide * RIGHT // 1000, 1))


def _upwards(values: Sequence[int]) -> _Scale:
    """Return the scale upwards: from none, unless all values are far above it."""
    low, high = min(values), max(values)
    if low * 2 <= high:
        return _Scale(min(0, low), max(1, high))
    return _Scale(low - max((high - low) // 5, 1), high + 1)


def _x(scale: _Scale, value: int) -> str:
    return share(scale.at(value, 10_000), 10_000)


def _y(scale: _Scale, value: int) -> int:
    return TOP + HEIGHT - scale.at(value, HEIGHT - 10)


def _grid(across: _Scale, up: _Scale, axes: tuple[Axis, Axis]) -> Iterator[Markup]:
    yield Markup('<text class="app-chart__label" x="0" y="14">{}</text>').format(axes[1].title)
    for value in rounds(up.low, up.high):
        height = _y(up, value)
        yield Markup(
            '<line class="app-chart__line" x1="0" x2="100%" y1="{0}" y2="{0}"/>'
            '<text class="app-chart__tick" x="0" y="{1}">{2}</text>'
        ).format(height, height - 4, axes[1].text(value))
    foot = TOP + HEIGHT
    for value in rounds(across.low, across.high, 3):
        yield Markup(
            '<line class="app-chart__line" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>'
            '<text class="app-chart__tick" x="{0}" y="{3}" text-anchor="middle">{4}</text>'
        ).format(_x(across, value), foot, foot + 5, foot + 18, axes[0].text(value))
    yield Markup(
        '<text class="app-chart__label" x="100%" y="{}" text-anchor="end">{}</text>'
    ).format(foot + 40, axes[0].title)


def _drawn(points: Sequence[Point], across: _Scale, up: _Scale) -> Iterator[Markup]:
    seen = set()
    for one in points:
        where = (across.at(one.x, CELLS), up.at(one.y, HEIGHT // 3))
        if one.front or where in seen:
            continue
        seen.add(where)
        yield Markup('<circle class="app-chart__point" cx="{}" cy="{}" r="3"/>').format(
            _x(across, one.x), _y(up, one.y)
        )
    front = [one for one in points if one.front]
    for one, other in itertools.pairwise(front):
        yield Markup('<line class="app-chart__front" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(
            _x(across, one.x), _y(up, one.y), _x(across, other.x), _y(up, other.y)
        )
    for one in front:
        yield Markup(
            '<rect class="app-chart__best" x="{}" y="{}" width="8" height="8" transform="translate(-4,-4)"/>'
        ).format(_x(across, one.x), _y(up, one.y))
    for one in points:
        if one.label:
            yield _label(one, across, up)


def _label(one: Point, across: _Scale, up: _Scale) -> Markup:
    """Return the label of a point, on the side that has room for it."""
    on_right = across.at(one.x, 2) == 0
    return Markup(
        '<text class="app-chart__name" x="{}" y="{}" dx="{}" dy="{}" text-anchor="{}">{}</text>'
    ).format(
        _x(across, one.x), _y(up, one.y), 8 if on_right else -8, -8,
        "start" if on_right else "end", one.label,
    )  # fmt: skip
