"""Values that differ from pupil to pupil, or school to school, in one cell of the atlas: how many, and from what to what."""

from collections.abc import Callable
from fractions import Fraction

from engine.rules.in_force import InForce
from engine.rules.measures import Cell, document_value, money, values_over_days
from engine.rules.segments import CompiledPrice
from engine.rules.value_tables import SeriesOrTable, ValueTable
from engine.steps import SourcedValue, words_of
from engine.vocabulary import NOT_PRINTED, marked, weakest

Writer = Callable[[SourcedValue | None], Cell]
"""How a value is written in a cell."""


def spread(
    held: SeriesOrTable | None,
    now: InForce,
    write: Writer = document_value,
) -> Cell:
    """Return the values of everybody in force on some days, or the least and the most of a table."""
    if not isinstance(held, ValueTable):
        return values_over_days(now.values(held), write)
    given = [one for row in held.rows for one in now.values(row.value)]
    by = words_of_columns(held)
    standing = marked(weakest(given))
    known = sorted((one for one in given if one.is_printed), key=lambda one: Fraction(one.value))
    if not known:
        return Cell(NOT_PRINTED if given else None, "not in force on this day", standing)
    least, most = (write(one).text for one in (known[0], known[-1]))
    said = least if least == most else f"{least} to {most}"
    some = f", {len(given) - len(known)} {NOT_PRINTED}" if len(known) < len(given) else ""
    rows = f"{len(held.rows)} row{'s' if len(held.rows) > 1 else ''}"
    none = ", otherwise none" if held.otherwise else ""
    return Cell(f"{said}, by {by} ({rows}{some}){none}", standing=standing)


def words_of_columns(table: ValueTable) -> str:
    """Return the columns by which a table's values differ, in words."""
    names = dict.fromkeys(str(name) for row in table.rows for name in row.when)
    return " and ".join("authority" if name == "la" else words_of(name) for name in names)


def price_by_pupil(price: CompiledPrice, now: InForce) -> str:
    """Return a price that differs from pupil to pupil, as it is published: from what to what, and what then changes it."""
    rule, tariff = price.rule, price.tariff
    parts = []
    if rule.pounds is not None:
        parts.append(spread(rule.pounds, now, money).text)
    if rule.units is not None:
        parts.append(f"{rule.units} × {spread(tariff.unit_value, now, money).text}")
    if rule.staffing is not None:
        parts.append("what the adults cost")
    if rule.pounds_each is not None and price.quantity is not None:
        each = spread(rule.pounds_each, now, money).text
        parts.append(f"{each} × {words_of(price.quantity)}")
    later = {
        "uprating": tariff.uprating_percent if rule.staffing is None else None,
        "area cost adjustment": tariff.area_cost_adjustment,
    }
    before = " and ".join(name for name, held in later.items() if held is not None)
    return " + ".join(parts) + (f", before {before}" if before else "")
