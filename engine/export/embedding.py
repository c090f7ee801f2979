"""The manifest that a Parquet file or a workbook carries inside, so that it is there where the file is alone."""

import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO
from xml.sax.saxutils import escape, unescape

import polars as pl

EMBEDDED = "evenband.manifest"
"""The name of the manifest among the metadata of a Parquet file."""

PART = "customXml/item1.xml"
NAMESPACE = "https://evenband.example/manifest/1"
"""The part of a workbook that has the manifest, and the name of its only element."""

RELATIONS = "xl/_rels/workbook.xml.rels"
"""The part of a workbook that names its other parts."""

PLACE = "evenband:manifest:comes:here"
"""What a Parquet file has for its manifest until all of its rows are written."""

MOST_BYTES = 64 << 20
_ELEMENT = re.compile(f'<manifest xmlns="{re.escape(NAMESPACE)}">([^<]*)</manifest>')
_MAGIC, _LENGTH = b"PAR1", 4


def manifest_text(record: Mapping[str, object]) -> str:
    """Return a manifest on one line, in ASCII."""
    return json.dumps(record, separators=(",", ":"))


def put_in_parquet(file: BinaryIO, record: Mapping[str, object]) -> None:
    """Put the manifest in its place at the end of a Parquet file that is open to be read and written.

    The end of the file describes it, in Thrift's compact form: a text is its length and its bytes, and nothing before it counts them.
    """
    file.seek(-_LENGTH - len(_MAGIC), 2)
    size = int.from_bytes(file.read(_LENGTH), "little")
    start = file.seek(-_LENGTH - len(_MAGIC) - size, 2)
    described = file.read(size)
    place, text = PLACE.encode(), manifest_text(record).encode()
    before, after = described.split(_varint(len(place)) + place)
    described = before + _varint(len(text)) + text + after
    file.seek(start)
    file.write(described + len(described).to_bytes(_LENGTH, "little") + _MAGIC)
    file.truncate()


def workbook_parts(text: str, relations: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook that keep a manifest: the text, and the relations that name it."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
    named = f'<Relationship Id="rIdManifest" Type="{kind}" Target="../{PART}"/></Relationships>'
    body = f'<manifest xmlns="{NAMESPACE}">{escape(text)}</manifest>'
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return {
        RELATIONS: relations.replace(b"</Relationships>", named.encode()),
        PART: (head + body).encode(),
    }


def manifest_within(path: Path) -> dict[str, Any] | None:
    """Return the manifest that a file carries, None where it carries none; raises ``ValueError`` where it cannot be read."""
    with path.open("rb") as file:
        magic = file.read(_LENGTH)
    if magic == _MAGIC:
        text = _of_parquet(path)
    elif magic[:2] == b"PK":
        text = _of_workbook(path)
    else:
        return None
    if text is None:
        return None
    record: dict[str, Any] = json.loads(text)
    return record


def _of_parquet(path: Path) -> str | None:
    try:
        return pl.read_parquet_metadata(path).get(EMBEDDED)
    except pl.exceptions.PolarsError as error:
        raise ValueError(str(error)) from None


def _of_workbook(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            if PART not in archive.namelist():
                return None
            if archive.getinfo(PART).file_size > MOST_BYTES:
                message = "the manifest is too large"
                raise ValueError(message)
            found = _ELEMENT.search(archive.read(PART).decode())
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        # The reader of archives raises RuntimeError for a part that is encrypted or packed in an unknown way.
        raise ValueError(str(error)) from None
    return None if found is None else unescape(found[1])


def _varint(number: int) -> bytes:
    """Return a whole number in groups of seven bits, the lowest first."""
    written = bytearray()
    while number > 0x7F:  # noqa: PLR2004 - seven bits
        written.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*written, number])
