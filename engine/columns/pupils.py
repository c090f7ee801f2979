"""The columns of a pupil table."""

from enum import IntEnum

from engine import vocabulary
from engine.columns.column import (
    ALWAYS,
    HIGHEST_PENCE,
    NO_VALUE,
    Column,
    Kind,
    LaidOut,
    declare,
)

LEVEL_PREFIX = "level_"

DECIDES = "not supplied: where the rules decide by it, the top-up is not known"
COUNTS = "not supplied: a line that counts it is not known for the pupil's school"
EITHER = "not supplied: the top-up or line that uses it is not known"
PRICES = "not supplied: a price that reads it is not known"
ATTENDS = "not supplied: where the rules pay by hours attended, the top-up is not known"
PROTECTS = "not supplied: where the rules protect against loss, the top-up is not known"

HIGHEST_URN = 9_999_999
HIGHEST_HOURS = 168 * 100
HIGHEST_SCORE = 1_000
HIGHEST_GROUP = 100
HIGHEST_LEVEL = 100
HIGHEST_STEPS = 10**8
"""Millionths of a level: a ladder of a hundred steps."""
FIRST_DAY, LAST_DAY = 0, 60_000


def flag(name: str, meaning: str) -> Column:
    """Return a column of 1 or 0 that factors count pupils by."""
    return declare(
        name, Kind.flag, 8, meaning, 0, 1, laid_out=LaidOut.factors, absence=COUNTS, none=0
    )


def code(
    name: str,
    meaning: str,
    codes: type[IntEnum],
    laid_out: LaidOut | None,
    none: int | None = None,
) -> Column:
    """Return a column of one of a list of codes, of which one may be a word for none."""
    absence = COUNTS if laid_out is LaidOut.factors else DECIDES
    return declare(
        name, Kind.code, 8, meaning, codes=codes, laid_out=laid_out, absence=absence, none=none
    )


def number(
    name: str, meaning: str, highest: int, absence: str, *, least: int = 0, scale: bool = False
) -> Column:
    """Return a column of whole numbers; ``scale`` where band boundaries lie on them."""
    laid_out = LaidOut.scales if scale else None
    return declare(
        name, Kind.whole, 16, meaning, least, highest, laid_out=laid_out, absence=absence
    )


def hours(name: str, meaning: str, absence: str) -> Column:
    """Return a column of hours a week."""
    return declare(name, Kind.hours, 16, meaning, 0, HIGHEST_HOURS, absence=absence, none=0)


def money(name: str, meaning: str, absence: str) -> Column:
    """Return a column of pounds a year."""
    return declare(name, Kind.pounds, 64, meaning, 0, HIGHEST_PENCE, absence=absence, none=0)


def day(name: str, meaning: str, absence: str) -> Column:
    """Return a column of days."""
    return declare(
        name, Kind.date, 32, meaning, FIRST_DAY, LAST_DAY, absence=absence, none=NO_VALUE
    )


PUPIL_COLUMNS = {
    column.name: column
    for column in (
        declare(
            "pupil_key", Kind.key, 0, "opaque key of the pupil, never a UPN or a name",
            required=True, absence=ALWAYS,
        ),
        declare(
            "urn", Kind.whole, 32, "unique reference number of the school", 1, HIGHEST_URN,
            absence="at no school: the pupil is counted at none", none=NO_VALUE,
        ),
        declare(
            "la", Kind.whole, 16, "code of the commissioning local authority", 201, 999,
            required=True, absence=ALWAYS,
        ),
        declare(
            "year_group", Kind.whole, 8, "national curriculum year, reception 0",
            vocabulary.LOWEST_YEAR_GROUP, vocabulary.HIGHEST_YEAR_GROUP,
            laid_out=LaidOut.factors, absence=EITHER,
        ),
        code(
            "sen_provision", "N none, K SEN support, E plan", vocabulary.SenProvision,
            LaidOut.bands, vocabulary.SenProvision.N,
        ),
        code("primary_need", "primary type of need", vocabulary.Need, LaidOut.bands, NO_VALUE),
        code(
            "secondary_need", "secondary type of need, none where there is one need only",
            vocabulary.SecondaryNeed, None, vocabulary.SecondaryNeed.none,
        ),
        code("setting", "kind of place", vocabulary.Setting, LaidOut.bands),
        flag("fsm", "eligible for free school meals"),
        flag("fsm6", "eligible in the last six years"),
        flag("eal3", "English an additional language, first three years"),
        flag("mobility", "joined at an unusual time in the last three years"),
        flag("looked_after", "looked after by a local authority"),
        flag("low_prior_attainment", "below the expected standard before"),
        code(
            "idaci", "income deprivation band of the home", vocabulary.Idaci, LaidOut.factors,
            vocabulary.Idaci.G,
        ),
        number("score", "score on the rule set's scale", HIGHEST_SCORE, DECIDES, scale=True),
        number("points", "points on the rule set's matrix", HIGHEST_SCORE, DECIDES, scale=True),
        declare(
            "level", Kind.millionths, 32, "level on the rule set's ladder", 0, HIGHEST_STEPS,
            absence=PRICES,
        ),
        hours("support_hours", "hours of support a week", PRICES),
        hours("hours", "hours a week that the pupil attends", ATTENDS),
        money("assessed_cost", "assessed cost of provision a year", PRICES),
        money("exceptional_amount", "amount agreed above the top band, a year", PRICES),
        number("group_size", "pupils who share the support", HIGHEST_GROUP, PRICES, least=1),
        day(
            "requested", "day on which the plan was requested",
            "not supplied: the start counts as it is given",
        ),
        declare("band", Kind.label, 16, "band held today", 0, 30_000, absence=DECIDES),
        money("top_up", "top-up paid today, a year", PROTECTS),
        day("start", "first day paid; blank is since before the year", "paid since before the year"),
        day("end", "last day paid; blank is no end", "no last day"),
        number(
            "parts_on_roll", "parts of the calendar's year (days, months, terms) paid, in place of dates",
            366, "the dates say what is paid",
        ),
    )
}  # fmt: skip


def level_column(name: str) -> Column:
    """Return the column of a banding dimension's level, for example ``level_communication``."""
    meaning = "level on a dimension of the banding matrix"
    return declare(name, Kind.whole, 8, meaning, 0, HIGHEST_LEVEL, absence=DECIDES, none=0)


def pupil_column(name: str) -> Column | None:
    """Return the register's entry for a pupil column, or None where there is none."""
    if name.startswith(LEVEL_PREFIX) and len(name) > len(LEVEL_PREFIX):
        return level_column(name)
    return PUPIL_COLUMNS.get(name)
