"""The working as CSV and as a workbook: one row for each row of the page."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter

from app.pages.check_rows import calls_working, targeted_working
from app.pages.result import Result
from app.pages.words import span_words, year_words
from engine.block.targeted_school import TargetedStatement
from engine.calls import CallsStatement
from engine.explain.rows import Row, Unit
from engine.export.cells import harmless
from engine.export.manifest import file_metadata, rules_record
from engine.export.properties import set_properties
from engine.export.workbook import IN_MEMORY
from engine.outcome import SEMANTICS
from engine.rules.compiled import CompiledRules

COLUMNS = (
    "line",
    "operator",
    "what",
    "value",
    "unit",
    "clause",
    "source",
    "standing",
    "note",
    "rule_set",
    "version",
    "digest",
    "funding_year",
    "year_kind",
)
_VALUE, _UNIT = COLUMNS.index("value"), COLUMNS.index("unit")
WIDTHS = (38, 10, 34, 16, 10, 40, 40, 12, 40, 24, 8, 20, 12, 12)
NUMBERS = {Unit.pounds, Unit.pupils, Unit.units, Unit.percent, Unit.multiplier}


@dataclass(frozen=True, slots=True)
class TakenAway:
    """What a file holds: rows by their label, the rules, and notes on them."""

    rules: CompiledRules
    parts: tuple[tuple[str, tuple[Row, ...]], ...]
    about: tuple[tuple[str, str], ...]
    title: str = "Notional SEN budget"


def of_result(result: Result) -> TakenAway:
    """Return the working of a budget, its totals, and its check."""
    parts = [(working.label, working.rows) for working in result.explanation.workings]
    parts.append(("Total", result.explanation.totals))
    parts += check_parts(result.rules, result.calls, result.targeted)
    return TakenAway(result.rules, tuple(parts), tuple(_about(result)))


def check_parts(
    rules: CompiledRules, calls: CallsStatement, targeted: TargetedStatement | None
) -> list[tuple[str, tuple[Row, ...]]]:
    """Return the calls on a budget and the extra funding, where there is anything to say of them."""
    parts = []
    if calls.school.says_anything:
        working = calls_working(calls, rules)
        parts.append((working.label, working.rows))
    if targeted is not None:
        working = targeted_working(targeted, rules)
        parts.append((working.label, working.rows))
    return parts


def rows(taken: TakenAway) -> Iterator[tuple[str, ...]]:
    """Yield rows as text; what is not known is empty."""
    document = taken.rules.document
    rule_set = (
        document.identifier,
        str(document.version),
        taken.rules.digest,
        document.funding_year,
        document.year_kind,
    )
    for label, workings in taken.parts:
        for row in workings:
            yield (
                label,
                row.operator.value,
                row.label,
                row.value or "",
                row.unit.value,
                row.place or "",
                row.source or "",
                row.standing or "",
                row.note or "",
                *rule_set,
            )


def as_csv(taken: TakenAway) -> str:
    """Return the working as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows(taken):
        writer.writerow(_harmless(row))
    return text.getvalue()


def _harmless(row: tuple[str, ...]) -> Iterator[str]:
    """Yield the cells of a row; a number keeps its sign, words may not start a formula."""
    for name, cell in zip(COLUMNS, row, strict=True):
        yield cell if name == "value" and _is_number(row) else harmless(cell)


def _is_number(row: tuple[str, ...]) -> bool:
    return bool(row[_VALUE]) and Unit(row[_UNIT]) in NUMBERS


def as_workbook(taken: TakenAway) -> bytes:
    """Return the working as an XLSX workbook: what it answers first, then its rows."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, IN_MEMORY) as book:
        told = file_metadata({"rule_sets": [rules_record(taken.rules, ())]})
        set_properties(book, taken.title, told)
        bold = book.add_format({"bold": True})
        about = book.add_worksheet("About")
        about.set_column(0, 0, 30)
        about.set_column(1, 1, 70)
        for at, (name, said) in enumerate((*taken.about, *_rule_set(taken.rules))):
            about.write_string(at, 0, name, bold)
            about.write_string(at, 1, harmless(said))
        _write_rows(book, taken, bold)
    return held.getvalue()


def _write_rows(
    book: xlsxwriter.Workbook, taken: TakenAway, bold: xlsxwriter.format.Format
) -> None:
    formats = {
        Unit.pounds: book.add_format({"num_format": "#,##0.00"}),
        Unit.pupils: book.add_format({"num_format": "#,##0.######"}),
        Unit.units: book.add_format({"num_format": "#,##0.######"}),
    }
    sheet = book.add_worksheet("Working")
    sheet.write_row(0, 0, COLUMNS, bold)
    sheet.freeze_panes(1, 0)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    for at, row in enumerate(rows(taken), start=1):
        for column, cell in enumerate(_harmless(row)):
            if column == _VALUE and _is_number(row):
                sheet.write_number(at, column, Decimal(cell), formats.get(Unit(row[_UNIT])))
            else:
                sheet.write_string(at, column, cell)


def _about(result: Result) -> Iterator[tuple[str, str]]:
    missing = result.school.missing
    yield "Complete", "no" if missing else "yes"
    yield "Not known", "; ".join(missing) or "nothing"
    yield from about_extra(result.targeted)
    yield "Rounding", result.explanation.sentence


def about_extra(targeted: TargetedStatement | None) -> Iterator[tuple[str, str]]:
    """Yield why extra funding is not worked out, where it is not."""
    if targeted is not None and targeted.missing is not None:
        yield targeted.rule.label, f"not worked out: {targeted.missing}"


def _rule_set(rules: CompiledRules) -> Iterator[tuple[str, str]]:
    document = rules.document
    yield "Rules", document.title
    yield "Year", f"{year_words(document)}, {span_words(document)}"
    yield "Standing of the rules", document.standing.value
    yield "Rule set", f"{document.identifier}, version {document.version}"
    yield "Reference of the rules (digest)", rules.digest
    yield "Version of the calculation", str(SEMANTICS)
