"""The archive of a workbook: measured before anything parses it, its sheets found by name."""

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from engine.reading.defined_tables import DefinedTable, tables_of
from engine.reading.limits import Limits
from engine.reading.number_formats import Widths, widths_of
from engine.reading.report import refusal
from engine.reading.sheet_scan import PartScan, scan_part, text_weight
from engine.reading.workbook_parts import elements, part_of, unreadable

_CHUNK = 1 << 20
_SMALL = 1 << 20
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)
"""What the archive's reader raises of a damaged file, ``NotImplementedError`` where it is packed in a way it does not know."""

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True, slots=True)
class WorkbookArchive:
    """A workbook's parts by name in lower case, as they were weighed, and the part of each sheet.

    ``tables`` are those that each sheet defines; a workbook that ``recalculates`` asks to be worked out
    anew when it is opened, as one does that a program wrote which cannot calculate. ``widths`` are those of
    the styles that show numbers with leading zeros.
    """

    parts: Mapping[str, PartScan]
    sheets: Mapping[str, str]
    tables: Mapping[str, Sequence[DefinedTable]]
    recalculates: bool
    widths: Widths

    def sheet(self, name: str) -> PartScan:
        """Return what the sheet of a name holds, or raise ``TableRefused`` where that is not certain."""
        part = self.parts.get(self.sheets.get(name, ""))
        if part is None or not part.complete or part.uncertain:
            raise unreadable()
        return part


def weigh(content: bytes, limits: Limits) -> WorkbookArchive:
    """Return what the parts of an archive hold, by unpacking it without keeping anything.

    The sizes that an archive states about itself are believed only where they refuse it. Raises
    ``TableRefused`` for one that unpacks to too much, is damaged, or is no workbook.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = archive.infolist()
            _check_sizes(listed, limits)
            parts = {
                one.filename.lower(): scan_part(_pieces(archive, one), limits) for one in listed
            }
            by_name = {one.filename.lower(): one for one in listed}
            sheets = _sheets(archive, by_name)
            tables = {name: tables_of(archive, by_name, part) for name, part in sheets.items()}
            recalculates = _recalculates(archive, by_name)
            widths = widths_of(archive, by_name)
            _check_texts(archive, parts, sheets, limits)
    except _DAMAGED:
        raise unreadable() from None
    return WorkbookArchive(parts, sheets, tables, recalculates, widths)


def _check_sizes(listed: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(listed) > limits.workbook_parts:
        raise refusal("workbook-size", f"a workbook may have at most {limits.workbook_parts} parts")
    if sum(part.file_size for part in listed) > limits.workbook_bytes:
        mebibytes = limits.workbook_bytes >> 20
        sentence = f"a workbook may unpack to at most {mebibytes} MiB; save the table as CSV"
        raise refusal("workbook-size", sentence)
    if any(part.compress_type not in _PACKED for part in listed):
        raise refusal(
            "workbook-size", "the workbook is packed in a way that spreadsheets do not use"
        )
    if any(
        part.file_size > _SMALL and part.file_size > limits.ratio * part.compress_size
        for part in listed
    ):
        raise refusal(
            "workbook-size", f"a part of the workbook unpacks to over {limits.ratio} times its size"
        )
    # Of two parts of one name, another reader may take the other one.
    if len({part.filename.lower() for part in listed}) < len(listed):
        raise unreadable()


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part's bytes, which fails where its stated size is not its own."""
    with archive.open(part) as file:
        while piece := file.read(_CHUNK):
            yield piece


def _sheets(archive: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo]) -> dict[str, str]:
    """Return the part of each sheet as the workbook names it, and nothing where it does not say."""
    if not {_WORKBOOK, _RELATIONS} <= parts.keys():
        return {}
    targets = _once(
        (one.get("Id", ""), one.get("Target", ""))
        for one in elements(archive.read(parts[_RELATIONS]), "Relationship")
    )
    named = _once(
        (one.get("name", ""), next((one[key] for key in one if key.endswith(":id")), ""))
        for one in elements(archive.read(parts[_WORKBOOK]), "sheet")
    )
    return {name: part_of(targets.get(relation, ""), parts) for name, relation in named.items()}


def _once(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    """Return pairs as a mapping, or refuse a name that is there twice: readers differ on which counts."""
    listed = list(pairs)
    if any(count > 1 for count in Counter(name.lower() for name, _ in listed).values()):
        raise unreadable()
    return dict(listed)


def _recalculates(archive: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo]) -> bool:
    """Return whether the workbook asks to be worked out anew as soon as it is opened."""
    if _WORKBOOK not in parts:
        return False
    found = elements(archive.read(parts[_WORKBOOK]), "calcPr")
    return any(one.get("fullCalcOnLoad") in {"1", "true"} for one in found)


def _check_texts(
    archive: zipfile.ZipFile,
    parts: Mapping[str, PartScan],
    sheets: Mapping[str, str],
    limits: Limits,
) -> None:
    """Refuse texts that are kept once and named so often that a table of them fills the memory."""
    lengths = max((part.lengths for part in parts.values()), key=len, default=None)
    longest = max(chain.from_iterable(part.lengths for part in parts.values()), default=0)
    for name in sheets.values():
        if lengths and name and parts[name].texts * longest > limits.workbook_text:
            found = next(one for one in archive.infolist() if one.filename.lower() == name)
            if text_weight(_pieces(archive, found), lengths) > limits.workbook_text:
                sentence = "the texts of a sheet take up too much memory; save the table as CSV"
                raise refusal("workbook-size", sentence)
