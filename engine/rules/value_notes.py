"""Notes on tables of values: authorities and other pupils or schools without a row, and rows that fit none."""

from collections.abc import Iterator
from typing import NamedTuple

from engine.authority_codes import AuthorityCode
from engine.rules.document import RuleSet
from engine.rules.document_note import Note
from engine.rules.place_names import PlaceNames
from engine.rules.school_coverage import school_coverage
from engine.rules.value_coverage import ValueCoverage, ValueGap, value_coverage


class Whose(NamedTuple):
    """The words for those whose values a table has: one, several, and whom an unused row does not fit."""

    one: str
    several: str
    unused: str


OF_PUPILS = Whose("a pupil", "pupils", "no pupil whom these rules pay can have what it asks for")
OF_SCHOOLS = Whose(
    "a school", "schools", "no school whose amount depends on it can have what it asks for"
)


def value_notes(document: RuleSet, names: PlaceNames) -> Iterator[Note]:
    """Yield every gap of a document's tables of values, and every row that is never used."""
    yield from _notes(value_coverage(document), names, OF_PUPILS)
    yield from _notes(school_coverage(document), names, OF_SCHOOLS)


def _notes(coverage: ValueCoverage, names: PlaceNames, whose: Whose) -> Iterator[Note]:
    for gap in coverage.gaps:
        table = names.of(gap.table)
        yield Note("no-value", table, _without_value(table, gap, whose), gap.example)
    for place, hidden in coverage.unused:
        path = names.of(place)
        why = "the rows before it cover everything that it covers" if hidden else whose.unused
        yield Note("unreachable-value", path, f"{path} is never used: {why}")


def _without_value(table: str, gap: ValueGap, whose: Whose) -> str:
    """Return the sentence of a gap of a table, with every authority that it is of."""
    where = f" where {gap.where}" if gap.where else ""
    if gap.authorities is None:
        return f"{table} has no value{where}; the amount of such {whose.one} is not known"
    number = len(gap.authorities)
    if number == gap.of:
        some = f"any of {gap.of} authorities"
    elif number > gap.of - number:
        some = f"{number} of {gap.of} authorities: all but {', '.join(map(_name, gap.others))}"
    else:
        some = f"{number} of {gap.of} authorities: {', '.join(map(_name, gap.authorities))}"
    return (
        f"{table} has no value{where} for {some}; the amount of their {whose.several} is not known"
    )


def _name(one: AuthorityCode) -> str:
    return f"{one.code} {one.name}"
