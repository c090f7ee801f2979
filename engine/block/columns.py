"""The columns of the tables that an authority's rules are worked out over."""

import numpy as np

from engine.columns import PUPIL_COLUMNS, SCHOOL_COLUMNS, Column, Kind
from engine.money import MILLION, PENCE

MOST_POUNDS = 10**9
"""Pounds, or a number, that one cell may hold: more than any authority's block."""

LARGEST = 10**10 * PENCE
"""Pence that one amount may come to, so that the amounts of any table can be added exactly."""

WIDE = np.dtype(np.int64)
BLANK_WIDE = int(np.iinfo(np.int64).min)
LA = PUPIL_COLUMNS["la"]
URN, NAME = SCHOOL_COLUMNS["urn"], SCHOOL_COLUMNS["school_name"]
"""Every authority's and every school's own columns, as other tables have them."""


def words(name: str, meaning: str) -> Column:
    """Return a column of text for people."""
    return Column(name, Kind.text, None, meaning)


def chosen(name: str, meaning: str) -> Column:
    """Return a column of one of the rule set's own words, which every row must have."""
    return Column(name, Kind.label, np.dtype(np.int16), meaning)


def number(name: str, meaning: str, *, least: int = 0, required: bool = True) -> Column:
    """Return a column of numbers with decimals, held in millionths; ``least`` in whole numbers."""
    missing = None if required else BLANK_WIDE
    most = MOST_POUNDS * MILLION
    return Column(name, Kind.millionths, WIDE, meaning, least * MILLION, most, None, missing)


def money(name: str, meaning: str, *, required: bool) -> Column:
    """Return a column of pounds, held in pence."""
    missing = None if required else BLANK_WIDE
    return Column(name, Kind.pounds, WIDE, meaning, 0, MOST_POUNDS * PENCE, None, missing)


def whole(name: str, meaning: str, *, required: bool) -> Column:
    """Return a column of whole numbers up to ten thousand."""
    missing = None if required else BLANK_WIDE
    return Column(name, Kind.whole, WIDE, meaning, 0, 10_000, None, missing)
