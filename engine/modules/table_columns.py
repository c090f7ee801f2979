"""The columns of the tables that an authority's rules are worked out over; ``absence`` is what a blank means."""

import numpy as np

from engine.columns import ALWAYS, PUPIL_COLUMNS, SCHOOL_COLUMNS, Column, Kind
from engine.money import MILLION, PENCE

MOST_POUNDS = 10**9
"""Pounds, or a number, that one cell may hold: more than any authority's block."""

WIDE = np.dtype(np.int64)
BLANK_WIDE = int(np.iinfo(np.int64).min)
LA = PUPIL_COLUMNS["la"]
URN, NAME = SCHOOL_COLUMNS["urn"], SCHOOL_COLUMNS["school_name"]
"""Every authority's and every school's own columns, as other tables have them."""


def words(name: str, meaning: str, absence: str) -> Column:
    """Return a column of text for people."""
    return Column(name, Kind.text, None, meaning, absence=absence)


def chosen(name: str, meaning: str, labels: tuple[str, ...]) -> Column:
    """Return a column of one of the rule set's own words, which every row must have."""
    return Column(name, Kind.label, np.dtype(np.int16), meaning, absence=ALWAYS, labels=labels)


def number(
    name: str, meaning: str, absence: str, *, least: int = 0, required: bool = True
) -> Column:
    """Return a column of numbers with decimals, held in millionths; ``least`` in whole numbers."""
    most = MOST_POUNDS * MILLION
    return _wide(name, Kind.millionths, meaning, absence, least * MILLION, most, required=required)


def money(name: str, meaning: str, absence: str, *, required: bool) -> Column:
    """Return a column of pounds, held in pence."""
    most = MOST_POUNDS * PENCE
    return _wide(name, Kind.pounds, meaning, absence, 0, most, required=required)


def whole(name: str, meaning: str, absence: str = ALWAYS, *, required: bool) -> Column:
    """Return a column of whole numbers up to ten thousand."""
    return _wide(name, Kind.whole, meaning, absence, 0, 10_000, required=required)


def _wide(
    name: str, kind: Kind, meaning: str, absence: str, least: int, most: int, *, required: bool
) -> Column:
    missing = None if required else BLANK_WIDE
    return Column(name, kind, WIDE, meaning, least, most, None, missing, absence)
