"""An outcome's schools as rows: one a school, or one a school and line of the formula."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.columns import Int
from engine.kernels.notional import BY_UNITS, NOT_KNOWN
from engine.modules.school_formula.outcome import NotionalOutcome, SchoolGroup
from engine.modules.school_formula.parts import (
    REASONS,
    Adjustment,
    adjustments,
    adjusts,
    applies,
    budget_absent,
    formula_of,
    funded,
    is_notional,
    missing_adjustments,
    missing_figures,
    notional_unprinted,
    of_formula,
    pupils_known,
)
from engine.modules.sums import sums
from engine.money import PERCENT_TO_MILLIONTHS, pounds, scaled
from engine.money import number as as_text
from engine.rows import Columns, Rows, Shape, named, where_known
from engine.rules.compiled import CompiledLine
from engine.rules.months import month_words
from engine.rules.values import is_printed
from engine.vocabulary import SchoolPhase

EVERYWHERE = ("minimum_per_pupil", "protection")
ADJUSTMENTS = ("fringe", *EVERYWHERE)
"""The columns of adjustments: a fringe where the rules have one, the others always, empty where the rules have none."""

MONEY = ("formula_total", "notional_sen")
CHANGES = "by_months"
"""The column that says what a line pays in each part of a year in which it changes."""


def school_columns(outcome: NotionalOutcome) -> Columns:
    """Return the columns that say which school a row is about."""
    schools = outcome.schools
    columns: dict[str, tuple[Shape, pl.Series]] = {"urn": (Shape.whole, pl.Series(schools.urn))}
    if "la" in schools.columns:
        la = schools.columns["la"]
        columns["la"] = (Shape.whole, where_known(la, la >= 0))
    if any(schools.names):
        names = pl.Series(schools.names, dtype=pl.String)
        columns["school_name"] = (Shape.text, names.set(names == "", None))
    columns["phase"] = (Shape.text, _phases(outcome))
    return columns


def school_rows(outcome: NotionalOutcome) -> Rows:
    """Return one row a school: its formula funding and its notional SEN budget."""
    known, notional = funded(outcome), is_notional(outcome)
    nowhere = where_known(outcome.formula_total, np.zeros_like(known))
    added = dict.fromkeys(EVERYWHERE, nowhere) | {
        one.name: where_known(one.amount, known & (one.absent == 0) & adjusts(outcome, one))
        for one in adjustments(outcome)
    }
    money = {
        **{name: added[name] for name in ADJUSTMENTS if name in added},
        "formula_total": where_known(outcome.formula_total, known),
    }
    return Rows.of(
        "schools",
        {
            **school_columns(outcome),
            "pupils": (Shape.units, where_known(outcome.pupils, pupils_known(outcome))),
            **{name: (Shape.pounds, pence) for name, pence in money.items()},
            "notional_sen": (
                Shape.pounds,
                where_known(
                    outcome.notional_total, known & notional & ~notional_unprinted(outcome)
                ),
            ),
            "not_known": (Shape.whole, pl.Series(outcome.absent_total)),
            "notional_sen_not_known": (
                Shape.whole,
                where_known(budget_absent(outcome), notional),
            ),
        },
    )


def school_sums(outcome: NotionalOutcome) -> Rows:
    """Return the sums of schools' formula funding and notional SEN, in all and by group.

    Schools that the formula does not fund are in none of them.
    """
    rows = school_rows(outcome)
    funded_ones = rows.frame.filter(pl.Series(of_formula(outcome)))
    return sums(Rows(rows.name, rows.shapes, funded_ones), MONEY, {"la": "la", "phase": "phase"})


def line_rows(outcome: NotionalOutcome) -> Rows:
    """Return one row a school and line; a school's known lines add to its totals."""
    shapes = {
        "urn": Shape.whole, "la": Shape.whole, "school_name": Shape.text, "line": Shape.text, "label": Shape.text,
        "units": Shape.units, "unit_value": Shape.pounds, "amount": Shape.pounds,
        "notional_percent": Shape.percent, "notional_sen": Shape.pounds, "not_known": Shape.whole,
        "why_not_known": Shape.text, CHANGES: Shape.text,
    }  # fmt: skip
    register = Rows.of("register", school_columns(outcome)).frame.with_row_index("school")
    every = np.arange(len(outcome.schools))
    groups = outcome.groups or (SchoolGroup(every, outcome),)
    frame = pl.concat([_parts(one.outcome, one.schools) for one in groups])
    frame = frame.join(register, on="school", how="left", maintain_order="left").sort(
        "school", "at"
    )
    changing = any(line.changes for one in groups for line in one.outcome.lines)
    present = {
        name: shape
        for name, shape in shapes.items()
        if name in frame.columns and (changing or name != CHANGES)
    }
    return Rows("lines", present, frame.select(list(present)))


