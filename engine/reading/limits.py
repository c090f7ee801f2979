"""Limits on files, checked before they are read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on a file; a small file can state, or unpack to, far more than its own size.

    ``file_bytes`` bounds the file, ``rows``, ``columns``, ``cells`` and ``cell_bytes``
    its table. A workbook may unpack to ``workbook_bytes`` in ``workbook_parts``, each at
    most ``ratio`` times its packed size; its used range may have ``grid_cells``, and the
    texts of a sheet ``workbook_text`` characters. A Parquet file may take up
    ``parquet_bytes`` of memory, or ``ratio`` times its own size where that is more.
    """

    file_bytes: int = 4 << 30
    rows: int = 20_000_000
    columns: int = 500
    cells: int = 400_000_000
    cell_bytes: int = 4_000
    workbook_bytes: int = 256 << 20
    workbook_parts: int = 1_000
    ratio: int = 100
    grid_cells: int = 17_000_000
    workbook_text: int = 1 << 30
    parquet_bytes: int = 256 << 20
