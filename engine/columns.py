"""The register of columns: what each holds, in what unit, within what range.

A pupil table has the columns of ``PUPIL_COLUMNS``, the levels of the dimensions of a
rule set bands by (``level_<dimension>``), and no others. A school table has
``SCHOOL_COLUMNS`` and, for each line of a rule set's formula, the units, the share of
pupils or the amount of that line (``units_…``, ``proportion_…``, ``amount_…``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray

from engine import vocabulary

Int = NDArray[np.int64]
Narrow = NDArray[np.signedinteger]

FEW_ROWS = 1_000
"""Rows up to which the language itself is as quick as a query of polars."""

LEVEL_PREFIX = "level_"
UNITS_PREFIX, PROPORTION_PREFIX, AMOUNT_PREFIX = "units_", "proportion_", "amount_"


class Kind(StrEnum):
    """How the text of a column is read and what its whole numbers count."""

    key = "key"
    """opaque text, unique in the table"""
    text = "text"
    """text for people; not calculated with"""
    code = "code"
    """one of a closed list of codes"""
    flag = "flag"
    """1 or 0; ``true``/``false``, ``yes``/``no`` are read too"""
    whole = "whole"
    """a whole number"""
    hours = "hours"
    """hours a week, held in hundredths of an hour"""
    pounds = "pounds"
    """pounds, held in pence"""
    millionths = "millionths"
    """a number with decimals, held in millionths"""
    date = "date"
    """an ISO date, held as days since 1970-01-01"""
    label = "label"
    """a name from a list that the rule set gives (bands)"""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    ``lowest`` and ``highest`` bound the whole numbers held (pence, hundredths, days),
    both included. ``missing`` is the number that means "not supplied"; a column
    without one must have a value in every row.
    """

    name: str
    kind: Kind
    dtype: np.dtype[np.signedinteger] | None
    meaning: str
    lowest: int = 0
    highest: int = 0
    codes: type[IntEnum] | None = None
    missing: int | None = None


def _column(
    name: str,
    kind: Kind,
    bits: int,
    meaning: str,
    lowest: int = 0,
    highest: int = 0,
    codes: type[IntEnum] | None = None,
    *,
    required: bool = False,
) -> Column:
    dtype = np.dtype(f"int{bits}") if bits else None
    if codes is not None:
        lowest, highest = min(codes), max(codes)
    missing = None if required or dtype is None else int(np.iinfo(dtype).min)
    return Column(name, kind, dtype, meaning, lowest, highest, codes, missing)


HIGHEST_PENCE = 10**10
HIGHEST_UNITS = 10**11
HIGHEST_HOURS = 168 * 100
HIGHEST_SCORE = 1_000
HIGHEST_URN = 9_999_999
HIGHEST_GROUP = 100
HIGHEST_LEVEL = 100
HIGHEST_STEPS = 10**8
"""Millionths of a level: a ladder of a hundred steps."""
FIRST_DAY, LAST_DAY = 0, 60_000

PUPIL_COLUMNS = {
    column.name: column
    for column in (
        _column(
            "pupil_key",
            Kind.key,
            0,
            "opaque key of the pupil, never a UPN or a name",
            required=True,
        ),
        _column("urn", Kind.whole, 32, "unique reference number of the school", 1, HIGHEST_URN),
        _column(
            "la",
            Kind.whole,
            16,
            "code of the commissioning local authority",
            201,
            999,
            required=True,
        ),
        _column(
            "year_group",
            Kind.whole,
            8,
            "national curriculum year, reception 0",
            vocabulary.LOWEST_YEAR_GROUP,
            vocabulary.HIGHEST_YEAR_GROUP,
        ),
        _column(
            "sen_provision",
            Kind.code,
            8,
            "N none, K SEN support, E plan",
            codes=vocabulary.SenProvision,
        ),
        _column("primary_need", Kind.code, 8, "primary type of need", codes=vocabulary.Need),
        _column("secondary_need", Kind.code, 8, "secondary type of need", codes=vocabulary.Need),
        _column("setting", Kind.code, 8, "kind of place", codes=vocabulary.Setting),
        _column("fsm", Kind.flag, 8, "eligible for free school meals", 0, 1),
        _column("fsm6", Kind.flag, 8, "eligible in the last six years", 0, 1),
        _column("eal3", Kind.flag, 8, "English an additional language, first three years", 0, 1),
        _column(
            "mobility", Kind.flag, 8, "joined at an unusual time in the last three years", 0, 1
        ),
        _column("looked_after", Kind.flag, 8, "looked after by a local authority", 0, 1),
        _column("low_prior_attainment", Kind.flag, 8, "below the expected standard before", 0, 1),
        _column(
            "idaci", Kind.code, 8, "income deprivation band of the home", codes=vocabulary.Idaci
        ),
        _column("score", Kind.whole, 16, "score on the rule set's scale", 0, HIGHEST_SCORE),
        _column("points", Kind.whole, 16, "points on the rule set's matrix", 0, HIGHEST_SCORE),
        _column("level", Kind.millionths, 32, "level on the rule set's ladder", 0, HIGHEST_STEPS),
        _column("support_hours", Kind.hours, 16, "hours of support a week", 0, HIGHEST_HOURS),
        _column("hours", Kind.hours, 16, "hours a week that the pupil attends", 0, HIGHEST_HOURS),
        _column(
            "assessed_cost", Kind.pounds, 64, "assessed cost of provision a year", 0, HIGHEST_PENCE
        ),
        _column(
            "exceptional_amount",
            Kind.pounds,
            64,
            "amount agreed above the top band, a year",
            0,
            HIGHEST_PENCE,
        ),
        _column("group_size", Kind.whole, 16, "pupils who share the support", 1, HIGHEST_GROUP),
        _column(
            "requested", Kind.date, 32, "day on which the plan was requested", FIRST_DAY, LAST_DAY
        ),
        _column("band", Kind.label, 16, "band held today", 0, 30_000),
        _column("top_up", Kind.pounds, 64, "top-up paid today, a year", 0, HIGHEST_PENCE),
        _column(
            "start",
            Kind.date,
            32,
            "first day paid; blank is since before the year",
            FIRST_DAY,
            LAST_DAY,
        ),
        _column("end", Kind.date, 32, "last day paid; blank is no end", FIRST_DAY, LAST_DAY),
        _column(
            "parts_on_roll",
            Kind.whole,
            16,
            "parts of the calendar's year (days, months, terms) paid, in place of dates",
            0,
            366,
        ),
    )
}

