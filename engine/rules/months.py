"""The months of a year: how many rules are for, and how many each value that changes within them counts.

Lines of a formula, the first part of a plan and rates of places change with the first of a month, as statements
and place funding do; a part of a year pays its months' part.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from engine.days import MONTHS
from engine.errors import Problem, RuleRefused
from engine.rules.in_force import InForce
from engine.rules.values import DatedValue, Series, same_number
from engine.steps import DocumentValue, Earlier, Op, Plain, Step, Unit, result, start

MONTHS_OF_YEAR = Plain(str(MONTHS))


class MonthlyValue(NamedTuple):
    """A value, and the months of the rules' year in which it is in force."""

    dated: DatedValue
    months: int


def month_words(number: int) -> str:
    """Return a number of months in words.

    >>> month_words(1), month_words(7)
    ('1 month', '7 months')
    """
    return f"{number} month{'' if number == 1 else 's'}"


def months_between(days: Sequence[date], place: str) -> tuple[int, ...]:
    """Return the months from each of some days to the next; all must be the first of a month.

    Raises ``RuleRefused`` where one is not.
    """
    if any(day.day != 1 for day in days):
        late = ", ".join(day.isoformat() for day in days if day.day != 1)
        sentence = f"changes on {late}: it counts by whole months, so it must change on the first day of one"
        raise RuleRefused([Problem(sentence, "months", place=place)])
    return tuple(
        (after.year - before.year) * MONTHS + after.month - before.month
        for before, after in pairwise(days)
    )


def months_of(first: date, last: date) -> int:
    """Return the months that rules are for: 12 for a year, whichever day it begins with, and for anything longer.

    Raises ``RuleRefused`` for a part of a year that is not of whole months.
    """
    following = last + timedelta(days=1)
    if (following.year, following.month, following.day) >= (first.year + 1, first.month, first.day):
        return MONTHS
    if first.day != 1 or following.day != 1:
        sentence = (
            f"is part of a year, from {first.isoformat()} to {last.isoformat()}: a schools formula, places"
            " and targeted funding are paid by whole months, so it must begin with the first day of a month"
            " and end with the last day of one"
        )
        raise RuleRefused([Problem(sentence, "months", place="effective")])
    return months_between((first, following), "effective")[0]


def monthly(
    series: Series | None, now: InForce, months: int, place: str
) -> tuple[MonthlyValue, ...]:
    """Return the values that are in force, each with its months of the ``months`` that rules are for.

    None where no value is in force from the first day on. A value that is stated anew and stays the same
    is one. Raises ``RuleRefused`` for a change that is not with the first of a month.
    """
    first = now.latest(series)
    if first is None:
        return ()
    held = [first]
    held += [
        after for before, after in pairwise(now.values(series)) if not same_number(before, after)
    ]
    if len(held) == 1:
        return (MonthlyValue(first, months),)
    days = [now.first, *(one.from_ for one in held[1:]), now.last + timedelta(days=1)]
    each = months_between(days, place)
    return tuple(MonthlyValue(*one) for one in zip(held, each, strict=True))


def monthly_steps(
    values: Sequence[MonthlyValue], label: str, path: str, name: str
) -> Iterator[Step]:
    """Yield the steps to what pounds a year come to over the months of rules: not rounded, under a name."""
    for at, (dated, months) in enumerate(values):
        yield start(f"{label}, a year", DocumentValue(dated, path, Unit.pounds))
        yield Step(Op.times, "Months", Plain(str(months)))
        yield result(month_words(months), None, f"{name} {at}")
    for at, (_, months) in enumerate(values):
        yield Step(Op.plus if at else Op.start, month_words(months), Earlier(f"{name} {at}"))
    yield Step(Op.per, "Months of a year", MONTHS_OF_YEAR)
    yield result(label, None, name)


def is_year(values: Sequence[MonthlyValue]) -> bool:
    """Return whether one value is in force for the whole of a year."""
    return len(values) == 1 and values[0].months == MONTHS
