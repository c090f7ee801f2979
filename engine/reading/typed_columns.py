"""Typed columns of a source to checked narrow numbers, without text in between.

Only what is plain is read here. Everything that is refused, counted in a notice or spelled in
another way raises ``NotPlain``: the table is then read as text, which decides it and words it.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.columns import Column, Int, Kind
from engine.reading.cell_spellings import WORDED
from engine.reading.column_values import column_values
from engine.table_checks import BLANK, LONGEST_TEXT
from engine.tables import Array, frozen
from engine.vocabulary import ABSENT_SYMBOLS, local_authorities

DECIMALS = {Kind.hours: 2, Kind.pounds: 2, Kind.millionths: 6, Kind.whole: 0, Kind.flag: 0}
"""Decimals that a column of numbers holds, by its kind."""

LA = "la"
_WIDTHS = {1: pl.Int8, 2: pl.Int16, 4: pl.Int32, 8: pl.Int64}
_PLAIN_TYPES = (pl.Boolean, pl.Date)
_WORDS = (pl.String, pl.Categorical, pl.Enum)
"""Types to be compared one by one: those of polars that have parts are equal to their class, and hashed apart."""

_PLAIN_AUTHORITY = r"^[0-9]{3}$"
_AUTHORITIES = 1_000
_BYTES = 256


class NotPlain(Exception):
    """Something of a table that the reading of text decides, or words."""


def narrow(cells: pl.Series, column: Column) -> Array:
    """Return a column in its own width, with its own sign for a missing value; not to be written.

    Raises ``NotPlain`` for any cell that is out of range, missing where it may not be, or no plain value.
    """
    if cells.dtype == pl.Null:
        cells = pl.Series(cells.name, [None], pl.String).new_from_index(0, len(cells))
    worded = any(cells.dtype == one for one in _WORDS)
    return frozen(_of_words(cells, column) if worded else _of_numbers(cells, column))


def _of_words(cells: pl.Series, column: Column) -> Array:
    """Return the numbers of words: each different word is read once, as text is, and each row looked up."""
    if column.name == LA and not cells.cast(pl.String).str.contains(_PLAIN_AUTHORITY).all():
        raise NotPlain(column.name)
    if cells.dtype == pl.String:
        cells = cells.cast(pl.Categorical)
    if isinstance(cells.dtype, pl.Enum):
        words, code = cells.dtype.categories, np.arange(len(cells.dtype.categories))
    else:
        found = cells.unique().drop_nulls()
        words, code = found.cast(pl.String), found.to_physical().to_numpy().astype(np.int64)
    null = int(code.max(initial=-1)) + 1
    at = (
        cells.to_physical().cast(pl.UInt8 if null < _BYTES else pl.Int32).fill_null(null).to_numpy()
    )
    used = _used(at, null + 1)
    kept = used[code]
    meaning = np.full(null + 1, BLANK, np.int64)
    meaning[code[kept]] = _meanings(words.filter(pl.Series(kept)), column)
    _check_range(meaning[used], column)
    if column.missing is not None:
        meaning[meaning == BLANK] = column.missing
    return _looked_up(at, meaning.astype(column.dtype))


def _used(at: Array, number: int) -> NDArray[np.bool_]:
    """Return which of so many numbers a column of them has."""
    if at.dtype == np.uint8:
        # Looking for a byte stops at the first, which takes a tenth of the time of counting them.
        held = at.tobytes()
        return np.asarray([one in held for one in range(number)])
    return np.bincount(at, minlength=number) > 0


def _looked_up(at: Array, meaning: Array) -> Array:
    """Return what each number of a column means; bytes for bytes in a third of the time of ``take``."""
    if at.dtype == np.uint8 and meaning.dtype == np.int8:
        table = meaning.tobytes().ljust(_BYTES, b"\0")
        return np.frombuffer(at.tobytes().translate(table), np.int8)
    return meaning.take(at)


def _meanings(words: pl.Series, column: Column) -> Int:
    """Return the whole numbers of different words; none may be a symbol, of which there is a notice, or long."""
    if (words.str.len_bytes().max() or 0) > LONGEST_TEXT:  # type: ignore[operator]
        raise NotPlain(column.name)
    if set(words.str.strip_chars().to_list()) & (ABSENT_SYMBOLS.keys() - {""}):
        raise NotPlain(column.name)
    text = words.alias(column.name).to_frame()
    values = column_values(text, {column.name: column}, lambda _: False).values[column.name]
    if values.null_count():
        raise NotPlain(column.name)
    return values.to_numpy()


def _check_range(values: Int, column: Column) -> None:
    """Raise ``NotPlain`` where a value is none of the column's."""
    given = values[values != BLANK]
    if column.missing is None and len(given) < len(values):
        raise NotPlain(column.name)
    if column.kind in WORDED or not len(given):
        return
    if not column.lowest <= given.min() <= given.max() <= column.highest:
        raise NotPlain(column.name)
    if column.name == LA and not set(given.tolist()) <= local_authorities().keys():
        raise NotPlain(column.name)


