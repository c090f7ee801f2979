"""What all charts share: the frame with its title and description, marks of several shapes, and round numbers on an axis."""

from collections.abc import Sequence

from markupsafe import Markup

MARKS = ("circle", "square", "triangle")
"""The shape of each of a few series: they differ without their colours too."""

_SHAPES = {
    "circle": Markup('<circle class="app-chart__mark--{0}" cx="{1}" cy="{2}" r="5.5"/>'),
    "square": Markup(
        '<rect class="app-chart__mark--{0}" x="{1}" y="{2}" width="10" height="10" transform="translate(-5,-5)"/>'
    ),
}
_TRIANGLE = Markup(
    '<svg class="app-chart__part" x="{1}" y="{2}"><path class="app-chart__mark--{0}" d="M0,-7L6.5,5H-6.5Z"/></svg>'
)
LEADS = (1, 2, 5)
"""First figures of the steps of an axis."""


def picture(
    name: str, title: str, description: str, parts: Sequence[Markup], height: int
) -> Markup:
    """Return an SVG of the whole width with a title and a description."""
    return Markup(
        '<svg class="app-chart" role="img" width="100%" height="{height}" '
        'aria-labelledby="{name}-title {name}-description" focusable="false">'
        '<title id="{name}-title">{title}</title>'
        '<desc id="{name}-description">{description}</desc>{parts}</svg>'
    ).format(
        name=name, title=title, description=description, height=height, parts=Markup().join(parts)
    )


def mark(series: int, across: str, down: int) -> Markup:
    """Return the mark of a series (from 0) at a share of the width and a height in pixels."""
    shape = MARKS[series % len(MARKS)]
    return _SHAPES.get(shape, _TRIANGLE).format(shape, across, down)


def share(part: int, whole: int) -> str:
    """Return a share of the width in per cent, to a hundredth.

    >>> share(1, 3)
    '33.33%'
    """
    hundredths = 0 if whole == 0 else part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def rounds(low: int, high: int, most: int = 4) -> range:
    """Return round whole numbers on an axis from ``low`` to ``high``, at most ``most`` of them and one.

    >>> list(rounds(97, 127)), list(rounds(0, 0))
    ([100, 110, 120], [0])
    """
    steps = (lead * 10**power for power in range(19) for lead in LEADS)
    step = next(one for one in steps if (high - low) // one <= most)
    first = -(-low // step) * step
    return range(first, high + 1, step)