def _parts(outcome: NotionalOutcome, schools: NDArray[np.intp]) -> pl.DataFrame:
    """Return the lines and adjustments of schools that have the same values, by the positions of these among all."""
    parts = [
        *(_line(outcome, at) for at in range(len(outcome.lines))),
        *(_adjustment(outcome, one) for one in adjustments(outcome)),
    ]
    frame = pl.concat([part.with_columns(at=pl.lit(at, pl.Int64)) for at, part in enumerate(parts)])
    return frame.with_columns(school=pl.Series(schools, dtype=pl.UInt32).gather(frame["school"]))


def _line(outcome: NotionalOutcome, at: int) -> pl.DataFrame:
    line, shown = outcome.lines[at], np.flatnonzero(applies(outcome, at))
    form, absent = outcome.form[shown, at], outcome.absent[shown, at]
    known, everywhere = form != NOT_KNOWN, np.ones(len(shown), np.bool_)
    rate = np.full(len(shown), line.year_rate or 0, np.int64)
    shared = known & formula_of(outcome).is_notional & ~outcome.unprinted_notional(at)[shown]
    return _frame(
        line.name, line.label, shown, absent,
        units=where_known(outcome.units[shown, at], np.isin(form, BY_UNITS)),
        unit_value=where_known(rate, everywhere & (line.year_rate is not None)),
        amount=where_known(outcome.amount[shown, at], known),
        percent=line.year_percent,
        changes=line_changes(line, formula_of(outcome).months),
        notional=where_known(outcome.notional[shown, at], shared),
        why=named(missing_figures(outcome, at)[shown], REASONS),
    )  # fmt: skip


def line_changes(line: CompiledLine, months: Sequence[int]) -> str | None:
    """Return what a line pays in each part of the year, in words; None where it does not change."""
    if not line.changes:
        return None
    parts = zip(line.segments, months, strict=True)
    return ", ".join(
        " ".join(
            [
                month_words(number),
                *_at_rate(one.pays[0]),
                *_with_percent(one.pays[1]),
            ]
        )
        for one, number in parts
    )


def _at_rate(rate: int | str | None) -> list[str]:
    if rate is None:
        return []
    return [f"at a unit value {rate}" if isinstance(rate, str) else f"at {pounds(rate)}"]


def _with_percent(percent: int | str | None) -> list[str]:
    if percent is None:
        return []
    if isinstance(percent, str):
        return [f"(percentage {percent})"]
    return [f"({as_text(percent, PERCENT_TO_MILLIONTHS)}%)"]


def _adjustment(outcome: NotionalOutcome, one: Adjustment) -> pl.DataFrame:
    shown = np.flatnonzero(adjusts(outcome, one))
    absent, given = one.absent[shown], None if one.percent is None else one.percent.dated
    known = absent == 0
    nothing = pl.Series([None] * len(shown), dtype=pl.Int64)
    shared = known & formula_of(outcome).is_notional & ~one.unprinted_notional[shown]
    return _frame(
        one.name, one.label, shown, absent, units=nothing, unit_value=nothing,
        amount=where_known(one.amount[shown], known),
        percent=scaled(given.decimal, PERCENT_TO_MILLIONTHS) if is_printed(given) else None,
        notional=where_known(one.notional[shown], shared),
        why=named(missing_adjustments(outcome, one)[shown], REASONS),
    )  # fmt: skip


def _frame(
    name: str,
    label: str,
    schools: Int,
    absent: Int,
    *,
    units: pl.Series,
    unit_value: pl.Series,
    amount: pl.Series,
    percent: int | None,
    notional: pl.Series,
    why: pl.Series,
    changes: str | None = None,
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "school": pl.Series(schools, dtype=pl.UInt32),
            "line": pl.Series([name] * len(schools), dtype=pl.String),
            "label": pl.Series([label] * len(schools), dtype=pl.String),
            "units": units.cast(pl.Int64),
            "unit_value": unit_value.cast(pl.Int64),
            "amount": amount.cast(pl.Int64),
            "notional_percent": pl.Series([percent] * len(schools), dtype=pl.Int64),
            "notional_sen": notional.cast(pl.Int64),
            "not_known": pl.Series(absent, dtype=pl.Int64),
            "why_not_known": why,
            CHANGES: pl.Series([changes] * len(schools), dtype=pl.String),
        }
    )


def _phases(outcome: NotionalOutcome) -> pl.Series:
    names = ["", *(phase.name for phase in SchoolPhase)]
    return named(outcome.schools.columns["phase"], names)
