"""An outcome's pupils as rows: the band, the price and what is paid, with the clause that decided."""

from enum import IntEnum

import numpy as np
import polars as pl

from engine.modules.top_ups.outcome import TopUpOutcome
from engine.rows import Columns, Rows, Shape, named, where_known
from engine.tables import NO_SCHOOL, PupilTable
from engine.vocabulary import Need, Reason, Setting

CODED: dict[str, type[IntEnum]] = {"primary_need": Need, "setting": Setting}


def pupil_columns(pupils: PupilTable) -> Columns:
    """Return the columns that say which pupil a row is about."""
    columns: dict[str, tuple[Shape, pl.Series]] = {"pupil_key": (Shape.text, pupils.keys)}
    if "urn" in pupils.columns:
        urn = pupils.columns["urn"]
        columns["urn"] = (Shape.whole, where_known(urn, urn != NO_SCHOOL))
    columns["la"] = (Shape.whole, pl.Series(pupils.columns["la"]))
    for name, codes in CODED.items():
        if name in pupils.columns:
            columns[name] = (Shape.text, coded(pupils.columns[name], codes))
    return columns


def coded(held: np.ndarray[tuple[int], np.dtype[np.int8]], codes: type[IntEnum]) -> pl.Series:
    """Return codes by name, null where there is none; codes count up from 0 or 1 without a gap."""
    names = ["" if min(codes) else min(codes).name, *(code.name for code in sorted(codes) if code)]
    return named(held, names)


def bands(outcome: TopUpOutcome) -> pl.Series:
    """Return each pupil's band by name, null where there is none."""
    return named(outcome.pupil_bands(), list(outcome.top_ups.bands))


def reasons(outcome: TopUpOutcome) -> pl.Series:
    """Return the clause that decided each pupil's top-up, by name."""
    return coded(outcome.reason, Reason)


def pupil_rows(outcome: TopUpOutcome) -> Rows:
    """Return one row a pupil in the order of the table: authority, school, key."""
    known = outcome.known
    return Rows.of(
        "pupils",
        {
            **pupil_columns(outcome.pupils),
            "band": (Shape.text, bands(outcome)),
            "annual_rate": (Shape.pounds, where_known(outcome.annual, outcome.rate_known)),
            "top_up": (Shape.pounds, where_known(outcome.amount, known)),
            "reason": (Shape.text, reasons(outcome)),
            "not_known": (Shape.whole, pl.Series((~known).astype(np.int64))),
        },
    )
