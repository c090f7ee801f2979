"""What the what-ifs answer; money is pounds as text, and null means not known, never zero."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from app.what_ifs.formatting import As, Number, Of, Percent, PercentText, Pounds
from engine.explain import Explanation


@dataclass(frozen=True, slots=True)
class Tried:
    """A value tried in place of a published one."""

    place: str
    value: str


@dataclass(frozen=True, slots=True)
class NumberReplaced:
    """A number of the rules that another one is tried for: what it is as published, and since when.

    ``published`` is null where the rules have nothing there, and ``since`` where it has no date.
    """

    path: str
    published: str | None
    since: Annotated[str | None, Of("first"), As(date.isoformat)]
    value: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What a value that is tried replaces: one number, every value of a path, or both sides of a cut-off."""

    place: str
    standing: str
    replaces: Annotated[tuple[NumberReplaced, ...], Of("replaced")]
    note: str | None


@dataclass(frozen=True, slots=True)
class RulesNote:
    """What the rules value otherwise than they seem to say: a gap, what is never used, what is not printed.

    ``type`` is a stable word, such as ``no-price``, and ``place`` is null for the whole document.
    """

    type: str
    place: Annotated[str | None, As(lambda place: place or None)]
    sentence: str


@dataclass(frozen=True, slots=True)
class RulesLater:
    """The version that is used today in place of the one of an answer; ``version`` is null where none is in use."""

    version: Annotated[int | None, Of("number")]
    sentence: str


@dataclass(frozen=True, slots=True)
class RulesUsed:
    """The rules that valued the records: with overrides, they are a proposal of the caller's.

    ``known`` is the day on whose knowledge of the rules the answer was asked to rest. ``later`` is null where these
    are the rules in use. With overrides ``base`` is the digest of the version as published, and ``overlay`` that of
    what is tried in it, saved or not; both are null without.
    """

    rule_set: Annotated[str, Of("document.identifier")]
    version: Annotated[int, Of("document.version")]
    title: Annotated[str, Of("document.title")]
    digest: str
    standing: str
    funding_year: Annotated[str, Of("document.funding_year")]
    year_kind: Annotated[str, Of("document.year_kind")]
    on: Annotated[str | None, Of("day"), As(date.isoformat)]
    values: Annotated[str, Of("values_used")]
    part_of_year: Annotated[str, As(str)]
    known: str | None
    later: RulesLater | None
    overrides: tuple[Tried, ...]
    tried: Annotated[tuple[Trial, ...], Of("trials")]
    base: str | None
    overlay: str | None
    notes: tuple[RulesNote, ...]


@dataclass(frozen=True, slots=True)
class EngineUsed:
    """The engine that valued the records."""

    version: str
    semantics: int


@dataclass(frozen=True, slots=True)
class TableNotice:
    """Something to know of the records that were sent: of how many it is true, and the first of their rows.

    ``rule`` is a stable word, such as ``near-keys``; ``sentence`` never has a pupil's value or key.
    """

    table: str
    rule: str
    sentence: str
    number: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MonthsOfLine:
    """What a line pays in some months of a year in which it changes."""

    months: int
    unit_value: Pounds | None
    notional_percent: Annotated[Percent | None, Of("percent")]


@dataclass(frozen=True, slots=True)
class LineValued:
    """One line of the formula at a school.

    A unit value or percentage that changes within the year is null, and ``by_months`` has each.
    """

    line: Annotated[str, Of("name")]
    label: str
    units: Number | None
    unit_value: Pounds | None
    amount: Pounds | None
    notional_percent: Annotated[Percent | None, Of("percent")]
    notional_sen: Annotated[Pounds | None, Of("notional")]
    not_known: int
    why_not_known: Annotated[str | None, Of("missing")]
    standing: str | None
    by_months: tuple[MonthsOfLine, ...]


@dataclass(frozen=True, slots=True)
class Lift:
    """An adjustment of the whole formula, and its notional part; null where it is not known.

    ``last_year_without`` names the lines that last year's budget share is read as given without,
    as no amount of them is given for last year: for protection alone.
    """

    amount: Pounds | None
    notional_sen: Annotated[Pounds | None, Of("notional")]
    why_not_known: Annotated[str | None, Of("missing")]
    last_year_without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallsExpected:
    """What the budget is expected to pay for; ``left`` is negative where it falls short.

    What is not known is null, and ``not_known`` says why.
    """

    sen_support: Pounds | None
    plans: Pounds | None
    total: Pounds | None
    left: Pounds | None
    not_known: Annotated[tuple[str, ...], Of("missing")]


