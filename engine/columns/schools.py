"""The columns of a school table: the register's, and those of each line of a formula."""

from engine import vocabulary
from engine.columns.column import (
    ALWAYS,
    HIGHEST_PENCE,
    HIGHEST_UNITS,
    NO_VALUE,
    Column,
    Kind,
    declare,
)
from engine.columns.pupils import HIGHEST_URN

UNITS_PREFIX, PROPORTION_PREFIX, AMOUNT_PREFIX = "units_", "proportion_", "amount_"
PRIOR_AMOUNT_PREFIX = "prior_amount_"

LINE = "not supplied: the line is not known, and is left out of the school's sums"
CALLS = "not supplied: the calls on the budget are not known"
PROTECTS = "not supplied: where the rules have a guarantee or a cap, its adjustment is not known"
FIRST_YEAR = (
    f"{PROTECTS}; write none for a new school, which had no last year and is protected by nothing"
)
PRIOR_LINE = (
    "not supplied: where the rules take the line off last year's budget, this year's amount is taken, or the"
    " adjustment is not known where they say prior_amount: last_year; elsewhere nothing is taken off"
)
AUTHORITY = "not supplied: values that differ by authority are not known"
YEARS = "the usual years of the phase; a middle school's are not known"

SCHOOL_COLUMNS = {
    column.name: column
    for column in (
        declare(
            "urn", Kind.whole, 32, "unique reference number of the school", 1, HIGHEST_URN,
            required=True, absence=ALWAYS,
        ),
        declare(
            "la", Kind.whole, 16, "code of the authority in which the school lies", 201, 999,
            absence="not supplied: the school is in no authority's group",
        ),
        declare("school_name", Kind.text, 0, "name for people to read", absence="no name is shown"),
        declare(
            "phase", Kind.code, 8, "phase of the school", codes=vocabulary.SchoolPhase,
            required=True, absence=ALWAYS,
        ),
        declare("primary_years", Kind.whole, 8, "year groups of primary age", 0, 7, absence=YEARS, none=0),
        declare("ks3_years", Kind.whole, 8, "year groups of key stage 3", 0, 3, absence=YEARS, none=0),
        declare("ks4_years", Kind.whole, 8, "year groups of key stage 4", 0, 2, absence=YEARS, none=0),
        declare("sen_support_pupils", Kind.whole, 32, "pupils on SEN support", 0, 10_000, absence=CALLS, none=0),
        declare(
            "sen_support_figure", Kind.pounds, 64, "own figure for SEN support", 0, HIGHEST_PENCE,
            absence="the pupils on SEN support times a cost are taken instead", none=NO_VALUE,
        ),
        declare(
            "ehc_plans", Kind.whole, 32, "pupils with a plan in the mainstream part", 0, 10_000,
            absence=CALLS, none=0,
        ),
        declare(
            "sparsity_distance", Kind.millionths, 64, "average miles to the next school", 0, 10**9,
            absence="not supplied: where the rules measure it, the line is not known",
        ),
        declare(
            "london_fringe", Kind.millionths, 64, "London fringe multiplier", 10**6, 2 * 10**6,
            absence="not supplied: where the rules have a multiplier, what it adds is not known",
            none=10**6,
        ),
        declare(
            "days_open", Kind.whole, 16, "days of the year that the school is open", 0, 366,
            absence="open all year",
        ),
        declare(
            "reception_difference", Kind.millionths, 64, "reception pupils who joined since",
            0, HIGHEST_UNITS,
            absence="not supplied: where the rules add it, the school's pupils are not known",
            none=0,
        ),
        declare(
            "prior_budget", Kind.pounds, 64, "last year's budget share that protection compares with",
            0, 10**11, absence=FIRST_YEAR, none=0,
        ),
        declare(
            "prior_pupils", Kind.millionths, 64, "last year's pupils that protection compares with",
            0, HIGHEST_UNITS, absence=FIRST_YEAR, none=0,
        ),
    )
}  # fmt: skip


def line_column(name: str) -> Column:
    """Return the column of a formula line: units, proportion (both millionths) or amount (pence), of this year or last."""
    if name.startswith(PRIOR_AMOUNT_PREFIX):
        meaning = "last year's amount of a line, which the guarantee takes off last year's budget"
        bounds = -HIGHEST_PENCE, HIGHEST_PENCE
        return declare(name, Kind.pounds, 64, meaning, *bounds, absence=PRIOR_LINE)
    kind, meaning, lowest, highest = Kind.millionths, "units of the line", 0, HIGHEST_UNITS
    if name.startswith(AMOUNT_PREFIX):
        kind, meaning = Kind.pounds, "amount of the line, pounds"
        lowest, highest = -HIGHEST_PENCE, HIGHEST_PENCE
    elif name.startswith(PROPORTION_PREFIX):
        meaning, highest = "share of the phase's pupils", 10**6
    return declare(name, kind, 64, meaning, lowest, highest, absence=LINE, none=0)
