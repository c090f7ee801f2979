"""Rule documents as arrays: what the kernels read, and what explanations name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple, TypeVar

from engine.cache import Cache
from engine.calendars import Calendar
from engine.columns import ColumnSelection, Int
from engine.days import MONTHS
from engine.rules.clause_steps import NO_CLAUSE
from engine.rules.compile_school_tables import CompiledSchoolTable
from engine.rules.compile_value_tables import CompiledValueTable
from engine.rules.document import RuleSet
from engine.rules.earlier_part import EarlierPart
from engine.rules.equivalence_classes import EquivalenceClasses
from engine.rules.formula import PHASE_WORDS, Counts, Factor, Line, LineKey, LinePhase
from engine.rules.grid import Grid
from engine.rules.in_force import InForce, lacks_row
from engine.rules.months import MonthlyValue
from engine.rules.price_steps import CompiledModifier
from engine.rules.reads import Reads
from engine.rules.segments import CompiledPrice, Segment
from engine.rules.trials import Trial
from engine.rules.values import DatedValue
from engine.steps import Conditions, DocumentValue, SourcedValue, are_printed
from engine.vocabulary import NOT_PRINTED

Part = TypeVar("Part")
EACH_FROM_ITS_DAY = "each value from its own day"
"""How a year is valued unless the values of one day are asked for."""


@dataclass(frozen=True)
class CompiledLine:
    """One line of the formula with the values in force.

    ``name`` is the line's in columns, for example ``fsm6_primary``;
    ``rate`` is pence a unit after area adjustment, None where amounts are given;
    ``percent`` the notional part in millionths, None where there is none; either is 0 where it is not printed;
    ``value`` and ``share`` are the unit value and the notional percentage in force with their places in the document;
    ``area`` the adjustment of its unit value, None where there is none.
    ``only_above`` is the share of pupils that is left out, ``blend_weight`` the weight of the newer
    of two profiles and ``year_weights`` those of year groups, where they are in force.
    ``later`` is the line in each later segment of a year in which values change.
    """

    key: LineKey
    name: str
    factor: Factor
    line: Line
    place: str
    rate: int | None
    percent: int | None
    value: DocumentValue | None
    share: DocumentValue | None
    area: DocumentValue | None
    only_above: DatedValue | None
    blend_weight: DatedValue | None
    year_weights: Mapping[str, DatedValue]
    later: tuple["CompiledLine", ...] = ()

    @property
    def segments(self) -> tuple["CompiledLine", ...]:
        """Return the line in each segment of the year."""
        return (self, *self.later)

    @cached_property
    def changes(self) -> bool:
        """Return whether its unit value or its notional part changes within the year."""
        return len({one.pays for one in self.segments}) > 1

    @cached_property
    def pays(self) -> tuple[int | str | None, int | str | None]:
        """Return what a unit is paid and its notional part, each ``NOT_PRINTED`` where it is not."""
        area = None if self.area is None else self.area.dated
        rate = self.rate if are_printed(self.unit_value, area) else NOT_PRINTED
        return rate, self.percent if are_printed(self.notional_percent) else NOT_PRINTED

    @property
    def lacks_value(self) -> bool:
        """Return whether a table of values has no row for what a unit is paid."""
        values = (value for one in self.segments for value in (one.value, one.area))
        return any(one is not None and lacks_row(one.dated) for one in values)

    @property
    def lacks_share(self) -> bool:
        """Return whether a table of values has no row for its notional percentage."""
        return any(one.share is not None and lacks_row(one.share.dated) for one in self.segments)

    @cached_property
    def year_is_printed(self) -> bool:
        """Return whether its unit value is printed for all of the year."""
        return NOT_PRINTED not in {one.pays[0] for one in self.segments}

    @cached_property
    def percent_is_printed(self) -> bool:
        """Return whether its notional part is printed for all of the year."""
        return NOT_PRINTED not in {one.pays[1] for one in self.segments}

    @property
    def year_rate(self) -> int | None:
        """Return the unit value of the whole year, None where it changes or there is none."""
        rates = {one.pays[0] for one in self.segments}
        return self.rate if len(rates - {NOT_PRINTED}) == len(rates) == 1 else None

    @property
    def year_percent(self) -> int | None:
        """Return the notional part of the whole year, None where it changes or there is none."""
        percents = {one.pays[1] for one in self.segments}
        return self.percent if len(percents - {NOT_PRINTED}) == len(percents) == 1 else None

    @property
    def is_notional(self) -> bool:
        """Return whether any of it is notional SEN in any segment of the year."""
        return any(one.percent for one in self.segments) or not self.percent_is_printed

    @property
    def unit_value(self) -> SourcedValue | None:
        """Return the unit value in force."""
        return None if self.value is None else self.value.dated

    @property
    def notional_percent(self) -> SourcedValue | None:
        """Return the notional percentage in force."""
        return None if self.share is None else self.share.dated

    @property
    def counts(self) -> Counts:
        """Return what the line's units are."""
        return self.factor.counts

    @property
    def label(self) -> str:
        """Return the name that readers see, for example ``Free school meals (primary)``."""
        words = PHASE_WORDS[self.key.phase]
        return f"{self.factor.label} ({words})" if words else self.factor.label


