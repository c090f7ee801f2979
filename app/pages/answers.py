"""The answers typed into the form, read as the engine reads a school's row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as default
from urllib.parse import urlencode

from app.pages.fields import (
    ASSISTANT_HOUR,
    NOTIONAL,
    PRIOR,
    PUPILS,
    SEN_SUPPORT_COST,
    Asks,
    Field,
    Part,
)
from app.pages.words import money
from engine.budget_cover import HIGHEST_HOUR, LOWEST_HOUR
from engine.columns import PROPORTION_PREFIX, UNITS_PREFIX, ColumnSelection
from engine.errors import Problem, Refusal
from engine.expected_calls import HIGHEST_COST
from engine.money import is_digits
from engine.reading import pence_in, plain_name, records, school_table
from engine.tables import SchoolTable
from engine.vocabulary import ABSENT_SYMBOLS, SchoolPhase

PHASE, VERSION, BLANKS, NONE, OVERRIDE = "phase", "version", "blanks", "none", "override"
KNOWN = "known"
NEW_SCHOOL, YES = "new_school", "yes"
AUTHORITY, PERCENTAGES = "la", "percentages"
SCHOOL, URN = "school", "urn"
LETTER_PREFIX = "letter_"
"""How a name begins under which an address has a figure that a letter or statement prints."""

LONGEST_NAME = 100
HIGHEST_URN = 9_999_999
THIS_SCHOOL = 1
"""Number of the one school of the page, which the page does not ask for."""

NO_COLUMN = {SEN_SUPPORT_COST, ASSISTANT_HOUR, NOTIONAL, PUPILS}
"""Fields that are no columns of a table of schools."""

UNREADABLE = {
    Asks.pupils: "must be a number such as 31 or 31.5",
    Asks.units: "must be a number such as 2 or 0.5",
    Asks.miles: "must be a number of miles such as 2.4",
    Asks.multiplier: "must be a multiplier such as 1.0156",
    Asks.whole: "must be a whole number such as 31",
    Asks.percent: "must be a percentage from 0 to 100, such as 5 or 12.5",
    Asks.pounds: "must be an amount in pounds such as 1250 or 1,250.50",
}
"""What is said of an answer that cannot be read, by what is asked."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with an answer; ``field`` is None where no question has the fault.

    ``is_unasked`` of an answer to no question, which is kept out of every address.
    """

    sentence: str
    field: str | None = None
    is_unasked: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to a form as text, without those left empty, by the names of their fields.

    ``phase`` is that of the school, where it decides which questions there are.
    ``blanks_are_none`` treats empty answers as 0, not as unknown. ``overrides`` are numbers to try in
    the rules, as PATH=VALUE. ``is_new`` of a school that had no last year. ``authority`` is the code of the school's
    own, where the rules are of none; ``percentages_none`` treats its empty percentages as 0, not as unknown.
    ``school`` and ``urn`` name the school, and decide nothing. ``letter`` are figures that its letter prints, which are
    compared with the result and decide nothing of it. ``known`` is the day on whose knowledge of the rules the result
    is to rest, empty for a version by its number.
    """

    entries: Mapping[str, str]
    phase: SchoolPhase | None = None
    blanks_are_none: bool = False
    overrides: tuple[str, ...] = ()
    is_new: bool = False
    authority: str | None = None
    percentages_none: bool = False
    school: str = ""
    urn: str = ""
    letter: Mapping[str, str] = default(default_factory=dict)
    known: str = ""

    @property
    def without_letter(self) -> "Answers":
        """Return the answers without what a letter prints."""
        return replace(self, letter={})

    def query(self, version: int) -> str:
        """Return the answers as an address holds them, with the day of knowing or else the exact version of the rules."""
        phase = [] if self.phase is None else [(PHASE, self.phase.name)]
        blanks = [(BLANKS, NONE)] if self.blanks_are_none else []
        tried = [(OVERRIDE, one) for one in self.overrides]
        new = [(NEW_SCHOOL, YES)] if self.is_new else []
        own = [] if self.authority is None else [(AUTHORITY, self.authority)]
        empty = [(PERCENTAGES, NONE)] if self.percentages_none else []
        named = [(name, text) for name, text in ((SCHOOL, self.school), (URN, self.urn)) if text]
        entries = [*self.entries.items(), *new, *blanks, *empty, *tried, *self.letter.items()]
        return urlencode([*phase, *own, *named, pin_of(version, self.known), *entries])


