"""The columns of the tables that an authority's rules are worked out over; ``absence`` is what a blank means."""

from dataclasses import replace

from engine.columns import ALWAYS, PUPIL_COLUMNS, SCHOOL_COLUMNS, Column, Kind, declare
from engine.money import MILLION, PENCE

MOST_POUNDS = 10**9
"""Pounds, or a number, that one cell may hold: more than any authority's block."""

LA = PUPIL_COLUMNS["la"]
URN, NAME = SCHOOL_COLUMNS["urn"], SCHOOL_COLUMNS["school_name"]
"""Every authority's and every school's own columns, as other tables have them."""


def words(name: str, meaning: str, absence: str) -> Column:
    """Return a column of text for people."""
    return declare(name, Kind.text, 0, meaning, absence=absence)


def chosen(name: str, meaning: str, labels: tuple[str, ...]) -> Column:
    """Return a column of one of the rule set's own words, which every row must have."""
    one = declare(name, Kind.label, 16, meaning, absence=ALWAYS, required=True)
    return replace(one, labels=labels)


def number(
    name: str, meaning: str, absence: str, *, least: int = 0, required: bool = True
) -> Column:
    """Return a column of numbers with decimals, held in millionths; ``least`` in whole numbers."""
    ends = least * MILLION, MOST_POUNDS * MILLION
    return declare(
        name, Kind.millionths, 64, meaning, *ends, absence=absence, required=required, none=0
    )


def money(name: str, meaning: str, absence: str, *, least: int = 0, required: bool) -> Column:
    """Return a column of pounds, held in pence; ``least`` in pounds."""
    ends = least * PENCE, MOST_POUNDS * PENCE
    return declare(
        name, Kind.pounds, 64, meaning, *ends, absence=absence, required=required, none=0
    )


def whole(name: str, meaning: str, absence: str = ALWAYS, *, required: bool) -> Column:
    """Return a column of whole numbers up to ten thousand."""
    return declare(
        name, Kind.whole, 64, meaning, 0, 10_000, absence=absence, required=required, none=0
    )
