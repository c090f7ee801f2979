"""The field's codes and their whole numbers.

Codes are given here and nowhere else, and are never renumbered: they are stored
in files and results. Sources: the school census and SEN2 code sets (Department
for Education), as listed in ``fixtures/README.md``.
"""

import csv
from collections.abc import Iterable
from enum import IntEnum, StrEnum
from functools import cache
from typing import Protocol

from engine.data import FIXTURES


class SenProvision(IntEnum):
    """Level of identified special educational need in the school census."""

    N = 0
    K = 1
    E = 2


class Need(IntEnum):
    """Type of special educational need, in the order of the SEN2 guide."""

    SPLD = 1
    MLD = 2
    SLD = 3
    PMLD = 4
    SEMH = 5
    SLCN = 6
    HI = 7
    VI = 8
    MSI = 9
    PD = 10
    ASD = 11
    DS = 12
    OTH = 13
    NSA = 14


class SecondaryNeed(IntEnum):
    """Second type of special educational need: the same types, and ``none`` for a pupil who has one need only."""

    none = 0
    SPLD = 1
    MLD = 2
    SLD = 3
    PMLD = 4
    SEMH = 5
    SLCN = 6
    HI = 7
    VI = 8
    MSI = 9
    PD = 10
    ASD = 11
    DS = 12
    OTH = 13
    NSA = 14


class Setting(IntEnum):
    """Kind of place at which a pupil is educated."""

    mainstream = 1
    resourced_provision = 2
    sen_unit = 3
    special = 4
    independent_special = 5
    non_maintained_special = 6
    alternative_provision = 7
    further_education = 8
    special_post_16 = 9
    early_years = 10
    hospital = 11
    elsewhere = 12


class Idaci(IntEnum):
    """Income deprivation band of the pupil's home; A is the most deprived, G is not funded."""

    A = 1
    B = 2
    C = 3
    D = 4
    E = 5
    F = 6
    G = 7


class PupilPhase(IntEnum):
    """Phase of education of a year group."""

    early_years = 0
    primary = 1
    ks3 = 2
    ks4 = 3
    post_16 = 4


class SchoolPhase(IntEnum):
    """Phase of a school, which decides its lump sum and its years of each key stage."""

    primary = 1
    secondary = 2
    all_through = 3
    middle = 4
    special = 5
    alternative_provision = 6
    nursery = 7


class Presence(IntEnum):
    """Why a value is there or not; a missing value is never zero."""

    given = 0
    not_applicable = 1
    not_supplied = 2
    suppressed = 3
    low = 4
    """not zero, but so small that it rounds to zero"""


WITHHELD = (Presence.suppressed, Presence.low)
"""Kinds of a value that is there and is not shown."""

PRESENCE_WORDS = {
    Presence.not_applicable: "not applicable",
    Presence.not_supplied: "not supplied",
    Presence.suppressed: "suppressed",
    Presence.low: "low: rounds to zero, and is not 0",
}
"""Kinds of missing value, in words."""


class Reason(IntEnum):
    """The clause that decided a pupil's top-up."""

    rate = 0
    not_funded = 1
    not_supplied = 2
    no_price = 3
    within_threshold = 4
    floor = 5
    cap = 6
    not_on_roll = 7
    no_band = 8
    protected = 9
    not_printed = 10
    no_value = 11


NOT_KNOWN = (Reason.not_supplied, Reason.no_price, Reason.not_printed, Reason.no_value)
"""Reasons for which a pupil's top-up is not known; all others lead to an amount."""


NOT_PRINTED = "not printed"
"""What a rule document says in the place of a value that its source does not give."""


class Standing(StrEnum):
    """How far a published value has been checked."""

    verified = "verified"
    unconfirmed = "unconfirmed"
    proposed = "proposed"


_LEAST_FIRST = (Standing.proposed, Standing.unconfirmed, Standing.verified)


class Checked(Protocol):
    """A value that says how far it was checked."""

    @property
    def standing(self) -> Standing:
        """Return how far it was checked."""


def weakest(givens: Iterable[Checked | None]) -> Standing | None:
    """Return the standing that holds for values used together: the one least checked."""
    standings = {given.standing for given in givens if given is not None}
    return next((one for one in _LEAST_FIRST if one in standings), None)


def least_checked(standings: Iterable[str | None]) -> str | None:
    """Return the standing that is shown beside several answers: the least checked of theirs, if any."""
    shown = set(standings)
    return next((one.value for one in _LEAST_FIRST if one.value in shown), None)


def is_surer(one: Standing, than: Standing) -> bool:
    """Return whether a standing says more than another."""
    return _LEAST_FIRST.index(one) > _LEAST_FIRST.index(than)