class Membership(NamedTuple):
    """What decides which pupils count in a line, and for how much: no unit value.

    line    position of the line among the formula's, or after them where pupils are counted
            for a share alone
    years   the year groups of the line's phase
    where   code of each further column that a pupil must have
    weight  what a pupil of each of ``years`` counts, millionths
    """

    line: int
    years: tuple[int, ...]
    where: tuple[tuple[str, int], ...]
    weight: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CountedLines:
    """The lines whose units are counted from pupils.

    members   who counts in each, those counted for a share alone last
    of_phase  for each phase that a share is left out of, the lines whose pupils make it up
    columns   the pupil columns that decide who counts, the year group first
    length    lines in all, those not counted included
    reads     all that is read of pupils, and what a blank means
    """

    members: tuple[Membership, ...]
    of_phase: Mapping[LinePhase, tuple[int, ...]]
    columns: tuple[str, ...]
    length: int
    reads: Reads


@dataclass(frozen=True, slots=True)
class CompiledFormula:
    """The schools formula in force on a day.

    over    the values in force in each segment of the year
    tables  the values that differ from school to school, each with which of its rows fits whom: what is here is
            then that of the first row of each, and ``fitted_rules`` has that of a school
    months  of each segment of the year in which no value of a line changes: in all twelve, or those of the rules
    values  those of the whole formula by their places below it, with their places in the document
    thresholds  the first part of a plan that a school meets, with the months of each value; none where the
            rules name none, or none yet
    threshold_row  where that is in the document, and the conditions of its row where it is in a table
    levels  (3) minimum pence a pupil for primary, key stage 3 and key stage 4, or None; ``level_values`` with their places
    reads   the columns of schools that are read, and what a blank means
    """

    over: tuple[InForce, ...]
    tables: tuple[CompiledSchoolTable, ...]
    lines: tuple[CompiledLine, ...]
    counted: CountedLines
    pupil_lines: tuple[str, ...]
    values: Mapping[str, DocumentValue]
    levels: Int | None
    level_values: tuple[DocumentValue | None, ...]
    thresholds: tuple[MonthlyValue, ...]
    threshold_row: tuple[str, Conditions]
    reads: Reads
    fringe: bool
    reception_uplift: bool
    year_days: int
    months: tuple[int, ...]
    cache: Cache = field(default_factory=Cache, init=False, repr=False, compare=False)

    def dated(self, name: str) -> SourcedValue | None:
        """Return the value in force at a place below the formula, such as ``protection.cap_percent``."""
        found = self.values.get(name)
        return None if found is None else found.dated

    @property
    def area(self) -> SourcedValue | None:
        """Return the area cost adjustment, None where there is none."""
        return self.dated("area_cost_adjustment")

    @property
    def level_givens(self) -> tuple[SourcedValue | None, ...]:
        """Return the minimum level of each key stage, nothing where the rules have none."""
        return tuple(None if one is None else one.dated for one in self.level_values)

    @property
    def minimum_percent(self) -> SourcedValue | None:
        """Return the notional percentage of what the minimum level adds."""
        return self.dated("minimum_per_pupil.notional_percent")

    @property
    def guarantee(self) -> SourcedValue | None:
        """Return the least change a pupil, None where the rules have no guarantee."""
        return self.dated("protection.guarantee_percent")

    @property
    def cap(self) -> SourcedValue | None:
        """Return the greatest gain a pupil that is kept whole, None where the rules have no cap."""
        return self.dated("protection.cap_percent")

    @property
    def scaling(self) -> SourcedValue | None:
        """Return the share of the gain above the cap that is taken back."""
        return self.dated("protection.scaling_percent")

    @property
    def protection_percent(self) -> SourcedValue | None:
        """Return the notional percentage of what protection adds or takes back."""
        return self.dated("protection.notional_percent")

    @property
    def threshold(self) -> DatedValue | None:
        """Return the first part of a plan with which the year begins, None where the rules name none."""
        return self.thresholds[0].dated if self.thresholds else None

    @property
    def year_months(self) -> int:
        """Return the months that the rules are for: twelve, or fewer."""
        return sum(self.months)

    @property
    def weights(self) -> tuple[int, ...]:
        """Return what each segment counts for in exact amounts: its months, or 1 where there is one segment."""
        return self.months if len(self.months) > 1 else (1,)

    @property
    def scale(self) -> int:
        """Return how many times the amount of a year an exact amount is."""
        return sum(self.weights)

    @property
    def is_notional(self) -> bool:
        """Return whether any part of the formula is notional SEN: a line, the minimum level or the guarantee."""
        lines = (one.notional_percent for line in self.lines for one in line.segments)
        percents = (self.minimum_percent, self.protection_percent, *lines)
        return any(one is not None for one in percents)

    def __repr__(self) -> str:
        """Return how many lines the formula has."""
        return f"<CompiledFormula: {len(self.lines)} lines>"


