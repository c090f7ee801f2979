"""The other ways in which people write the values of cells: one list for every column of a kind and every entry.

The queries of ``column_values`` read the plain spellings. What they cannot read comes here, each
different text once: thousands apart, percentages, signs of pounds, capitals, and days in a stated order.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from engine.cache import cached
from engine.columns import PROPORTION_PREFIX, Column, Kind
from engine.days import day_number
from engine.money import HUNDREDTHS, MILLION, PENCE, scaled
from engine.reading.habits import DayOrder, Habits
from engine.table_checks import SPELLINGS
from engine.vocabulary import ABSENT_SYMBOLS, NONE_WORDS, Need

WORDED = {Kind.code, Kind.flag, Kind.label}
"""Kinds of column that hold one of a closed list of words."""

FLAG_WORDS = {"1": 1, "0": 0, "true": 1, "false": 0, "yes": 1, "no": 0, "y": 1, "n": 0}
"""Words of flags in small letters."""

ALIASES = {need: {"ASC": int(Need.ASD)} for need in ("primary_need", "secondary_need")}
"""Codes in common use for one of the census's own (autistic spectrum condition)."""

SPACES = "\u00a0\u202f\u2009 "
"""Spaces between thousands: no-break, narrow no-break, thin, and the plain one."""

_WHOLE = (
    rf"[0-9]{{1,13}}|[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,4}}|[0-9]{{1,3}}(?:[{SPACES}][0-9]{{3}}){{1,4}}"
)
NUMBER = re.compile(rf"(?P<whole>{_WHOLE})(?P<part>\.[0-9]{{1,30}})?")
"""A number without its sign, its thousands apart or not, in threes."""

_POUNDS = re.compile(rf"(?P<sign>-?)[{SPACES}]?£?[{SPACES}]?(?P<again>-?)(?P<number>[^-£]+)")
_TWO_MEANINGS = re.compile(r"[^1-9]*[1-9][0-9]{0,2}\.[0-9]{2}0[^0-9]*")
_BRACKETS = re.compile(r"\((?P<inner>[^()]+)\)")
_MINUS = "\u2212"

