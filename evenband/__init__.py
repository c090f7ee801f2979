"""Evenband from Python: read rules and tables, value, compare and explain, to the penny.

    import evenband as eb

    rules = eb.read_rules("northumberland-2015-16")
    schools = eb.read_schools("schools.csv", rules)
    budgets = eb.value(rules, schools=schools)
    print(eb.explain(budgets, 140132))

Every name listed in ``__all__`` is typed and kept; the packages below it may change. Nothing of the
engine is loaded until one of the names is used. Money is pounds wherever it leaves this package: a
``Decimal``, or a column of decimals with two places. What is not known is ``None`` or null, never zero.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from evenband.packages import refuse_foreign

refuse_foreign()

if TYPE_CHECKING:
    __version__: str
    from engine.errors import PairRefused, Problem, Refusal, RuleRefused, TableRefused
    from evenband.allocations import (
        Allocation,
        value_high_needs_block,
        value_places,
        value_targeted_funding,
    )
    from evenband.candidate_runs import Candidates, candidates
    from evenband.cases import CaseResults, try_cases
    from evenband.comparison import Comparison, compare
    from evenband.explanation import Explanation
    from evenband.outcome import Outcome, value
    from evenband.rules import Rules, read_rules, rule_sets
    from evenband.search import seek
    from evenband.synthetic import Synthetic, synth
    from evenband.tables import Pupils, Schools, read_pupils, read_schools
    from evenband.workings import ChangeExplanation, explain

__all__ = [
    "Allocation",
    "Candidates",
    "CaseResults",
    "ChangeExplanation",
    "Comparison",
    "Explanation",
    "Outcome",
    "PairRefused",
    "Problem",
    "Pupils",
    "Refusal",
    "RuleRefused",
    "Rules",
    "Schools",
    "Synthetic",
    "TableRefused",
    "candidates",
    "compare",
    "explain",
    "read_pupils",
    "read_rules",
    "read_schools",
    "rule_sets",
    "seek",
    "synth",
    "try_cases",
    "value",
    "value_high_needs_block",
    "value_places",
    "value_targeted_funding",
]

_HOMES = {
    "engine.errors": ("PairRefused", "Problem", "Refusal", "RuleRefused", "TableRefused"),
    "evenband.allocations": (
        "Allocation",
        "value_high_needs_block",
        "value_places",
        "value_targeted_funding",
    ),
    "evenband.candidate_runs": ("Candidates", "candidates"),
    "evenband.cases": ("CaseResults", "try_cases"),
    "evenband.comparison": ("Comparison", "compare"),
    "evenband.explanation": ("Explanation",),
    "evenband.outcome": ("Outcome", "value"),
    "evenband.rules": ("Rules", "read_rules", "rule_sets"),
    "evenband.search": ("seek",),
    "evenband.synthetic": ("Synthetic", "synth"),
    "evenband.workings": ("ChangeExplanation", "explain"),
    "evenband.tables": ("Pupils", "Schools", "read_pupils", "read_schools"),
}
"""The module of each name, which is loaded when the name is first used."""

if not TYPE_CHECKING:

    def __getattr__(name):
        """Return a public name, from its module."""
        if name == "__version__":
            return import_module("importlib.metadata").version("evenband")
        for home, names in _HOMES.items():
            if name in names:
                found = getattr(import_module(home), name)
                globals()[name] = found
                return found
        message = f"module 'evenband' has no attribute {name!r}"
        raise AttributeError(message)

    def __dir__():
        """Return the public names, for ``dir()`` and completion."""
        return sorted([*__all__, "__version__"])
