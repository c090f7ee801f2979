"""Pence, millionths and the one rounding.

Money is a whole number of pence. Units, shares and multipliers are whole numbers of
millionths. Text is pounds with two decimals. No float is used between the two.
"""

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, overload

from engine.jit import scalar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MILLION = 1_000_000
PENCE = 100
HUNDREDTHS = 100
PERCENT_TO_MILLIONTHS = 10_000
NOT_PLAIN = "must be a plain decimal number, for example 12.5"


def difference(amount: int | None, other: int | None) -> int | None:
    """Return how much more one amount is than another, pence; None where either is not known.

    >>> difference(150, 100), difference(None, 100)
    (50, None)
    """
    return None if amount is None or other is None else amount - other


@overload
def half_away(numerator: int, denominator: int) -> int: ...
@overload
def half_away(
    numerator: "NDArray[np.int64]", denominator: "int | NDArray[np.int64]"
) -> "NDArray[np.int64]": ...
def half_away(numerator: Any, denominator: Any) -> Any:
    """Return the quotient to the nearest whole number, halves away from zero: of numbers or of arrays.

    ``denominator`` is positive. Twice a numerator of an array must fit in 63 bits. A negative
    numerator is lessened by one first: the floor of its half is then the number farther from zero.

    >>> half_away(5, 2), half_away(-5, 2), half_away(4, 3)
    (3, -3, 1)
    """
    return (2 * numerator + denominator - (numerator < 0)) // (2 * denominator)


round_ratio = scalar(half_away)
"""``half_away`` for kernels; twice the numerator must fit in 63 bits."""


def half_up_of_twice(twice: Any, denominator: Any) -> Any:
    """Return a quotient to the nearest whole number, halves upwards, from the whole number below twice its numerator.

    The numerator may have a fraction: what is below twice of it decides alone. Numbers or arrays.

    >>> half_up_of_twice(5, 2), half_up_of_twice(6, 2), half_up_of_twice(-7, 2)
    (1, 2, -2)
    """
    return (twice + denominator) // (2 * denominator)


round_twice = scalar(half_up_of_twice)
"""``half_up_of_twice`` for kernels."""


def parts_of_product(each: Any, quantity: Any, divisor: Any, share: Any) -> tuple[Any, Any]:
    """Return ``each`` × ``quantity`` ÷ (``share`` × ``divisor``): what is whole, and how many parts are left.

    A part is one of ``share`` × ``divisor``. Numbers or arrays, none of them negative. The product
    of both need not fit in 63 bits, only that of the quantity and the whole number ``each`` is
    of ``divisor``, and what is left over.

    >>> parts_of_product(7, 5, 2, 3)
    (5, 5)
    """
    product = each // divisor * quantity
    return product // share, product % share * divisor + each % divisor * quantity


split_product = scalar(parts_of_product)
"""``parts_of_product`` for kernels."""


def decimal_of(text: str) -> Decimal:
    """Return the plain decimal number that ``text`` spells, or raise ``ValueError``.

    >>> decimal_of("5.25")
    Decimal('5.25')
    """
    if not text.isascii() or text.strip() != text or "e" in text.lower() or "_" in text:
        raise ValueError(NOT_PLAIN)
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(NOT_PLAIN) from None
    if not value.is_finite():
        raise ValueError(NOT_PLAIN)
    return value


def is_number(text: str) -> bool:
    """Return whether ``text`` spells a plain decimal number.

    >>> is_number("-5.25"), is_number("5e3"), is_number("")
    (True, False, False)
    """
    try:
        decimal_of(text)
    except ValueError:
        return False
    return True


def is_digits(text: str) -> bool:
    """Return whether ``text`` is one or more of the digits 0 to 9, and nothing else.

    Other scripts have digits of their own, some of which no number can be read from.

    >>> is_digits("31"), is_digits("٣١"), is_digits("3²"), is_digits("")
    (True, False, False, False)
    """
    return text.isascii() and text.isdecimal()


def scaled(value: Decimal, scale: int) -> int:
    """Return ``value`` times ``scale`` to the nearest whole number, halves away from zero."""
    numerator, denominator = value.as_integer_ratio()
    return half_away(numerator * scale, denominator)


def pence(text: str) -> int:
    """Return pence for pounds as text.

    >>> pence("2938.80"), pence("-0.005")
    (293880, -1)
    """
    return scaled(decimal_of(text), PENCE)


def millionths(text: str) -> int:
    """Return millionths for a number as text, rounded once.

    >>> millionths("0.0019569472")
    1957
    """
    return scaled(decimal_of(text), MILLION)


def pounds(amount: int) -> str:
    """Return pounds with two decimals for whole pence.

    >>> pounds(-123456), pounds(5)
    ('-1234.56', '0.05')
    """
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), PENCE)
    return f"{sign}{whole}.{part:02d}"


def nearest_pounds(amount: int) -> str:
    """Return pounds as a sentence has them: whole ones, to the nearest, and pence only of less than a pound.

    >>> nearest_pounds(-123450), nearest_pounds(5), nearest_pounds(0)
    ('-1235', '0.05', '0')
    """
    if 0 < abs(amount) < PENCE:
        return pounds(amount)
    return str(half_away(amount, PENCE))


def known_pounds(amount: int | None) -> str | None:
    """Return pounds with two decimals for whole pence; None stays not known."""
    return None if amount is None else pounds(amount)


def number(amount: int, scale: int = MILLION) -> str:
    """Return a number held as a whole count of ``1/scale`` parts, without trailing zeros.

    >>> number(5_250_000), number(3_000_000), number(1_234, 100)
    ('5.25', '3', '12.34')
    """
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), scale)
    digits = str(part).zfill(len(str(scale)) - 1).rstrip("0")
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


def known_number(amount: int | None, scale: int = MILLION) -> str | None:
    """Return a number as ``number`` does; None stays not known."""
    return None if amount is None else number(amount, scale)


def percent_of(part: int, whole: int) -> str | None:
    """Return a part in percent of a whole, to two decimals; None where the whole is nothing.

    >>> percent_of(1_152_138_52, 5_555_790_01), percent_of(0, 0)
    ('20.74', None)
    """
    return number(half_away(part * 100 * HUNDREDTHS, whole), HUNDREDTHS) if whole > 0 else None
