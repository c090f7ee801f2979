"""Notes on tables of values: authorities and other pupils without a row, and rows that fit no pupil."""

from collections.abc import Iterator

from engine.authority_codes import AuthorityCode
from engine.rules.document import RuleSet
from engine.rules.document_note import Note
from engine.rules.place_names import PlaceNames
from engine.rules.value_coverage import ValueGap, value_coverage


def value_notes(document: RuleSet, names: PlaceNames) -> Iterator[Note]:
    """Yield every gap of a document's tables of values, and every row that is never used."""
    coverage = value_coverage(document)
    for gap in coverage.gaps:
        table = names.of(gap.table)
        yield Note("no-value", table, _without_value(table, gap), gap.example)
    for place, hidden in coverage.unused:
        path = names.of(place)
        why = (
            "the rows before it cover everything that it covers"
            if hidden
            else "no pupil whom these rules pay can have what it asks for"
        )
        yield Note("unreachable-value", path, f"{path} is never used: {why}")


def _without_value(table: str, gap: ValueGap) -> str:
    """Return the sentence of a gap of a table, with every authority that it is of."""
    where = f" where {gap.where}" if gap.where else ""
    if gap.authorities is None:
        return f"{table} has no value{where}; the amount of such a pupil is not known"
    number = len(gap.authorities)
    if number == gap.of:
        some = f"any of {gap.of} authorities"
    elif number > gap.of - number:
        some = f"{number} of {gap.of} authorities: all but {', '.join(map(_name, gap.others))}"
    else:
        some = f"{number} of {gap.of} authorities: {', '.join(map(_name, gap.authorities))}"
    return f"{table} has no value{where} for {some}; the amount of their pupils is not known"


def _name(one: AuthorityCode) -> str:
    return f"{one.code} {one.name}"