@dataclass(frozen=True, slots=True, eq=False)
class CompiledTopUps:
    """A band profile and its top-up rule: what has no date, and ``segments`` of the year with their values.

    ``columns`` are the inputs whose combinations decide band and price, and ``reads`` all the columns of pupils that are
    read, with what a blank means; ``dimensions`` those that make points, with their weights and highest levels: their sum,
    or the highest where ``highest_decides``. Rows of the assignment from ``panel_from`` on are bands that a panel gave.
    ``tables`` are the values that differ from pupil to pupil, each with which of its rows fits whom.
    ``labels`` are what the column ``band`` may hold, ``label_bands`` the band of each.
    ``classes`` are all combinations of values that clauses tell apart, or None where they are many.
    ``protected_days`` are those of the year, from its first, that are protected against loss, and
    ``protected`` the share of a pupil's top-up today, millionths, as ``Limits`` has it;
    ``full_time`` is 0 where hours do not matter.
    ``bounds`` are the days of the year before each segment, and all of them. ``covered`` caches what conditions alone
    decide: rules with the same conditions, as a what-if has them, share it.
    """

    bands: tuple[str, ...]
    columns: tuple[str, ...]
    dimensions: tuple[tuple[str, int, int], ...]
    highest_decides: bool
    band_of_row: Int
    panel_from: int
    assignment: Grid
    funded: Grid
    prices: tuple[CompiledPrice, ...]
    tariff: Grid
    tables: tuple[CompiledValueTable, ...]
    full_time: int
    threshold_settings: tuple[int, ...]
    protected: int
    modifiers: tuple[CompiledModifier, ...]
    labels: tuple[str, ...]
    label_bands: tuple[str, ...]
    school_protection: DatedValue | None
    protected_days: int
    backdated_days: int
    calendar: Calendar
    earlier: EarlierPart | None
    segments: tuple[Segment, ...]
    bounds: Int
    classes: EquivalenceClasses | None
    reads: Reads
    covered: Cache = field(default_factory=Cache, repr=False)
    cache: Cache = field(default_factory=Cache, init=False, repr=False)

    @property
    def protects_pupils(self) -> bool:
        """Return whether a share of each pupil's top-up today is protected, printed or not."""
        return self.protected != NO_CLAUSE

    @property
    def continues(self) -> EarlierPart | None:
        """Return the part of the year before the rules where it changes what they pay, None where nothing is known of it that does."""
        earlier = self.earlier
        matters = earlier is not None and (earlier.is_known or any(one.once for one in self.prices))
        return earlier if matters else None

    @property
    def reads_labels(self) -> bool:
        """Return whether the band is read from the column ``band``."""
        return self.assignment.inputs == ("band",)

    def __repr__(self) -> str:
        """Return how many bands and prices there are."""
        return f"<CompiledTopUps: {len(self.bands)} bands, {len(self.prices)} prices>"


@dataclass(frozen=True, slots=True)
class CompiledRules:
    """A rule set ready for kernels; ``parts`` are its compiled parts by their types.

    day  the one day whose values hold for the whole year; None where each value is in force from its own
    now  the days whose values are in force: that day, or those of the year
    trials  the values that a what-if tries
    """

    document: RuleSet
    digest: str
    day: date | None
    now: InForce
    parts: Mapping[type, object]
    wanted: ColumnSelection
    trials: tuple[Trial, ...] = ()
    cache: Cache = field(default_factory=Cache, init=False, repr=False, compare=False)

    def part(self, kind: type[Part]) -> Part | None:
        """Return the part of the rules that compiles to a type, None for rules without it."""
        found = self.parts.get(kind)
        return found if isinstance(found, kind) else None

    @property
    def formula(self) -> CompiledFormula | None:
        """Return the schools formula, None for rules without one."""
        return self.part(CompiledFormula)

    @property
    def top_ups(self) -> CompiledTopUps | None:
        """Return the band profile and its top-up rule, None for rules without them."""
        return self.part(CompiledTopUps)

    @property
    def part_of_year(self) -> Fraction:
        """Return the part of a year that is paid: by all days of top-ups' calendar, or months of a formula alone; 1 of a year."""
        if self.top_ups is not None:
            return Fraction(self.top_ups.calendar.share, self.top_ups.calendar.denominator)
        months = MONTHS if self.formula is None else self.formula.year_months
        return Fraction(months, MONTHS)

    @property
    def values_used(self) -> str:
        """Return which values every answer says it uses: one day's all year, or each from its own day."""
        if self.day is None:
            return EACH_FROM_ITS_DAY
        return f"values of {self.day.isoformat()} for the whole year"

    def __repr__(self) -> str:
        """Return which rules are in force, in one line."""
        return f"<CompiledRules {self.document!r}, {self.values_used}>"
