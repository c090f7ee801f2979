"""One column of a table: what it holds, in what unit, within what range, and what a blank means; and those that rules use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray

Int = NDArray[np.int64]

ALWAYS = "never blank"
NO_VALUE = int(np.iinfo(np.int64).min)
"""What a word for none means where a blank says the same: no such day, no such school."""
HIGHEST_PENCE = 10**10
HIGHEST_UNITS = 10**11
"""Millionths."""


class Kind(StrEnum):
    """How the text of a column is read and what its whole numbers count."""

    key = "key"
    """opaque text, unique in the table"""
    text = "text"
    """text for people; not calculated with"""
    code = "code"
    """one of a closed list of codes"""
    flag = "flag"
    """1 or 0; ``true``/``false``, ``yes``/``no`` are read too"""
    whole = "whole"
    """a whole number"""
    hours = "hours"
    """hours a week, held in hundredths of an hour"""
    pounds = "pounds"
    """pounds, held in pence"""
    millionths = "millionths"
    """a number with decimals, held in millionths"""
    date = "date"
    """an ISO date, held as days since 1970-01-01"""
    label = "label"
    """a name from a list that the rule set gives (bands)"""


class LaidOut(StrEnum):
    """The columns whose combinations most rule sets read together."""

    factors = "factors"
    """what factors of the school formula count pupils by"""
    bands = "bands"
    """what decides a band or a price"""
    scales = "scales"
    """numbers that band boundaries lie on: for those with special educational provision alone"""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    ``lowest`` and ``highest`` bound the whole numbers held (pence, hundredths, days),
    both included. ``missing`` is the number that means "not supplied"; a column
    without one must have a value in every row. ``absence`` says what a blank cell means.
    ``laid_out`` says with which others a large table lays the column out when it is made.
    ``labels`` are the words of a column whose list a rule set gives, in the order of their numbers.
    ``none`` is the whole number that a word for none means, None where none has no meaning;
    ``NO_VALUE`` where it says that there is no such day or school, as a blank does.
    """

    name: str
    kind: Kind
    dtype: np.dtype[np.signedinteger] | None
    meaning: str
    lowest: int = 0
    highest: int = 0
    codes: type[IntEnum] | None = None
    missing: int | None = None
    absence: str = ""
    laid_out: LaidOut | None = None
    labels: tuple[str, ...] = ()
    none: int | None = None


def declare(
    name: str,
    kind: Kind,
    bits: int,
    meaning: str,
    lowest: int = 0,
    highest: int = 0,
    codes: type[IntEnum] | None = None,
    *,
    absence: str,
    laid_out: LaidOut | None = None,
    required: bool = False,
    none: int | None = None,
) -> Column:
    """Return a column held in so many bits (0: text), whose codes give its range.

    A ``required`` one must have a value in every row; in others the lowest number of
    that width means "not supplied". ``none`` is what a word for none means.
    """
    dtype = np.dtype(f"int{bits}") if bits else None
    if codes is not None:
        lowest, highest = min(codes), max(codes)
    missing = None if required or dtype is None else int(np.iinfo(dtype).min)
    return Column(
        name, kind, dtype, meaning, lowest, highest, codes, missing, absence, laid_out, none=none
    )


@dataclass(frozen=True, slots=True, repr=False)
class ColumnSelection:
    """The columns that a rule set (or a pair of them) uses.

    ``required`` must be in the file; ``known`` may be; any other is refused. ``read`` are those that a
    table keeps once all are checked, None where it keeps every one.
    ``labels`` are the bands that the column ``band`` may hold, in code order.
    """

    required: frozenset[str]
    known: frozenset[str]
    labels: tuple[str, ...] = ()
    phase_pupils: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """for each phase, the units columns that add to its pupils (shares are taken of them)"""
    read: frozenset[str] | None = None
    blank_means_none: frozenset[str] = frozenset()
    """columns in which a blank means none, as the rules state"""

    def __or__(self, other: "ColumnSelection") -> "ColumnSelection":
        """Return what both rule sets use together."""
        labels = (*self.labels, *(label for label in other.labels if label not in self.labels))
        pupils = {**other.phase_pupils, **self.phase_pupils}
        read = None if self.read is None or other.read is None else self.read | other.read
        return ColumnSelection(
            self.required | other.required,
            self.known | other.known,
            labels,
            pupils,
            read,
            self.blank_means_none | other.blank_means_none,
        )