MONTHS = {
    name: month
    for month, names in enumerate(
        (
            ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",),
            ("jun", "june"), ("jul", "july"), ("aug", "august"), ("sep", "sept", "september"),
            ("oct", "october"), ("nov", "november"), ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
NUMERIC_DAY = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
"""A day of which only a statement says whether the day or the month comes first."""
_NAMED_DAY = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})\.?[ -]([0-9]{4})")
_MONTH_THEN_DAY = re.compile(r"([A-Za-z]{3,9})\.?[ -]([0-9]{1,2}),?[ -]([0-9]{4})")
_MIDNIGHT = re.compile(r"(.+?)[T ]00:00(?::00(?:\.0{1,9})?)?")

_SEPARATORS = re.compile(r"[\s_\-\u2013\u00a0]+")


def spelled_value(text: str, column: Column, habits: Habits) -> int | None:
    """Return the whole number that a cell's text means in a column, None where it cannot be read.

    ``text`` has no space around it, and is no symbol for an absent value.
    """
    return _READERS.get(column.kind, _whole)(text, column, habits)


def folded(text: str) -> str:
    """Return a code without what makes no difference: capitals, and spaces or hyphens for underscores.

    >>> folded("Resourced Provision"), folded("SpLD")
    ('resourced_provision', 'spld')
    """
    return _SEPARATORS.sub("_", text.casefold())


@cached(1_024)
def folded_words(column: Column) -> dict[str, int]:
    """Return the codes or labels of a column as folded text.

    None where one of them would then be a symbol for an absent value, or another of them: in such a
    column (the bands A, B and C, say) c is the symbol, and a code is read as it is written alone.
    """
    names = (
        column.labels if column.kind is Kind.label else [code.name for code in column.codes or ()]
    )
    words = {folded(name): at for name, at in zip(names, _numbers(column), strict=True)}
    words |= {folded(word): at for word, at in ALIASES.get(column.name, {}).items()}
    symbols = {*ABSENT_SYMBOLS, *NONE_WORDS} - _own_none(column) - {*names}
    if len(words) < len(names) or words.keys() & symbols:
        return {}
    return words


def _numbers(column: Column) -> list[int]:
    return list(range(len(column.labels))) if column.labels else [int(one) for one in column.codes or ()]  # fmt: skip


def _own_none(column: Column) -> set[str]:
    return set() if column.none is None else set(NONE_WORDS)


def exact_number(text: str, *, percent: bool = False) -> Decimal | None:
    """Return a number as people write it: thousands apart, a share as a percentage where it may be one.

    >>> exact_number("1,234.5"), exact_number("27.95 %", percent=True), exact_number("1,23")
    (Decimal('1234.5'), Decimal('0.2795'), None)
    """
    text = text.replace(_MINUS, "-")
    share = percent and text.endswith("%")
    text = text[:-1].rstrip(SPACES) if share else text
    sign, number = ("-", text[1:]) if text.startswith("-") else ("", text)
    match = NUMBER.fullmatch(number)
    if match is None:
        return None
    whole = re.sub(rf"[,{SPACES}]", "", match["whole"])
    value = Decimal(f"{sign}{whole}{match['part'] or ''}")
    return value / 100 if share else value


def exact_pounds(text: str) -> Decimal | None:
    """Return pounds as people write them; in brackets, as accountants do, they are negative.

    >>> exact_pounds("£1,234.50"), exact_pounds("(1,234.00)"), exact_pounds("-£12")
    (Decimal('1234.50'), Decimal('-1234.00'), Decimal('-12'))
    """
    text = text.replace(_MINUS, "-")
    bracketed = _BRACKETS.fullmatch(text)
    match = _POUNDS.fullmatch(bracketed["inner"].strip(SPACES) if bracketed else text)
    if match is None or bool(match["sign"]) + bool(match["again"]) + bool(bracketed) > 1:
        return None
    value = exact_number(match["number"])
    negative = bracketed or match["sign"] or match["again"]
    return -value if value is not None and negative else value


def has_two_meanings(text: str) -> bool:
    """Return whether pounds have three decimals, the last a 0, and a point where much of Europe parts thousands.

    >>> has_two_meanings("20.000"), has_two_meanings("1,020.000"), has_two_meanings("20.0000")
    (True, False, False)
    """
    return _TWO_MEANINGS.fullmatch(text) is not None


def pence_in(text: str) -> int | None:
    """Return pence for pounds as people write them, None where they have parts of a penny, two meanings, or are no pounds.

    >>> pence_in("£1,250.50"), pence_in("12.345"), pence_in("20.000")
    (125050, None, None)
    """
    return None if has_two_meanings(text) else _in_parts(exact_pounds(text), PENCE, exact=True)


def percent_in(text: str) -> Decimal | None:
    """Return percent as people write them, with their sign or without; None where it is no number, pounds among them.

    >>> percent_in("12.5 %"), percent_in("-1"), percent_in("£5")
    (Decimal('12.5'), Decimal('-1'), None)
    """
    return exact_number(text.removesuffix("%").rstrip(SPACES))


def millionths_in(text: str) -> int | None:
    """Return millionths for a number as people write it, rounded once; None where it is no number.

    >>> millionths_in("1,210.5"), millionths_in("12,10")
    (1210500000, None)
    """
    return _in_parts(exact_number(text), MILLION, exact=False)


def whole_in(text: str) -> int | None:
    """Return a whole number as people write it, None where it is none.

    >>> whole_in("1,234"), whole_in("12.5")
    (1234, None)
    """
    return _in_parts(exact_number(text), 1, exact=True)


def _in_parts(value: Decimal | None, parts: int, *, exact: bool) -> int | None:
    """Return a number in parts of one, None where it has more decimals and may not be rounded."""
    if value is None:
        return None
    held = value * parts
    return None if exact and held != held.to_integral_value() else scaled(value, parts)


def _whole(text: str, column: Column, _: Habits) -> int | None:
    words = SPELLINGS.get(column.name, {})
    return words.get(text.upper(), whole_in(text))


def _hours(text: str, _: Column, __: Habits) -> int | None:
    return _in_parts(exact_number(text), HUNDREDTHS, exact=True)


def _pounds(text: str, column: Column, habits: Habits) -> int | None:
    if column.name in habits.round_to_pence:
        return _in_parts(exact_pounds(text), PENCE, exact=False)
    return pence_in(text)


def is_share(column: Column) -> bool:
    """Return whether a column holds shares, which may be percentages."""
    return column.name.startswith(PROPORTION_PREFIX)


def _millionths(text: str, column: Column, _: Habits) -> int | None:
    number = exact_number(text, percent=is_share(column))
    if number is None and column.lowest < 0:
        number = exact_pounds(text)  # the terms of a block are pounds in a column of numbers
    return _in_parts(number, MILLION, exact=False)


def _code(text: str, column: Column, _: Habits) -> int | None:
    return folded_words(column).get(folded(text))


def _flag(text: str, _: Column, __: Habits) -> int | None:
    number = whole_in(text)
    return number if number in {0, 1} else FLAG_WORDS.get(text.casefold())


def _day(text: str, _: Column, habits: Habits) -> int | None:
    midnight = _MIDNIGHT.fullmatch(text)
    day = day_in(midnight[1] if midnight else text, habits.dates)
    return None if day is None else day_number(day)


def day_in(text: str, order: DayOrder | None) -> date | None:
    """Return the day that a text says; by numbers alone only where their order is stated.

    >>> day_in("01/09/2025", DayOrder.day_first), day_in("01/09/2025", None)
    (datetime.date(2025, 9, 1), None)
    """
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text):
        return _date(*match.groups())
    if order is None:
        return None
    if match := NUMERIC_DAY.fullmatch(text):
        first, _, second, year = match.groups()
        return _date(year, *((second, first) if order is DayOrder.day_first else (first, second)))
    if match := _NAMED_DAY.fullmatch(text):
        day, month, year = match.groups()
    elif match := _MONTH_THEN_DAY.fullmatch(text):
        month, day, year = match.groups()
    else:
        return None
    number = MONTHS.get(month.casefold())
    return None if number is None else _date(year, str(number), day)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


_READERS: dict[Kind, Callable[[str, Column, Habits], int | None]] = {
    Kind.code: _code,
    Kind.label: _code,
    Kind.flag: _flag,
    Kind.whole: _whole,
    Kind.hours: _hours,
    Kind.pounds: _pounds,
    Kind.millionths: _millionths,
    Kind.date: _day,
}
