"""Exact numbers of many rows at once: ratios of whole numbers of any size, one for each row."""

from collections.abc import Iterable
from fractions import Fraction
from math import gcd
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.money import half_away

Whole = NDArray[Any]
"""Whole numbers of any size, an array of objects; or of 63 bits."""


LARGEST = 2**61
"""Below it a whole number can be doubled, and another one added, in 63 bits."""


class _Parts(NamedTuple):
    """What is divided, what divides, and a number that what is divided never passes; None for any size."""

    top: Any
    bottom: Any
    most: int | None


def _parts(value: "Number") -> _Parts:
    if isinstance(value, Ratios):
        return _Parts(value.top, value.bottom, value.most)
    top, bottom = Fraction(value).as_integer_ratio()
    return _Parts(top, bottom, abs(top) if bottom < LARGEST else None)


def _times(most: int | None, other: Any) -> int | None:
    """Return a number that a product never passes; None where it may be of any size."""
    if most is None or not isinstance(other, int):
        return None
    bound = max(most, 1) * max(abs(other), 1)
    return bound if bound < LARGEST else None


def _multiple(top: Any, many: Any) -> Any:
    """Return whole numbers multiplied, as they are by 1: most are of pence, and nothing divides them."""
    return top if isinstance(many, int) and many == 1 else top * many


def _wide(top: Any, most: int | None) -> Any:
    """Return whole numbers as they are where what is made of them has a bound, else of any size."""
    return top if most is not None or isinstance(top, int) else top.astype(object)


class Ratios:
    """One exact number a row: ``top`` ÷ ``bottom``, which is positive and may be one number for all.

    Nothing is reduced: a few steps are worked, and their whole numbers may be long. ``most`` is a
    number that no row of ``top`` passes, either way: as long as it proves that all fits in 63 bits, rows
    are kept so; without it, and from then on, they are whole numbers of any size.
    """

    __slots__ = ("bottom", "most", "top")

    def __init__(self, top: Whole, bottom: Whole | int = 1, most: int | None = None) -> None:
        """Keep whole numbers of any size, or of 63 bits where ``most`` proves that they fit."""
        fits = most is not None and most < LARGEST and isinstance(bottom, int) and bottom < LARGEST
        self.most = most if fits else None
        self.top, self.bottom = _wide(top, self.most), bottom

    @classmethod
    def of(cls, numbers: Iterable[Fraction]) -> "Ratios":
        """Return exact numbers as rows."""
        each = [one.as_integer_ratio() for one in numbers]
        top, bottom = np.asarray(each, object).reshape(-1, 2).T
        return cls(top, bottom)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.top)

    def row(self, at: int) -> Fraction:
        """Return the number of one row."""
        bottom = self.bottom if isinstance(self.bottom, int) else self.bottom[at]
        return Fraction(int(self.top[at]), int(bottom))

    def as_integer_ratio(self) -> tuple[Whole, Whole | int]:
        """Return what is divided and what divides."""
        return self.top, self.bottom

    def to_nearest(self, nearest: Fraction) -> "Ratios":
        """Return each row to the nearest multiple, halves away from zero."""
        parts = self / nearest
        bottom = parts.bottom
        if isinstance(bottom, int) and bottom == 1:
            return parts * nearest
        most = None
        if parts.most is not None and isinstance(bottom, int):
            most = parts.most // bottom + 1
        return Ratios(half_away(parts.top, bottom), 1, most) * nearest

    def __add__(self, other: "Number") -> "Ratios":
        """Return the sum of each row."""
        top, bottom, most = _parts(other)
        one, another = _times(self.most, bottom), _times(most, self.bottom)
        bound = None if one is None or another is None else one + another
        mine, theirs = _wide(self.top, bound), _wide(top, bound)
        top = _multiple(mine, bottom) + _multiple(theirs, self.bottom)
        return Ratios(top, self.bottom * bottom, bound)

    __radd__ = __add__

    def __neg__(self) -> "Ratios":
        """Return the opposite of each row."""
        return Ratios(-self.top, self.bottom, self.most)

    def __sub__(self, other: "Number") -> "Ratios":
        """Return the difference of each row."""
        return self + -other

    def __rsub__(self, other: "Number") -> "Ratios":
        """Return the difference of each row."""
        return -self + other

    def __mul__(self, other: "Number") -> "Ratios":
        """Return the product of each row."""
        top, bottom, most = _parts(other)
        mine = self.bottom
        if isinstance(top, int) and isinstance(mine, int):
            # Pounds times pence of a pound: what divides is then 1, and no step after it divides.
            common = gcd(top, mine)
            top, mine = top // common, mine // common
            most = None if most is None else most // common
        bound = _times(self.most, most)
        product = _multiple(_wide(self.top, bound), _wide(top, bound))
        return Ratios(product, mine * bottom, bound)

    __rmul__ = __mul__

    def __truediv__(self, other: "Number") -> "Ratios":
        """Return the quotient of each row; the divisor is positive."""
        top, bottom, _ = _parts(other)
        bound = _times(self.most, bottom) if isinstance(top, int) else None
        product = _multiple(_wide(self.top, bound), bottom)
        return Ratios(product, self.bottom * _wide(top, bound), bound)

    def __rtruediv__(self, other: "Number") -> "Ratios":
        """Return the quotient of each row; the divisor is positive."""
        top, bottom, _ = _parts(other)
        mine = _wide(self.top, None)
        return Ratios(self.bottom * top * np.ones(len(self), object), mine * bottom)

    def at_least(self, other: "Number") -> NDArray[np.bool_]:
        """Return the rows that are as much or more."""
        mine, theirs, _ = self._beside(other)
        more: NDArray[np.bool_] = (mine >= theirs).astype(np.bool_)
        return more

    def equals(self, other: "Number") -> NDArray[np.bool_]:
        """Return the rows that are the same number."""
        mine, theirs, _ = self._beside(other)
        same: NDArray[np.bool_] = (mine == theirs).astype(np.bool_)
        return same

    def where(self, chosen: NDArray[np.bool_], other: "Number") -> "Ratios":
        """Return the chosen rows as they are, and those of another elsewhere."""
        mine, theirs, bound = self._beside(other)
        return Ratios(np.where(chosen, mine, theirs), self.bottom * _parts(other).bottom, bound)

    def _beside(self, other: "Number") -> tuple[Any, Any, int | None]:
        """Return this and another number of each row in the same parts, and what neither passes."""
        top, bottom, most = _parts(other)
        one, another = _times(self.most, bottom), _times(most, self.bottom)
        bound = None if one is None or another is None else max(one, another)
        mine = _multiple(_wide(self.top, bound), bottom)
        return mine, _multiple(_wide(top, bound), self.bottom), bound


Number = Fraction | int | Ratios
