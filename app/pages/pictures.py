"""The chart of a result: the figures of the table below it, as bars."""

from markupsafe import Markup

from app.pages.chart import Bar, bar_chart
from app.pages.result import Result
from app.pages.words import money


def by_factor(result: Result) -> Markup:
    """Return notional SEN by factor as SVG."""
    bars = [Bar(share.label, share.pence, money(share.pence)) for share in result.shares]
    description = f"{len(bars)} bars, one for each factor; the table below has the same figures."
    return bar_chart("by-factor-chart", "Notional SEN by factor", description, bars)
