"""The chart of a result: notional SEN by factor, from the figures printed under it."""

from markupsafe import Markup

from app.pages.forms import SchoolBudget
from app.pages.words import money
from engine.charts import Bar, bar_chart

MOST_BARS = 8


def by_factor(budget: SchoolBudget) -> Markup:
    """Return notional SEN by factor as SVG: the largest parts first, and the first eight alone."""
    every = sorted(budget.shares, key=lambda share: -abs(share.pence))
    bars = [Bar(one.label, one.pence, money(one.pence)) for one in every[:MOST_BARS]]
    of_all = "one for each factor" if len(bars) == len(every) else f"the largest of {len(every)}"
    description = f"{len(bars)} bars, {of_all}; the table below has every figure."
    return bar_chart("by-factor-chart", "Notional SEN by factor", description, bars)
