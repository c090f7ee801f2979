"""Exact numbers of many rows at once: ratios of whole numbers of any size, one for each row."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[Any]
"""Whole numbers of any size: an array of objects."""


def _parts(value: "Number") -> tuple[Any, Any]:
    return (
        (value.top, value.bottom)
        if isinstance(value, Ratios)
        else Fraction(value).as_integer_ratio()
    )


class Ratios:
    """One exact number a row: ``top`` ÷ ``bottom``, which is positive and may be one number for all.

    Nothing is reduced: a few steps are worked, and their whole numbers may be long.
    """

    __slots__ = ("bottom", "top")

    def __init__(self, top: Whole, bottom: Whole | int = 1) -> None:
        """Keep whole numbers of any size."""
        self.top, self.bottom = top.astype(object), bottom

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

    def __add__(self, other: "Number") -> "Ratios":
        """Return the sum of each row."""
        top, bottom = _parts(other)
        return Ratios(self.top * bottom + top * self.bottom, self.bottom * bottom)

    __radd__ = __add__

    def __neg__(self) -> "Ratios":
        """Return the opposite of each row."""
        return Ratios(-self.top, self.bottom)

    def __sub__(self, other: "Number") -> "Ratios":
        """Return the difference of each row."""
        return self + -other

    def __rsub__(self, other: "Number") -> "Ratios":
        """Return the difference of each row."""
        return -self + other

    def __mul__(self, other: "Number") -> "Ratios":
        """Return the product of each row."""
        top, bottom = _parts(other)
        return Ratios(self.top * top, self.bottom * bottom)

    __rmul__ = __mul__

    def __truediv__(self, other: "Number") -> "Ratios":
        """Return the quotient of each row; the divisor is positive."""
        top, bottom = _parts(other)
        return Ratios(self.top * bottom, self.bottom * top)

    def __rtruediv__(self, other: "Number") -> "Ratios":
        """Return the quotient of each row; the divisor is positive."""
        top, bottom = _parts(other)
        return Ratios(self.bottom * top * np.ones(len(self), object), self.top * bottom)

    def at_least(self, other: "Number") -> NDArray[np.bool_]:
        """Return the rows that are as much or more."""
        top, bottom = _parts(other)
        more: NDArray[np.bool_] = (self.top * bottom >= top * self.bottom).astype(np.bool_)
        return more

    def equals(self, other: "Number") -> NDArray[np.bool_]:
        """Return the rows that are the same number."""
        top, bottom = _parts(other)
        same: NDArray[np.bool_] = (self.top * bottom == top * self.bottom).astype(np.bool_)
        return same

    def where(self, chosen: NDArray[np.bool_], other: "Number") -> "Ratios":
        """Return the chosen rows as they are, and those of another elsewhere."""
        top, bottom = _parts(other)
        return Ratios(np.where(chosen, self.top * bottom, top * self.bottom), self.bottom * bottom)


Number = Fraction | int | Ratios
