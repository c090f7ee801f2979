"""The value in force on a day."""

from datetime import date

from engine.rules.values import Given, Series


def in_force(series: Series | None, day: date) -> Given | None:
    """Return the latest value that is in force on ``day``, or None where none is yet."""
    held = [given for given in series or () if given.from_ <= day]
    return held[-1] if held else None
