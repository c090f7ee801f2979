"""Parquet files made by hand, which may claim of themselves what no library would write."""

from collections.abc import Mapping, Sequence
from pathlib import Path

BYTE_ARRAY, INT64 = 6, 2
UNCOMPRESSED, SNAPPY, GZIP, ZSTD = 0, 1, 2, 6
PLAIN, RLE, DELTA_BINARY_PACKED, DELTA_LENGTHS, DELTA_TEXTS, DICTIONARY = 0, 3, 5, 6, 7, 8
DATA_PAGE, DICTIONARY_PAGE, DATA_PAGE_2 = 0, 2, 3

Long = type("Long", (int,), {"__doc__": "A whole number that is written as 64 bits."})


def varint(number: int) -> bytes:
    """Return a whole number of none or more in seven bits a byte."""
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    return bytes([*written, number])


def zigzag(number: int) -> bytes:
    return varint(number * 2 if number >= 0 else -number * 2 - 1)


def _kind(value: object) -> int:
    if isinstance(value, bool):
        return 1 if value else 2
    if isinstance(value, int):
        return 6 if isinstance(value, Long) else 5
    return 8 if isinstance(value, str | bytes) else 9 if isinstance(value, list) else 12


def _value(value: object) -> bytes:
    if isinstance(value, bool):
        return b""
    if isinstance(value, int):
        return zigzag(value)
    if isinstance(value, str | bytes):
        text = value.encode() if isinstance(value, str) else value
        return varint(len(text)) + text
    if isinstance(value, list):
        kind = _kind(value[0]) if value else 5
        head = bytes([len(value) << 4 | kind]) if len(value) < 15 else bytes([240 | kind])
        count = b"" if len(value) < 15 else varint(len(value))
        return head + count + b"".join(map(_value, value))
    return record(value)


def record(fields: Mapping[int, object]) -> bytes:
    """Return a record in Thrift's compact form; fields in the order of their numbers."""
    written, before = b"", 0
    for number, value in fields.items():
        written += bytes([(number - before) << 4 | _kind(value)]) + _value(value)
        before = number
    return written + b"\0"


def page(
    content: bytes,
    values: int,
    encoding: int = PLAIN,
    *,
    kind: int = DATA_PAGE,
    unpacked: int | None = None,
) -> bytes:
    """Return a page of packed content that claims to have some values, and a size unpacked."""
    claimed = len(content) if unpacked is None else unpacked
    head: dict[int, object] = {1: kind, 2: claimed, 3: len(content)}
    if kind == DATA_PAGE:
        head[5] = {1: values, 2: encoding, 3: RLE, 4: RLE}
    elif kind == DICTIONARY_PAGE:
        head[7] = {1: values, 2: encoding}
    else:
        head[8] = {1: values, 2: 0, 3: values, 4: encoding, 5: 0, 6: 0, 7: True}
    return record(head) + content


def parquet(
    path: Path,
    pages: Sequence[bytes],
    rows: int,
    *,
    codec: int = UNCOMPRESSED,
    kind: int = BYTE_ARRAY,
    dictionary: bool = False,
    **claims: int,
) -> Path:
    """Write a file of one required column ``la``, in one row group of these pages.

    ``claims`` replace what is true: ``file_rows``, ``values``, ``bytes_of_chunk``, ``start``.
    """
    body = b"PAR1" + b"".join(pages)
    size = claims.get("bytes_of_chunk", len(body) - 4)
    start = claims.get("start", 4)
    column: dict[int, object] = {1: kind, 2: [0, RLE, 8], 3: ["la"], 4: codec}
    column |= {5: Long(claims.get("values", rows)), 6: Long(size), 7: Long(size), 9: Long(start)}
    if dictionary:
        column[9] = Long(start + len(pages[0]))
        column[11] = Long(start)
    element: dict[int, object] = {1: kind, 3: 0, 4: "la"}
    if kind == BYTE_ARRAY:
        element[6] = 0
    footer = record(
        {
            1: 1,
            2: [{4: "schema", 5: 1}, element],
            3: Long(claims.get("file_rows", rows)),
            4: [{1: [{2: Long(0), 3: column}], 2: Long(size), 3: Long(rows)}],
        }
    )
    path.write_bytes(body + footer + len(footer).to_bytes(4, "little") + b"PAR1")
    return path


def texts(*cells: str) -> bytes:
    """Return cells of text in the plain encoding."""
    return b"".join(len(one.encode()).to_bytes(4, "little") + one.encode() for one in cells)
