"""Values that differ from pupil to pupil in one cell of the atlas: how many, and from what to what."""

from collections.abc import Callable
from fractions import Fraction

from engine.rules.in_force import InForce
from engine.rules.measures import Cell, document_value, values_over_days
from engine.rules.value_tables import SeriesOrTable, ValueTable
from engine.steps import SourcedValue, words_of
from engine.vocabulary import NOT_PRINTED, marked, weakest


def spread(
    held: SeriesOrTable | None,
    now: InForce,
    write: Callable[[SourcedValue | None], Cell] = document_value,
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
    return Cell(f"{said}, by {by} ({len(held.rows)} rows{some})", standing=standing)


def words_of_columns(table: ValueTable) -> str:
    """Return the columns by which a table's values differ, in words."""
    names = dict.fromkeys(str(name) for row in table.rows for name in row.when)
    return " and ".join("authority" if name == "la" else words_of(name) for name in names)
