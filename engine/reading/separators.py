"""What divides the cells of a text file: commas are read, and others are refused by their name."""

import re
from collections.abc import Sequence

from engine.reading.report import refusal

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars", "^": "carets", "~": "tildes"}
_DECLARED = re.compile(r"(?i)sep=(.)")
_SAVE = "save the table as 'CSV UTF-8 (comma delimited)'"


def refuse_separators(rows: Sequence[Sequence[str]], header: int) -> None:
    """Raise ``TableRefused`` where the cells of a file are divided by something else than commas.

    ``rows`` are the first of the file, divided at commas; ``header`` is the position of the column names.
    """
    declared = _DECLARED.fullmatch(rows[0][0].strip()) if rows[0] else None
    if declared is not None and declared[1] in _SEPARATORS:
        _refuse(_SEPARATORS[declared[1]], 1)
    if len(rows[header]) > 1:
        return
    for at, cells in enumerate(rows[header:], start=header):
        # Commas within a row are those of its texts or decimals, once something else divides it.
        row = ",".join(cells)
        for sign, name in _SEPARATORS.items():
            if row.count(sign) > max(row.count(","), 0) and (at == header or row.count(sign) > 1):
                _refuse(name, at + 1)


def refuse_quoted_separators(line: bytes, row: int) -> None:
    """Raise ``TableRefused`` for a row whose cells are in quotation marks and divided by something else."""
    for sign, name in _SEPARATORS.items():
        if f'"{sign}"'.encode() in line:
            _refuse(name, row)


def _refuse(name: str, row: int) -> None:
    raise refusal("separator", f"cells are divided by {name}; {_SAVE}", row=row)