def pin_of(version: int, known: str) -> tuple[str, str]:
    """Return how an address names the version of its rules: by a day of knowing, or by its number."""
    return (KNOWN, known) if known else (VERSION, str(version))


@dataclass(frozen=True, slots=True)
class School:
    """Answers that could be read: the school's row, pence for a pupil on SEN support and for an assistant's hour."""

    table: SchoolTable
    sen_support_cost: int | None
    assistant_hour: int | None = None


def answers_in(sent: Sequence[tuple[str, str]], phase: SchoolPhase | None = None) -> Answers:
    """Return the answers among what was sent, whose names are each given once; without numbers of the rules."""
    aside = {VERSION, KNOWN} if phase is None else {PHASE, VERSION, KNOWN}
    entries = {name: text.strip() for name, text in sent if name not in aside}
    blanks = phase is not None and entries.pop(BLANKS, "") == NONE
    is_new = phase is not None and entries.pop(NEW_SCHOOL, "") == YES
    own = entries.pop(AUTHORITY, "") if phase is not None else ""
    name, urn = (entries.pop(one, "") for one in (SCHOOL, URN))
    empty = phase is not None and entries.pop(PERCENTAGES, "") == NONE
    letter = {} if phase is None else _letter(entries)
    given = {name: text for name, text in entries.items() if text and name not in letter}
    return Answers(
        given, phase, blanks, is_new=is_new, authority=own or None, percentages_none=empty,
        school=" ".join(name.split())[:LONGEST_NAME],
        urn=urn if is_digits(urn) and int(urn) <= HIGHEST_URN else "",
        letter=letter,
        known=dict(sent).get(KNOWN, "").strip(),
    )  # fmt: skip


def _letter(entries: Mapping[str, str]) -> dict[str, str]:
    """Return the figures of a letter among what was sent."""
    return {n: text for n, text in entries.items() if text and n.startswith(LETTER_PREFIX)}


def read_school(
    answers: Answers,
    fields: Sequence[Field],
    columns: ColumnSelection,
    mistakes: list[Mistake],
    la: str = "",
) -> School | None:
    """Return the school that answers describe, of an authority where the rules need it; None where they cannot be read.

    Mistakes are added to the list.
    """
    by_name = {field.name: field for field in fields}
    mistakes += [unasked(name) for name in answers.entries if name not in by_name]
    row, of_shares = {}, {}
    for name, text in answers.entries.items():
        if name not in by_name or name in NO_COLUMN or by_name[name].part is Part.percentages:
            continue
        column = _column(name, text, columns)
        row[column] = text
        if column != name:
            of_shares[column] = by_name[name]
    if la and AUTHORITY in columns.required:
        row[AUTHORITY] = la
    if answers.is_new:
        row |= _no_last_year(answers, by_name, mistakes)
    # A symbol with which a table says why a cell is empty is no answer: a box is left empty.
    symbols = [name for name, text in row.items() if text in ABSENT_SYMBOLS]
    mistakes += [mistake(by_name[name], "unreadable", "") for name in symbols]
    cost = pounds_in(answers, by_name[SEN_SUPPORT_COST], HIGHEST_COST, mistakes)
    hour = pounds_in(answers, by_name[ASSISTANT_HOUR], HIGHEST_HOUR, mistakes, LOWEST_HOUR)
    phase = answers.phase or SchoolPhase.primary
    frame = records([{"urn": THIS_SCHOOL, PHASE: phase.name, **row}])
    try:
        return School(school_table(frame, columns), cost, hour)
    except Refusal as refusal:
        mistakes += mistakes_of(refusal.problems, fields, of_shares)
        return None


