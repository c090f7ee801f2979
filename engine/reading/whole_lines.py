"""Rows of a table whose values are in one cell together: refused, as nothing says that their commas divide them."""

import csv
from collections.abc import Sequence

from engine.reading.report import refusal

_SIGNS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def refuse_lines_in_cells(rows: Sequence[Sequence[str]], header: int) -> None:
    """Raise ``TableRefused`` where every row has all its values in its first cell.

    ``rows`` are the first of a file or sheet, ``header`` is the position of the column names, which may be
    in cells of their own.
    """
    names, *below = (_filled(one) for one in rows[header:])
    below = [one for one in below if one]
    if any(len(one) > 1 for one in below) or not (below or len(names) == 1):
        return
    first = below[0][0] if below else names[0]
    sign = max(_SIGNS, key=first.count)
    width = len(names) if len(names) > 1 else len(_divided(names[0], sign))
    if width <= 1 or (
        len(names) > 1 and any(len(_divided(one, sign)) != width for (one,) in below)
    ):
        return
    name = _SIGNS[sign]
    sentence = (
        f"each row as a whole is in one cell, with {name} between its values; split the first column at its {name} "
        "(in Excel: Data, Text to Columns, Delimited), and save the table again"
    )
    raise refusal("lines-in-cells", sentence, row=header + 1)


def _filled(cells: Sequence[str]) -> list[str]:
    """Return the cells of a row without the blank ones at its end."""
    kept = [one.strip() for one in cells]
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _divided(text: str, sign: str) -> list[str]:
    return next(csv.reader([text], delimiter=sign), [])
