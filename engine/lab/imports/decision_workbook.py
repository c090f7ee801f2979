"""A band profile as a workbook that people edit: one row a rule, one row a dated price."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import xlsxwriter

from engine.errors import PairRefused, Problem, RuleRefused
from engine.export.properties import CREATED
from engine.export.workbook import IN_MEMORY
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
from engine.reading.text import cell_text
from engine.rules.document import RuleSet
from engine.rules.load import digest, plain
from engine.vocabulary import NOT_PRINTED

HELP = (
    ("rows", "A row may be added, removed or moved; of rows that fit, the first decides."),
    ("choices", "Put several choices in one cell with commas: SPLD, MLD. Ranges: 20-29, 90+."),
    ("prices", "Rows with one number in the column price are one price: its values by date."),
    ("kept", "What no sheet shows stays as it is in the document that the workbook is read into."),
)
_WIDTHS = {"note": 50, "value_note": 40, "title": 60, "where": 50, "is": 80, "gives_band": 22}

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
        Sheet(SOURCES, SOURCE_COLUMNS, tuple(_sources(values["sources"]))),
    )


def write_decision_workbook(document: RuleSet, file: BinaryIO) -> None:
    """Write a document's band profile as a workbook; the same document gives the same bytes."""
    sheets = decision_sheets(document)
    with xlsxwriter.Workbook(file, IN_MEMORY) as workbook:
        workbook.set_properties({"created": CREATED.replace(tzinfo=None)})
        bold = workbook.add_format({"bold": True})
        # Text, so that a range such as 5-10 that someone types is not turned into a date.
        text = workbook.add_format({"num_format": "@"})
        for sheet in sheets:
            _write(workbook.add_worksheet(sheet.name), sheet, bold, text)


def _write(page: Any, sheet: Sheet, bold: Any, text: Any) -> None:
    page.freeze_panes(1, 0)
    for place, name in enumerate(sheet.columns):
        is_value = name == "value"
        page.set_column(place, place, _WIDTHS.get(name, 16), None if is_value else text)
        page.write_string(0, place, name, bold)
        for row, cells in enumerate(sheet.rows, start=1):
            cell = cells[place]
            if is_value and _is_same_number(cell):
                page.write_number(row, place, float(cell))
            elif cell:
                page.write_string(row, place, cell, text)


def _is_same_number(cell: str) -> bool:
    """Return whether a spreadsheet's number gives back the text, as 1500 does and 1500.00 does not."""
    return cell not in {"", NOT_PRINTED} and cell_text(float(cell)) == cell


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


def _sources(sources: Mapping[str, Plain]) -> Iterator[tuple[str, ...]]:
    for key, source in sources.items():
        yield key, *(str(source.get(name, "")) for name in SOURCE_COLUMNS[1:])
