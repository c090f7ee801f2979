"""The exact names that a rule set reads, for people to copy: columns, lines, bands and codes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from app.pages.fields import ASSISTANT_HOUR, SEN_SUPPORT_COST, fields_of_any
from engine.catalogue import CODE_WORDS
from engine.columns import (
    AMOUNT_PREFIX,
    LEVEL_PREFIX,
    PUPIL_COLUMNS,
    SCHOOL_COLUMNS,
    UNITS_PREFIX,
    pupil_column,
)
from engine.modules import phases_counted
from engine.rules import CompiledFormula, CompiledRules, CompiledTopUps

ALWAYS = ("sen_provision", "primary_need", "setting")
"""Columns of pupils by which top-ups are added up, whether or not the rules read them."""

OF_SCHOOLS, OF_PUPILS = ("urn", "phase"), ("pupil_key", "la")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as a table or an address spells it, and what it is."""

    name: str
    means: str


@dataclass(frozen=True, slots=True)
class Names:
    """Names of one kind; ``headings`` where they can be pasted as the headings of a table."""

    title: str
    about: str
    names: tuple[Name, ...]
    headings: bool = False

    @property
    def row(self) -> str:
        """Return the names as one row that a spreadsheet takes cell by cell."""
        return "\t".join(one.name for one in self.names)


def names_of(rules: CompiledRules) -> tuple[Names, ...]:
    """Return the names that a rule set reads, by kind; none where it reads no table."""
    return tuple(one for one in (*_of_formula(rules), *_of_bands(rules)) if one.names)


def _of_formula(rules: CompiledRules) -> Iterator[Names]:
    formula = rules.formula
    if formula is None:
        return
    questions = fields_of_any(formula)
    no_columns = {SEN_SUPPORT_COST, ASSISTANT_HOUR}
    fields = {field.name: field.label for field in questions if field.name not in no_columns}
    keys = [Name(name, _capital(SCHOOL_COLUMNS[name].meaning)) for name in OF_SCHOOLS]
    yield Names(
        "Columns for schools",
        "A line of the formula may be given as units_LINE, as amount_LINE in pounds, or as "
        "proportion_LINE, a share of the pupils of its phase.",
        (*keys, *(Name(name, label) for name, label in fields.items())),
        headings=True,
    )
    yield Names(
        "Lines without a column",
        "These are added automatically. A cell asks for one as line=NAME; the name of any other line "
        "is that of its column without units_ or amount_.",
        tuple(_without_column(formula, fields)),
    )
    yield Names("Codes of phase", "Phase of a school.", _codes(phases_counted(formula)))


def _without_column(formula: CompiledFormula, fields: Iterable[str]) -> Iterator[Name]:
    for line in formula.lines:
        if not {f"{prefix}{line.name}" for prefix in (UNITS_PREFIX, AMOUNT_PREFIX)} & set(fields):
            yield Name(line.name, line.label)


def _of_bands(rules: CompiledRules) -> Iterator[Names]:
    top_ups = rules.top_ups
    if top_ups is None:
        return
    columns = _columns_of_pupils(top_ups)
    yield Names(
        "Columns for pupils",
        "pupil_key is any name of your own: never a UPN, and never in an address.",
        tuple(Name(name, _meaning(name)) for name in columns),
        headings=True,
    )
    bands = zip(top_ups.labels, top_ups.label_bands, strict=True)
    yield Names(
        "Bands",
        "What the column band and a cell's band= hold.",
        tuple(Name(label, f"Band {band}") for label, band in bands),
    )
    for name in columns:
        column = PUPIL_COLUMNS.get(name)
        if column is not None and column.codes is not None:
            yield Names(f"Codes of {name}", f"{_capital(column.meaning)}.", _codes(column.codes))


def _columns_of_pupils(top_ups: CompiledTopUps) -> tuple[str, ...]:
    """Return the columns that the rules read and those that say when a pupil is paid for."""
    read = {*(one.column for one in top_ups.reads), *ALWAYS}
    known = [name for name in PUPIL_COLUMNS if name in read]
    others = sorted(read - set(known))
    return (*OF_PUPILS, *(name for name in (*known, *others) if name not in OF_PUPILS))


def _meaning(name: str) -> str:
    if name.startswith(LEVEL_PREFIX):
        return f"Level of {name.removeprefix(LEVEL_PREFIX).replace('_', ' ')}"
    column = pupil_column(name)
    return "" if column is None else _capital(column.meaning)


def _codes(codes: Iterable[IntEnum]) -> tuple[Name, ...]:
    return tuple(Name(one.name, _means(one)) for one in codes)


def _means(code: IntEnum) -> str:
    said = CODE_WORDS.get(type(code), {}).get(code.name)
    return _capital(code.name.replace("_", " ")) if said is None else said


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
