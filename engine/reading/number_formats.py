"""Numbers that a workbook shows otherwise than it keeps them: with leading zeros, as they are read, and as percentages."""

import re
import zipfile
from collections.abc import Collection, Mapping
from xml.parsers import expat

import polars as pl

from engine.reading.workbook_parts import unreadable

_STYLES = "xl/styles.xml"
_ZEROS = re.compile(r"0{2,20}")

Widths = Mapping[str, int]
"""How many digits a number has at least as it is shown, by the number of its style; ``PERCENT`` for a percentage."""

PERCENT = -1
_PERCENTAGES = {"9", "10"}
"""The formats of percentages that every workbook has without saying so (0% and 0.00%)."""


def widths_of(archive: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo]) -> Widths:
    """Return the styles by which numbers have leading zeros, such as 00000, or are percentages; raises ``TableRefused`` for damaged ones."""
    if _STYLES not in parts:
        return {}
    styles = _Styles()
    parser = expat.ParserCreate()
    parser.StartElementHandler = styles.start
    parser.EndElementHandler = styles.end
    try:
        parser.Parse(archive.read(parts[_STYLES]), True)  # noqa: FBT003 - the parser takes no keywords
    except expat.ExpatError:
        raise unreadable() from None
    found: dict[str, int] = {}
    for at, one in enumerate(styles.formats):
        code = styles.codes.get(one, "")
        if one in _PERCENTAGES or "%" in code:
            found[str(at)] = PERCENT
        elif _ZEROS.fullmatch(code):
            found[str(at)] = len(code)
    return found


class _Styles:
    """The formats of numbers by their own number, and the format of each style of cells."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        self.formats: list[str] = []
        self._of_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note a format, or the format of a style."""
        local = name.rpartition(":")[2]
        if local == "cellXfs":
            self._of_cells = True
        elif local == "numFmt":
            self.codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif local == "xf" and self._of_cells:
            self.formats.append(attributes.get("numFmtId", ""))

    def end(self, name: str) -> None:
        """Note that what follows are no styles of cells."""
        if name.rpartition(":")[2] == "cellXfs":
            self._of_cells = False


def with_leading_zeros(cells: list[str], styles: Collection[str], widths: Widths) -> list[str]:
    """Return the texts of a column, with leading zeros where all its numbers are shown with as many digits.

    ``styles`` are those of its numbers.
    """
    shown = {widths.get(style, 0) for style in styles}
    if len(shown) != 1 or (width := shown.pop()) <= 0:
        return cells
    texts = pl.Series(cells, dtype=pl.String)
    padded = pl.when(texts.str.contains(r"^[0-9]+$")).then(texts.str.zfill(width)).otherwise(texts)
    return pl.select(padded).to_series().to_list()
