"""A school's budget beside what a letter says of it: what is sent, and what is answered.

Money is pounds as text, and null means not known, or not printed, never zero.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from sqlalchemy.orm import Session

from app.access import Asker
from app.what_ifs.answers import EngineUsed, RulesUsed, TableNotice
from app.what_ifs.formatting import As, Of, Pounds, Record, answer
from app.what_ifs.rules import ENGINE, refuse_without_percentages, rules_of, rules_used
from app.what_ifs.schemas import LetterFigures, LetterRequest
from app.what_ifs.valuation import unused, value_schools
from engine.letters import (
    Cause,
    PrintedFigures,
    PrintedLine,
    change_words,
    check_letter,
    headline,
    paragraph,
    value_text,
)
from engine.modules import SCHOOL_FORMULA
from engine.money import pence
from engine.notices import of_every_table


@dataclass(frozen=True, slots=True)
class FigureBeside:
    """A figure worked out, that of the letter, and by how much the letter's is above it."""

    ours: Pounds | None
    theirs: Pounds | None
    difference: Annotated[Pounds | None, Of("pence")]


@dataclass(frozen=True, slots=True)
class LineBeside:
    """A line or an adjustment, or several lines that the letter prints together: its amount, and its notional SEN."""

    part: Annotated[str, Of("name")]
    label: str
    amount: FigureBeside
    notional: FigureBeside


@dataclass(frozen=True, slots=True)
class LetterCause:
    """A change of one input: `units`, `unit_value`, `percentage`, `swap`, `left_out` or `protection`.

    ``before`` and ``after`` are the input here and in the letter, as text: a number, pounds or percent. ``explains`` is
    what the change adds to notional SEN, ``of_formula`` what it adds to formula funding. ``is_exact`` where every figure
    that the letter prints is then the same. ``rank`` is 1 for the simplest.
    """

    kind: Annotated[str, Of("change.kind"), As(str)]
    lines: Annotated[tuple[str, ...], Of("change.lines")]
    labels: Annotated[tuple[str, ...], Of("change.labels")]
    before: str
    after: str
    explains: Pounds
    of_formula: Pounds
    is_exact: bool
    rank: int
    sentence: str


@dataclass(frozen=True, slots=True)
class LetterAnswer:
    """A school's budget beside a letter; ``unexplained`` is what is left of the gap by the causes listed.

    ``unknown`` are names of the letter that the school's budget does not have. ``is_whole`` where each cause alone explains
    every difference. ``paragraph`` are words to send to the authority, empty where nothing differs.
    """

    rules: RulesUsed
    engine: EngineUsed
    notices: tuple[TableNotice, ...]
    headline: str
    is_same: bool
    gap: Pounds | None
    notional: FigureBeside
    formula: FigureBeside
    lines: tuple[LineBeside, ...]
    unknown: tuple[str, ...]
    causes: tuple[LetterCause, ...]
    is_whole: bool
    unexplained: Pounds | None
    paragraph: str


def letter_beside(asker: Asker, session: Session, request: LetterRequest) -> Record:
    """Return a school's budget beside the figures of a letter."""
    rules = rules_of(asker, session, request)
    refuse_without_percentages(rules)
    outcome = value_schools(rules, [request.school], request.absent_lines, request, "body.school")
    check = check_letter(outcome, 0, printed_of(request.letter))
    notices = (
        *unused(request.habits(), [request.school]),
        *of_every_table([outcome.notices]),
    )
    name = check.statement.name
    words = {
        "headline": headline(check.comparison),
        "paragraph": paragraph(check, rules.document, name),
    }
    comparison = check.comparison
    return answer(
        LetterAnswer,
        {
            "is_same": comparison.is_same, "gap": comparison.gap, "notional": comparison.notional,
            "formula": comparison.formula, "lines": comparison.lines, "unknown": comparison.unknown,
            "is_whole": check.is_whole, "unexplained": check.unexplained, **words,
        },
        rules=rules_used(asker, session, rules, request, [SCHOOL_FORMULA.name]),
        engine=ENGINE,
        notices=[one.record() for one in notices],
        causes=list(_causes(check.causes)),
    )  # fmt: skip


def printed_of(letter: LetterFigures) -> PrintedFigures:
    """Return the figures of a letter in pence."""
    lines = {
        name: PrintedLine(amount=_pence(line.amount), notional=_pence(line.notional))
        for name, line in letter.lines.items()
    }
    return PrintedFigures(lines, _pence(letter.formula), _pence(letter.notional))


def _pence(text: str | None) -> int | None:
    return None if text is None else pence(text)


def _causes(causes: tuple[Cause, ...]) -> Iterator[Record]:
    for one in causes:
        change = one.change
        yield answer(
            LetterCause,
            one,
            before=value_text(change, change.before),
            after=value_text(change, change.after),
            sentence=change_words(change),
        )
