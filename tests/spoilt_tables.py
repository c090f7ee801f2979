"""Tables of pupils with types, spoilt or oddly written in one place each, as people and programs leave them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl

Spoilt = Callable[[pl.DataFrame, int], pl.DataFrame]
S = pl.String


def put(frame: pl.DataFrame, name: str, row: int, value: object, dtype=None) -> pl.DataFrame:
    """Return a table with another value in one cell."""
    cells = frame[name].cast(S) if dtype == S else frame[name]
    values = cells.to_list()
    values[row] = value
    return frame.with_columns(pl.Series(name, values, dtype=dtype or frame.schema[name]))


def text(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Return a table with some columns as text."""
    return frame.with_columns(pl.col(names).cast(S))


def keys(spelling: Callable[[int], str]) -> Spoilt:
    """Return a table whose keys are spelled by the number of the row."""
    return lambda x, _: x.with_columns(pupil_key=pl.Series([spelling(n) for n in range(len(x))]))


def a_spell(frame: pl.DataFrame, row: int, start: date | None, end: date | None) -> pl.DataFrame:
    """Return a table of which a row has the key of the first one, whose stay is over by the end of May."""
    first = put(put(frame, "start", 0, date(2026, 4, 10)), "end", 0, date(2026, 5, 31))
    again = put(first, "pupil_key", row, frame["pupil_key"][0])
    return put(put(again, "start", row, start), "end", row, end)


def more_words(frame: pl.DataFrame, name: str, row: int | None) -> pl.DataFrame:
    """Return a table of which a column's list of words has one too many, in a row where one is named."""
    words = pl.Enum([*frame.schema[name].categories, "moon"])
    cells = frame[name].cast(S)
    values = ["moon" if at == row else one for at, one in enumerate(cells.to_list())]
    return frame.with_columns(pl.Series(name, values, dtype=words))


PLAIN: dict[str, Spoilt] = {
    "as it is": lambda x, _: x,
    "shuffled": lambda x, i: x.sample(fraction=1, shuffle=True, seed=i),
    "columns in another order": lambda x, _: x.select(reversed(x.columns)),
    "codes as text": lambda x, _: text(x, "primary_need", "sen_provision", "setting", "idaci"),
    "ASC for ASD": lambda x, i: put(x, "primary_need", i, "ASC", S),
    "a code in other capitals": lambda x, i: put(x, "setting", i, "Special", S),
    "a code with space around": lambda x, i: put(x, "setting", i, " special ", S),
    "empty text for nothing": lambda x, i: put(x, "primary_need", i, "", S),
    "R for reception": lambda x, i: put(x, "year_group", i, "R", S),
    "numbers as text": lambda x, _: text(x, "urn", "year_group", "score", "fsm"),
    "flags as yes and no": lambda x, i: put(x, "fsm", i, "Yes", S),
    "flags as true and false": lambda x, _: x.with_columns(pl.col("fsm").cast(pl.Boolean)),
    "days as text": lambda x, _: text(x, "start", "end"),
    "pounds as text": lambda x, _: text(x, "top_up", "assessed_cost"),
    "pounds with thousands": lambda x, i: put(x, "assessed_cost", i, "£1,234.50", S),
    "whole hours": lambda x, _: x.with_columns(pl.col("hours").cast(pl.Int64)),
    "wide numbers": lambda x, _: x.with_columns(pl.col("urn", "score").cast(pl.UInt64)),
    "one decimal": lambda x, _: x.with_columns(pl.col("hours").cast(pl.Decimal(10, 1))),
    "a word that no row uses": lambda x, _: more_words(x, "setting", None),
    "a word of a column that is not read, that no row uses": lambda x, _: more_words(x, "secondary_need", None),
    "words as categories": lambda x, _: x.with_columns(pl.col("setting").cast(S).cast(pl.Categorical)),
    "a column of nothing": lambda x, _: x.with_columns(score=pl.Series([None] * len(x))),
    "authorities as text": lambda x, _: text(x, "la"),
    "keys in capitals": keys(lambda n: f"P{n:04d}"),
    "keys with leading zeros": keys(lambda n: f"{n:06d}-a"),
    "keys in both capitals": keys(lambda n: f"{'aB' if n % 2 else 'Ab'}{n}"),
    "keys that are numbers": lambda x, _: x.with_columns(pupil_key=pl.arange(7, len(x) + 7, eager=True)),
    "keys of 13 signs": keys(lambda n: f"pupil{n:08d}"),
    "keys of the form of a UPN alone": keys(lambda n: f"A{n * 7919:012d}"),
    "two spells, one after the other": lambda x, i: a_spell(x, i, date(2026, 6, 1), None),
    "an end long ago": lambda x, i: put(x, "end", i, date(1999, 1, 1)),
    "an authority that is gone": lambda x, i: put(x, "la", i, 909),
}  # fmt: skip
"""What is read by its types."""

