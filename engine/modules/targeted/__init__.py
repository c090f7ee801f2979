"""Extra funding targeted at schools with many plans."""

from engine.modules.targeted.statement import (
    TargetedStatement,
    targeted_statement,
    targeted_statements,
)
from engine.modules.targeted.table import SchoolTargeted, TargetedModule
from engine.modules.targeted.valuation import SchoolCalls, TargetedAmount, value_targeted

TARGETED_FUNDING = TargetedModule()

__all__ = [
    "TARGETED_FUNDING",
    "SchoolCalls",
    "SchoolTargeted",
    "TargetedAmount",
    "TargetedStatement",
    "targeted_statement",
    "targeted_statements",
    "value_targeted",
]
