"""A band profile and a top-up rule to arrays: every form of rules to one canonical form."""

from collections.abc import Sequence
from typing import NamedTuple

from engine.calendars import Calendar
from engine.columns import LEVEL_PREFIX
from engine.days import day_number
from engine.money import HUNDREDTHS, decimal_of, scaled
from engine.rules.assignment import assignment_grid
from engine.rules.bands import BandProfile, Combine, HitPolicy, Points
from engine.rules.clause_steps import NO_CLAUSE
from engine.rules.compile_calendar import compile_calendar
from engine.rules.compile_prices import compile_prices, tariff_grid
from engine.rules.compile_reads import inputs_of, top_up_reads, year_reads
from engine.rules.compile_segments import (
    bounds_of_segments,
    compile_segments,
    refuse_change,
    refuse_undated,
)
from engine.rules.compile_value_tables import compile_value_tables
from engine.rules.compiled import CompiledTopUps
from engine.rules.document import RuleSet
from engine.rules.earlier_part import earlier_part
from engine.rules.equivalence_classes import classes_between
from engine.rules.grid import Grid, build
from engine.rules.in_force import InForce
from engine.rules.inputs import Input
from engine.rules.shared_parts import NOTHING_SHARED, SharedTopUps
from engine.rules.top_up_rule import LossProtection, TopUpRule
from engine.rules.values import DatedValue
from engine.vocabulary import Setting

DAYS_OF_WEEK = 7
PROTECTION = "top_up_rule.protection"


def compile_top_ups(
    document: RuleSet, over: Sequence[InForce], shared: SharedTopUps = NOTHING_SHARED
) -> CompiledTopUps | None:
    """Return the band profile and top-up rule, or None where there are none.

    ``over`` are the values in force in each segment of the year; ``shared`` is what other compiled top-ups have in
    common with these. Raises ``RuleRefused`` where parts do not fit each other, or change within the year and may not.
    """
    profile, rule = document.band_profile, document.top_up_rule
    if profile is None or rule is None:
        return None
    band_of_row, assignment, panel_from = shared.assigned or assignment_grid(profile)
    funded, tariff = shared.funded or _funded(profile, rule), shared.tariff or tariff_grid(profile)
    calendar = shared.calendar or compile_calendar(rule.calendar, document)
    earlier = earlier_part(rule.calendar, document, calendar)
    protection = _protection(rule.protection, calendar, over)
    modifiers, segments = compile_segments(
        profile, rule, over, shared, protects=protection.days is not None
    )
    refuse_undated(calendar, segments)
    prices = compile_prices(profile.tariff, [folded for _, folded in segments[0].prices])
    tables = shared.tables or compile_value_tables(profile, rule)
    priced = (tariff, *(one.grid for one in modifiers), *(one.grid for one in tables))
    dimensions, codes = _dimensions(profile), _settings(rule)
    beside, limits = {Input.setting.value: codes} if codes else {}, segments[0].limits
    full_time = _full_time(rule) if limits.by_hours else 0
    inputs = inputs_of(assignment, funded, priced, dimensions, by_setting=bool(codes))
    reads = top_up_reads(
        inputs, prices, dimensions, by_hours=full_time > 0,
        protects_pupils=limits.protected != NO_CLAUSE, protects_schools=protection.school is not None,
    )  # fmt: skip
    labels = profile.assignment.conversion or {band: band for band in profile.bands}
    return CompiledTopUps(
        bands=profile.bands,
        columns=inputs,
        dimensions=dimensions,
        highest_decides=_highest_decides(profile.assignment.points),
        band_of_row=band_of_row,
        panel_from=panel_from,
        assignment=assignment,
        funded=funded,
        prices=prices,
        tariff=tariff,
        tables=tables,
        full_time=full_time,
        threshold_settings=codes,
        protected=limits.protected,
        modifiers=modifiers,
        labels=tuple(labels),
        label_bands=tuple(labels.values()),
        school_protection=protection.school,
        protected_days=protection.days or 0,
        backdated_days=rule.backdating.weeks * DAYS_OF_WEEK if rule.backdating else 0,
        calendar=calendar,
        earlier=earlier,
        segments=segments,
        bounds=bounds_of_segments(calendar, segments),
        classes=shared.classes(codes) or classes_between((assignment, funded, *priced), beside),
        covered=shared.covered,
        reads=(
            *reads,
            *year_reads(
                calendar,
                backdated=rule.backdating is not None,
                continues=earlier is not None and any(one.once for one in prices),
            ),
        ),
    )


def _highest_decides(points: Points | None) -> bool:
    return points is not None and points.combine is Combine.highest


def _funded(profile: BandProfile, rule: TopUpRule) -> Grid:
    """Return the grid of who is paid at all."""
    pays = [rule.pays_when] if rule.pays_when else [{}]
    return build(pays, profile.bands, HitPolicy.first, "top_up_rule.pays_when")


def _settings(rule: TopUpRule) -> tuple[int, ...]:
    """Return the settings in which a first part is met, by their codes; none for all."""
    return tuple(int(Setting[one]) for one in (rule.threshold.settings if rule.threshold else ()))


def _full_time(rule: TopUpRule) -> int:
    """Return the hours of a full-time week, in hundredths; 0 where hours do not matter."""
    week = rule.part_time.full_time_hours if rule.part_time else "0"
    return scaled(decimal_of(week), HUNDREDTHS)


class _Protection(NamedTuple):
    """The share of a school's top-ups today, and the days of the year, from its first, that are protected."""

    school: DatedValue | None
    days: int | None


def _protection(
    protection: LossProtection | None, calendar: Calendar, over: Sequence[InForce]
) -> _Protection:
    days = _protected_days(protection, calendar, over[0])
    if protection is None or days < 0:
        return _Protection(None, None)
    refuse_change(protection.pupil_percent, f"{PROTECTION}.pupil_percent", over)
    refuse_change(protection.school_percent, f"{PROTECTION}.school_percent", over)
    return _Protection(over[0].latest(protection.school_percent), days)


def _protected_days(protection: LossProtection | None, calendar: Calendar, now: InForce) -> int:
    """Return how many of the year's days are protected, from its first; -1 where none are.

    A year whose days are not known is protected whole, or from the day on not at all.
    """
    if protection is None:
        return -1
    if not calendar.dated:
        return -1 if now.is_past(protection.until) else 0
    days = day_number(protection.until) - calendar.first + 1
    return min(days, len(calendar.cumulative) - 1) if days > 0 else -1


def _dimensions(profile: BandProfile) -> tuple[tuple[str, int, int], ...]:
    """Return the columns of the dimensions that sum to points, with weights and highest levels."""
    points = profile.assignment.points
    dimensions = points.dimensions if points else {}
    return tuple((LEVEL_PREFIX + name, one.weight, one.highest) for name, one in dimensions.items())