def _column(name: str, text: str, columns: ColumnSelection) -> str:
    """Return the column that an answer fills: a count of pupils may be given as a share of them, such as 27.95%."""
    of_all = {one for names in columns.phase_pupils.values() for one in names}
    share = f"{PROPORTION_PREFIX}{name.removeprefix(UNITS_PREFIX)}"
    is_share = name.startswith(UNITS_PREFIX) and text.endswith("%") and name not in of_all
    return share if is_share and share in columns.known else name


def _no_last_year(
    answers: Answers, by_name: Mapping[str, Field], mistakes: list[Mistake]
) -> dict[str, str]:
    """Return the cells of a school that had no last year; boxes about last year that are filled are mistakes."""
    asked = {name: field for name, field in by_name.items() if field.part is Part.last_year}
    if not asked:
        mistakes.append(unasked(NEW_SCHOOL))
    sentence = "must be empty for a new school, which had no last year"
    mistakes += [
        mistake(field, "new-school", sentence)
        for name, field in asked.items()
        if name in answers.entries
    ]
    return dict.fromkeys({*PRIOR} & asked.keys(), NONE)


def pounds_in(
    answers: Answers, field: Field, highest: int, mistakes: list[Mistake], lowest: int = 0
) -> int | None:
    """Return pence for an answer in pounds, None where there is none or it is added to the mistakes."""
    text = answers.entries.get(field.name)
    if text is None:
        return None
    pounds = pence_in(text)
    if pounds is None or (pounds < 0 and not lowest):
        mistakes.append(mistake(field, "unreadable", ""))
    elif pounds < lowest:
        mistakes.append(mistake(field, "out-of-range", f"must be at least {money(lowest)}"))
    elif pounds > highest:
        mistakes.append(mistake(field, "out-of-range", f"must be at most {money(highest)}"))
    return pounds


def mistakes_of(
    problems: Sequence[Problem], fields: Sequence[Field], others: Mapping[str, Field] | None = None
) -> list[Mistake]:
    """Return the engine's problems in the words of the form; ``others`` are fields that fill a column of another name."""
    by_name = {**{field.name: field for field in fields}, **(others or {})}
    return [
        mistake(field, problem.rule, problem.sentence)
        if (field := by_name.get(problem.column or "")) is not None
        else Mistake(str(problem))
        for problem in problems
    ]


def mistake(field: Field, rule: str, sentence: str) -> Mistake:
    """Return what is wrong with the answer to a field, in the field's words."""
    if field.part is Part.last_year:
        sentence = _OF_LAST_YEAR.get(rule, sentence)
    sentence = TWO_FORMS if rule in _TWICE else sentence
    wrong = UNREADABLE[field.asks] if rule == "unreadable" else sentence
    return Mistake(f"{field.label} {wrong}", field.name)


TWO_FORMS = "is given in pounds and as a number: empty one of the two boxes"
_TWICE = {"line-given-twice", "given-twice"}
_NEW_SCHOOL = "if it had no last year, select New school and leave all boxes about last year empty"
_OF_LAST_YEAR = {
    "zero-without-a-number": f"must not be 0, which does not say whether the school had a last year: {_NEW_SCHOOL};"
    " if you do not know the figure, leave this box empty",
    "none-beside-a-number": f"must not be none where another box about last year has a number: {_NEW_SCHOOL};"
    " if you do not know the figure, leave this box empty",
}
"""What a form says where a table says which words its columns take, by the rule of the problem."""


def in_order(mistakes: Sequence[Mistake], fields: Sequence[Field]) -> list[Mistake]:
    """Return mistakes in the order of the questions, those of no question first."""
    place = {field.name: at for at, field in enumerate(fields)}
    return sorted(mistakes, key=lambda one: place.get(one.field or "", -1))


def unasked(name: str) -> Mistake:
    """Return what is wrong with an answer to no question."""
    plain = plain_name(name)
    which = "a field" if plain is None else f"the field {plain}"
    sentence = f"This link is out of date: it has {which}, which these rules do not use"
    return Mistake(sentence, is_unasked=True)