ODD: dict[str, Spoilt] = {
    "no authority": lambda x, i: put(x, "la", i, None),
    "an unknown authority": lambda x, i: put(x, "la", i, 999),
    "an authority that never was": lambda x, i: put(x, "la", i, 250),
    "an authority of four digits": lambda x, i: put(x, "la", i, "0201", S),
    "a code of nine characters": lambda x, i: put(x, "la", i, "E09000001", S),
    "outside England": lambda x, i: put(x, "la", i, "W06000015", S),
    "school 0": lambda x, i: put(x, "urn", i, 0),
    "a school of eight digits": lambda x, i: put(x, "urn", i, 10_000_000),
    "a year group too high": lambda x, i: put(x, "year_group", i, 30),
    "a flag of 2": lambda x, i: put(x, "fsm", i, 2),
    "a repeated key": lambda x, i: put(x, "pupil_key", i, x["pupil_key"][0]),
    "a repeated key but for space": lambda x, i: put(x, "pupil_key", i, x["pupil_key"][0] + " "),
    "a key that is nearly another": lambda x, i: put(x, "pupil_key", i, x["pupil_key"][0].upper()),
    "no key": lambda x, i: put(x, "pupil_key", i, None),
    "an empty key": lambda x, i: put(x, "pupil_key", i, ""),
    "a key with space around": lambda x, i: put(x, "pupil_key", i, " ab "),
    "a key with a no-break space": lambda x, i: put(x, "pupil_key", i, "\u00a0q"),
    "a key with an invisible sign": lambda x, i: put(x, "pupil_key", i, "q\u200bq"),
    "a key of other letters": lambda x, i: put(x, "pupil_key", i, "żółć"),
    "a key of 101 signs": lambda x, i: put(x, "pupil_key", i, "a" * 101),
    "a key that says total": lambda x, i: put(x, "pupil_key", i, "total"),
    "a key that says Sub-Totals": lambda x, i: put(x, "pupil_key", i, "Sub-Totals"),
    "a key that is an error": lambda x, i: put(x, "pupil_key", i, "#REF!"),
    "a key that was shortened": lambda x, i: put(x, "pupil_key", i, "1.23E+11"),
    "an end before the start": lambda x, i: put(put(x, "start", i, date(2026, 5, 1)), "end", i, date(2026, 4, 30)),
    "two spells that overlap": lambda x, i: a_spell(x, i, date(2026, 5, 31), None),
    "two spells of which one has no days": lambda x, i: a_spell(x, i, None, None),
    "NSA with a plan": lambda x, i: put(put(x, "primary_need", i, "NSA"), "sen_provision", i, "E"),
    "a second need NSA with a plan": lambda x, i: put(put(x, "secondary_need", i, "NSA"), "sen_provision", i, "E"),
    "hours below nothing": lambda x, i: put(x, "hours", i, Decimal("-1.00")),
    "points too high, in a column that is not read": lambda x, i: put(x, "points", i, 1_001),
    "three decimals in a column that is not read": lambda x, i: x.with_columns(
        top_up=pl.Series(["1.234" if at == i else "1000" for at in range(len(x))]).cast(pl.Decimal(18, 3))
    ),
    "a symbol in text": lambda x, i: put(x, "primary_need", i, "c", S),
    "a symbol in a column that is not read": lambda x, i: put(x, "secondary_need", i, "z", S),
    "an unknown code": lambda x, i: put(x, "setting", i, "speciall", S),
    "an unknown code in a column that is not read": lambda x, i: put(x, "secondary_need", i, "ABC", S),
    "a code with very much space around": lambda x, i: put(x, "setting", i, f"special{' ' * 5_000}", S),
    "a code of a column that is not read with much space around": lambda x, i: put(
        x, "secondary_need", i, f"ASD{' ' * 150}", S
    ),
    "a word too many": lambda x, i: more_words(x, "setting", i),
    "a word too many in a column that is not read": lambda x, i: more_words(x, "secondary_need", i),
    "a day with slashes": lambda x, i: put(x, "start", i, "01/05/2026", S),
    "a day that is withheld": lambda x, i: put(x, "start", i, "c", S),
    "a day far ahead": lambda x, i: put(x, "end", i, date(2199, 1, 1)),
    "days with times": lambda x, _: x.with_columns(pl.col("start").cast(pl.Datetime)),
    "a time of day": lambda x, i: put(x, "start", i, "2026-05-01 10:30", S),
    "numbers for days": lambda x, _: x.with_columns(pl.col("start").to_physical()),
    "whole numbers for needs": lambda x, _: x.with_columns(pl.col("primary_need").to_physical()),
    "a last row of nothing": lambda x, _: pl.concat([x, x.clear(1)]),
    "a row of nothing in between": lambda x, i: pl.concat([x.head(i), x.clear(1), x.tail(3)]),
    "no rows": lambda x, _: x.clear(),
    "an unknown column": lambda x, _: x.with_columns(shoes=pl.lit(41)),
    "a column in other capitals": lambda x, _: x.rename({"score": "Score"}),
    "no school column": lambda x, _: x.drop("urn"),
    "no key column": lambda x, _: x.drop("pupil_key"),
    "no authority column": lambda x, _: x.drop("la"),
}  # fmt: skip
"""What is refused, counted in a notice, or spelled so that only the reading of text knows it; or maybe read."""


def keys_of_upns(frame: pl.DataFrame, _: int) -> pl.DataFrame:
    """Return a table whose keys are unique pupil numbers, by their check letters."""
    alphabet = "ABCDEFGHJKLMNPQRTUVWXYZ"
    numbers = [f"{20_100_000_000 + n:012d}" for n in range(len(frame))]
    letter = [
        alphabet[int(np.dot([int(one) for one in n], range(2, 14))) % len(alphabet)]
        for n in numbers
    ]
    return frame.with_columns(
        pupil_key=pl.Series([a + n for a, n in zip(letter, numbers, strict=True)])
    )


ODD["keys that are UPNs"] = keys_of_upns
SPOILT = PLAIN | ODD
