"""Comma-separated text whose cells are plain, to the whole numbers that its columns hold.

Whatever is not plain makes the kernel stop without an answer: it has no word for anything, and the reading of
text decides. So each byte must be the one that is expected: digits, a word of the column's list, a separator.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.jit import kernel, scalar

Bytes = NDArray[np.int8]
"""Text in ASCII: a byte of any other alphabet is below 0."""

ODD = int(np.iinfo(np.int64).min) + 1
"""The value of a cell that is not plain; the number below it says in columns of eight bytes that nothing was given."""

KEY, WORD, NUMBER, DAY = range(4)
"""How the cells of a column are written: by the signs that lead from one to the next, of keys too, or as digits."""

LONGEST = 100
"""Characters of a cell."""

_COMMA, _NEWLINE, _RETURN, _MINUS, _ZERO, _NINE = map(ord, ",\n\r-09")
_MOST_BEFORE, _MOST_CHARACTERS = 10, 17
_MARKS = 16
_MARKS_OF_A_DAY, _DIGITS_OF_A_DAY = 5 * _MARKS + 7, 8
_BYTE, _BITS = 255, 8


class CellForms(NamedTuple):
    """How the cells of each column are written.

    form      (columns) ``KEY``, ``WORD``, ``NUMBER`` or ``DAY``
    single    (columns, 128) what a cell of one character holds, by that character; ``ODD`` where it is not plain
    blank     (columns) what an empty cell holds, ``ODD`` where none may be empty
    lowest    (columns) of a number or day
    highest   (columns) the same
    decimals  (columns) digits after the point that a number is held with
    mark      (columns) what may be between digits: a point, a hyphen of days, or 0
    root      (columns) where in ``WordTree`` the words of the column begin
    """

    form: Int
    single: NDArray[np.int64]
    blank: Int
    lowest: Int
    highest: Int
    decimals: Int
    mark: Int
    root: Int


class CellBytes(NamedTuple):
    """Where what the cells of each column hold is kept, a column behind the other.

    width  (columns) bytes of a number, 0 where nothing is kept
    first  (columns) the first byte of the first row's
    """

    width: Int
    first: Int


class WordTree(NamedTuple):
    """The words of all columns, a character at a time: equal to one of them in every character, or none.

    step     (places, 128) the place that a character leads to, 0 where no word goes on so
    meaning  (places) what the word that ends here holds, ``ODD`` where none ends
    """

    step: NDArray[np.int16]
    meaning: Int


@scalar
def day_number(year: int, month: int, of_month: int) -> int:
    """Return the days since 1970-01-01 of a day of the Gregorian calendar; ``ODD`` where there is none.

    Months count from March, so that the day that a leap year has more is the last.
    """
    if month < 1 or month > 12 or of_month < 1 or of_month > 31:  # noqa: PLR2004 - the calendar's own numbers
        return ODD
    if of_month > 30 and month in (4, 6, 9, 11):  # noqa: PLR2004
        return ODD
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if month == 2 and of_month > 28 + leap:  # noqa: PLR2004
        return ODD
    years = year - (month <= 2)  # noqa: PLR2004
    months = (month + 9) % 12
    return 365 * years + years // 4 - years // 100 + years // 400 + (153 * months + 2) // 5 + of_month - 719469  # fmt: skip


@scalar
def day_of(digits: int, number: int, marks: int) -> int:
    """Return the day of a cell such as 2026-04-01, from its digits and how many there are; ``ODD`` for none.

    ``marks`` says behind how many digits each hyphen is.
    """
    if number != _DIGITS_OF_A_DAY or marks != _MARKS_OF_A_DAY:
        return ODD
    return day_number(digits // 10_000, digits // 100 % 100, digits % 100)


@scalar
def number_of(digits: int, number: int, marks: int, decimals: int, sign: int) -> int:
    """Return the number of a cell in units of so many decimals, from its digits and how many there are.

    ``marks`` says behind how many digits the point is, 0 where there is none. ``ODD`` for no digits, more than
    ten before a point, none after it, or more than the column holds. ``sign`` is 1 or -1.
    """
    before = marks - 1 if marks > 0 else number
    after = number - before
    if before < 1 or before > _MOST_BEFORE or after > decimals or (marks > 0 and after < 1):
        return ODD
    for _ in range(decimals - after):
        digits *= 10
    return digits * sign


@scalar
def is_separator(sign: int) -> bool:
    """Return whether a character ends a cell."""
    return sign in (_COMMA, _NEWLINE, _RETURN)


@kernel
def fill_plain_cells(
    start: int,
    stop: int,
    text: Bytes,
    forms: CellForms,
    words: WordTree,
    kept: CellBytes,
    out_held: NDArray[np.uint8],
    out_keys: Bytes,
    out_ends: Int,
) -> None:
    """Fill what the cells of rows hold; nothing is to be taken of them where ``out_ends`` stays 0.

    Most cells are empty or a character long, and are looked up. No function is called with an array, which
    the compiler would count as held and let go of again for each cell.

    text      (characters) these rows and no others, each with its newline
    out_held  (bytes) what ``kept`` keeps, the lowest byte of a number first
    out_keys  (characters) the keys, each with a newline
    out_ends  (2) the characters read, and those of the keys; 0 where any cell is not plain
    """
    form, single, blank, root, mark = forms.form, forms.single, forms.blank, forms.root, forms.mark
    lowest, highest, decimals = forms.lowest, forms.highest, forms.decimals
    width, first_byte, step, meaning = kept.width, kept.first, words.step, words.meaning
    last = len(form) - 1
    place = held = 0
    for row in range(start, stop):
        for at in range(last + 1):
            first = place
            sign = int(text[np.uint64(place)])
            if is_separator(sign):
                value = blank[at]
            elif is_separator(int(text[np.uint64(place + 1)])):
                value = single[at, sign] if sign >= 0 else ODD
                place += 1
            elif form[at] == NUMBER or form[at] == DAY:
                digits = number = marks = 0
                factor = -1 if sign == _MINUS and form[at] == NUMBER else 1
                place += factor < 0
                while place - first <= _MOST_CHARACTERS:
                    sign = int(text[np.uint64(place)])
                    if _ZERO <= sign <= _NINE:
                        digits = 10 * digits + sign - _ZERO
                        number += 1
                    elif sign == mark[at]:
                        marks = _MARKS * min(marks, _MARKS) + number + 1
                    else:
                        break
                    place += 1
                if form[at] == DAY:
                    value = day_of(digits, number, marks)
                else:
                    value = number_of(digits, number, marks, decimals[at], factor)
                value = value if lowest[at] <= value <= highest[at] else ODD
            else:
                where = root[at]
                while sign >= 0 and step[np.uint64(where), np.uint64(sign)] > 0:
                    where = int(step[np.uint64(where), np.uint64(sign)])
                    place += 1
                    sign = int(text[np.uint64(place)])
                value = meaning[where]
            end = place
            place += at == last and text[np.uint64(place)] == _RETURN
            sign = int(text[np.uint64(place)])
            if (
                sign != (_NEWLINE if at == last else _COMMA)
                or value == ODD
                or end - first > LONGEST
            ):
                return
            place += 1
            if form[at] == KEY:
                for letter in range(first, end):
                    out_keys[np.uint64(held + letter - first)] = text[np.uint64(letter)]
                held += end - first + 1
                out_keys[np.uint64(held - 1)] = _NEWLINE
            for byte in range(width[at]):
                part = (value >> (_BITS * byte)) & _BYTE
                out_held[np.uint64(first_byte[at] + width[at] * row + byte)] = part
    out_ends[0] = place
    out_ends[1] = held
