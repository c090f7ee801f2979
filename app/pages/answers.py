"""The answers typed into the form, read as the engine reads a school's row."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from app.pages.fields import SEN_SUPPORT_COST, Asks, Field
from app.pages.words import money
from engine.columns import ColumnSelection
from engine.errors import Problem, Refusal
from engine.money import pence
from engine.reading import records, school_table
from engine.table_checks import plain_name
from engine.tables import SchoolTable
from engine.vocabulary import ABSENT_SYMBOLS, SchoolPhase

PHASE, VERSION, BLANKS, NONE = "phase", "version", "blanks", "none"
THIS_SCHOOL = 1
"""Number of the one school of the page, which the page does not ask for."""

HIGHEST_COST = 100_000_000
_POUNDS = re.compile(r"£?([0-9]{1,9}|[0-9]{1,3}(,[0-9]{3}){1,2})(\.[0-9]{1,2})?")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_UNREADABLE = {
    Asks.pupils: "must be a number such as 31 or 31.5",
    Asks.units: "must be a number such as 2 or 0.5",
    Asks.miles: "must be a number of miles such as 2.4",
    Asks.multiplier: "must be a multiplier such as 1.0156",
    Asks.whole: "must be a whole number such as 31",
    Asks.pounds: "must be an amount in pounds such as 1250 or 1,250.50",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with an answer; ``field`` is None where no question has the fault."""

    sentence: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to the form as text, without those left empty.

    ``blanks_are_none`` treats empty answers as 0, not as unknown.
    """

    phase: SchoolPhase
    given: Mapping[str, str]
    blanks_are_none: bool = False

    def query(self, version: int) -> str:
        """Return the answers as an address holds them, with the exact version of the rules."""
        blanks = [(BLANKS, NONE)] if self.blanks_are_none else []
        told = [(PHASE, self.phase.name), (VERSION, str(version))]
        return urlencode([*told, *self.given.items(), *blanks])


@dataclass(frozen=True, slots=True)
class School:
    """Answers that could be read: the school's row, and pence for a pupil on SEN support."""

    table: SchoolTable
    sen_support_cost: int | None


def taken(phase: SchoolPhase, sent: Sequence[tuple[str, str]]) -> Answers:
    """Return the answers among what was sent, whose names are each given once."""
    held = {name: text.strip() for name, text in sent if name not in {PHASE, VERSION}}
    blanks = held.pop(BLANKS, "") == NONE
    return Answers(phase, {name: text for name, text in held.items() if text}, blanks)


def read(
    answers: Answers, fields: Sequence[Field], wanted: ColumnSelection
) -> School | list[Mistake]:
    """Return the school that answers describe, or every mistake in them."""
    asked = {field.name: field for field in fields}
    mistakes = [unasked(name) for name in answers.given if name not in asked]
    mistakes += symbols_in(answers, asked)
    row = {
        name: without_commas(text)
        for name, text in answers.given.items()
        if name in asked and name != SEN_SUPPORT_COST
    }
    cost = pounds_in(answers, asked[SEN_SUPPORT_COST], HIGHEST_COST, mistakes)
    frame = records([{"urn": THIS_SCHOOL, PHASE: answers.phase.name, **row}])
    try:
        table = school_table(frame, wanted)
    except Refusal as refusal:
        return in_order([*mistakes, *mistakes_of(refusal.problems, asked)], fields)
    return in_order(mistakes, fields) if mistakes else School(table, cost)


def symbols_in(answers: Answers, asked: Mapping[str, Field]) -> list[Mistake]:
    """Return a mistake for each symbol with which a table says why a cell is empty; a box is left empty."""
    return [
        mistake(asked[name], "unreadable", "")
        for name, text in answers.given.items()
        if name in asked and name != SEN_SUPPORT_COST and text in ABSENT_SYMBOLS
    ]


def pounds_in(answers: Answers, field: Field, highest: int, mistakes: list[Mistake]) -> int | None:
    """Return pence for an answer in pounds, None where there is none or it is added to the mistakes."""
    written = answers.given.get(field.name)
    if written is None:
        return None
    given = pounds_written(written)
    if given is None:
        mistakes.append(mistake(field, "unreadable", ""))
    elif given > highest:
        mistakes.append(mistake(field, "out-of-range", f"must be at most {money(highest)}"))
    return given


def pounds_written(text: str) -> int | None:
    """Return pence for pounds as people type them, or None.

    >>> pounds_written("£1,250.50"), pounds_written("1250"), pounds_written("12.345")
    (125050, 125000, None)
    """
    if _POUNDS.fullmatch(text) is None:
        return None
    return pence(text.removeprefix("£").replace(",", ""))


def without_commas(text: str) -> str:
    """Return a number whose thousands are apart as the engine reads it, and any other text unchanged.

    >>> without_commas("1,210"), without_commas("1,250.50"), without_commas("12,10"), without_commas("£1,250")
    ('1210', '1250.50', '12,10', '£1,250')
    """
    return text if _THOUSANDS.fullmatch(text) is None else text.replace(",", "")


def mistakes_of(problems: Sequence[Problem], asked: Mapping[str, Field]) -> list[Mistake]:
    """Return the engine's problems in the words of the form."""
    return [
        mistake(field, problem.rule, problem.sentence)
        if (field := asked.get(problem.column or "")) is not None
        else Mistake(str(problem))
        for problem in problems
    ]


def mistake(field: Field, rule: str, sentence: str) -> Mistake:
    """Return what is wrong with the answer to a field, in the field's words."""
    wrong = _UNREADABLE[field.asks] if rule == "unreadable" else sentence
    return Mistake(f"{field.label} {wrong}", field.name)


def in_order(mistakes: Sequence[Mistake], fields: Sequence[Field]) -> list[Mistake]:
    """Return mistakes in the order of the questions, those of no question first."""
    place = {field.name: at for at, field in enumerate(fields)}
    return sorted(mistakes, key=lambda one: place.get(one.field or "", -1))


def unasked(name: str) -> Mistake:
    """Return what is wrong with an answer to no question."""
    shown = plain_name(name)
    which = "a field" if shown is None else f"the field {shown}"
    return Mistake(f"This link is out of date: it has {which}, which these rules do not use")
