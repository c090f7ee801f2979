"""What a notional SEN budget is expected to pay for, and what is left or lacking.

A school is expected to meet the costs of pupils on SEN support and, for each plan in
its mainstream part, the cost up to the high-needs threshold of the rule set.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExpectedCalls:
    """Calls on a notional SEN budget, pence; ``left`` is negative where the budget falls short."""

    notional: int
    sen_support: int
    plans: int

    @property
    def total(self) -> int:
        """Return all expected calls."""
        return self.sen_support + self.plans

    @property
    def left(self) -> int:
        """Return headroom, or shortfall as a negative amount."""
        return self.notional - self.total


def expected_calls(
    notional: int,
    *,
    sen_support_pupils: int,
    sen_support_cost: int,
    plans: int,
    threshold: int,
    assessed_costs: tuple[int, ...] | None = None,
    sen_support_figure: int | None = None,
) -> ExpectedCalls:
    """Return the calls on a budget; all money in pence.

    A school's own figure for SEN support replaces pupils times cost.
    Each plan calls for the threshold or, where ``assessed_costs`` are given (one for each
    plan), for its cost up to the threshold.

    >>> expected_calls(5_000_000, sen_support_pupils=20, sen_support_cost=80_000,
    ...     plans=3, threshold=60_000).left
    3220000
    """
    if assessed_costs is not None and len(assessed_costs) != plans:
        message = "needs one assessed cost for each plan"
        raise ValueError(message)
    met = (
        [threshold] * plans
        if assessed_costs is None
        else [min(cost, threshold) for cost in assessed_costs]
    )
    assumed = sen_support_pupils * sen_support_cost
    support = assumed if sen_support_figure is None else sen_support_figure
    return ExpectedCalls(notional, support, sum(met))
