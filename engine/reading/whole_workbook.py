"""Every cell of a workbook, sheet by sheet: where the whole file matters, not the table in it."""

import io

from python_calamine import CalamineError, CalamineWorkbook

from engine.reading.library_panic import PanicOfLibrary, without_traces
from engine.reading.limits import Limits
from engine.reading.workbook_archive import weigh
from engine.reading.workbook_parts import unreadable
from engine.reading.workbook_sheets import sheets_of


def workbook_cells(content: bytes, limits: Limits) -> dict[str, list[list[object]]]:
    """Return the rows of each sheet by its name: numbers, texts, and '' for an empty cell.

    A formula has the value that the file keeps of it. Raises ``TableRefused`` for what is no workbook, or is too
    large.
    """
    archive = weigh(content, limits)
    found: dict[str, list[list[object]]] = {}
    try:
        with without_traces(), CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            for name in sheets_of(workbook):
                archive.sheet(name)
                sheet = workbook.get_sheet_by_name(name)
                found[name] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, PanicOfLibrary):
        raise unreadable() from None
    return found
