"""Answers to the form of a school's budget, of every question that a rule set asks of a phase."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from app.pages.answers import Answers
from app.pages.fields import PRIOR, Asks, Field, Part
from app.pages.forms import Form, SchoolBudget, budget_form
from engine.columns import AMOUNT_PREFIX, UNITS_PREFIX
from engine.explain import SheetPart
from engine.modules import example_authority, phases_counted
from engine.rules import CompiledRules
from engine.vocabulary import SchoolPhase
from tests.rule_library import compiled, with_part

BY_KIND = {
    Asks.units: "2",
    Asks.miles: "2.4",
    Asks.multiplier: "1.0156",
    Asks.whole: "3",
    Asks.percent: "12.5",
    Asks.pounds: "1250.37",
}
"""An answer to a question of each kind."""

KINDS = ((0, "1"), (1, "0.9"), (2, "1.2"))
"""Schools of a phase: how many pupils, and last year's budget beside this year's."""


def answers_of(form: Form, kind: int) -> dict[str, str]:
    """Return answers to every question of the formula, none of them to a question about last year's lines."""
    found = {}
    for at, field in enumerate(form.fields):
        if field.part in {Part.calls, Part.percentages}:
            continue
        found[field.name] = _answer(form, field, at, kind)
    return found


def _answer(form: Form, field: Field, at: int, kind: int) -> str:
    formula = form.rules.formula
    pupil_lines = () if formula is None else formula.pupil_lines
    if field.name.removeprefix(UNITS_PREFIX) in pupil_lines:
        return ("61.25", "412.5", "1007")[kind]
    if field.name == PRIOR[0]:
        return ("310000.55", "2450000", "4800000.15")[kind]
    if field.name == PRIOR[1]:
        return ("58.5", "430", "990.333333")[kind]
    if field.asks is Asks.pupils:
        return f"{at * 7 % 29 + 1}.{at * 104729 % 1000000:06d}"
    if field.asks is Asks.whole:
        return "3"
    return BY_KIND[field.asks]


def budget_of(rules: CompiledRules, phase: SchoolPhase, entries: dict[str, str]) -> Form:
    """Return the form of a school's budget with answers; empty ones are none."""
    authority = example_authority(rules, phase) if rules.document.authority is None else None
    answers = Answers(
        entries, phase, blanks_are_none=True,
        authority=None if authority is None else str(authority),
    )  # fmt: skip
    formula = rules.formula
    if formula is None:
        raise ValueError(rules.document.identifier)
    return budget_form(rules, formula, answers, sent=True)


def school_forms() -> list[tuple[str, SchoolPhase, int]]:
    """Return every rule set with a schools formula, each with the phases that it funds and the kinds of schools."""
    return [
        (name, phase, kind)
        for name in with_part("schools_formula")
        for phase in phases_counted(compiled(name).formula)
        for kind, _ in KINDS
    ]


def filled_form(name: str, phase: SchoolPhase, kind: int) -> Form:
    """Return the form of a school with every question answered."""
    rules = compiled(name)
    bare = budget_of(rules, phase, {})
    form = budget_of(rules, phase, answers_of(bare, kind))
    # What a question takes differs from rule set to rule set: an answer that it does not take is left out.
    wrong = {one.field for one in form.mistakes}
    left = {name: text for name, text in form.answers.entries.items() if name not in wrong}
    return form if not wrong else budget_of(rules, phase, left)


def changed_form(form: Form, changes: dict[str, str]) -> Form:
    """Return the form of the same school with some other answers."""
    if form.answers.phase is None:
        raise ValueError(form.rules.document.identifier)
    entries = {**form.answers.entries, **changes}
    return budget_of(form.rules, form.answers.phase, replace(form.answers, entries=entries).entries)


class Changes(NamedTuple):
    """Other counts of a school: in the cells of its sheet, by their rows, and as answers to its form."""

    cells: dict[int, float]
    answers: dict[str, str]


def other_counts(form: Form, parts: Iterable[SheetPart]) -> Changes:
    """Return another number for every cell of a sheet that a question of the form asks for."""
    if not isinstance(form.result, SchoolBudget):
        raise TypeError(form.rules.document.identifier)
    lines = {line.label: line.name for line in form.result.outcome.lines}
    asked = {field.name for field in form.fields}
    cells, answers = dict[int, float](), dict[str, str]()
    for part in parts:
        for place, row in enumerate(part.rows, start=part.row):
            prefix = AMOUNT_PREFIX if row.unit.is_money else UNITS_PREFIX
            name = f"{prefix}{lines.get(part.label, '')}"
            if not row.is_count or name not in asked or not isinstance(row.value, Fraction):
                continue
            now = Decimal(row.value.numerator) / row.value.denominator
            other = round(
                now * Decimal("1.37") + Decimal("0.123457"), 2 if row.unit.is_money else 6
            )
            # A line that changes within the year has its count once for each of its values.
            answers.setdefault(name, str(other))
            cells[place] = float(answers[name])
    return Changes(cells, answers)
