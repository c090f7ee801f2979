"""A formula workbook read back into a rule document; what no sheet shows stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import Problem
from engine.lab.imports.decision_reading import Origins, Page, Row, read_page, sheet_notices
from engine.lab.imports.decision_sheets import ABOUT, SOURCES, YES
from engine.lab.imports.document_sheets import EditedWorkbook, whole_document, with_sources
from engine.lab.imports.formula_workbook import (
    FACTOR_COLUMNS,
    FACTORS,
    FORMULA,
    LINE_COLUMNS,
    LINES,
    NO,
    OPTIONS,
    OTHER,
    OTHER_COLUMNS,
    PHASES,
    PROVENANCE,
    SERIES,
    WORDS,
    is_series,
    other_series,
)
from engine.money import is_number
from engine.reading import TablesFile, read_tables_file
from engine.reading.report import refuse
from engine.rules.document import RuleSet
from engine.rules.formula import Factor
from engine.rules.load import plain
from engine.vocabulary import NOT_PRINTED

SHEETS = (ABOUT, FACTORS, LINES, OTHER, SOURCES)
NOT_A_NUMBER = (
    f"must be a plain number or {NOT_PRINTED}; save the workbook so that its formulas have values"
)
FLAGS = frozenset(one for one in OPTIONS if Factor.model_fields[one].annotation is bool)


def read_formula_workbook_file(path: Path, into: RuleSet) -> EditedWorkbook:
    """Return a document with the schools formula of a workbook; all its sheets are read at once.

    Raises ``TableRefused`` with the sheet, row and column of every problem.
    """
    file = read_tables_file(path)
    document = _Edited(file, into).document()
    notices = sheet_notices(file, [name for name in SHEETS if file.has(name)])
    return EditedWorkbook(document, file.source, notices)


@dataclass(slots=True)
class _Edited:
    """What is read: the sheets, the document they are read into, and the problems found on the way."""

    file: TablesFile
    into: RuleSet
    origins: Origins = field(default_factory=Origins)
    problems: list[Problem] = field(default_factory=list)

    def document(self) -> RuleSet:
        values: dict[str, Any] = plain(self.into)
        before: dict[str, Any] = values.get(FORMULA) or {}
        factors = self._factors(before.get("factors", {}))
        self._lines(factors, before.get("factors", {}))
        formula = {**before, "factors": factors}
        self._other(formula, before)
        refuse(self.problems)
        sources = with_sources(self.file, values["sources"])
        return whole_document({**values, FORMULA: formula, "sources": sources}, self.origins)

    def _factors(self, before: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """Return the factors of their sheet, without lines."""
        page = read_page(self.file, FACTORS, FACTOR_COLUMNS[:3], FACTOR_COLUMNS)
        self.origins.note((FORMULA, "factors"), page.origin())
        shown = {*WORDS, *OPTIONS} & {*page.columns}
        found: dict[str, dict[str, Any]] = {}
        for row in page.rows:
            name = row.cells["factor"]
            if name in found:
                self._wrong(page, row, "factor", "is a factor that has a row above", "repeated")
                continue
            place = (FORMULA, "factors", name)
            self.origins.note(place, page.origin(row, "factor"))
            kept = {
                one: held
                for one, held in before.get(name, {}).items()
                if one not in {*shown, *PHASES}
            }
            for column in page.columns[1:]:
                self.origins.note((*place, column), page.origin(row, column))
                if row.cells.get(column):
                    kept[column] = self._of_factor(page, row, column)
            found[name] = kept
        return found

    def _of_factor(self, page: Page, row: Row, column: str) -> object:
        text = row.cells[column]
        if column == "where":
            return dict(self._condition(one) for one in text.split(","))
        if column not in FLAGS:
            return text
        if text.lower() not in {YES, NO, "true", "false"}:
            self._wrong(page, row, column, f"must be {YES}, {NO} or blank", "unreadable")
        return text.lower() in {YES, "true"}

    def _condition(self, text: str) -> tuple[str, object]:
        first, _, rest = text.strip().partition(" ")
        if first.lower() == "not":
            return rest.strip(), False
        return first, rest.strip() or True

    def _lines(self, factors: dict[str, dict[str, Any]], before: Mapping[str, Any]) -> None:
        """Put the lines of their sheet into the factors."""
        page = read_page(self.file, LINES, LINE_COLUMNS[:4], LINE_COLUMNS)
        for row in page.rows:
            name, phase = row.cells["factor"], row.cells["phase"]
            if name not in factors:
                sentence = f"must be a factor of the sheet {FACTORS}"
                self._wrong(page, row, "factor", sentence, "unknown-code")
            elif phase not in PHASES:
                self._wrong(
                    page, row, "phase", f"must be one of {', '.join(PHASES)}", "unknown-code"
                )
            else:
                place = (FORMULA, "factors", name, phase)
                line = factors[name].get(phase)
                if line is None:
                    self.origins.note(place, page.origin(row))
                    held = before.get(name, {}).get(phase, {})
                    line = {
                        one: part
                        for one, part in held.items()
                        if one not in SERIES or not is_series(part)
                    }
                    factors[name][phase] = line
                for series, begin in SERIES.items():
                    self._dated(page, row, (*place, series), line, begin)

    def _dated(
        self, page: Page, row: Row, place: tuple[str, ...], line: dict[str, Any], begin: str
    ) -> None:
        """Put the value of a row, where it has one, behind the others of its line."""
        series = place[-1]
        columns = {"value": series, "from": "from"} | {one: f"{begin}{one}" for one in PROVENANCE}
        said = {one: row.cells.get(column, "") for one, column in columns.items()}
        if not said["value"]:
            if any(said[one] for one in PROVENANCE):
                self._wrong(
                    page, row, series, "is empty, but its source or standing is given", "empty"
                )
            return
        if not is_series(line.setdefault(series, [])) and line[series]:
            sentence = (
                "has values by authority, setting or phase in the document: change them there"
            )
            self._wrong(page, row, series, sentence, "unreadable")
            return
        self._put(page, row, place, line[series], said, columns)

    def _put(
        self,
        page: Page,
        row: Row,
        place: tuple[str, ...],
        held: list[dict[str, str]],
        said: Mapping[str, str],
        columns: Mapping[str, str],
    ) -> None:
        """Put a dated value behind others, or note that it is no number."""
        if said["value"] != NOT_PRINTED and not is_number(said["value"]):
            self._wrong(page, row, columns["value"], NOT_A_NUMBER, "unreadable")
            return
        here: tuple[str | int, ...] = (*place, len(held))
        for path in (place, here):
            self.origins.note(path, page.origin(row, columns["value"]))
        for name, column in columns.items():
            self.origins.note((*here, name), page.origin(row, column))
        held.append({name: text for name, text in said.items() if text})

    def _other(self, formula: dict[str, Any], before: Mapping[str, Any]) -> None:
        """Put the other values of the formula in their places, of which the document says which there are."""
        page = read_page(self.file, OTHER, OTHER_COLUMNS[:3], OTHER_COLUMNS)
        columns = {"note" if name == "value_note" else name: name for name in OTHER_COLUMNS[1:]}
        places = {".".join(place): place for place, _ in other_series(before)}
        found: dict[str, list[dict[str, str]]] = {}
        for row in page.rows:
            name = row.cells["place"]
            if name not in places:
                sentence = "the document has no value in this place: add it there first"
                self._wrong(page, row, "place", sentence, "place")
                continue
            said = {one: row.cells.get(column, "") for one, column in columns.items()}
            held = found.setdefault(name, [])
            self._put(page, row, (FORMULA, *places[name]), held, said, columns)
        for name, place in places.items():
            _replace(formula, place, found.get(name))

    def _wrong(self, page: Page, row: Row, column: str, sentence: str, rule: str) -> None:
        self.problems.append(page.origin(row, column).problem(sentence, rule))


def _replace(formula: dict[str, Any], place: tuple[str, ...], held: list[Any] | None) -> None:
    """Put values in a place of the formula, or take away what has none; a factor that is gone has no place."""
    here: Any = formula
    for name in place[:-1]:
        here = here[int(name)] if isinstance(here, list) else here.get(name)
        if here is None:
            return
    if held:
        here[place[-1]] = held
    elif isinstance(here, dict):
        here.pop(place[-1], None)
