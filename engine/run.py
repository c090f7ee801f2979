"""Values tables under rules: from checked tables and compiled rules to an outcome."""

from dataclasses import dataclass

from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.valuation import value_schools
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.modules.top_ups.valuation import value_pupils
from engine.row_chunks import ONE_THREAD, Blocks
from engine.rules.compiled import CompiledRules
from engine.tables import PupilTable, SchoolTable

SEMANTICS = 1
"""Version of the arithmetic; a change that alters any penny raises it and keeps the old."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One evaluation of rules over tables; either part is None where rules or data lack it."""

    rules: CompiledRules
    notional: NotionalOutcome | None
    top_ups: TopUpOutcome | None

    def reconcile(self) -> None:
        """Raise ``NotReconciled`` unless every part adds to its total."""
        if self.notional is not None:
            self.notional.reconcile()
        if self.top_ups is not None:
            self.top_ups.reconcile()

    def __repr__(self) -> str:
        """Return under which rules."""
        return f"<Outcome under {self.rules!r}>"


def evaluate(
    rules: CompiledRules,
    schools: SchoolTable | None = None,
    pupils: PupilTable | None = None,
    *,
    blocks: Blocks = ONE_THREAD,
) -> Outcome:
    """Value schools and pupils under rules; pure, the same result for any division into blocks.

    Schools are valued where there is a school table and a schools formula; their units
    come from the school table and, where it has no column for a line, from the pupils.
    Raises ``PairRefused`` with every problem where rules and data do not fit, and
    ``NotReconciled`` where parts do not add to their total.
    """
    notional = top_ups = None
    if rules.formula is not None and schools is not None:
        notional = value_schools(rules, rules.formula, schools, pupils, blocks)
        notional.reconcile()
    if rules.top_ups is not None and pupils is not None:
        top_ups = value_pupils(rules, rules.top_ups, pupils, blocks)
    return Outcome(rules, notional, top_ups)
