"""What areas cost: a bar for the baseline, and on it a mark for each of a few candidates."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from engine.charts.picture import mark, picture, share

LINE, BAR, GAP = 18, 12, 10
WIDEST = 96
"""The highest figure in per cent of the width: a mark at it is drawn whole."""


class Area(NamedTuple):
    """An area: its name, what the baseline costs and what each candidate does, None where one is not shown."""

    name: str
    baseline: int | None
    candidates: Sequence[int | None]


def area_chart(name: str, title: str, description: str, areas: Sequence[Area]) -> Markup:
    """Return a bar and its marks for each area, all to one scale from none."""
    figures = [
        one for area in areas for one in (area.baseline, *area.candidates) if one is not None
    ]
    most = max([*figures, 1])
    each = LINE + BAR + GAP
    parts = [_row(area, at * each, most) for at, area in enumerate(areas)]
    return picture(name, title, description, parts, len(areas) * each)


def _row(area: Area, top: int, most: int) -> Markup:
    below = top + LINE
    parts = [
        Markup('<text class="app-chart__label" x="0" y="{}">{}</text>').format(top + 13, area.name)
    ]
    if area.baseline is not None:
        parts.append(
            Markup('<rect class="app-chart__base" x="0" y="{}" width="{}" height="{}"/>').format(
                below, _share(area.baseline, most), BAR
            )
        )
    parts += [
        mark(series, _share(figure, most), below + BAR // 2)
        for series, figure in enumerate(area.candidates)
        if figure is not None
    ]
    return Markup().join(parts)


def _share(figure: int, most: int) -> str:
    return share(max(figure, 0) * WIDEST, most * 100)


def mark_key(baseline: str, candidates: Sequence[str]) -> Markup:
    """Return what the bar and each mark are of, as a list."""
    bar = Markup(
        '<svg width="28" height="14" aria-hidden="true"><rect class="app-chart__base" x="0" y="1" width="28" height="12"/></svg>'
    )
    items = [Markup("<li>{}{}</li>").format(bar, baseline)]
    for series, name in enumerate(candidates):
        drawn = Markup('<svg width="16" height="14" aria-hidden="true">{}</svg>').format(
            mark(series, "50%", 7)
        )
        items.append(Markup("<li>{}{}</li>").format(drawn, name))
    return Markup('<ul class="key">{}</ul>').format(Markup().join(items))
