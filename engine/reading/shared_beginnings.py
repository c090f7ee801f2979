"""How long the texts of a Parquet file are that share their beginnings (DELTA_BYTE_ARRAY).

Each text of such a page is so many bytes of the one before and some bytes of its own, so that
a few bytes may unpack to any number of long texts. Before they are unpacked, the lengths of
what they share are added up: these are whole numbers at the start of each page. The library
reads them by itself from a file of the same pages that says they hold nothing but numbers;
it ignores what follows them.

https://parquet.apache.org/docs/file-format/data-pages/encodings/
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from engine.reading.compact_thrift import Long, Record, Value, thrift_record

_MARK = b"PAR1"
_NUMBERS = 2
"""The physical type of whole numbers of 64 bits."""

_STEPS = 5
"""The encoding of whole numbers that starts each page of texts that share their beginnings."""

_LEVELS = 3
_SECOND_FORM = 3
"""The kind of pages of which the second form of heads speaks."""

_NAME = "shared"
_MOST_AT_ONCE = 64 << 20


class _Form(NamedTuple):
    """Where the head of a page describes it: the field, that of the encoding within, and all but statistics."""

    field: int
    encoding: int
    numbers: range


_OF_FIRST_FORM = _Form(5, 2, range(1, 5))
_OF_SECOND_FORM = _Form(8, 4, range(1, 8))


@dataclass(frozen=True, slots=True)
class TextPage:
    """A page of texts that share their beginnings: its head, what follows it, and how that is packed."""

    head: Record
    content: memoryview
    values: int
    codec: int
    optional: bool


@dataclass(frozen=True, slots=True)
class Shared:
    """Lengths in bytes of what texts share with the one before: the least, the most, and their sum."""

    least: int
    most: int
    total: int


def shared_lengths(pages: Sequence[TextPage]) -> Iterator[Shared]:
    """Yield the lengths of what the texts of some pages share, some pages at a time.

    ``total`` is exact where ``most`` times the number of texts is below 2⁶³. Raises
    ``PolarsError`` for what is no page of this kind.
    """
    for optional in (False, True):
        of_one_form = [page for page in pages if page.optional == optional]
        for some in _batches(of_one_form):
            numbers = pl.scan_parquet(_file(some, optional=optional)).select(pl.col(_NAME))
            found = numbers.select(
                least=pl.col(_NAME).min(), most=pl.col(_NAME).max(), total=pl.col(_NAME).sum()
            ).collect(engine="in-memory")
            yield Shared(*(number or 0 for number in found.row(0)))


def _batches(pages: Sequence[TextPage]) -> Iterator[list[TextPage]]:
    batch: list[TextPage] = []
    size = 0
    for page in pages:
        if batch and size + len(page.content) > _MOST_AT_ONCE:
            yield batch
            batch, size = [], 0
        batch.append(page)
        size += len(page.content)
    if batch:
        yield batch


def _file(pages: Sequence[TextPage], *, optional: bool) -> bytes:
    """Return a Parquet file of one column, in which each page is a group of rows of whole numbers."""
    body = bytearray(_MARK)
    groups: list[Value] = []
    for page in pages:
        start = len(body)
        body += _head(page)
        body += page.content
        size = Long(len(body) - start)
        values = Long(page.values)
        column: Record = {1: _NUMBERS, 2: [_STEPS, _LEVELS], 3: [_NAME.encode()], 4: page.codec}
        column |= {5: values, 6: size, 7: size, 9: Long(start)}
        groups.append({1: [{2: Long(start), 3: column}], 2: size, 3: values})
    schema: list[Value] = [{4: b"schema", 5: 1}, {1: _NUMBERS, 3: int(optional), 4: _NAME.encode()}]
    rows = Long(sum(page.values for page in pages))
    footer = thrift_record({1: 1, 2: schema, 3: rows, 4: groups})
    return bytes(body + footer + len(footer).to_bytes(4, "little") + _MARK)


def _head(page: TextPage) -> bytes:
    """Return the head of a page that says it holds whole numbers, without its statistics."""
    form = _OF_SECOND_FORM if page.head[1] == _SECOND_FORM else _OF_FIRST_FORM
    stated = page.head[form.field]
    known = stated if isinstance(stated, dict) else {}
    about: Record = {number: known[number] for number in form.numbers if number in known}
    about[form.encoding] = _STEPS
    return thrift_record({**{field: page.head[field] for field in (1, 2, 3)}, form.field: about})
