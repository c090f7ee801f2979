"""The value in force on a day."""

from datetime import date
from typing import NamedTuple

from engine.errors import Problem, RuleRefused
from engine.rules.values import Given, Series
from engine.steps import Said, Unit


def in_force(series: Series | None, day: date) -> Given | None:
    """Return the latest value that is in force on ``day``, or None where none is yet."""
    held = [given for given in series or () if given.from_ <= day]
    return held[-1] if held else None


def standing_value(series: Series | None, day: date, place: str) -> Given | None:
    """Return the value in force on ``day``, or None where the document names none at all.

    Raises ``RuleRefused`` where it names values and none is in force yet: a price that
    has not begun is not a price of nothing.
    """
    given = in_force(series, day)
    if series and given is None:
        sentence = (
            f"has no value on {day.isoformat()}; the first is from {series[0].from_.isoformat()}"
        )
        raise RuleRefused([Problem(sentence, "not-in-force", place=place)])
    return given


class InForce(NamedTuple):
    """A day, and the values of a document that are in force on it, as steps take them."""

    day: date

    def value(self, series: Series | None, path: str, unit: Unit) -> Said | None:
        """Return the value in force, or None where the document names none; refuse one not yet begun."""
        given = standing_value(series, self.day, path)
        return None if given is None else Said(given, path, unit)

    def perhaps(self, series: Series | None, path: str, unit: Unit) -> Said | None:
        """Return the value in force, or None where none is yet."""
        given = in_force(series, self.day)
        return None if given is None else Said(given, path, unit)

    def begun(self, series: Series | None, path: str, unit: Unit) -> list[Said]:
        """Return every value that has come into force by the day, in their order."""
        return [Said(given, path, unit) for given in series or () if given.from_ <= self.day]
