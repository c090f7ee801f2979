"""What a comparison answers; money is pounds as text, and null means not known, never zero."""

from dataclasses import dataclass

from app.calculations.answers import EngineUsed, Pounds, RulesUsed


@dataclass(frozen=True, slots=True)
class GroupCompared:
    """A group's sums on both sides, of those known on both, and who gains and loses.

    The sums are null where none of the group is known on both sides.
    """

    name: str
    before: Pounds | None
    after: Pounds | None
    change: Pounds | None
    number: int
    winners: int
    losers: int
    unchanged: int
    not_known: int


@dataclass(frozen=True, slots=True)
class GroupsCompared:
    """The groups of one kind, for example by local authority."""

    by: str
    groups: tuple[GroupCompared, ...]


@dataclass(frozen=True, slots=True)
class OneCompared:
    """One pupil or school on both sides; null where it is not known on that side."""

    row: int
    name: str
    before: Pounds | None
    after: Pounds | None
    change: Pounds | None
    before_band: str | None
    after_band: str | None


@dataclass(frozen=True, slots=True)
class Compared:
    """What changes: in all, by group, in tenths of the changes, and for each.

    ``not_included`` names what is paid for no pupil and so is in no figure; null where nothing is.
    """

    total: GroupCompared
    deciles: tuple[Pounds, ...]
    groupings: tuple[GroupsCompared, ...]
    each: tuple[OneCompared, ...]
    not_included: str | None


@dataclass(frozen=True, slots=True)
class AmountCompared:
    """An amount on both sides; null where it is not known on that side, or on either."""

    before: Pounds | None
    after: Pounds | None
    change: Pounds | None


@dataclass(frozen=True, slots=True)
class SchoolPaidCompared:
    """A school's top-ups, what protects them against loss, and both together as they are paid."""

    name: str
    top_up: AmountCompared
    school_protection: AmountCompared
    paid: AmountCompared


@dataclass(frozen=True, slots=True)
class SchoolsPaidGroup:
    """The same of a group of schools, of those known on both sides, and who gains and loses.

    A school gains or loses by what it is paid, its protection counted.
    """

    name: str
    top_up: AmountCompared
    school_protection: AmountCompared
    paid: AmountCompared
    schools: int
    winners: int
    losers: int
    unchanged: int
    not_known: int


@dataclass(frozen=True, slots=True)
class SchoolsPaidCompared:
    """What schools are paid for their pupils with what protects them: in all, by authority, each."""

    total: SchoolsPaidGroup
    deciles: tuple[Pounds, ...]
    authorities: tuple[SchoolsPaidGroup, ...]
    each: tuple[SchoolPaidCompared, ...]


@dataclass(frozen=True, slots=True)
class ComparisonAnswer:
    """A candidate against a baseline, over the records that were sent.

    ``schools_paid`` is there where pupils are compared and either rule set protects schools'
    top-ups against loss.
    """

    baseline: RulesUsed
    candidate: RulesUsed
    engine: EngineUsed
    pupils: Compared | None
    schools: Compared | None
    schools_paid: SchoolsPaidCompared | None
