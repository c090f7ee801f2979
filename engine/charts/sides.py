"""Two numbers of each row on two sides of one line: losers to the left, winners to the right."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from engine.charts.picture import picture, share

LINE, BAR, GAP, HEAD = 20, 16, 12, 24
HALF = 36
"""The longest bar in per cent of the width: its figure stands beyond it."""


class Sides(NamedTuple):
    """A row: its label, two numbers, None where one is not shown, and their texts."""

    label: str
    left: int | None
    right: int | None
    texts: tuple[str, str]


def sides_chart(
    name: str, title: str, description: str, heads: tuple[str, str], rows: Sequence[Sides]
) -> Markup:
    """Return bars to both sides of a line in the middle, under the words of each side."""
    longest = max((one or 0 for row in rows for one in (row.left, row.right)), default=0)
    height = HEAD + len(rows) * (LINE + BAR + GAP)
    parts = [
        Markup(
            '<text class="app-chart__name" x="49%" y="14" text-anchor="end">{}</text>'
            '<text class="app-chart__name" x="51%" y="14">{}</text>'
        ).format(*heads)
    ]
    parts += [_row(row, HEAD + at * (LINE + BAR + GAP), longest) for at, row in enumerate(rows)]
    parts.append(
        Markup('<line class="app-chart__axis" x1="50%" x2="50%" y1="{}" y2="{}"/>').format(
            HEAD - 4, height - GAP + 4
        )
    )
    return picture(name, title, description, parts, height)


def _row(row: Sides, top: int, longest: int) -> Markup:
    left, right = (HALF * (one or 0) * 100 // max(longest, 1) for one in (row.left, row.right))
    below = top + LINE
    return Markup(
        '<text class="app-chart__label" x="0" y="{label_y}">{label}</text>'
        '<rect class="app-chart__bar app-chart__bar--less" x="{from_}" y="{below}" width="{left}" height="{height}"/>'
        '<rect class="app-chart__bar" x="50%" y="{below}" width="{right}" height="{height}"/>'
        '<text class="app-chart__figure" x="{from_}" dx="-5" y="{middle}" text-anchor="end">{less}</text>'
        '<text class="app-chart__figure" x="{to}" dx="5" y="{middle}">{more}</text>'
    ).format(
        label=row.label,
        label_y=top + 14,
        from_=share(5000 - left, 10_000),
        to=share(5000 + right, 10_000),
        left=share(left, 10_000),
        right=share(right, 10_000),
        below=below,
        height=BAR,
        middle=below + BAR - 3,
        less=row.texts[0],
        more=row.texts[1],
    )
