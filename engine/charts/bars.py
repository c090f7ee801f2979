"""A bar chart drawn as SVG text, from the figures printed under it.

Lengths are shares of the width and letters keep their size, so that nothing is cut off or
shrinks on a narrow screen or on paper.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from engine.charts.picture import picture

LINE, BAR, GAP = 20, 22, 14
LETTERS = 29
"""Letters of a line of a label, of usual width; a narrow screen has room for so many in a wide font."""

WIDTHS = {**dict.fromkeys("MWmw@%", 1.6), **dict.fromkeys("ijltfrI.,:;'|()[] ", 0.6)}
"""Letters that are wider or narrower than usual; other capitals take 1.25."""

WIDEST = 50
"""The longest bar in per cent of the width; the rest is for its figure, in tens of millions on a narrow screen."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its length, in one unit for all bars, and its figure as text."""

    label: str
    length: int
    figure: str


def bar_chart(name: str, title: str, description: str, bars: Sequence[Bar]) -> Markup:
    """Return horizontal bars as SVG, from the top, with a title and a description."""
    longest = max((abs(bar.length) for bar in bars), default=0) or 1
    parts, top = [], 0
    for bar in bars:
        drawn, top = _bar(bar, top, longest)
        parts.append(drawn)
    return picture(name, title, description, parts, top)


def _bar(bar: Bar, top: int, longest: int) -> tuple[Markup, int]:
    """Return one bar under its label, and where the next one starts."""
    lines = list(lines_of(bar.label))
    label = Markup().join(
        Markup('<tspan x="0" y="{}">{}</tspan>').format(top + LINE * at - 5, line)
        for at, line in enumerate(lines, start=1)
    )
    below = top + LINE * len(lines)
    # Tenths of a per cent, and a bar for even a penny.
    tenths = max(abs(bar.length) * WIDEST * 10 // longest, 3)
    kind = "app-chart__bar app-chart__bar--less" if bar.length < 0 else "app-chart__bar"
    drawn = Markup(
        '<text class="app-chart__label">{label}</text>'
        '<rect class="{kind}" x="0" y="{below}" width="{whole}.{part}%" height="{height}"/>'
        '<text class="app-chart__figure" x="100%" y="{middle}" text-anchor="end">{figure}</text>'
    ).format(
        label=label,
        kind=kind,
        below=below,
        whole=tenths // 10,
        part=tenths % 10,
        height=BAR,
        middle=below + BAR - 6,
        figure=escape(bar.figure),
    )
    return drawn, below + BAR + GAP


def lines_of(label: str) -> Iterator[str]:
    """Yield the lines of a label, by the width of its letters; a word that is longer than a line is broken.

    >>> list(lines_of("Free school meals, last six years (primary)"))
    ['Free school meals, last six years', '(primary)']
    """
    line = ""
    for word in label.split():
        together = f"{line} {word}".strip()
        if _width(together) <= LETTERS:
            line = together
            continue
        if line:
            yield line
        line = ""
        for letter in word:
            if _width(line + letter) > LETTERS:
                yield line
                line = ""
            line += letter
    if line:
        yield line


def _width(text: str) -> float:
    return sum(WIDTHS.get(one, 1.25 if one.isupper() else 1.0) for one in text)
