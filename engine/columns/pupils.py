"""The columns of a pupil table."""

from engine import vocabulary
from engine.columns.column import ALWAYS, HIGHEST_PENCE, Column, Kind, LaidOut, declare

LEVEL_PREFIX = "level_"

DECIDES = "not supplied: where the rules decide by it, the top-up is not known"
COUNTS = "not supplied: a line that counts it is not known for the pupil's school"
EITHER = "not supplied: the top-up or line that uses it is not known"
PRICES = "not supplied: a price that reads it is not known"

HIGHEST_URN = 9_999_999
HIGHEST_HOURS = 168 * 100
HIGHEST_SCORE = 1_000
HIGHEST_GROUP = 100
HIGHEST_LEVEL = 100
HIGHEST_STEPS = 10**8
"""Millionths of a level: a ladder of a hundred steps."""
FIRST_DAY, LAST_DAY = 0, 60_000

PUPIL_COLUMNS = {
    column.name: column
    for column in (
        declare(
            "pupil_key",
            Kind.key,
            0,
            "opaque key of the pupil, never a UPN or a name",
            required=True,
            absence=ALWAYS,
        ),
        declare(
            "urn",
            Kind.whole,
            32,
            "unique reference number of the school",
            1,
            HIGHEST_URN,
            absence="at no school: the pupil is counted at none",
        ),
        declare(
            "la",
            Kind.whole,
            16,
            "code of the commissioning local authority",
            201,
            999,
            required=True,
            absence=ALWAYS,
        ),
        declare(
            "year_group",
            Kind.whole,
            8,
            "national curriculum year, reception 0",
            vocabulary.LOWEST_YEAR_GROUP,
            vocabulary.HIGHEST_YEAR_GROUP,
            laid_out=LaidOut.factors,
            absence=EITHER,
        ),
        declare(
            "sen_provision",
            Kind.code,
            8,
            "N none, K SEN support, E plan",
            codes=vocabulary.SenProvision,
            laid_out=LaidOut.bands,
            absence=DECIDES,
        ),
        declare(
            "primary_need",
            Kind.code,
            8,
            "primary type of need",
            codes=vocabulary.Need,
            laid_out=LaidOut.bands,
            absence=DECIDES,
        ),
        declare(
            "secondary_need",
            Kind.code,
            8,
            "secondary type of need",
            codes=vocabulary.Need,
            absence=DECIDES,
        ),
        declare(
            "setting",
            Kind.code,
            8,
            "kind of place",
            codes=vocabulary.Setting,
            laid_out=LaidOut.bands,
            absence=DECIDES,
        ),
        declare(
            "fsm",
            Kind.flag,
            8,
            "eligible for free school meals",
            0,
            1,
            laid_out=LaidOut.factors,
            absence=COUNTS,
        ),
        declare(
            "fsm6",
            Kind.flag,
            8,
            "eligible in the last six years",
            0,
            1,
            laid_out=LaidOut.factors,
            absence=COUNTS,
        ),
        declare(
            "eal3",
            Kind.flag,
            8,
            "English an additional language, first three years",
            0,
            1,
            laid_out=LaidOut.factors,
            absence=COUNTS,
        ),
        declare(
            "mobility",
            Kind.flag,
            8,
            "joined at an unusual time in the last three years",
            0,
            1,
            laid_out=LaidOut.factors,
            absence=COUNTS,
        ),
        declare(
            "looked_after",
            Kind.flag,
            8,
            "looked after by a local authority",
            0,
            1,
            laid_out=LaidOut.factors,
            absence=COUNTS,
        ),
        declare(
            "low_prior_attainment",
            Kind.flag,
            8,
            "below the expected standard before",
            0,
            1,
            laid_out=LaidOut.factors,
            absence=COUNTS,
        ),
        declare(
            "idaci",
            Kind.code,
            8,
            "income deprivation band of the home",
            codes=vocabulary.Idaci,
            laid_out=LaidOut.factors,
            absence=COUNTS,
        ),
        declare(
            "score",
            Kind.whole,
            16,
            "score on the rule set's scale",
            0,
            HIGHEST_SCORE,
            laid_out=LaidOut.scales,
            absence=DECIDES,
        ),
        declare(
            "points",
            Kind.whole,
            16,
            "points on the rule set's matrix",
            0,
            HIGHEST_SCORE,
            laid_out=LaidOut.scales,
            absence=DECIDES,
        ),
        declare(
            "level",
            Kind.millionths,
            32,
            "level on the rule set's ladder",
            0,
            HIGHEST_STEPS,
            absence=PRICES,
        ),
        declare(
            "support_hours",
            Kind.hours,
            16,
            "hours of support a week",
            0,
            HIGHEST_HOURS,
            absence=PRICES,
        ),
        declare(
            "hours",
            Kind.hours,
            16,
            "hours a week that the pupil attends",
            0,
            HIGHEST_HOURS,
            absence="not supplied: where the rules pay by hours attended, the top-up is not known",
        ),
        declare(
            "assessed_cost",
            Kind.pounds,
            64,
            "assessed cost of provision a year",
            0,
            HIGHEST_PENCE,
            absence=PRICES,
        ),
        declare(
            "exceptional_amount",
            Kind.pounds,
            64,
            "amount agreed above the top band, a year",
            0,
            HIGHEST_PENCE,
            absence=PRICES,
        ),
        declare(
            "group_size",
            Kind.whole,
            16,
            "pupils who share the support",
            1,
            HIGHEST_GROUP,
            absence=PRICES,
        ),
        declare(
            "requested",
            Kind.date,
            32,
            "day on which the plan was requested",
            FIRST_DAY,
            LAST_DAY,
            absence="not supplied: the start counts as it is given",
        ),
        declare("band", Kind.label, 16, "band held today", 0, 30_000, absence=DECIDES),
        declare(
            "top_up",
            Kind.pounds,
            64,
            "top-up paid today, a year",
            0,
            HIGHEST_PENCE,
            absence="not supplied: where the rules protect against loss, the top-up is not known",
        ),
        declare(
            "start",
            Kind.date,
            32,
            "first day paid; blank is since before the year",
            FIRST_DAY,
            LAST_DAY,
            absence="paid since before the year",
        ),
        declare(
            "end",
            Kind.date,
            32,
            "last day paid; blank is no end",
            FIRST_DAY,
            LAST_DAY,
            absence="no last day",
        ),
        declare(
            "parts_on_roll",
            Kind.whole,
            16,
            "parts of the calendar's year (days, months, terms) paid, in place of dates",
            0,
            366,
            absence="the dates say what is paid",
        ),
    )
}


def level_column(name: str) -> Column:
    """Return the column of a banding dimension's level, for example ``level_communication``."""
    return declare(
        name,
        Kind.whole,
        8,
        "level on a dimension of the banding matrix",
        0,
        HIGHEST_LEVEL,
        absence=DECIDES,
    )


def pupil_column(name: str) -> Column | None:
    """Return the register's entry for a pupil column, or None where there is none."""
    if name.startswith(LEVEL_PREFIX) and len(name) > len(LEVEL_PREFIX):
        return level_column(name)
    return PUPIL_COLUMNS.get(name)
