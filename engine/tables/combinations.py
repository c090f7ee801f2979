"""The distinct combinations of pupils' attributes: rules are applied to these, not to pupils.

A million pupils have some thousands of combinations of what a formula counts by. A pupil's
combination is a number; the values of each combination are stored once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import PUPIL_COLUMNS, Column, pupil_column
from engine.kernels.codes import Contribution, fill_codes
from engine.row_chunks import ONE_THREAD, Blocks
from engine.vocabulary import HIGHEST_YEAR_GROUP, LOWEST_YEAR_GROUP, phase_of_year

MISSING = int(np.iinfo(np.int32).min)
"""Value not supplied in the attributes of a combination, for columns of any width."""

PHASE = "phase"

Array = NDArray[Any]
Values = NDArray[np.int64]

HIGHEST = int(np.iinfo(np.int32).max)
NARROW = 2
"""Bytes of a column whose values are looked up rather than searched."""
DENSE = 1 << 22
FEW, DENSE_FOR_EACH = 1_024, 16
OUTSIDE = -(1 << 26)
MOST_NARROW = int(np.iinfo(np.int16).max)
"""Combinations that numbers of two bytes tell apart, with one number left for none of them."""


def frozen(array: Array) -> Array:
    """Return ``array`` contiguous and read-only, so that kernels compile once."""
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array


class NarrowCombinations(NamedTuple):
    """Combinations told apart by a number of two bytes a pupil: most of a look-up's time is reading.

    combination  (pupils) position of the pupil's combination, or the number of combinations
                where the pupil has none of these
    attributes  (combinations, columns) values, ``MISSING`` where not supplied
    """

    names: tuple[str, ...]
    combination: NDArray[np.int16]
    attributes: NDArray[np.int32]

    def values(self) -> dict[str, NDArray[np.int32]]:
        """Return the values of each column, a combination each."""
        return {
            name: np.ascontiguousarray(self.attributes[:, at]) for at, name in enumerate(self.names)
        }


@dataclass(frozen=True, slots=True)
class Combinations:
    """Combinations of some columns, and which of them each pupil has.

    combination  (pupils) position of the pupil's combination, int32
    attributes   (combinations, columns) values, ``MISSING`` where not supplied, int32
    """

    names: tuple[str, ...]
    combination: NDArray[np.int32]
    attributes: NDArray[np.int32]

    def narrow(self) -> NarrowCombinations | None:
        """Return the same combinations by half as wide numbers, or None where they do not fit."""
        parts = self.parts()
        return parts[0] if len(parts) == 1 else None

    def parts(self) -> list[NarrowCombinations]:
        """Return the combinations in as few parts as half as wide numbers can tell apart."""
        combinations, parts = len(self.attributes), []
        for low in range(0, max(combinations, 1), MOST_NARROW):
            held = frozen(self.attributes[low : low + MOST_NARROW])
            code = self.combination - np.int32(low)
            if combinations > MOST_NARROW:
                code = np.where((code >= 0) & (code < len(held)), code, len(held))
            parts.append(NarrowCombinations(self.names, frozen(code.astype(np.int16)), held))
        return parts

    def of(self, names: tuple[str, ...]) -> "Combinations":
        """Return the same combinations with some of their columns; several may then look alike."""
        places = [self.names.index(name) for name in names]
        return Combinations(names, self.combination, frozen(self.attributes[:, places]))


def _phase_table() -> NDArray[np.int8]:
    table = np.full(256, np.iinfo(np.int8).min, np.int8)
    for year in range(LOWEST_YEAR_GROUP, HIGHEST_YEAR_GROUP + 1):
        table[year + 128] = phase_of_year(year)
    return table


_PHASE_OF_YEAR = _phase_table()


def phases_of(year_group: Array) -> Array:
    """Return the phase of each pupil from the year group."""
    return frozen(_PHASE_OF_YEAR[year_group.astype(np.int64) + 128])


def _register(name: str) -> Column | None:
    """Return the register's entry of a column; a phase has the bounds of its year group."""
    return PUPIL_COLUMNS["year_group"] if name == PHASE else pupil_column(name)


def missing_of(name: str) -> int | None:
    """Return the number that means "not supplied" in a column, or None where it has none."""
    column = _register(name)
    return None if column is None else column.missing


