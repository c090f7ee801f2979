"""A waterfall: a first total, what each step adds or takes away, and the total that they lead to."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup

from engine.charts.bars import BAR, GAP, LINE, lines_of
from engine.charts.picture import picture, share

WIDE = 62
"""How much of the width, in per cent, is for bars; figures are beyond it."""

CUT = 2
"""Where every total is more than so many times what the steps span, the scale does not start from none."""


class WaterfallStep(NamedTuple):
    """A step: by how much it changes what is there, in one unit for all, and that as text."""

    label: str
    change: int
    figure: str


class Waterfall(NamedTuple):
    """A chart, and what its scale starts from: 0, or more where all totals are far above their changes."""

    drawn: Markup
    start: int


def waterfall(
    name: str,
    title: str,
    totals: tuple[WaterfallStep, WaterfallStep],
    steps: Sequence[WaterfallStep],
) -> Waterfall:
    """Return a waterfall from top to bottom as SVG; ``change`` of a total is the whole of it, and steps add to their difference."""
    heights = [totals[0].change]
    for one in steps:
        heights.append(heights[-1] + one.change)
    low, high = min(heights), max(heights)
    span = max(high - low, 1)
    start = low - span // CUT - 1 if low > CUT * span else min(low, 0)
    rows = [
        (totals[0], start, heights[0], "total"),
        *(
            (one, before, after, "less" if one.change < 0 else "more")
            for one, (before, after) in zip(steps, pairwise(heights), strict=True)
        ),
        (totals[1], start, totals[1].change, "total"),
    ]
    parts, top = [], 0
    for at, (one, first, last, kind) in enumerate(rows):
        is_last = at == len(rows) - 1
        scale = (start, max(high - start, 1))
        drawn, top = _row(one, (first, last), kind, top, scale, joins=not is_last)
        parts += drawn
    description = (
        f"{len(rows)} bars from the first total to the last; the table below has the same figures."
    )
    return Waterfall(picture(name, title, description, parts, top), start)


def _row(
    one: WaterfallStep,
    ends: tuple[int, int],
    kind: str,
    top: int,
    scale: tuple[int, int],
    *,
    joins: bool,
) -> tuple[list[Markup], int]:
    """Return a bar under its label, with the line that leads to the next bar, and where that one starts."""
    lines = list(lines_of(one.label))
    label = Markup().join(
        Markup('<tspan x="0" y="{}">{}</tspan>').format(top + LINE * at - 5, line)
        for at, line in enumerate(lines, start=1)
    )
    below = top + LINE * len(lines)
    left, right = (_along(end, scale) for end in sorted(ends))
    parts = [
        Markup('<text class="app-chart__label">{}</text>').format(label),
        Markup('<rect class="app-chart__{}" x="{}" y="{}" width="{}" height="{}"/>').format(
            _CLASSES[kind], share(left, 10_000), below, share(max(right - left, 30), 10_000), BAR
        ),
        Markup(
            '<text class="app-chart__figure" x="100%" y="{}" text-anchor="end">{}</text>'
        ).format(below + BAR - 6, one.figure),
    ]
    end = below + BAR + GAP
    if joins:
        at = share(_along(ends[1], scale), 10_000)
        parts.append(
            Markup('<line class="app-chart__join" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>').format(
                at, below + BAR, end
            )
        )
    return parts, end


_CLASSES = {
    "total": "total",
    "more": "bar",
    "less": "bar app-chart__bar--less",
}


def _along(value: int, scale: tuple[int, int]) -> int:
    """Return how far along the chart a value is, in hundredths of a per cent of the width."""
    start, wide = scale
    return (value - start) * WIDE * 100 // wide
