"""What the what-ifs answer; money is pounds as text, and null means not known, never zero."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from engine.explain import Explanation

Pounds = Annotated[str, Field(pattern=r"^-?[0-9]+\.[0-9]{2}$", examples=["1152138.52"])]
Number = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["137.288"])]
Percent = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["5.25"])]


@dataclass(frozen=True, slots=True)
class Tried:
    """A value tried in place of a published one."""

    place: str
    value: str


@dataclass(frozen=True, slots=True)
class RulesUsed:
    """The rules that valued the records: with overrides, they are a proposal of the caller's."""

    rule_set: str
    version: int
    title: str
    digest: str
    standing: str
    funding_year: str
    year_kind: str
    on: str
    overrides: tuple[Tried, ...]


@dataclass(frozen=True, slots=True)
class EngineUsed:
    """The engine that valued the records."""

    version: str
    semantics: int


@dataclass(frozen=True, slots=True)
class LineValued:
    """One line of the formula at a school."""

    line: str
    label: str
    units: Number | None
    unit_value: Pounds | None
    amount: Pounds | None
    notional_percent: Percent | None
    notional_sen: Pounds | None
    not_known: int
    why_not_known: str | None
    standing: str | None


@dataclass(frozen=True, slots=True)
class Lift:
    """An adjustment of the whole formula, and its notional part; null where it is not known."""

    amount: Pounds | None
    notional_sen: Pounds | None
    why_not_known: str | None


@dataclass(frozen=True, slots=True)
class CallsExpected:
    """What the budget is expected to pay for; ``left`` is negative where it falls short.

    What is not known is null, and ``not_known`` says why.
    """

    sen_support: Pounds | None
    plans: Pounds | None
    total: Pounds | None
    left: Pounds | None
    not_known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TargetedFundingDue:
    """Extra funding of the school for its plans under the rules' targeted funding.

    ``due`` is null where it cannot be worked out for one school alone, and ``not_known`` then
    says why. ``left_after`` is what the expected calls leave of the budget once it is paid.
    """

    label: str
    due: Pounds | None
    not_known: str | None
    left_after: Pounds | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolTotals:
    """A school's formula and notional SEN budget in all; ``not_known`` counts the parts left out.

    ``notional_sen`` is null where the rule set names no notional percentage at all, and both sums
    where nothing of them is known.
    """

    row: int
    urn: str
    school_name: str
    phase: str
    formula_total: Pounds | None
    notional_sen: Pounds | None
    notional_percent_of_formula: Percent | None
    not_known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolCalled(SchoolTotals):
    """The totals of a school whose expected calls were asked for."""

    expected_calls: CallsExpected


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolValued(SchoolTotals):
    """A school's formula and notional SEN budget; ``not_known`` counts the parts left out.

    ``notional_sen`` is null where the rule set names no notional percentage at all; an
    adjustment or targeted funding that the rule set does not have is null. ``missing`` names each
    part that is not known and says why; ``notional_sen_not_known`` counts those on which the
    notional SEN budget depends. Where ``working`` is
    ``none``, lines, adjustments, targeted funding and explanation are left out, and expected
    calls too where nothing is said of what pupils on SEN support cost.
    """

    notional_sen_not_known: int | None = None
    lines: tuple[LineValued, ...] = ()
    fringe: Lift | None = None
    minimum_per_pupil: Lift | None = None
    protection: Lift | None = None
    expected_calls: CallsExpected | None = None
    targeted_funding: TargetedFundingDue | None = None
    missing: tuple[str, ...] = ()
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A part that is not known, why, and of how many of the schools or pupils."""

    part: str
    why: str
    number: int


@dataclass(frozen=True, slots=True)
class NotionalSenAnswer:
    """The notional SEN budgets of the schools, in the order in which they were sent.

    ``missing`` counts what is not known of them, by part and reason.
    """

    rules: RulesUsed
    engine: EngineUsed
    missing: tuple[Reason, ...]
    schools: Iterable[SchoolValued]


@dataclass(frozen=True, slots=True)
class NotionalSenTotals:
    """The same answer without lines and workings."""

    rules: RulesUsed
    engine: EngineUsed
    missing: tuple[Reason, ...]
    schools: Iterable[SchoolTotals]


@dataclass(frozen=True, slots=True)
class PupilValued:
    """A pupil's band and top-up, and the clause that decided it; ``row`` counts from 1 as sent.

    ``pupil_total`` is what all rows of the pupil come to, null where one of them is not known.
    """

    row: int
    pupil_key: str
    band: str | None
    annual_rate: Pounds | None
    top_up: Pounds | None
    pupil_total: Pounds | None
    reason: str
    sentence: str
    payments: tuple[Pounds | None, ...] | None
    explanation: Explanation | None


@dataclass(frozen=True, slots=True)
class Sum:
    """The top-ups of a group that are known, and how many are not.

    ``school_protection`` is paid to schools on top: null where the rule set has none, where the
    group is none of schools, or where none of it is known. ``protection_not_known`` counts the
    schools, by authority, of which it is not.
    """

    name: str
    top_up: Pounds
    pupils: int
    not_known: int
    school_protection: Pounds | None
    protection_not_known: int


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment of the year's top-ups: the sum of those known, and how many pupils' are not.

    ``last_day`` is null where the rule set's calendar has no dates.
    """

    name: str
    last_day: str | None
    amount: Pounds
    not_known: int


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of one kind of group, for example by setting."""

    by: str
    groups: tuple[Sum, ...]


@dataclass(frozen=True, slots=True)
class TopUpsAnswer:
    """The top-ups of the pupils, in the order in which they were sent.

    ``missing`` counts the columns that were not supplied of pupils whose top-up is not known.
    ``schedule`` names the payments where they were asked for; a pupil's payments are in its order.
    """

    rules: RulesUsed
    engine: EngineUsed
    total: Sum
    missing: tuple[Reason, ...]
    schedule: tuple[Payment, ...] | None
    pupils: Iterable[PupilValued]
    sums: tuple[Sums, ...]
