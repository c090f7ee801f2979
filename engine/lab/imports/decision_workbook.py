"""A band profile as a workbook that people edit: one row a rule, one row a dated price."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from engine.errors import PairRefused, Problem, RuleRefused
from engine.lab.imports.decision_sheets import (
    ABOUT,
    ASSIGNMENT,
    BANDS,
    CHOICE,
    COMBINE,
    CONVERSION,
    CONVERSION_COLUMNS,
    DIMENSION_COLUMNS,
    DIMENSIONS,
    FORM,
    FORMS,
    GAPS,
    HIT_POLICY,
    INPUTS,
    PANEL,
    POINTS,
    PRICE_COLUMNS,
    PRICES,
    SERIES,
    SOURCE_COLUMNS,
    SOURCES,
    STEP_COLUMNS,
    TABLE,
    VALUE,
    WORDS,
    YES,
    Sheet,
    inputs_of,
    table_columns,
)
from engine.lab.imports.sheet_files import source_rows, write_sheets
from engine.rules.document import RuleSet
from engine.rules.load import digest, plain

HELP = (
    ("rows", "A row may be added, removed or moved; of rows that fit, the first decides."),
    ("choices", "Put several choices in one cell with commas: SPLD, MLD. Ranges: 20-29, 90+."),
    ("prices", "Rows with one number in the column price are one price: its values by date."),
    ("kept", "What no sheet shows stays as it is in the document that the workbook is read into."),
)
Plain = Mapping[str, Any]


def decision_sheets(document: RuleSet) -> tuple[Sheet, ...]:
    """Return the sheets of a document's band profile; raise ``PairRefused`` where it has none."""
    if document.band_profile is None:
        sentence = f"{document.identifier} has no band profile to write"
        raise PairRefused([Problem(sentence, "no-bands", place="band_profile")])
    values: Plain = plain(document)
    profile = values["band_profile"]
    assignment = profile["assignment"]
    form = next(one for one in FORMS if one in assignment)
    prices, panel = profile["tariff"]["prices"], assignment.get("panel_may_decide")
    levels = tuple(name for name in inputs_of(prices) if name not in INPUTS)
    return (
        Sheet(ABOUT, ("what", "is"), tuple(_about(document, form, assignment[form], panel))),
        Sheet(BANDS, ("band",), tuple((band,) for band in profile["bands"])),
        _assignment(form, assignment[form]),
        Sheet(DIMENSIONS, DIMENSION_COLUMNS, tuple(_dimensions(form, assignment[form]))),
        Sheet(PRICES, (*PRICE_COLUMNS, *levels), tuple(_prices(prices, levels))),
        Sheet(SOURCES, SOURCE_COLUMNS, tuple(source_rows(values["sources"]))),
    )


def write_decision_workbook(document: RuleSet, file: BinaryIO) -> None:
    """Write a document's band profile as a workbook; the same document gives the same bytes."""
    write_sheets(decision_sheets(document), file)


def _about(document: RuleSet, form: str, held: Any, panel: object) -> Iterator[tuple[str, str]]:
    yield "rule set", f"{document.identifier} version {document.version}"
    yield "title", document.title
    yield "digest", digest(document)
    yield FORM, form
    if form == TABLE:
        yield HIT_POLICY, held["hit_policy"]
    if form in {TABLE, POINTS}:
        yield GAPS, YES if held.get("gaps") else "no"
        yield PANEL, YES if panel else "no"
    if form == POINTS:
        yield COMBINE, held.get("combine", "sum")
    yield from HELP


def _assignment(form: str, held: Any) -> Sheet:
    if form == TABLE:
        inputs = held["inputs"]
        rows = [(*_choices(row, inputs), row["band"], row.get("note", "")) for row in held["rows"]]
        return Sheet(ASSIGNMENT, table_columns(inputs), tuple(rows))
    if form == POINTS:
        inputs = inputs_of(held["steps"])
        steps = [
            (one["band"], str(one["from"]), str(one["to"]), *_choices(one, inputs))
            for one in held["steps"]
        ]
        return Sheet(ASSIGNMENT, (*STEP_COLUMNS, *inputs), tuple(steps))
    rows = list(held.items()) if form == CONVERSION else []
    return Sheet(ASSIGNMENT, CONVERSION_COLUMNS, tuple(rows))


def _choices(row: Plain, inputs: Sequence[str]) -> list[str]:
    when = row.get("when", {})
    for name, choices in when.items():
        if any("," in choice for choice in choices):
            sentence = f"a choice of {name} has a comma, which separates choices in a cell"
            raise RuleRefused([Problem(sentence, "comma", place="band_profile")])
    return [CHOICE.join(when.get(name, ())) for name in inputs]


def _dimensions(form: str, held: Any) -> Iterator[tuple[str, ...]]:
    for name, one in (held.get("dimensions", {}) if form == POINTS else {}).items():
        yield name, str(one.get("weight", 1)), str(one["highest"]), one.get("label", "")


def _prices(prices: Sequence[Plain], levels: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for number, price in enumerate(prices, start=1):
        head = (str(number), price.get("band", ""), *_choices(price, INPUTS))
        tail = (*(_word(price.get(word)) for word in WORDS), price.get("note", ""))
        tail = (*tail, *_choices(price, levels))
        values = [(pays, given) for pays in SERIES for given in price.get(pays, ())]
        for pays, given in values:
            yield *head, pays, *(given.get(_key(name), "") for name in VALUE), *tail
        if not values:
            yield *head, "", *("" for _ in VALUE), *tail


def _key(column: str) -> str:
    return "note" if column == "value_note" else column


def _word(held: object) -> str:
    if held is None or held is False:
        return ""
    return YES if held is True else str(held)
