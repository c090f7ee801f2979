"""What the school expects its notional SEN budget to meet, and what is left of it."""

from dataclasses import dataclass

from app.pages.answers import School
from app.pages.fields import PLANS, SEN_SUPPORT
from engine.calls import expected_calls
from engine.money import PENCE, scaled
from engine.rules.compiled import CompiledFormula
from engine.rules.values import Given
from engine.tables import SchoolTable


@dataclass(frozen=True, slots=True)
class Calls:
    """Expected calls on a budget, pence; None where a part is not known.

    ``left`` is headroom, or shortfall as a negative amount.
    """

    sen_support_pupils: int | None
    sen_support_cost: int | None
    sen_support: int | None
    plans: int | None
    threshold: int | None
    threshold_given: Given | None
    for_plans: int | None
    total: int | None
    left: int | None

    @property
    def asked_for(self) -> bool:
        """Return whether anything was said about calls."""
        return self.sen_support_pupils is not None or self.plans is not None


def calls_on(notional: int | None, formula: CompiledFormula, school: School) -> Calls:
    """Return the calls on a budget, pence; what is left is known where all its parts are."""
    pupils, plans = _whole(school.table, SEN_SUPPORT), _whole(school.table, PLANS)
    cost = 0 if pupils == 0 and school.sen_support_cost is None else school.sen_support_cost
    given = formula.threshold
    threshold = None if given is None else scaled(given.decimal, PENCE)
    support_known = pupils is not None and cost is not None
    plans_known = plans is not None and (threshold is not None or plans == 0)
    called = expected_calls(
        notional or 0,
        sen_support_pupils=(pupils or 0) if support_known else 0,
        sen_support_cost=cost or 0,
        plans=(plans or 0) if plans_known else 0,
        threshold=threshold or 0,
    )
    known = support_known and plans_known
    return Calls(
        sen_support_pupils=pupils,
        sen_support_cost=cost,
        sen_support=called.sen_support if support_known else None,
        plans=plans,
        threshold=threshold,
        threshold_given=given,
        for_plans=called.plans if plans_known else None,
        total=called.total if known else None,
        left=called.left if known and notional is not None else None,
    )


def _whole(table: SchoolTable, name: str) -> int | None:
    """Return a count of the register, or None where it is not given."""
    if name not in table.columns:
        return None
    held = int(table.columns[name][0])
    return None if held < 0 else held
