"""The whole numbers that columns of text spell, without floating-point numbers: queries of whole columns.

What cannot be read is null; what is blank or one of the symbols for an absent value is ``BLANK``.
The queries read plain spellings. What is left is read once for each different text (``cell_spellings``).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

import polars as pl

from engine.cache import cached
from engine.columns import Column, Kind
from engine.reading.cell_spellings import ALIASES, FLAG_WORDS, WORDED, folded, spelled_value
from engine.reading.habits import PLAIN, Habits
from engine.table_checks import BLANK, SPELLINGS
from engine.vocabulary import ABSENT_SYMBOLS, NEVER_A_LABEL, NONE_WORDS, Presence

FLAGS = {
    word: flag
    for lower, flag in FLAG_WORDS.items()
    for word in (lower, lower.capitalize(), lower.upper())
}
NO_DAY = {"", "z", "[z]"}
"""Value in a column of days where there is none."""

HOW_LONG = {"days_open", "parts_on_roll"}
"""Columns of numbers that say for how much of the year, which is all of it where they say nothing."""

_NUMBERS_OF_CODES = {"la", "urn"}
_BLANK = " "

_WHOLE_DIGITS = 13
_PLAIN = rf"^-?[0-9]{{1,{_WHOLE_DIGITS}}}(\.[0-9]{{1,30}})?$"
_TWO_DECIMALS = rf"^-?[0-9]{{1,{_WHOLE_DIGITS}}}(\.[0-9]{{1,2}})?$"
_POUNDS = r"^-?£?([0-9]{1,13}|[0-9]{1,3}(,[0-9]{3}){1,3})(\.[0-9]{1,2})?$"
_TO_SEVENTH_DECIMAL = r"^(-?[0-9]+(?:\.[0-9]{1,7})?)"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_JOINED, _PRESENCE = "joined", "presence"


class ColumnValues(NamedTuple):
    """The whole numbers of columns, int64 (keys and text for people as they are), and why each is there.

    ``presence`` has the columns of which that was asked, as codes of ``Presence``.
    """

    values: pl.DataFrame
    presence: Mapping[str, pl.Series]


def column_values(
    text: pl.DataFrame,
    columns: Mapping[str, Column],
    is_line: Callable[[str], bool],
    habits: Habits = PLAIN,
) -> ColumnValues:
    """Return the values of columns of text, and for the lines of a formula why each is there or not.

    A query of polars costs in proportion to its expressions, which for a few rows is all it costs. The
    lines of a formula are of two kinds, so that each kind is laid end to end, read once, and cut up again.
    """
    lines: dict[Kind, list[str]] = defaultdict(list)
    for name, column in columns.items():
        if is_line(name):
            lines[column.kind].append(name)
    values: dict[str, pl.Series] = {}
    presence: dict[str, pl.Series] = {}
    for names in lines.values():
        joined = pl.concat([text[name].alias(_JOINED) for name in names]).to_frame()
        value = value_of(replace(columns[names[0]], name=_JOINED))
        both = joined.select(value, presence_of(_JOINED).alias(_PRESENCE))
        values |= _cut(both[_JOINED], names, text.height)
        presence |= _cut(both[_PRESENCE], names, text.height)
    for name in habits.blank_means_none & presence.keys():
        given = _blank(text[name]).arg_true()
        presence[name] = presence[name].scatter(given, int(Presence.given))
    others = text.select(value_of(columns[name]) for name in columns if name not in values)
    values |= {one.name: one for one in others.get_columns()}
    every = [
        _with_other_spellings(text[name], values[name], one, habits)
        for name, one in columns.items()
    ]
    return ColumnValues(pl.DataFrame(every), presence)


def _blank(text: pl.Series) -> pl.Series:
    return text.fill_null("").str.strip_chars() == ""


def _with_other_spellings(
    text: pl.Series, values: pl.Series, column: Column, habits: Habits
) -> pl.Series:
    """Return a column's values with those that only other spellings give, each different text read once."""
    if column.dtype is None:
        return values
    if values.null_count():
        left = values.is_null()
        cells = text.filter(left).fill_null("").str.strip_chars(around(column))
        meaning = {one: cell_value(one, column, habits) for one in cells.unique().to_list()}
        read = cells.replace_strict(meaning, default=None, return_dtype=pl.Int64)
        values = values.scatter(left.arg_true(), read)
    if column.name in habits.blank_means_none and column.none is not None:
        values = values.scatter(_blank(text).arg_true(), column.none)
    return values


def cell_value(text: str, column: Column, habits: Habits) -> int | None:
    """Return the whole number of a cell that is no plain spelling, None where it cannot be read."""
    if text in NONE_WORDS and column.none is not None:
        return column.none
    # Where a symbol leaves open what a cell means, no other spelling of it is looked for.
    return None if text in ABSENT_SYMBOLS else spelled_value(text, column, habits)


def _cut(joined: pl.Series, names: list[str], rows: int) -> dict[str, pl.Series]:
    return {name: joined.slice(at * rows, rows).alias(name) for at, name in enumerate(names)}