def _of_numbers(cells: pl.Series, column: Column) -> Array:
    """Return the numbers of a column that has a type of numbers, days or flags."""
    held = cells.dtype
    scale = scale_of(column, held)
    if held == pl.Date or held.is_decimal():
        cells = cells.to_physical()
    elif held == pl.Boolean:
        cells = cells.cast(pl.Int8)
    _check_bounds(cells.min(), cells.max(), scale, column)
    nulls = cells.null_count()
    if nulls and column.missing is None:
        raise NotPlain(column.name)
    assert column.dtype is not None  # noqa: S101 - keys are read elsewhere
    if scale > 1:
        cells = cells.cast(pl.Int64) * scale
    cells = cells.cast(_WIDTHS[column.dtype.itemsize])
    values: Array = (cells.fill_null(column.missing) if nulls else cells).to_numpy()
    if column.name == LA:
        known = np.zeros(_AUTHORITIES, bool)
        known[list(local_authorities())] = True
        # Most files have an authority's rows together.
        first = np.r_[True, values[1:] != values[:-1]][: len(values)]
        if not known.take(values[first]).all():
            raise NotPlain(column.name)
    return values


def scale_of(column: Column, held: pl.DataType) -> int:
    """Return by what the physical numbers of a type are multiplied to be those of a column.

    Raises ``NotPlain`` for a type that a column is not written in, and for more decimals than it holds.
    """
    decimals = DECIMALS.get(column.kind)
    if held == pl.Date and column.kind is Kind.date:
        return 1
    if held == pl.Boolean and column.kind is Kind.flag:
        return 1
    if decimals is not None and held.is_integer():
        return int(10**decimals)
    if decimals is not None and isinstance(held, pl.Decimal) and held.scale <= decimals:
        return int(10 ** (decimals - held.scale))
    raise NotPlain(column.name)


def _check_bounds(least: object, most: object, scale: int, column: Column) -> None:
    """Raise ``NotPlain`` unless the least and the most of physical numbers are in a column's range."""
    if least is None or most is None:
        return
    if not column.lowest <= int(least) * scale <= int(most) * scale <= column.highest:  # type: ignore[call-overload]
        raise NotPlain(column.name)


def check_unread(scan: pl.LazyFrame, columns: Mapping[str, Column], schema: pl.Schema) -> None:
    """Check columns that no rule reads by what they have least and most of, without holding them.

    Raises ``NotPlain`` as ``narrow`` does; ``summed_up`` says which columns can be checked so.
    """
    sums = []
    for name in columns:
        if not isinstance(schema[name], pl.Enum):
            cells = (
                pl.col(name).to_physical()
                if schema[name] != pl.Boolean
                else pl.col(name).cast(pl.Int8)
            )
            sums += [cells.min().alias(f"<{name}"), cells.max().alias(f">{name}")]
    if not sums:
        return
    found = scan.select(sums).collect(engine="streaming").row(0, named=True)
    for name, column in columns.items():
        if f"<{name}" in found:
            scale = scale_of(column, schema[name])
            _check_bounds(found[f"<{name}"], found[f">{name}"], scale, column)


def summed_up(column: Column, held: pl.DataType) -> bool:
    """Return whether the least and the most of a column say that all its cells are plain: nulls are allowed.

    Of a column of words, that all words of its type are the column's.
    """
    if column.missing is None:
        return False
    if isinstance(held, pl.Enum):
        try:
            _meanings(held.categories, column)
        except NotPlain:
            return False
        return column.kind in WORDED
    return held.is_integer() or held.is_decimal() or any(held == one for one in _PLAIN_TYPES)
