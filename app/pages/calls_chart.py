"""The chart of a budget beside what it is expected to pay for, from the figures printed above it."""

from markupsafe import Markup

from app.pages.words import money
from engine.charts import Bar, bar_chart
from engine.expected_calls import CallsStatement


def calls_chart(calls: CallsStatement) -> Markup | None:
    """Return the budget and the expected costs as SVG; None where one of them is not known."""
    expected = calls.expected
    budget, support, plans = expected.budget, expected.sen_support, expected.plans
    if budget is None or support is None or plans is None:
        return None
    pairs = (
        ("Notional SEN budget", budget),
        ("Expected: SEN support", support),
        ("Expected: first part of EHC plans", plans),
    )
    bars = [Bar(label, pence, money(pence)) for label, pence in pairs]
    description = "3 bars: the budget and two expected costs; the table above has the same figures."
    return bar_chart(
        "calls-chart", "The budget and what it is expected to pay for", description, bars
    )
