"""The tables that a sheet of a workbook defines: their area, and whether their last row is a total."""

import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from engine.reading.sheet_scan import Area, area_of
from engine.reading.workbook_parts import elements, part_of

_COUNT = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class DefinedTable:
    """The area of a defined table, its names in the first row, and how many of its last rows are totals."""

    area: Area
    totals: int


def tables_of(
    archive: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo], sheet: str
) -> tuple[DefinedTable, ...]:
    """Return the tables that a sheet defines, by the name of its part; none where it says nothing of them."""
    folder, name = posixpath.split(sheet)
    relations = parts.get(f"{folder}/_rels/{name}.rels")
    if relations is None:
        return ()
    targets = [
        part_of(one.get("Target", ""), parts, folder)
        for one in elements(archive.read(relations), "Relationship")
        if one.get("Type", "").endswith("/table")
    ]
    found = (elements(archive.read(parts[one]), "table") for one in targets if one)
    tables = (_table(each) for one in found for each in one)
    return tuple(one for one in tables if one is not None)


def _table(attributes: Mapping[str, str]) -> DefinedTable | None:
    area = area_of(attributes.get("ref", ""))
    totals = attributes.get("totalsRowCount", "0")
    if area is None or not _COUNT.fullmatch(totals):
        return None
    return DefinedTable(area, int(totals))
