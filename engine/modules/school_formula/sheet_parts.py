"""The parts of a working as they are on a sheet, and the amounts that keep whatever is changed above them."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from engine.modules.explanation import Working
from engine.money import PENCE, is_number
from engine.steps import Row
from engine.steps.formulas import COLUMN, SheetRow

FIXED = "Worked out when this file was made: it does not follow changes in the cells above."
SHORTFALL = "Below 0 it is a shortfall."
EXPECTED = "expected_calls"
"""The working of what a budget is expected to pay for: it ends with the budget, the costs and what is left."""


class SheetPart(NamedTuple):
    """The rows of one part of a working; ``row`` is where the first of them is, counted from 1."""

    label: str
    row: int
    rows: tuple[SheetRow, ...]


def as_printed(row: Row) -> SheetRow:
    """Return a row of a working as it is printed, without a formula."""
    text = row.value
    value = Fraction(text) if text is not None and is_number(text) else text
    return SheetRow(
        row.operator, row.label, value, row.unit,
        source=row.source, standing=row.standing, note=row.note,
    )  # fmt: skip


def fixed_rows(rows: Sequence[Row]) -> list[SheetRow]:
    """Return rows of a working that keep their amounts, whatever is changed above them; the last says so."""
    said = [as_printed(row) for row in rows]
    if said and said[-1].value is not None:
        said[-1] = said[-1]._replace(note=FIXED)
    return said


def parts_after(
    parts: Sequence[SheetPart], workings: Iterable[Working], first: int
) -> tuple[SheetPart, ...]:
    """Return what follows from a budget as parts: the amounts keep, and what is left of the budget is a formula.

    ``parts`` are those of the budget, none where it is typed; the first row is ``first`` where there are none.
    """
    row = first if not parts else parts[-1].row + len(parts[-1].rows)
    found = []
    for working in workings:
        rows = fixed_rows(working.rows)
        if working.name == EXPECTED and rows[-1].value is not None:
            rows[-3:] = _left(rows[-3:], row + len(rows) - 3, _budget_cell(parts))
        found.append(SheetPart(working.label, row, tuple(rows)))
        row += len(rows)
    return tuple(found)


def _budget_cell(parts: Sequence[SheetPart]) -> str | None:
    """Return the cell of the budget, the last of its parts; None where it is typed."""
    return f"{COLUMN}{parts[-1].row + len(parts[-1].rows) - 1}" if parts else None


def _left(rows: Sequence[SheetRow], at: int, budget: str | None) -> list[SheetRow]:
    """Return a budget, what is expected of it, and what is left: a formula, in the rows from ``at`` on."""
    whole, costs, left = rows
    difference = f"(ROUND({COLUMN}{at}*{PENCE},0)-ROUND({COLUMN}{at + 1}*{PENCE},0))/{PENCE}"
    return [
        whole._replace(formula=budget, is_count=budget is None),
        costs._replace(note=FIXED),
        left._replace(formula=difference, note=SHORTFALL),
    ]
