"""The formulas of a school's sheet worked out as a spreadsheet does: binary numbers, ROUND by fifteen digits."""

import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from engine.explain import COLUMN, SheetPart

_CELL = re.compile(rf"\b{COLUMN}([0-9]+)\b")
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)


def rounded(number: float, decimals: int) -> float:
    """Return a number rounded as spreadsheet programs do: halves away from zero, of fifteen digits."""
    seen = _FIFTEEN.create_decimal(Decimal(number)) if abs(number) < 1e15 else Decimal(number)
    return float(seen.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


NAMES = {
    "ROUND": rounded,
    "MAX": max,
    "MIN": min,
    "IF": lambda condition, one, other: one if condition else other,
}


def recalculated(parts: Iterable[SheetPart], changed: Mapping[int, float]) -> dict[int, float]:
    """Return the number of each row of a sheet, by its row, after some cells were changed."""
    rows = {place: row for part in parts for place, row in enumerate(part.rows, start=part.row)}
    found: dict[int, float] = {}

    def value(place: int) -> float:
        if place not in found:
            row = rows[place]
            if place in changed:
                found[place] = changed[place]
            elif row.formula is not None:
                text = _CELL.sub(r"value(\1)", row.formula)
                found[place] = float(eval(text, {**NAMES, "value": value}))  # noqa: S307 - our own formulas
            else:
                found[place] = float(row.value) if isinstance(row.value, Fraction) else 0.0
        return found[place]

    return {place: value(place) for place in rows}
