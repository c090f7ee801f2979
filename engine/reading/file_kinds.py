"""What a file is by its first bytes and its name, and the sentence for each kind that is not read."""

import io
import re
import zipfile
from pathlib import PurePath

from engine.errors import TableRefused
from engine.reading.report import refusal

CSV, WORKBOOK, PARQUET, ARROW = ".csv", ".xlsx", ".parquet", ".arrow"
ENDINGS = {
    ".csv": CSV, ".xlsx": WORKBOOK, ".xlsm": WORKBOOK, ".parquet": PARQUET, ".arrow": ARROW, ".feather": ARROW,
}  # fmt: skip
"""How the name of a file must end, and what it then is; the macros of a workbook are never run."""

_ENDINGS = ", ".join(ENDINGS)
_AS_TABLE = "save the table as an Excel workbook (.xlsx) or as 'CSV UTF-8' (.csv)"
_NOT_READ = {
    ".xls": "is a workbook of Excel 2003 or before (.xls)",
    ".xlsb": "is a binary workbook (.xlsb)",
    ".ods": "is an OpenDocument spreadsheet (.ods)",
    ".numbers": "is a spreadsheet of Apple Numbers",
    ".pdf": "is a PDF file",
    ".docx": "is a Word document",
    ".html": "is a web page (HTML), whatever its name says",
    ".xml": "is an XML file",
    ".json": "is a JSON file",
    ".zip": "is an archive (.zip) with files packed in it",
    ".gz": "is a packed file",
    "feather": "is a Feather file of the first version",
    "locked": "is locked with a password, or with a label that encrypts it",
}
"""What each kind is that is not read, by its usual ending."""
_OTHER_ENDINGS = {".htm": ".html", ".doc": ".docx", ".7z": ".zip", ".rar": ".zip", ".xlt": ".xls"}
_WAYS_OUT = {
    ".zip": f"take the table out of it, and {_AS_TABLE}",
    ".gz": f"unpack it, and {_AS_TABLE}",
    "feather": "write it again in the second version, which is Arrow, or as Parquet",
    "locked": "open it, save a copy without the password or label, and try again",
}
_STARTS = {
    b"PAR1": PARQUET, b"ARROW1": ARROW, b"FEA1": "feather", b"%PDF": ".pdf", b"\x1f\x8b": ".gz", b"7z\xbc\xaf": ".zip", b"Rar!": ".zip",
    b"\xd0\xcf\x11\xe0": ".xls",
}  # fmt: skip
_PARTS = {
    "xl/workbook.xml": WORKBOOK, "xl/workbook.bin": ".xlsb", "word/document.xml": ".docx",
    "index/document.iwa": ".numbers", "index.zip": ".numbers",
}  # fmt: skip
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PAGE = re.compile(rb"(?i)\s*<(?:!doctype\s+html|html|head|table|body|meta|style)")
_MARKUP = re.compile(rb"\s*<[?!a-zA-Z]")
_JSON = re.compile(rb"\s*[\[{]\s*[\"{\[]")
_LOOKED_AT = 4096
_MOST_PARTS = 10_000


def kind_of(content: bytes, name: str | None) -> str:
    """Return which of the kinds that are read a file is; ``name`` is None for standard input.

    Raises ``TableRefused`` for one of another kind, and where name and content do not agree.
    """
    ending = None if name is None else PurePath(name).suffix.lower()
    found = _by_content(content)
    if found == ".zip" and ENDINGS.get(ending or "") == WORKBOOK:
        # Weighed as a workbook, it is refused for what it unpacks to first.
        found = WORKBOOK
    if found in _NOT_READ:
        raise _not_read(found, "unreadable-file" if ending in ENDINGS else "unknown-kind")
    if ending is None:
        return found
    if ending not in ENDINGS:
        named = _OTHER_ENDINGS.get(ending, ending)
        if named in _NOT_READ and (found == CSV or not content):
            raise _not_read(named, "unknown-kind")
        sentence = f"the name of a file must end in {_ENDINGS}; {_AS_TABLE}"
        if found != CSV:
            sentence = f"{_are(found)}, and its name must end in {found}"
        raise refusal("unknown-kind", sentence)
    return _agreed(ENDINGS[ending], found, ending, content)


def _agreed(expected: str, found: str, ending: str, content: bytes) -> str:
    """Return the kind that the name of a file and its content agree on."""
    if expected == found or (found == CSV and (expected in {PARQUET, ARROW} or not content)):
        return expected
    if found == CSV and b"\0" in content[:_LOOKED_AT]:
        return expected
    sentence = f"{_are(found)}, though its name ends in {ending}; let it end in {found}"
    raise refusal("unreadable-file", sentence)


def _are(kind: str) -> str:
    return {
        CSV: "is plain text", WORKBOOK: "is an Excel workbook", PARQUET: "is a Parquet file", ARROW: "is an Arrow file",
    }[kind]  # fmt: skip


def _not_read(kind: str, rule: str) -> TableRefused:
    way = _WAYS_OUT.get(kind, _AS_TABLE)
    return refusal(rule, f"{_NOT_READ[kind]}, which is not read; {way}")


def _by_content(content: bytes) -> str:
    """Return the kind of a file by its content: text that may be a table is CSV."""
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    start = next((kind for mark, kind in _STARTS.items() if content.startswith(mark)), None)
    if start == ".xls" and _ENCRYPTED in content:
        return "locked"
    if start is not None:
        return start
    text = content[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf")
    if _PAGE.match(text) or (_MARKUP.match(text) and b"<html" in text.lower()):
        return ".html"
    if _MARKUP.match(text):
        return ".xml"
    return ".json" if _JSON.match(text) else CSV


def _packed(content: bytes) -> str:
    """Return what an archive holds; one that is damaged is read as a workbook, and refused there."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {name.lower() for name in archive.namelist()[:_MOST_PARTS]}
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, EOFError):
        return WORKBOOK
    kinds = [kind for part, kind in _PARTS.items() if part in names]
    if kinds:
        return kinds[0]
    if {"content.xml", "mimetype"} <= names:
        return ".ods"
    return WORKBOOK if "[content_types].xml" in names else ".zip"
