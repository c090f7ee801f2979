"""What rules of funding bring about: who gains where money is shared otherwise, and how long a fair transition takes.

These methods read figures and priced outcomes and change none: amounts stay whole pence, and what is worked out in between
flows back into no rule.
"""

from engine.policy.allocation import (
    Allocation,
    Claim,
    GamingResponse,
    allocate,
    one_more_unit,
    with_gaming,
)
from engine.policy.convergence import (
    Limits,
    Path,
    Shortfall,
    YearOfPath,
    cost_without_losses,
    path,
    years_to_target,
)
from engine.policy.shares import largest_remainder

__all__ = [
    "Allocation",
    "Claim",
    "GamingResponse",
    "Limits",
    "Path",
    "Shortfall",
    "YearOfPath",
    "allocate",
    "cost_without_losses",
    "largest_remainder",
    "one_more_unit",
    "path",
    "with_gaming",
    "years_to_target",
]
