"""The same figures under other rules: which rules fund the school's phase, and the answers that they ask for too."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from app.pages.answers import Answers
from app.pages.fields import Part
from app.pages.forms import Form
from app.pages.rule_lists import Choice
from app.pages.side_by_side import FIRST, SECOND
from app.pages.words import whose, whose_and_year
from engine.modules import phases_counted
from engine.rules import CompiledRules, unplaced_rules
from engine.vocabulary import SchoolPhase

TO, BESIDE = "to", "beside"
"""The names under which an address says which other rules were chosen, and that both results are to be seen together."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Answers under other rules: their address, and the labels of those that the other rules do not ask for."""

    whose: str
    address: str
    left_out: tuple[str, ...]
    beside: str
    """The address of both results side by side."""


def rules_to_choose(
    every: Iterable[CompiledRules], phase: SchoolPhase, besides: str
) -> list[Choice]:
    """Return the rules that fund a phase, by whose they are and the newest first, without those of an identifier."""
    found = [
        one.document
        for one in every
        if (formula := unplaced_rules(one).formula) is not None
        and phase in phases_counted(formula)
        and one.document.identifier != besides
    ]
    found.sort(key=lambda one: one.funding_year, reverse=True)
    found.sort(key=lambda one: (one.authority is not None, whose(one)))
    return [Choice(one.identifier, whose_and_year(one)) for one in found]


def moved(form: Form, other: Form) -> Moved:
    """Return a form's answers as other rules take them; ``other`` is their form for the same phase, without answers.

    Numbers tried in the rules stay behind. The authority goes with the answers to rules of none.
    """
    asked = {field.name for field in other.fields}
    kept = {name: text for name, text in form.answers.entries.items() if name in asked}
    left = [
        field.label for field in form.fields if field.name in form.answers.entries.keys() - kept
    ]
    document = other.rules.document
    own = None if document.authority is not None else form.la or None
    is_new = form.answers.is_new and bool(other.of(Part.last_year))
    answers: Answers = replace(
        form.answers,
        entries=kept,
        overrides=(),
        authority=own,
        is_new=is_new,
        letter={},
        known="",
    )
    address = f"/notional-sen/{document.identifier}?{answers.query(document.version)}"
    here = f"/notional-sen/{form.rules.document.identifier}?{form.query}"
    beside = f"/side-by-side?{urlencode({FIRST: here, SECOND: address})}"
    return Moved(whose_and_year(document), address, tuple(left), beside)
