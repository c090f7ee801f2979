"""The chart of a result: notional SEN by factor, from the figures printed under it."""

from markupsafe import Markup

from app.pages.forms import SchoolBudget
from app.pages.words import money
from engine.charts import Bar, bar_chart


def by_factor(budget: SchoolBudget) -> Markup:
    """Return notional SEN by factor as SVG."""
    bars = [Bar(share.label, share.pence, money(share.pence)) for share in budget.shares]
    description = f"{len(bars)} bars, one for each factor; the table below has the same figures."
    return bar_chart("by-factor-chart", "Notional SEN by factor", description, bars)
