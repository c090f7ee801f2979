"""One number for one cell: published rules and a hypothetical case in, text out, with what may be wrong of the case."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from app.access import Asker
from app.cells.refusals import OVERRIDE
from app.cells.schemas import CellQuery
from app.rule_sets.later import LaterRules
from app.rule_sets.service import later, rules_in_force
from engine.errors import OverrideRefused, Problem
from engine.modules import Module
from engine.rules import CompiledRules
from engine.rules.override import pair_of
from engine.rules.run_notes import run_notes

Q = TypeVar("Q", bound=CellQuery)
NOTHING = "none"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as text, and what may be wrong with the figures that it is worked out from."""

    number: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows, the rules that its number follows from, how many figures may be wrong, and how many notes the rules have.

    ``known`` is the day on whose knowledge of the rules it rests, and ``later`` what is used today in their place.
    """

    text: str
    rules: CompiledRules
    warnings: int
    notes: int
    known: str | None
    later: LaterRules | None


def cell(
    asker: Asker,
    session: Session,
    rule_set: str,
    query: Q,
    figure_of: Callable[[CompiledRules, Q], Figure],
    module: Module[Any, Any],
) -> Cell:
    """Return the number that a query asks of the rules in force, or what may be wrong with its figures, or notes on them.

    ``module`` is that which the number is of: notes are on the sections that it reads.
    """
    pairs = list(map(_pair, query.override))
    version, known = query.version, query.known
    rules = rules_in_force(asker, session, rule_set, query.on, pairs, version=version, known=known)
    figure = figure_of(rules, query)
    after = later(
        asker, session, rule_set, rules.document.version, on=query.on, version=version, known=known
    )
    notes = tuple(map(str, run_notes(rules, [module.name])))
    notes = notes if after is None else (after.sentence, *notes)
    asked = (*(figure.warnings if query.warnings else ()), *(notes if query.notes else ()))
    sentences = "; ".join(asked) or NOTHING
    text = figure.number if query.warnings is None and query.notes is None else sentences
    said = None if known is None else known.isoformat()
    return Cell(text, rules, len(figure.warnings), len(notes), said, after)


def _pair(text: str) -> tuple[str, str]:
    try:
        return pair_of(text)
    except ValueError as error:
        raise OverrideRefused([Problem(str(error), "override", place=OVERRIDE)]) from None
