"""Numbers in formulas of a spreadsheet: a quotient of two whole numbers, each a number or an expression over cells.

A spreadsheet's numbers are binary: a whole number below 2**53 is exact, and a decimal is not. So pounds are taken as
pence and pupils as millionths, and are divided once, where a result is rounded.
"""

from collections.abc import Iterable
from fractions import Fraction
from math import lcm
from typing import NamedTuple

Term = int | str
"""A whole number, or an expression that comes to one: an expression is a factor, so a sum has its brackets."""

EXACT_BOTTOM = 10**8
"""Up to this bottom a half and its neighbours differ by the program's own rounding, which sees 15 digits."""

READ_BACK = 10**10
"""Parts of one up to which a whole number is read back from the quotient that a cell shows."""

GUARD = 5
"""Decimals of a penny to which a longer quotient is rounded first: what binary numbers lose is less."""


def _factor(term: Term) -> str:
    return f"({term})" if isinstance(term, int) and term < 0 else str(term)


def product(one: Term, other: Term) -> Term:
    """Return the product of two terms.

    >>> product(2, 3), product("A1", 1), product("A1", "B1"), product("A1", -2)
    (6, 'A1', 'A1*B1', 'A1*(-2)')
    """
    if isinstance(one, int) and isinstance(other, int):
        return one * other
    if 0 in (one, other):
        return 0
    if one == 1:
        return other
    return one if other == 1 else f"{_factor(one)}*{_factor(other)}"


def total(one: Term, other: Term) -> Term:
    """Return the sum of two terms.

    >>> total(2, 3), total("A1", 0), total("A1", "B1")
    (5, 'A1', '(A1+B1)')
    """
    if isinstance(one, int) and isinstance(other, int):
        return one + other
    if one == 0:
        return other
    return one if other == 0 else f"({_factor(one)}+{_factor(other)})"


class Quotient(NamedTuple):
    """A number: ``top`` ÷ ``bottom``, which is more than 0; ``is_exact`` while both are whole numbers."""

    top: Term
    bottom: Term = 1
    is_exact: bool = True

    @classmethod
    def of(cls, exact: Fraction) -> "Quotient":
        """Return a number that does not change."""
        return cls(exact.numerator, exact.denominator)

    @classmethod
    def sum_of(cls, numbers: Iterable["Quotient"]) -> "Quotient":
        """Return a sum; each bottom is a number.

        >>> Quotient.sum_of([Quotient("A1", 10), Quotient("A2", 5), Quotient(1)]).text
        '((A1+A2*2+10)/10)'
        """
        every = [one for one in numbers if one.top != 0]
        bottom = lcm(*(one.bottom for one in every if isinstance(one.bottom, int)))
        fixed, tops = 0, []
        for one in every:
            if not isinstance(one.bottom, int):
                message = "a sum takes numbers over whole numbers"
                raise TypeError(message)
            top = product(one.top, bottom // one.bottom)
            if isinstance(top, int):
                fixed += top
            else:
                tops.append(top)
        terms = [*tops, *([_factor(fixed)] if fixed else [])]
        is_exact = all(one.is_exact for one in every)
        if not tops:
            return cls(fixed, bottom)
        return cls(terms[0] if len(terms) == 1 else f"({'+'.join(terms)})", bottom, is_exact)

    def in_cell(self, cell: str, scale: int) -> "Quotient":
        """Return the number as it is read back from a cell that shows one of ``scale`` parts of it, such as pounds of pence.

        >>> Quotient("A1*B1", 1000).in_cell("C1", 100)
        Quotient(top='ROUND(C1*100000,0)', bottom=1000, is_exact=True)
        """
        if self.is_exact and isinstance(self.bottom, int) and self.bottom * scale <= READ_BACK:
            return Quotient(f"ROUND({cell}*{self.bottom * scale},0)", self.bottom)
        return Quotient(cell if scale == 1 else f"{cell}*{scale}", 1, is_exact=False)

    @property
    def text(self) -> str:
        """Return the expression of the number, a factor of whatever it is written into.

        >>> Quotient("A1*B1", 100).text, Quotient(7).text
        ('(A1*B1/100)', '7')
        """
        if self.bottom == 1:
            return _factor(self.top)
        bottom = f"({self.bottom})" if isinstance(self.bottom, str) else str(self.bottom)
        return f"({_factor(self.top)}/{bottom})"

    @property
    def rounded(self) -> str:
        """Return the expression of the nearest whole number, halves away from zero.

        >>> Quotient("A1*B1", 1000000).rounded
        'ROUND((A1*B1/1000000),0)'
        """
        if self.is_exact and isinstance(self.bottom, int) and self.bottom <= EXACT_BOTTOM:
            return f"ROUND({self.text},0)"
        return f"ROUND(ROUND({self.text},{GUARD}),0)"

    def times(self, other: "Quotient") -> "Quotient":
        """Return the product."""
        top, bottom = product(self.top, other.top), product(self.bottom, other.bottom)
        return Quotient(top, bottom, self.is_exact and other.is_exact).reduced

    def per(self, other: "Quotient") -> "Quotient":
        """Return the quotient by a number that is never negative; one of 0 is taken as the least above it."""
        divisor = other.top if isinstance(other.top, int) else f"MAX({other.top},1)"
        top, bottom = product(self.top, other.bottom), product(self.bottom, divisor)
        return Quotient(top, bottom, self.is_exact and other.is_exact).reduced

    def plus(self, other: "Quotient", sign: int = 1) -> "Quotient":
        """Return the sum, or with a ``sign`` of -1 what is left."""
        one, two, bottom = self.beside(other)
        is_exact = self.is_exact and other.is_exact
        if sign < 0 and isinstance(two, str):
            return Quotient(f"({_factor(one)}-{two})", bottom, is_exact)
        return Quotient(total(one, product(two, sign)), bottom, is_exact)

    def beside(self, other: "Quotient") -> tuple[Term, Term, Term]:
        """Return both tops over one bottom, and that bottom."""
        if self.bottom == other.bottom:
            return self.top, other.top, self.bottom
        if isinstance(self.bottom, int) and isinstance(other.bottom, int):
            bottom = lcm(self.bottom, other.bottom)
            one = product(self.top, bottom // self.bottom)
            return one, product(other.top, bottom // other.bottom), bottom
        bottoms = product(self.bottom, other.bottom)
        return product(self.top, other.bottom), product(other.top, self.bottom), bottoms

    def bounded(self, by: "Quotient", function: str) -> "Quotient":
        """Return the larger (``MAX``) or the smaller (``MIN``) of two numbers."""
        one, two, bottom = self.beside(by)
        return Quotient(f"{function}({one},{two})", bottom, self.is_exact and by.is_exact)

    def one_where(self, other: "Quotient", comparison: str) -> "Quotient":
        """Return 1 where the number compares so with another, such as ``>=``, else 0."""
        one, two, _ = self.beside(other)
        return Quotient(f"IF({_factor(one)}{comparison}{_factor(two)},1,0)")

    @property
    def reduced(self) -> "Quotient":
        """Return the number with whole numbers in the lowest terms."""
        if isinstance(self.top, int) and isinstance(self.bottom, int):
            return Quotient.of(Fraction(self.top, self.bottom))
        return self
