"""When the year's top-ups fall due as rows: one a pupil and payment, or one a payment."""

import numpy as np
import polars as pl

from engine.modules.top_ups.outcome import TopUpOutcome
from engine.modules.top_ups.table import by_key, pupil_columns
from engine.rows import Rows, Shape, where_known
from engine.schedule import Schedule

SHAPES = {
    "payment": Shape.whole,
    "name": Shape.text,
    "last_day": Shape.text,
    "number": Shape.whole,
    "amount": Shape.pounds,
    "not_known": Shape.whole,
}


def payment_rows(outcome: TopUpOutcome, schedule: Schedule) -> Rows:
    """Return one row a pupil and payment, by authority, school and key; a pupil's add to the top-up."""
    payments = len(schedule.names)
    known = np.repeat(outcome.known, payments)
    each = {
        name: (shape, _repeated(column, payments))
        for name, (shape, column) in pupil_columns(outcome.pupils).items()
    }
    number = np.tile(np.arange(payments, dtype=np.int64), len(outcome.pupils))
    rows = Rows.of(
        "payments",
        {
            **each,
            "payment": (Shape.whole, pl.Series(number + 1)),
            "name": (Shape.text, pl.Series(schedule.names, dtype=pl.String).gather(number)),
            "last_day": (Shape.text, _last_days(schedule).gather(number)),
            "amount": (Shape.pounds, where_known(schedule.payments.reshape(-1), known)),
            "not_known": (Shape.whole, pl.Series((~known).astype(np.int64))),
        },
    )
    return by_key(rows, outcome.pupils, payments)


def payment_totals(outcome: TopUpOutcome, schedule: Schedule) -> Rows:
    """Return the sum of each payment over the pupils whose top-up is known; null where none is.

    A pupil with several spells is counted once.
    """
    table, known = outcome.pupils, outcome.known
    pupils, absent = table.pupils_among(np.ones(len(known), bool)), table.pupils_among(~known)
    last_days = _last_days(schedule).to_list()
    records: list[dict[str, str | int | None]] = [
        {
            "payment": at + 1,
            "name": name,
            "last_day": last_days[at],
            "number": pupils,
            "amount": total if known.any() else None,
            "not_known": absent,
        }
        for at, (name, total) in enumerate(
            zip(schedule.names, schedule.totals().tolist(), strict=True)
        )
    ]
    return Rows.of_records("payments", SHAPES, records)


def _repeated(column: pl.Series, times: int) -> pl.Series:
    return column.gather(np.repeat(np.arange(len(column)), times))


def _last_days(schedule: Schedule) -> pl.Series:
    """Return the last day of each payment's part of the year, null where the year has no dates."""
    days: list[str | None] = [day.isoformat() for day in schedule.last_days]
    return pl.Series(days or [None] * len(schedule.names), dtype=pl.String)