def combinations_of(
    names: tuple[str, ...], column: Callable[[str], Array], length: int
) -> Combinations:
    """Return the distinct combinations in ascending order of the columns' values, missing first."""
    columns = [column(name) for name in names]
    domains = [_domain(name, held) for name, held in zip(names, columns, strict=True)]
    # A few pupils have few values: looking through a whole domain would be most of the time.
    dense = min(DENSE, FEW + DENSE_FOR_EACH * length)
    if _size(domains) > dense:
        domains = [np.unique(held).astype(np.int64) for held in columns]
    if _size(domains) <= dense:
        combination, distinct = _dense(columns, domains, length)
    else:
        packed = np.zeros(length, np.int64)
        for held, domain in zip(columns, domains, strict=True):
            packed = packed * len(domain) + np.searchsorted(domain, held)
        distinct, inverse = np.unique(packed, return_inverse=True)
        combination = inverse.astype(np.int32)
    return Combinations(names, frozen(combination), frozen(_attributes(names, domains, distinct)))


def _size(domains: Sequence[Values]) -> int:
    return int(np.prod([len(domain) for domain in domains], dtype=object)) if domains else 1


def _domain(name: str, column: Array) -> Values:
    """Return the values that a narrow column may hold, ascending; those that a wide one holds."""
    known = _register(name)
    if known is None or known.dtype is None or column.dtype.itemsize > NARROW:
        return np.unique(column).astype(np.int64)
    highest = int(column.max(initial=known.lowest))
    if highest > known.highest or _below(column, known.lowest, known.missing):
        message = (
            "a column has a value outside its range; tables must be checked when they are read"
        )
        raise ValueError(message)
    # Codes are few; of a scale only what is used is laid out.
    values = np.arange(known.lowest, (known.highest if known.codes else highest) + 1)
    return values if known.missing is None else np.r_[known.missing, values]


def _below(column: Array, lowest: int, missing: int | None) -> bool:
    below = int(np.count_nonzero(column < lowest))
    return below > 0 and below != (
        0 if missing is None else int(np.count_nonzero(column == missing))
    )


def codes_of(
    contributions: Sequence[Contribution], length: int, blocks: Blocks = ONE_THREAD
) -> NDArray[np.int32]:
    """Return each pupil's code: the sum of what the columns contribute, two in each pass."""
    code = (np.empty if contributions else np.zeros)(length, np.int32)
    for at in range(0, len(contributions), 2):
        one = contributions[at]
        nothing = Contribution(one.value, 0, np.zeros(1, np.int32))
        other = contributions[at + 1] if at + 1 < len(contributions) else nothing
        blocks.run(fill_codes, length, _contiguous(one), _contiguous(other), int(at > 0), code)
    return code


def _contiguous(one: Contribution) -> Contribution:
    value = frozen(one.value.astype(np.int16, copy=False))
    return Contribution(value, one.lowest, frozen(np.asarray(one.part, np.int32)))


def _dense(
    columns: Sequence[Array], domains: Sequence[Values], length: int
) -> tuple[NDArray[np.int32], Values]:
    """Return each pupil's combination and the packed numbers of those that occur.

    Every combination has its own number, so that one look-up a column and pupil adds
    it up, and one pass over the numbers finds those that occur.
    """
    narrow: list[Contribution] = []
    wide: list[Array] = []
    stride = _size(domains)
    for column, domain in zip(columns, domains, strict=True):
        stride //= len(domain)
        if column.dtype.itemsize <= NARROW:
            lowest = int(domain[1]) if len(domain) > 1 else int(domain[0])
            part = np.full(int(domain[-1]) - lowest + 2, OUTSIDE, np.int64)
            place = np.maximum(domain - lowest + 1, 0)
            part[place] = np.arange(len(domain)) * stride
            narrow.append(Contribution(column, lowest, part))
        else:
            wide.append((np.searchsorted(domain, column) * stride).astype(np.int32))
    packed = sum(wide, codes_of(narrow, length))
    used = np.zeros(max(_size(domains), 1), bool)
    used[packed] = True
    position = np.cumsum(used, dtype=np.int32) - np.int32(1)
    return position[packed], np.flatnonzero(used)


def _attributes(
    names: tuple[str, ...], domains: Sequence[Values], distinct: Values
) -> NDArray[np.int32]:
    """Return the values of each combination from its packed number."""
    attributes = np.empty((len(distinct), len(names)), np.int32)
    rest = distinct.copy()
    for place in range(len(names) - 1, -1, -1):
        rest, code = np.divmod(rest, len(domains[place]))
        # Costs beyond what a whole number of pence can tell apart here are counted as the largest.
        values = np.minimum(domains[place][code], HIGHEST)
        missing = missing_of(names[place])
        attributes[:, place] = (
            np.where(values == missing, MISSING, values) if missing is not None else values
        )
    return attributes
