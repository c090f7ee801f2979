"""The parts of a workbook's archive: the elements that one holds, and which part a relation leads to."""

import posixpath
import zipfile
from collections.abc import Mapping
from xml.parsers import expat

from engine.errors import TableRefused
from engine.reading.report import refusal


def unreadable() -> TableRefused:
    """Return the refusal of a file that is no workbook, or a damaged one."""
    return refusal("unreadable-file", "is not an Excel workbook (.xlsx), or is damaged or locked")


def part_of(target: str, parts: Mapping[str, zipfile.ZipInfo], folder: str = "xl") -> str:
    """Return the name of the part that a relation of the workbook leads to."""
    from_folder = posixpath.normpath(posixpath.join(folder, target)).lower()
    from_root = posixpath.normpath(target.lstrip("/")).lower()
    inside = from_root.startswith("xl/")
    candidates = (from_root, from_folder) if inside or target.startswith("/") else (from_folder,)
    return next((one for one in candidates if one in parts), "")


def elements(content: bytes, wanted: str) -> list[dict[str, str]]:
    """Return the attributes of each element of a local name; raises ``TableRefused`` for a damaged part."""
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(content, True)  # noqa: FBT003 - the parser takes no keywords
    except expat.ExpatError:
        raise unreadable() from None
    return found
