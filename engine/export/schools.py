"""An outcome's schools as rows: one a school, or one a school and line of the formula."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.columns import Int
from engine.evaluate.gathered import MAINSTREAM
from engine.explain.protections import FRINGE
from engine.explain.schools import line_label
from engine.export.rows import Columns, Rows, Shape, named, where_known
from engine.kernels.notional import GIVEN_UNITS, NOT_KNOWN
from engine.money import PERCENT_TO_MILLIONTHS, scaled
from engine.outcome import NotionalOutcome
from engine.rules.values import Given
from engine.vocabulary import SchoolPhase


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


def funded(outcome: NotionalOutcome) -> NDArray[np.bool_]:
    """Return the mainstream schools of which any line is known, and any other that has an amount."""
    known = mainstream(outcome) & outcome.known().any(axis=1)
    either: NDArray[np.bool_] = known | (outcome.formula_total != 0)
    return either


def mainstream(outcome: NotionalOutcome) -> NDArray[np.bool_]:
    """Return the schools that the schools formula funds."""
    return np.isin(outcome.schools.columns["phase"], [int(phase) for phase in MAINSTREAM])


def school_rows(outcome: NotionalOutcome) -> Rows:
    """Return one row a school: its formula funding and its notional SEN budget."""
    known = funded(outcome)
    formula = outcome.rules.formula
    fringed = formula is not None and formula.fringe
    nothing = np.zeros_like(outcome.formula_total)
    money = {
        **({"fringe": (outcome.fringe, outcome.fringe_absent)} if fringed else {}),
        "minimum_per_pupil": (outcome.uplift, outcome.minimum_absent),
        "protection": (outcome.protection, outcome.protection_absent),
        "formula_total": (outcome.formula_total, nothing),
    }
    is_notional = formula is not None and formula.is_notional
    budget = where_known(outcome.notional_total, known & is_notional)
    return Rows.of(
        "schools",
        {
            **school_columns(outcome),
            "pupils": (Shape.units, where_known(outcome.pupils, outcome.pupils > 0)),
            **{
                name: (Shape.pounds, where_known(pence, known & (absent == 0)))
                for name, (pence, absent) in money.items()
            },
            "notional_sen": (Shape.pounds, budget),
            "not_known": (Shape.whole, pl.Series(outcome.absent_total)),
        },
    )


def line_rows(outcome: NotionalOutcome) -> Rows:
    """Return one row a school and line; a school's known lines add to its totals."""
    shapes = {
        "urn": Shape.whole, "la": Shape.whole, "school_name": Shape.text, "line": Shape.text, "label": Shape.text,
        "units": Shape.units, "unit_value": Shape.pounds, "amount": Shape.pounds,
        "notional_percent": Shape.percent, "notional_sen": Shape.pounds, "not_known": Shape.whole,
    }  # fmt: skip
    register = Rows.of("register", school_columns(outcome)).frame.with_row_index("school")
    lines = pl.concat([*_lines(outcome), *_protections(outcome)])
    frame = lines.join(register, on="school", how="left", maintain_order="left").sort(
        "school", "at"
    )
    present = {name: shape for name, shape in shapes.items() if name in frame.columns}
    return Rows("lines", present, frame.select(list(present)))


def _lines(outcome: NotionalOutcome) -> list[pl.DataFrame]:
    frames = []
    for at, line in enumerate(outcome.lines):
        form, absent = outcome.form[:, at], outcome.absent[:, at]
        shown = np.flatnonzero((form != NOT_KNOWN) | (absent > 0))
        known, units = form[shown] != NOT_KNOWN, form[shown] == GIVEN_UNITS
        rate = np.full(len(shown), line.rate or 0, np.int64)
        frames.append(
            _line(
                at, line.name, line_label(line), shown, absent[shown],
                units=where_known(outcome.units[shown, at], units),
                unit_value=where_known(rate, units & (line.rate is not None)),
                amount=where_known(outcome.amount[shown, at], known),
                percent=line.percent,
                notional=where_known(outcome.notional[shown, at], known & (line.percent is not None)),
            )
        )  # fmt: skip
    return frames


class _Protection(NamedTuple):
    """An adjustment of schools' budgets as a line: pence and parts not known, by school."""

    name: str
    label: str
    amount: Int
    notional: Int
    percent: Given | None
    absent: Int
    is_notional: bool


def _protections(outcome: NotionalOutcome) -> list[pl.DataFrame]:
    """Return the fringe, the minimum per-pupil level and the guarantee as lines, where the rules have them."""
    formula = outcome.rules.formula
    if formula is None:
        return []
    guaranteed = formula.guarantee is not None or formula.cap is not None
    lines = []
    if formula.fringe:
        lines.append(
            _Protection("fringe", FRINGE, outcome.fringe, outcome.fringe_notional, None,
                        outcome.fringe_absent, formula.is_notional)
        )  # fmt: skip
    if formula.levels is not None:
        lines.append(
            _Protection("minimum_per_pupil", "Minimum per-pupil level", outcome.uplift,
                        outcome.uplift_notional, formula.minimum_percent, outcome.minimum_absent,
                        formula.minimum_percent is not None)
        )  # fmt: skip
    if guaranteed:
        lines.append(
            _Protection("protection", "Minimum funding guarantee, cap and scaling", outcome.protection,
                        outcome.protection_notional, formula.protection_percent, outcome.protection_absent,
                        formula.protection_percent is not None)
        )  # fmt: skip
    return [_protection(outcome, len(outcome.lines) + at, line) for at, line in enumerate(lines)]


def _protection(outcome: NotionalOutcome, at: int, line: _Protection) -> pl.DataFrame:
    shown = np.flatnonzero(mainstream(outcome))
    absent = line.absent[shown]
    given = line.percent
    percent = None if given is None else scaled(given.decimal, PERCENT_TO_MILLIONTHS)
    nothing = pl.Series([None] * len(shown), dtype=pl.Int64)
    return _line(
        at, line.name, line.label, shown, absent, units=nothing, unit_value=nothing,
        amount=where_known(line.amount[shown], absent == 0), percent=percent,
        notional=where_known(line.notional[shown], (absent == 0) & line.is_notional),
    )  # fmt: skip


def _line(
    at: int,
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
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "school": pl.Series(schools, dtype=pl.UInt32),
            "at": pl.Series([at] * len(schools), dtype=pl.Int64),
            "line": pl.Series([name] * len(schools), dtype=pl.String),
            "label": pl.Series([label] * len(schools), dtype=pl.String),
            "units": units.cast(pl.Int64),
            "unit_value": unit_value.cast(pl.Int64),
            "amount": amount.cast(pl.Int64),
            "notional_percent": pl.Series([percent] * len(schools), dtype=pl.Int64),
            "notional_sen": notional.cast(pl.Int64),
            "not_known": pl.Series(absent, dtype=pl.Int64),
        }
    )


def _phases(outcome: NotionalOutcome) -> pl.Series:
    names = ["", *(phase.name for phase in SchoolPhase)]
    return named(outcome.schools.columns["phase"], names)