def around(column: Column) -> str | None:
    """Return what may stand around a cell: any blank, but of a key or a code those of a keyboard alone."""
    coded = column.dtype is None or column.kind in {Kind.code, Kind.label}
    return _BLANK if coded or column.name in _NUMBERS_OF_CODES else None


def stripped(name: str) -> pl.Expr:
    """Return a column's text without surrounding space, empty where nothing was given."""
    return pl.col(name).fill_null("").str.strip_chars()


@cached(1_024)
def value_of(column: Column) -> pl.Expr:
    """Return what a column of text holds: keys and text for people as they are, else int64 in its own unit."""
    text = pl.col(column.name).fill_null("").str.strip_chars(around(column))
    if column.dtype is None:
        return text
    if column.kind in WORDED:
        return text.replace_strict(words_of(column), default=None, return_dtype=pl.Int64)
    absent = text.is_in(absent_symbols(column))
    return (
        pl.when(absent)
        .then(BLANK)
        .otherwise(_number(text, column))
        .cast(pl.Int64)
        .alias(column.name)
    )


def absent_symbols(column: Column) -> list[str]:
    """Return the words that a cell of a column may hold instead of a value."""
    # What is withheld is not the same as none, where none means all the year.
    lasts = column.kind is Kind.date or column.name in HOW_LONG
    return [one for one in ABSENT_SYMBOLS if not lasts or one in NO_DAY]


def words_of(column: Column) -> dict[str, int]:
    """Return every word of a column that holds words, with the whole number of each."""
    words = dict.fromkeys(absent_symbols(column), BLANK) | none_words(column)
    if column.kind is Kind.flag:
        return words | FLAGS
    if column.kind is Kind.label:
        words |= {label: place for place, label in enumerate(column.labels)}
        # "low" where the rules have a band Low may mean the band as well as the symbol.
        ambiguous = NEVER_A_LABEL.intersection(column.labels) | symbols_like_labels(column)
        return {word: number for word, number in words.items() if word not in ambiguous}
    codes = {code.name: int(code) for code in column.codes or ()}
    return words | codes | ALIASES.get(column.name, {})


def symbols_like_labels(column: Column) -> set[str]:
    """Return the symbols of an absent value that are a band of the rules but for capitals.

    Symbols of one sign are not among them: c beside the bands A, B and C is the symbol.
    """
    alike = {folded(label) for label in column.labels}
    return {
        one
        for one in ABSENT_SYMBOLS
        if folded(one) in alike and one not in {*column.labels, *NEVER_A_LABEL}
    }


def none_words(column: Column) -> dict[str, int]:
    """Return the words for none that a column takes, with what each means."""
    return {} if column.none is None else dict.fromkeys(NONE_WORDS, column.none)


@cached(1_024)
def presence_of(name: str) -> pl.Expr:
    """Return why each cell of a column of text holds a value or not, as codes of ``Presence``."""
    codes = {symbol: int(presence) for symbol, presence in ABSENT_SYMBOLS.items()}
    return (
        stripped(name)
        .replace_strict(codes, default=int(Presence.given), return_dtype=pl.Int8)
        .alias(name)
    )


def _number(text: pl.Expr, column: Column) -> pl.Expr:
    match column.kind:
        case Kind.date:
            return _day(text)
        case Kind.hours:
            return _hundredths(text, _TWO_DECIMALS)
        case Kind.pounds:
            return _hundredths(text, _POUNDS)
        case Kind.millionths:
            return _millionths(text)
        case _:
            whole = text.cast(pl.Int64, strict=False)
            words = SPELLINGS.get(column.name)
            if words is None:
                return whole
            return pl.coalesce(
                text.replace_strict(words, default=None, return_dtype=pl.Int64), whole
            )


def _day(text: pl.Expr) -> pl.Expr:
    day = pl.when(text.str.contains(_DAY)).then(text)
    return day.str.to_date("%Y-%m-%d", strict=False).cast(pl.Int32).cast(pl.Int64)


def _hundredths(text: pl.Expr, shape: str) -> pl.Expr:
    """Return hundredths for text of a shape that has two decimals at most."""
    fits = pl.when(text.str.contains(shape)).then(text)
    digits = fits.str.replace_all("£", "", literal=True).str.replace_all(",", "", literal=True)
    return digits.cast(pl.Decimal(20, 2), strict=False).to_physical().cast(pl.Int64, strict=False)


def _millionths(text: pl.Expr) -> pl.Expr:
    """Return millionths rounded once, halves away from zero, which the seventh decimal decides."""
    fits = pl.when(text.str.contains(_PLAIN)).then(text)
    tenths = (
        fits.str.extract(_TO_SEVENTH_DECIMAL)
        .cast(pl.Decimal(25, 7), strict=False)
        .to_physical()
        .cast(pl.Int64, strict=False)
    )
    rounded = (tenths.abs() + 5) // 10
    return pl.when(tenths < 0).then(-rounded).otherwise(rounded)
