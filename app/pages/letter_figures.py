"""The figures of a letter or statement in an address: which line or total each is of, in pence."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.pages.answers import LETTER_PREFIX, UNREADABLE, Answers, Mistake, unasked
from app.pages.fields import Asks
from engine.letters import PrintedFigures, PrintedLine, StatementLabels
from engine.money import pounds
from engine.reading import pence_in
from engine.rules import CompiledFormula

NOTIONAL, FORMULA = f"{LETTER_PREFIX}notional", f"{LETTER_PREFIX}formula"
OF_LINES = {"amount": f"{LETTER_PREFIX}amount_", "notional": f"{LETTER_PREFIX}notional_"}
"""How the name of a line's figure begins, by which figure it is."""

HIGHEST = 10**12
"""Pence beyond which nothing of a school is, as in tables of schools."""

TOTALS = {NOTIONAL: "Notional SEN in the letter", FORMULA: "Formula funding in the letter"}


def letter_of(
    answers: Answers, formula: CompiledFormula | None
) -> tuple[PrintedFigures, list[Mistake]]:
    """Return the figures of a letter among a form's answers, and what is wrong with them.

    Figures of lines that the formula does not have for the school's phase are mistakes, as all that is not asked for.
    """
    lines: dict[str, PrintedLine] = {}
    totals: dict[str, int] = {}
    mistakes: list[Mistake] = []
    known = None
    if formula is not None and answers.phase is not None and answers.letter:
        known = StatementLabels(formula, answers.phase)
    for name, text in answers.letter.items():
        place = None if name in TOTALS else _line_and_kind(name)
        line = None if place is None or known is None else known.by_name(place[0])
        if name not in TOTALS and line is None:
            mistakes.append(unasked(name))
            continue
        pence = pence_in(text)
        if pence is None or abs(pence) > HIGHEST:
            label = TOTALS.get(name) or f"{'' if line is None else line.label}, in the letter,"
            mistakes.append(Mistake(f"{label} {UNREADABLE[Asks.pounds]}", name))
        elif place is None:
            totals[name] = pence
        else:
            before = lines.get(place[0], PrintedLine())
            # The name of the figure is that of its field.
            lines[place[0]] = (
                replace(before, amount=pence)
                if place[1] == "amount"
                else replace(before, notional=pence)
            )
    return PrintedFigures(lines, totals.get(FORMULA), totals.get(NOTIONAL)), mistakes


def _line_and_kind(name: str) -> tuple[str, str] | None:
    """Return the line that a field has a figure of, and which figure; None where it is of none."""
    for kind, prefix in OF_LINES.items():
        if name.startswith(prefix):
            return name.removeprefix(prefix), kind
    return None


def letter_entries(letter: PrintedFigures) -> dict[str, str]:
    """Return the figures of a letter as an address has them, the totals first."""
    return dict(_entries(letter))


def _entries(letter: PrintedFigures) -> Iterator[tuple[str, str]]:
    totals: Mapping[str, int | None] = {NOTIONAL: letter.notional, FORMULA: letter.formula}
    for name, pence in totals.items():
        if pence is not None:
            yield name, pounds(pence)
    for line, printed in letter.lines.items():
        for kind, pence in (("amount", printed.amount), ("notional", printed.notional)):
            if pence is not None:
                yield f"{OF_LINES[kind]}{line}", pounds(pence)