@dataclass(frozen=True, slots=True)
class TargetedFundingDue:
    """Extra funding of the school for its plans under the rules' targeted funding.

    ``due`` is null where it cannot be worked out for one school alone, and ``not_known`` then
    says why. ``left_after`` is what the expected calls leave of the budget once it is paid.
    """

    label: Annotated[str, Of("rule.label")]
    due: Pounds | None
    not_known: Annotated[str | None, Of("missing")]
    left_after: Pounds | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolTotals:
    """A school's formula and notional SEN budget in all; ``not_known`` counts the parts left out.

    ``notional_sen`` is null where the rule set names no notional percentage at all, and both sums
    where nothing of them is known.
    """

    row: int
    urn: Annotated[str, As(str)]
    school_name: Annotated[str, Of("name")]
    phase: Annotated[str, Of("phase.name")]
    formula_total: Annotated[Pounds | None, Of("formula")]
    notional_sen: Annotated[Pounds | None, Of("notional")]
    notional_percent_of_formula: Annotated[PercentText | None, Of("percent_of_formula")]
    not_known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolValued(SchoolTotals):
    """A school's formula and notional SEN budget; ``not_known`` counts the parts left out.

    ``notional_sen`` is null where the rule set names no notional percentage at all; an
    adjustment or targeted funding that the rule set or a school of its phase does not have is null. ``missing`` names each
    part that is not known and says why; ``notional_sen_not_known`` counts those on which the
    notional SEN budget depends. Where ``working`` is
    ``none``, lines, adjustments, targeted funding and explanation are left out, and expected
    calls too where nothing is said of what pupils on SEN support cost.
    """

    notional_sen_not_known: Annotated[int | None, Of("budget_not_known")] = None
    lines: tuple[LineValued, ...] = ()
    fringe: Lift | None = None
    minimum_per_pupil: Lift | None = None
    protection: Lift | None = None
    expected_calls: CallsExpected | None = None
    targeted_funding: Annotated[TargetedFundingDue | None, Of("targeted")] = None
    missing: tuple[str, ...] = ()
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A part that is not known, why, and of how many of the schools or pupils."""

    part: str
    why: str
    number: int


@dataclass(frozen=True, slots=True)
class FigureMeant:
    """The figure that was perhaps meant, as a table writes it, and the column that it is for."""

    column: str
    value: str


@dataclass(frozen=True, slots=True)
class FigureWarning:
    """A figure that may be wrong; it is used as it was sent.

    ``of`` is school, pupil, row or rules, and ``row`` counts from 1 as sent: null for the rules. ``correction`` is
    null where no other figure can be suggested.
    """

    of: str
    kind: Annotated[str, As(str)]
    row: int | None
    columns: tuple[str, ...]
    sentence: str
    correction: FigureMeant | None


@dataclass(frozen=True, slots=True)
class RowsSetApart:
    """How many records are not valued for one reason: those of another authority, or of one outside England."""

    why: Annotated[str, As(str)]
    la: Annotated[str, Of("code")]
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class RowsRead:
    """The records that were read; those valued and set apart add to them."""

    read: int
    valued: int
    set_apart: Annotated[tuple[RowsSetApart, ...], Of("apart")]


@dataclass(frozen=True, slots=True)
class NotionalSenAnswer:
    """The notional SEN budgets of the schools, in the order in which they were sent.

    ``missing`` counts what is not known of them, by part and reason; ``warnings`` are figures that may be
    wrong, and change no amount.
    """

    rules: RulesUsed
    engine: EngineUsed
    notices: tuple[TableNotice, ...]
    rows: RowsRead
    missing: tuple[Reason, ...]
    warnings: tuple[FigureWarning, ...]
    schools: Iterable[SchoolValued]


@dataclass(frozen=True, slots=True)
class PupilValued:
    """A pupil's band and top-up, and the clause that decided it; ``row`` counts from 1 as sent.

    ``pupil_total`` is what all rows of the pupil come to, null where one of them is not known.
    """

    row: int
    pupil_key: str
    band: str | None
    annual_rate: Annotated[Pounds | None, Of("annual")]
    top_up: Annotated[Pounds | None, Of("amount")]
    pupil_total: Annotated[Pounds | None, Of("total")]
    reason: str
    sentence: str
    payments: tuple[Pounds | None, ...] | None
    explanation: Explanation | None


@dataclass(frozen=True, slots=True)
class Sum:
    """The top-ups of a group that are known, null where none is, and how many are not.

    ``school_protection`` is paid to schools on top: null where the rule set has none, where the
    group is none of schools, or where none of it is known. ``protection_not_known`` counts the
    schools, by authority, of which it is not.
    """

    name: str
    top_up: Pounds | None
    pupils: int
    not_known: int
    school_protection: Pounds | None
    protection_not_known: int


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment of the year's top-ups: the sum of those known, and how many pupils' are not.

    ``amount`` is null where none is known, and ``last_day`` is null where the rule set's calendar has no dates.
    """

    name: str
    last_day: Annotated[str | None, As(date.isoformat)]
    amount: Pounds | None
    not_known: int


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of one kind of group, for example by setting."""

    by: str
    groups: tuple[Sum, ...]


@dataclass(frozen=True, slots=True)
class TopUpsAnswer:
    """The top-ups of the pupils, in the order in which they were sent.

    ``missing`` counts the pupils whose top-up is not known, each once, by the columns that were not supplied or by band;
    ``warnings`` are figures that may be wrong, and change no amount.
    ``schedule`` names the payments where they were asked for; a pupil's payments are in its order.
    """

    rules: RulesUsed
    engine: EngineUsed
    notices: tuple[TableNotice, ...]
    rows: RowsRead
    total: Sum
    missing: tuple[Reason, ...]
    warnings: tuple[FigureWarning, ...]
    schedule: tuple[Payment, ...] | None
    pupils: Iterable[PupilValued]
    sums: tuple[Sums, ...]