def marked(standing: str | None) -> str | None:
    """Return the standing that is shown beside a value: none where it was verified."""
    return None if standing in {None, Standing.verified} else str(standing)


LOWEST_YEAR_GROUP, HIGHEST_YEAR_GROUP = -2, 14
KEY_STAGE_YEARS = {
    PupilPhase.primary: range(7),
    PupilPhase.ks3: range(7, 10),
    PupilPhase.ks4: range(10, 12),
}
YEARS_OF_PHASE = {
    SchoolPhase.primary: (7, 0, 0),
    SchoolPhase.secondary: (0, 3, 2),
    SchoolPhase.all_through: (7, 3, 2),
}
"""Years of primary, key stage 3 and key stage 4 that a school of the phase has unless it says."""

SYMBOLS = {
    Presence.not_applicable: ("z", "."),
    Presence.not_supplied: ("x", ":", "..", "-", "\u2013", "\u2014", "n/a", "N/A", "na", "NA"),
    Presence.suppressed: ("c", "*", "SUPP"),
    Presence.low: ("low",),
}
"""What a cell holds instead of a value, by the kind of missing that it means.

Symbols of the Department for Education's open data standard (c, x, z, low) and of its earlier tables (``:``,
``..``, ``.`` and dashes), and what people write. Each may have square brackets around it, as in ``[c]``.
"""

ABSENT_SYMBOLS = {"": Presence.not_supplied} | {
    spelling: presence
    for presence, words in SYMBOLS.items()
    for word in words
    for spelling in (word, f"[{word}]")
}
"""Every spelling of ``SYMBOLS``, and a blank."""

NEVER_A_LABEL = frozenset(one for words in SYMBOLS.values() for one in words if len(one) == 1)
"""Symbols of one sign: a band of that name would look like a value that is missing."""

NONE_WORDS = ("none", "None", "NONE", "nil", "Nil", "NIL")
"""Words for none, in the columns in which none has a meaning."""


class Missing(StrEnum):
    """A reason why a part of an answer is not known; every page, answer and file prints these words, and no other place has them."""

    figure = "the figure is not given"
    year_groups = "the year groups of each age are not given"
    fringe = "the London fringe multiplier is not given"
    last_year = "the figures of last year are not given"
    parts = "it depends on a part that is not known"
    sen_support_pupils = "the number of pupils on SEN support is not given"
    sen_support_cost = "the assumed cost of a pupil on SEN support is not given"
    plans = "the number of EHC plans is not given"
    threshold = "these rules have no threshold for a plan in force"
    formula_threshold = (
        "the schools formula of these rules has no threshold for a plan in force (expected_calls.high_needs_threshold),"
        " and that of targeted funding is for extra funding alone"
    )
    prior_pupils = (
        "the pupils of last year are none though its budget is not: they must be above 0, or the budget none"
        " for a new school"
    )
    prior_budget = (
        "the budget of last year is not above what is taken off it: it must be the whole budget"
    )
    prior_amounts = "last year's amount of what is taken off last year's budget is not given (prior_amount_… of the line)"
    level = "these rules name no minimum level for a key stage that the school has"
    not_funded = (
        "the schools formula funds primary, secondary, middle and all-through schools alone"
    )
    budget = "the whole notional SEN budget is not known"
    pupils = "the number of pupils is not known"
    other_schools = "it depends on other schools, as these rules share one total among them"
    later = "these rules are not in force on this day"
    no_price = "the rules have no price for it"
    not_printed = "a value of the rules that it depends on is not printed"
    no_value = "a table of values of the rules has no row for it"


def phase_of_year(year_group: int) -> PupilPhase:
    """Return the phase of a year group (reception is 0, nursery years are below it)."""
    for phase, years in KEY_STAGE_YEARS.items():
        if year_group in years:
            return phase
    return PupilPhase.early_years if year_group < 0 else PupilPhase.post_16


@cache
def local_authorities() -> dict[int, str]:
    """Return the name of each local authority by its three-digit code, past ones included."""
    return _of_authorities("name")


@cache
def authority_regions() -> dict[int, str]:
    """Return the region of England of each local authority by its three-digit code, past ones included."""
    return _of_authorities("region")


def _of_authorities(column: str) -> dict[int, str]:
    with (FIXTURES / "codes" / "local_authorities.csv").open(encoding="utf-8") as lines:
        return {int(row["code"]): row[column] for row in csv.DictReader(lines)}


@cache
def factor_order() -> dict[str, int]:
    """Return the place of each factor in the order in which statements print them."""
    with (FIXTURES / "codes" / "factors.csv").open(encoding="utf-8") as lines:
        return {row["factor"]: place for place, row in enumerate(csv.DictReader(lines))}
