"""Which sheet of a workbook is its table: the one that is named, or the only one that is shown and not empty."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from engine.reading.report import refusal
from engine.reading.sheet_scan import PartScan
from engine.reading.text import cell_text
from engine.reading.workbook_archive import WorkbookArchive

_NAMED = 10
_LONGEST_NAME = 31
"""Sheets that one sentence names, and characters of each."""

_NAME_IT = "name the sheet to read with --sheet (sheet= in Python)"


class Sheet(NamedTuple):
    """A sheet of a workbook: its name, its cells, and what its part was found to hold."""

    name: str
    rows: Sequence[Sequence[object]]
    scan: PartScan


def sheets_of(workbook: CalamineWorkbook) -> dict[str, bool]:
    """Return the sheets of cells in their order, and whether each is shown."""
    return {
        one.name: one.visible == SheetVisibleEnum.Visible
        for one in workbook.sheets_metadata
        if one.typ == SheetTypeEnum.WorkSheet
    }


def hidden_sheets(workbook: CalamineWorkbook, archive: WorkbookArchive) -> list[str]:
    """Return the sheets that are hidden and have cells."""
    parts = {
        name: archive.parts.get(archive.sheets.get(name, ""))
        for name, shown in sheets_of(workbook).items()
        if not shown
    }
    return [name for name, part in parts.items() if part is not None and part.columns]


def candidates(workbook: CalamineWorkbook, sheet: str | None) -> list[str]:
    """Return the sheet that is named, or those that are shown; a name may have other capitals.

    Raises ``TableRefused`` where there is none.
    """
    every = sheets_of(workbook)
    shown = [name for name, is_shown in every.items() if is_shown]
    if sheet is None and shown:
        return shown
    if sheet is None:
        raise refusal(
            "no-sheet", f"the workbook has no sheet that is shown{_with_hidden(list(every))}"
        )
    found = [name for name in every if name == sheet] or [
        name for name in every if name.strip().casefold() == sheet.strip().casefold()
    ]
    if not found:
        raise refusal("no-sheet", f"sheet not found; the workbook has {names_of(list(every))}")
    return found[:1]


def _with_hidden(hidden: list[str]) -> str:
    """Return the end of a sentence that names the hidden sheets, and how one of them is read."""
    return f"; hidden sheets: {names_of(hidden)}; {_NAME_IT}" if hidden else ""


def filled(
    workbook: CalamineWorkbook, archive: WorkbookArchive, names: list[str]
) -> Iterator[Sheet]:
    """Yield the sheets that are not empty, and the first where all are."""
    first: Sheet | None = None
    found = False
    for name in names:
        # The library makes room for whatever a cell claims, as soon as the sheet is asked for.
        scan = archive.sheet(name)
        rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        first = first or Sheet(name, rows, scan)
        if scan.errors or scan.uncalculated or any(map(cell_text, chain.from_iterable(rows))):
            found = True
            yield Sheet(name, rows, scan)
    if first is not None and not found:
        yield first


def only(sheets: Iterator[Sheet], hidden: list[str]) -> Sheet:
    """Return the only sheet; raise ``TableRefused`` for several, as nothing says which of them is the table."""
    one = next(sheets)
    others = [other.name for other in sheets]
    if others:
        names = names_of([one.name, *others])
        raise refusal("no-sheet", f"several sheets have content: {names}; {_NAME_IT}")
    if hidden and not any(map(cell_text, chain.from_iterable(one.rows))) and one.name not in hidden:
        raise refusal("no-sheet", f"the sheet that is shown is empty{_with_hidden(hidden)}")
    return one


def names_of(names: list[str]) -> str:
    """Return the names of the first sheets, and how many more there are."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(map(_printable, names[:_NAMED])) + more


def _printable(name: str) -> str:
    """Return a sheet's name as a sentence may show it: in one line, no longer than a sheet's may be."""
    return "".join(sign if sign.isprintable() else "?" for sign in name[:_LONGEST_NAME])
