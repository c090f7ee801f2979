"""What is said of a cell that cannot be read, where its spelling shows what would be right; its value is never repeated."""

import re

from engine.columns import Column, Kind
from engine.money import decimal_of, is_digits
from engine.reading.cell_spellings import (
    NUMERIC_DAY,
    WORDED,
    exact_pounds,
    folded,
    has_two_meanings,
    is_share,
)
from engine.reading.habits import DayOrder, Habits, way_to_round, way_to_state_days
from engine.vocabulary import ABSENT_SYMBOLS, NEVER_A_LABEL, NONE_WORDS, SYMBOLS

_TIME = re.compile(r"[0-9][0-9T ]+:[0-9]{2}")
_SHORT_YEAR = re.compile(
    r"[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2}|[0-9]{1,2}[ -][A-Za-z]{3,9}[ -][0-9]{2}"
)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAMED_MONTH = re.compile(r"[0-9]{1,2}[ -][A-Za-z]{3,9}\.?[ -][0-9]{4}")
_COMMAS = re.compile(r"-?£?[0-9][0-9,]*,[0-9,]*(\.[0-9]+)?")
_ERROR = re.compile(r"#[A-Z/0!?]+")
_SERIAL = range(1, 7)

_NUMBER = r"[0-9][0-9,. \u00a0\u2009\u202f]*"
_HABITS = {
    re.compile(r"['\u2018\u2019].+"): "delete the apostrophe before it",
    re.compile(rf"£?{_NUMBER}[-\u2212]"): "write the minus before the number, as in -1234.50",
    re.compile(rf"-?{_NUMBER}['\u2018\u2019][0-9].*"): "thousands have commas, as in 12,345",
    re.compile(rf"-?(?:[$€]|GBP|EUR|USD) ?{_NUMBER}|-?{_NUMBER} ?(?:[$€£p]|GBP|EUR|USD)"): (
        "write the number of pounds alone, with £ before it or without"
    ),
}
"""Ways to write numbers that are not read, each with what is read instead."""

_ORDERS = {
    DayOrder.day_first: "the day comes first, as in 31/12/2025",
    DayOrder.month_first: "the month comes first, as in 12/31/2025",
}
_SIGNS = ", ".join(word for words in SYMBOLS.values() for word in words)
"""The symbols that are read."""

_IN_FULL = "such as 2025-09-01"


def cell_sentence(text: str, column: Column, habits: Habits, sentence: str) -> str:
    """Return what would be right in place of a cell's text; ``sentence`` where its spelling says no more."""
    if _ERROR.fullmatch(text):
        return "has an error of a spreadsheet; correct its formula, or leave the cell empty"
    if column.kind is Kind.date:
        return _of_day(text, habits, sentence)
    if column.kind in WORDED:
        return _of_word(text, column, sentence)
    if text in NONE_WORDS:
        return f"{sentence}; none has no meaning here"
    if text in ABSENT_SYMBOLS:
        return f"{sentence}, or blank; {text} leaves open how much of the year is meant"
    return _of_number(text, column, habits, sentence)


def _of_day(text: str, habits: Habits, sentence: str) -> str:
    if text in ABSENT_SYMBOLS:
        return (
            "must be a day, or blank (or none) where there is no such day; a day that is not known "
            "leaves open how much of the year is paid"
        )
    if _TIME.search(text):
        return f"has a time of day; give the day alone, {_IN_FULL}"
    if is_digits(text) and len(text) in _SERIAL:
        return (
            "is a number by which a spreadsheet keeps a day; format the column as dates and save "
            f"the file again, or write the day, {_IN_FULL}"
        )
    if _SHORT_YEAR.fullmatch(text):
        return f"has a year of two digits; write the year in full, {_IN_FULL}"
    if NUMERIC_DAY.fullmatch(text) and habits.dates is not None:
        return f"{sentence}; there is no such day where {_ORDERS[habits.dates]}"
    if NUMERIC_DAY.fullmatch(text) or _NAMED_MONTH.fullmatch(text):
        return sentence + way_to_state_days(habits)
    return f"{sentence}; there is no such day" if _ISO.fullmatch(text) else sentence


def _of_word(text: str, column: Column, sentence: str) -> str:
    if text in NEVER_A_LABEL:
        return (
            f"{text} is a band of these rules and the symbol of a value that is missing; give the band "
            f"another name in the rules, or write [{text}] where it is missing"
        )
    names = column.labels or [code.name for code in column.codes or ()]
    if text in ABSENT_SYMBOLS:
        band = next((one for one in column.labels if folded(one) == folded(text)), text)
        return (
            f"{text} is the symbol of a value that is missing, and {band} a band of these rules; "
            f"write {band}, or [{text}] where it is missing"
        )
    if folded(text) in map(folded, names):
        return f"{sentence}, in these capitals"
    return sentence


def _of_number(text: str, column: Column, habits: Habits, sentence: str) -> str:
    for shape, why in _HABITS.items():
        if shape.fullmatch(text):
            return f"{sentence}; {why}"
    if text.endswith("%") and not is_share(column):
        return f"{sentence}, and no percentage"
    if "£" in text and column.kind is not Kind.pounds:
        return f"{sentence}, without £"
    if not any(map(is_digits, text)):
        return f"{sentence}; a value that is not known is left blank, or is one of {_SIGNS}"
    if _COMMAS.fullmatch(text):
        return f"{sentence}; commas stand between thousands only, as in 12,345"
    if column.kind is Kind.pounds and has_two_meanings(text):
        return f"{sentence}; with three decimals it may be pounds or thousands: give two decimals, or none"
    if column.kind is Kind.pounds and _has_parts_of_a_penny(text):
        return sentence + way_to_round(habits, column.name)
    return sentence


def _has_parts_of_a_penny(text: str) -> bool:
    pounds = exact_pounds(text)
    return pounds is not None and pounds != pounds.quantize(decimal_of("0.01"))
