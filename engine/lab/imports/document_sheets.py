"""A rule document as an edited workbook has it: checked whole, its problems by the cells that they came from."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from engine.errors import RuleRefused
from engine.input_file import InputFile
from engine.lab.imports.decision_reading import Origins, read_page
from engine.lab.imports.decision_sheets import SOURCE_COLUMNS, SOURCES
from engine.notices import Notice
from engine.reading import TablesFile
from engine.reading.report import refuse
from engine.rules.compile import compile_rules
from engine.rules.document import RuleSet
from engine.rules.load import rule_set_from


class EditedWorkbook(NamedTuple):
    """A document as a workbook has it, which bytes were read for it, and notes on the sheets, such as hidden rows."""

    document: RuleSet
    source: InputFile
    notices: tuple[Notice, ...]


def whole_document(values: Mapping[str, Any], origins: Origins) -> RuleSet:
    """Return the document, checked and compiled; ``TableRefused`` has its problems by the cells that they came from."""
    try:
        document = rule_set_from(values)
        compile_rules(document, document.effective.first)
    except RuleRefused as refused:
        refuse(origins.named(refused.problems))
        raise
    return document


def with_sources(file: TablesFile, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document's sources with what the workbook says of them, and those that it adds."""
    page = read_page(file, SOURCES, SOURCE_COLUMNS[:2], SOURCE_COLUMNS)
    shown = set(page.columns)
    sources = dict(known)
    for row in page.rows:
        before = known.get(row.cells["source"], {})
        kept = {name: one for name, one in before.items() if name not in shown}
        said = {name: row.cells[name] for name in SOURCE_COLUMNS[1:] if row.cells.get(name)}
        sources[row.cells["source"]] = {**kept, **said}
    return sources
