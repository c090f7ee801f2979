"""Checks that look at several cells, of one row or of one column, each said once.

Each holds for a query of polars and for the cells of a handful of rows. Of those it is enough to know
whether a row may fail: the queries then read the table, and say which.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import Any

import polars as pl

from engine.cache import cached
from engine.columns import FEW_ROWS
from engine.table_checks import BLANK, Check, has_value
from engine.upn import has_form_of_upn, keys_like_upns
from engine.vocabulary import NONE_WORDS, Need, SenProvision

KEY = "pupil_key"
Of = Callable[[str], Any]
"""A column by its name, as an expression or as an array; both have the same operators."""

Cells = Mapping[str, Any]
"""An array of whole numbers, or a list of texts, by column."""


@dataclass(frozen=True, slots=True)
class RowCheck:
    """A check of a frame, in which null is what could not be read, or of columns that were all read.

    ``also_by`` are the columns that say of a row that fails why it is right: where one of them is refused as a
    whole, as its name is spelled otherwise, for example, nothing follows from its not being there.
    """

    of_frame: Callable[[pl.DataFrame], Check | None]
    may_fail: Callable[[Cells], bool]
    also_by: frozenset[str] = frozenset()


def of_formula(rule: str, column: str, sentence: str, fails: Callable[[Of], Any]) -> RowCheck:
    """Return a check of one column of a row that depends on other columns of the row."""
    return RowCheck(
        lambda _: Check(rule, column, sentence, fails(pl.col).fill_null(value=False)),
        lambda cells: bool(fails(cells.__getitem__).any()),
    )


def distinct(
    rule: str, key: Sequence[str], sentence: str, also_by: frozenset[str] = frozenset()
) -> RowCheck:
    """Refuse a row of which one above has the same key; a key that is not known is like no other.

    ``also_by`` are further columns of the key, which tell rows apart where the table has them.
    """

    def of_frame(frame: pl.DataFrame) -> Check:
        numbers = [name for name in key if frame.schema[name] != pl.String]
        again = ~pl.struct(key).is_first_distinct()
        return Check(rule, key[0], sentence, pl.all_horizontal(again, *map(has_value, numbers)))

    def may_fail(cells: Cells) -> bool:
        keys = list(zip(*(cells[name] for name in key), strict=True))
        return len(set(keys)) < len(keys)

    return RowCheck(of_frame, may_fail, also_by)


def repeated_line(line: str, forms: Sequence[str]) -> RowCheck:
    """Refuse a school that gives a line of the formula in two forms."""

    def of_frame(_: pl.DataFrame) -> Check:
        times = pl.sum_horizontal([has_value(form).cast(pl.Int8) for form in forms])
        sentence = f"duplicate: line {line} has several columns; keep one of {', '.join(forms)}"
        return Check("line-given-twice", forms[-1], sentence, times > 1)

    return RowCheck(of_frame, lambda _: True)


RowsOfNone = Callable[[str], "pl.Series"]
"""The places of the rows that say none of a column."""


def none_beside_a_number(
    rows_of_none: RowsOfNone, column: str, other: str, sentence: str
) -> RowCheck:
    """Refuse a row that says none of one column and a number of another that both have or lack."""

    def of_frame(_: pl.DataFrame) -> Check:
        fails = _is_among(rows_of_none(column)) & (pl.col(other) > 0)
        return Check("none-beside-a-number", column, sentence, fails.fill_null(value=False))

    return RowCheck(of_frame, lambda _: len(rows_of_none(column)) > 0)


def zero_without_a_number(
    rows_of_none: RowsOfNone, column: str, other: str, sentence: str
) -> RowCheck:
    """Refuse a row that has 0 of one column, in figures, and neither a number nor the word none of another.

    Without the other column each is blank.
    """

    def of_frame(frame: pl.DataFrame) -> Check:
        has_number = pl.col(other) > 0 if other in frame.columns else pl.lit(value=False)
        is_zero = (pl.col(column) == 0).fill_null(value=False)
        said = reduce(or_, (_is_among(rows_of_none(name)) for name in (column, other)))
        said |= has_number.fill_null(value=False)
        return Check("zero-without-a-number", column, sentence, is_zero & ~said)

    return RowCheck(of_frame, lambda cells: bool((cells[column] == 0).any()))


def rows_of_none(text: pl.DataFrame, blank_means_none: Collection[str]) -> RowsOfNone:
    """Return how the rows are found that say none of a column of the words of a table; each column is read once, when asked."""

    @cache
    def of(column: str) -> "pl.Series":
        if column not in text.columns:
            return pl.Series([], dtype=pl.Int64)
        words = [*NONE_WORDS, ""] if column in blank_means_none else list(NONE_WORDS)
        written = pl.col(column).cast(pl.String, strict=False).fill_null("").str.strip_chars()
        return text.select(written.is_in(words).arg_true().cast(pl.Int64)).to_series()

    return of


def _is_among(rows: "pl.Series") -> pl.Expr:
    return pl.int_range(pl.len(), dtype=pl.Int64).is_in(rows.implode())


def _filled(of: Of, name: str) -> Any:
    return of(name) != BLANK


def end_before_start() -> RowCheck:
    """Refuse a stay that ends before it starts."""
    return of_formula(
        "end-before-start",
        "end",
        "must not be before the start",
        lambda of: _filled(of, "start") & _filled(of, "end") & (of("end") < of("start")),
    )


def dates_and_parts(dates: tuple[str, ...]) -> RowCheck:
    """Refuse a row that gives both dates and parts of the year."""
    return of_formula(
        "dates-and-parts",
        "parts_on_roll",
        "must be blank where start or end is given",
        lambda of: _filled(of, "parts_on_roll") & reduce(or_, (_filled(of, one) for one in dates)),
    )


def unassessed_need(need: str) -> RowCheck:
    """Refuse the need NSA (no specialist assessment) on a row that is not on SEN support."""
    return of_formula(
        "unassessed-need",
        need,
        "may be NSA only where sen_provision is K",
        lambda of: (
            (of(need) == int(Need.NSA))
            & _filled(of, "sen_provision")
            & (of("sen_provision") != int(SenProvision.K))
        ),
    )


@cached(64)
def pupil_checks(names: frozenset[str]) -> tuple[RowCheck, ...]:
    """Return the checks of pupils that look at several cells, of the columns that are there."""
    checks = []
    dates = tuple(name for name in ("start", "end") if name in names)
    if len(dates) > 1:
        checks.append(end_before_start())
    if dates and "parts_on_roll" in names:
        checks.append(dates_and_parts(dates))
    if "sen_provision" in names:
        checks += [
            unassessed_need(need) for need in ("primary_need", "secondary_need") if need in names
        ]
    if KEY in names:
        checks += [ONE_STAY_AT_A_TIME, NO_UPN]
    return tuple(checks)


def repeated_keys(frame: pl.DataFrame) -> Check | None:
    """Refuse a pupil's further rows, unless all are dated and none overlaps another.

    What could not be read is refused by itself, and makes no row undated and no two overlap.
    Where all hashes differ, there is one row a pupil, which is a quick check.
    """
    key, keys = pl.col(KEY), frame[KEY]
    distinct = len(set(keys.to_list())) if len(keys) <= FEW_ROWS else keys.hash().n_unique()
    if distinct == frame.height:
        return None
    start = pl.col("start") if "start" in frame.columns else pl.lit(BLANK)
    end = pl.col("end") if "end" in frame.columns else pl.lit(BLANK)
    last = pl.when(end == BLANK).then(-BLANK - 1).otherwise(end)
    # A day that could not be read is refused, and is a day: of when it is, nothing follows.
    unread = start.is_null() | end.is_null()
    undated = (start.fill_null(0) == BLANK) & (end.fill_null(0) == BLANK)
    known_last = pl.when(~pl.col("unread")).then(pl.col("last"))
    rows = (
        frame.lazy()
        .select(key, start=start, last=last, unread=unread, undated=undated)
        .with_row_index("position")
        .filter((key != "") & key.is_duplicated())
        .sort(KEY, "start", "position")
        .with_columns(before=known_last.cum_max().forward_fill().shift(1).over(KEY))
        .with_columns(undated=pl.col("undated").any().over(KEY))
        .filter(
            pl.when("undated")
            .then(pl.col("position") > pl.col("position").min().over(KEY))
            .otherwise(~pl.col("unread") & (pl.col("start") <= pl.col("before")))
        )
        .select("position")
        .collect()["position"]
    )
    sentence = "duplicate pupil; more than one row needs dates on every row that do not overlap"
    position = pl.int_range(pl.len(), dtype=pl.UInt32)
    return Check("repeated-pupil", KEY, sentence, position.is_in(rows.implode()))


ONE_STAY_AT_A_TIME = RowCheck(
    repeated_keys,
    lambda cells: len(set(cells[KEY])) < len(cells[KEY]),
    frozenset({"start", "end"}),
)
NO_UPN = RowCheck(keys_like_upns, lambda cells: any(map(has_form_of_upn, cells[KEY])))