SCHOOL_COLUMNS = {
    column.name: column
    for column in (
        _column(
            "urn",
            Kind.whole,
            32,
            "unique reference number of the school",
            1,
            9_999_999,
            required=True,
        ),
        _column("la", Kind.whole, 16, "code of the authority in which the school lies", 201, 999),
        _column("school_name", Kind.text, 0, "name for people to read"),
        _column(
            "phase",
            Kind.code,
            8,
            "phase of the school",
            codes=vocabulary.SchoolPhase,
            required=True,
        ),
        _column("primary_years", Kind.whole, 8, "year groups of primary age", 0, 7),
        _column("ks3_years", Kind.whole, 8, "year groups of key stage 3", 0, 3),
        _column("ks4_years", Kind.whole, 8, "year groups of key stage 4", 0, 2),
        _column("sen_support_pupils", Kind.whole, 32, "pupils on SEN support", 0, 10_000),
        _column("sen_support_figure", Kind.pounds, 64, "own figure for SEN support", 0, 10**10),
        _column(
            "ehc_plans", Kind.whole, 32, "pupils with a plan in the mainstream part", 0, 10_000
        ),
        _column(
            "sparsity_distance", Kind.millionths, 64, "average miles to the next school", 0, 10**9
        ),
        _column("london_fringe", Kind.millionths, 64, "London fringe multiplier", 10**6, 2 * 10**6),
        _column("days_open", Kind.whole, 16, "days of the year that the school is open", 0, 366),
        _column(
            "reception_difference",
            Kind.millionths,
            64,
            "reception pupils who joined since",
            0,
            HIGHEST_UNITS,
        ),
        _column(
            "prior_budget",
            Kind.pounds,
            64,
            "last year's budget share that protection compares with",
            0,
            10**11,
        ),
        _column(
            "prior_pupils",
            Kind.millionths,
            64,
            "last year's pupils that protection compares with",
            0,
            HIGHEST_UNITS,
        ),
    )
}


def level_column(name: str) -> Column:
    """Return the column of a banding dimension's level, for example ``level_communication``."""
    return _column(
        name, Kind.whole, 8, "level on a dimension of the banding matrix", 0, HIGHEST_LEVEL
    )


def line_column(name: str) -> Column:
    """Return the column of a formula line: units, proportion (both millionths) or amount (pence)."""
    if name.startswith(AMOUNT_PREFIX):
        return _column(
            name, Kind.pounds, 64, "amount of the line, pounds", -HIGHEST_PENCE, HIGHEST_PENCE
        )
    if name.startswith(PROPORTION_PREFIX):
        return _column(name, Kind.millionths, 64, "share of the phase's pupils", 0, 10**6)
    return _column(name, Kind.millionths, 64, "units of the line", 0, HIGHEST_UNITS)


def pupil_column(name: str) -> Column | None:
    """Return the register's entry for a pupil column, or None where there is none."""
    if name.startswith(LEVEL_PREFIX) and len(name) > len(LEVEL_PREFIX):
        return level_column(name)
    return PUPIL_COLUMNS.get(name)


@dataclass(frozen=True, slots=True, repr=False)
class Wanted:
    """The columns that a rule set (or a pair of them) uses.

    ``required`` must be in the file; ``known`` may be; any other is refused.
    ``labels`` are the bands that the column ``band`` may hold, in code order.
    """

    required: frozenset[str]
    known: frozenset[str]
    labels: tuple[str, ...] = ()
    phase_pupils: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """for each phase, the units columns that add to its pupils (shares are taken of them)"""

    def __or__(self, other: "Wanted") -> "Wanted":
        """Return what both rule sets use together."""
        labels = (*self.labels, *(label for label in other.labels if label not in self.labels))
        pupils = {**other.phase_pupils, **self.phase_pupils}
        return Wanted(self.required | other.required, self.known | other.known, labels, pupils)
