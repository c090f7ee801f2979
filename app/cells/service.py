"""One number for one cell: published rules and a hypothetical case in, text out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from app.access import Asker
from app.cells.schemas import CellQuery
from app.rule_sets.service import rules_in_force
from engine.rules import CompiledRules

Q = TypeVar("Q", bound=CellQuery)


@dataclass(frozen=True, slots=True)
class Cell:
    """The number of a cell as text, and the rules that it follows from."""

    number: str
    rules: CompiledRules


def cell(
    asker: Asker,
    session: Session,
    rule_set: str,
    query: Q,
    number_of: Callable[[CompiledRules, Q], str],
) -> Cell:
    """Return the number that a query asks of the rules in force."""
    rules = rules_in_force(asker, session, rule_set, query.on, version=query.version)
    return Cell(number_of(rules, query), rules)
