"""Cells as text, and the whole numbers that the text spells, without floating-point numbers.

A cell is read by polars, a whole column at a time. What cannot be read is null, what
is blank or one of the symbols for an absent value is ``BLANK``.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache

import polars as pl

from engine.columns import Column, Int, Kind
from engine.errors import Problem
from engine.reading.limits import Limits
from engine.reading.report import refusal
from engine.table_checks import BLANK, SPELLINGS, plain_name
from engine.tables import Array, frozen
from engine.vocabulary import ABSENT_SYMBOLS, Need, Presence

_FLAG_WORDS = {"1": 1, "0": 0, "true": 1, "false": 0, "yes": 1, "no": 0}
FLAGS = {
    word: flag
    for lower, flag in _FLAG_WORDS.items()
    for word in (lower, lower.capitalize(), lower.upper())
}
ALIASES = {need: {"ASC": int(Need.ASD)} for need in ("primary_need", "secondary_need")}
"""Codes in common use for one of the census's own (autistic spectrum condition)."""

NO_DAY = {"", "z"}
"""Value in a column of days where there is none."""

HOW_LONG = {"days_open", "parts_on_roll"}
"""Columns of numbers that say for how much of the year, which is all of it where they say nothing."""

_WHOLE_DIGITS = 13
_PLAIN = rf"^-?[0-9]{{1,{_WHOLE_DIGITS}}}(\.[0-9]{{1,30}})?$"
_TWO_DECIMALS = rf"^-?[0-9]{{1,{_WHOLE_DIGITS}}}(\.[0-9]{{1,2}})?$"
_POUNDS = r"^-?£?([0-9]{1,13}|[0-9]{1,3}(,[0-9]{3}){1,3})(\.[0-9]{1,2})?$"
_TO_SEVENTH_DECIMAL = r"^(-?[0-9]+(?:\.[0-9]{1,7})?)"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_TEXTUAL = (pl.Categorical, pl.Enum, pl.Boolean, pl.Date, pl.Null)
FLOATS = "has binary (floating-point) numbers; store pounds, hours and other decimals as text or decimal, and counts as whole numbers"
NO_TEXT = "is not plain text"
_MOST_DIGITS = 30
_LARGEST = 10**_MOST_DIGITS
NESTED = "must have text, whole numbers, decimals, dates, or true and false"


def as_text(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Problem]]:
    """Return a frame with every column as text, and a problem for each that cannot be."""
    if all(dtype == pl.String for dtype in frame.dtypes):
        return frame, []
    problems: list[Problem] = []
    columns = []
    for name, dtype in frame.schema.items():
        text = pl.col(name)
        if dtype.is_float():
            problems.append(Problem(FLOATS, "float", column=plain_name(name)))
            text = pl.lit(None)
        elif dtype.is_decimal():
            text = _without_trailing_zeros(text.cast(pl.String))
        elif not (dtype.is_integer() or dtype == pl.String or dtype in _TEXTUAL):
            problems.append(Problem(NESTED, "nested", column=plain_name(name)))
            text = pl.lit(None)
        columns.append(text.cast(pl.String).alias(name))
    return frame.select(columns), problems


def _without_trailing_zeros(text: pl.Expr) -> pl.Expr:
    whole = text.str.strip_chars_end("0").str.strip_chars_end(".")
    return pl.when(text.str.contains(".", literal=True)).then(whole).otherwise(text)


def records(rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """Return rows of plain values, as a caller sends them, as a frame of text.

    A key that a row leaves out is blank there. Rows with more different keys than a table may
    have columns are refused before anything is made of them.
    """
    names = _names(rows)
    columns = {
        name: [_spelled(row.get(name), name, place) for place, row in enumerate(rows)]
        for name in names
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))


def _names(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """Return the keys of rows in the order in which they come, or refuse too many of them."""
    names: dict[str, None] = {}
    most = Limits().columns
    for row in rows:
        names |= dict.fromkeys(row)
        if len(names) > most:
            raise refusal("too-many-columns", f"a table may have at most {most} columns")
    # A caller from Python may have named them by anything.
    if not all(map(is_text, names)):
        raise refusal("no-name", "the names of a record must be plain text")
    return list(names)


def is_text(value: object) -> bool:
    """Return whether this is text of whole characters; JSON and Python may hold half of a surrogate pair."""
    if not isinstance(value, str):
        return False
    return value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)


def _spelled(value: object, name: str, place: int) -> str | None:
    if value is None:
        return value
    if isinstance(value, str):
        if is_text(value):
            return value
        raise refusal("encoding", NO_TEXT, row=place + 1, column=plain_name(name))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) <= _LARGEST:
        return str(value)
    # Of a short exponent, a long text would be made.
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) <= _MOST_DIGITS:
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    sentence = "must be text, a whole number, true, false or a date; write decimals as text"
    raise refusal("unreadable", sentence, row=place + 1, column=name)


def stripped(name: str) -> pl.Expr:
    """Return a column's text without surrounding space, empty where nothing was given."""
    return pl.col(name).fill_null("").str.strip_chars()


@cache
def value_of(column: Column, labels: tuple[str, ...] = ()) -> pl.Expr:
    """Return the whole numbers that a column of text spells: its own unit, int64."""
    text = stripped(column.name)
    if column.kind in {Kind.code, Kind.flag, Kind.label}:
        words = words_of(column, labels)
        return text.replace_strict(words, default=None, return_dtype=pl.Int64)
    absent = text.is_in(absent_symbols(column))
    return (
        pl.when(absent).then(BLANK).otherwise(_read(text, column)).cast(pl.Int64).alias(column.name)
    )


def absent_symbols(column: Column) -> list[str]:
    """Return the words that a cell of a column may hold instead of a value."""
    # What is withheld is not the same as none, where none means all the year.
    lasts = column.kind is Kind.date or column.name in HOW_LONG
    return [one for one in ABSENT_SYMBOLS if not lasts or one in NO_DAY]


def words_of(column: Column, labels: tuple[str, ...] = ()) -> dict[str, int]:
    """Return every word of a column that holds words, with the whole number of each."""
    return dict.fromkeys(absent_symbols(column), BLANK) | _listed_numbers(column, labels)


@cache
def presence_of(name: str) -> pl.Expr:
    """Return why each cell of a column of text holds a value or not, as codes of ``Presence``."""
    codes = {symbol: int(presence) for symbol, presence in ABSENT_SYMBOLS.items()}
    return (
        stripped(name)
        .replace_strict(codes, default=int(Presence.given), return_dtype=pl.Int8)
        .alias(name)
    )


def _listed_numbers(column: Column, labels: tuple[str, ...]) -> dict[str, int]:
    """Return the words that a column may hold, with the whole number of each."""
    if column.kind is Kind.flag:
        return FLAGS
    if column.kind is Kind.label:
        return {label: place for place, label in enumerate(labels)}
    codes = column.codes or ()
    return {code.name: int(code) for code in codes} | ALIASES.get(column.name, {})


def _read(text: pl.Expr, column: Column) -> pl.Expr:
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


def narrow(held: Int, column: Column) -> Array:
    """Return checked whole numbers in the column's own width, with its own sign for a missing value."""
    narrowed = held.astype(column.dtype)
    if column.missing is not None:
        narrowed[held == BLANK] = column.missing
    return frozen(narrowed)
