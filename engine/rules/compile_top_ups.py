"""A band profile and a top-up rule to arrays: every form of rules to one canonical form."""

from collections.abc import Sequence
from datetime import date

from engine.calendars import Calendar, Span, counted, school_days, spread
from engine.columns import LEVEL_PREFIX
from engine.errors import Problem, RuleRefused
from engine.money import HUNDREDTHS, PENCE, decimal_of, scaled
from engine.rules.assignment import assignment_grid
from engine.rules.bands import BandProfile, Combine, HitPolicy
from engine.rules.calendar import CalendarRule, Counting, Period
from engine.rules.cells import cells_between
from engine.rules.compile_prices import compile_modifiers, compile_prices, upratings
from engine.rules.compiled import CompiledTopUps
from engine.rules.dated import in_force, standing_value
from engine.rules.document import RuleSet
from engine.rules.grid import Grid, build
from engine.rules.inputs import Input
from engine.rules.top_up_rule import LossProtection
from engine.rules.values import Given
from engine.vocabulary import Setting

EPOCH = date(1970, 1, 1)
DAYS_OF_WEEK = 7


def day_number(day: date) -> int:
    """Return a day as days since 1970-01-01."""
    return (day - EPOCH).days


def compile_top_ups(document: RuleSet, day: date) -> CompiledTopUps | None:
    """Return the band profile and top-up rule in force on ``day``, or None where there are none."""
    profile, rule = document.band_profile, document.top_up_rule
    if profile is None or rule is None:
        return None
    band_of_row, assignment, panel_from = assignment_grid(profile)
    pays = [rule.pays_when] if rule.pays_when else [{}]
    funded = build(pays, profile.bands, HitPolicy.first, "top_up_rule.pays_when")
    prices, tariff = compile_prices(profile, day)
    modifiers = compile_modifiers(profile, day)
    priced = (tariff, *(modifier.grid for modifier in modifiers))
    dimensions = _dimensions(profile)
    threshold = (
        standing_value(rule.threshold.pounds, day, "top_up_rule.threshold.pounds")
        if rule.threshold
        else None
    )
    inside = bool(rule.threshold and rule.threshold.inside)
    settings = rule.threshold.settings if rule.threshold else ()
    codes = tuple(int(Setting[name]) for name in settings)
    beside = {Input.setting.value: codes} if codes else {}
    floor, cap = in_force(rule.floor, day), in_force(rule.cap, day)
    calendar = compile_calendar(rule.calendar)
    protected_days = _protected_days(rule.protection, calendar, day)
    protection = rule.protection if protected_days >= 0 else None
    full_time = rule.part_time.full_time_hours if rule.part_time else "0"
    labels = profile.assignment.conversion or {band: band for band in profile.bands}
    return CompiledTopUps(
        bands=profile.bands,
        columns=_columns(assignment, funded, priced, dimensions, by_setting=bool(settings)),
        dimensions=dimensions,
        highest_decides=bool(
            profile.assignment.points and profile.assignment.points.combine is Combine.highest
        ),
        band_of_row=band_of_row,
        panel_from=panel_from,
        assignment=assignment,
        funded=funded,
        prices=prices,
        tariff=tariff,
        full_time=scaled(decimal_of(full_time), HUNDREDTHS),
        threshold=_limit(threshold, otherwise=0) if inside else 0,
        threshold_given=threshold,
        threshold_inside=inside,
        threshold_settings=codes,
        floor=_limit(floor, otherwise=-1),
        floor_given=floor,
        cap=_limit(cap, otherwise=-1),
        cap_given=cap,
        upratings=upratings(profile.tariff, day),
        modifiers=modifiers,
        labels=tuple(labels),
        label_bands=tuple(labels.values()),
        pupil_protection=in_force(protection.pupil_percent, day) if protection else None,
        school_protection=in_force(protection.school_percent, day) if protection else None,
        protected_days=max(protected_days, 0),
        backdated_days=rule.backdating.weeks * DAYS_OF_WEEK if rule.backdating else 0,
        area=in_force(profile.tariff.area_cost_adjustment, day),
        calendar=calendar,
        cells=cells_between((assignment, funded, *priced), beside),
    )


def _protected_days(protection: LossProtection | None, calendar: Calendar, day: date) -> int:
    """Return how many of the year's days are protected, from its first; -1 where none are.

    A year whose days are not known is protected whole, or from the day on not at all.
    """
    if protection is None:
        return -1
    if not calendar.dated:
        return 0 if day <= protection.until else -1
    days = day_number(protection.until) - calendar.first + 1
    return min(days, len(calendar.cumulative) - 1) if days > 0 else -1


def _limit(given: Given | None, *, otherwise: int) -> int:
    return otherwise if given is None else scaled(given.decimal, PENCE)


def _dimensions(profile: BandProfile) -> tuple[tuple[str, int, int], ...]:
    """Return the columns of the dimensions that sum to points, with weights and highest levels."""
    points = profile.assignment.points
    dimensions = points.dimensions if points else {}
    return tuple((LEVEL_PREFIX + name, one.weight, one.highest) for name, one in dimensions.items())


def _columns(
    assignment: Grid,
    funded: Grid,
    priced: Sequence[Grid],
    dimensions: Sequence[tuple[str, int, int]],
    *,
    by_setting: bool,
) -> tuple[str, ...]:
    """Return the pupil columns whose combinations decide band, price and threshold."""
    names = {
        *assignment.inputs,
        *funded.inputs,
        *(name for grid in priced for name in grid.inputs if name != Input.band),
    }
    if dimensions:
        names = (names - {Input.points.value}) | {name for name, _, _ in dimensions}
    if by_setting:
        names.add(Input.setting.value)
    return tuple(sorted(str(name) for name in names))


def compile_calendar(rule: CalendarRule) -> Calendar:
    """Return the calendar of a rule; ``RuleRefused`` where its parts do not fit its periods."""
    part = rule.parts.part if rule.parts else ""
    if not rule.periods:
        return counted(rule.parts.number if rule.parts else 1, part)
    terms = [(day_number(term.first), day_number(term.last)) for term in rule.terms]
    closures = {day_number(day) for day in rule.closures}
    try:
        calendar = spread(
            day_number(rule.periods[0].first),
            day_number(rule.periods[-1].last),
            [Span(period.weight, _counted(period, terms, closures)) for period in rule.periods],
            part=part,
        )
    except ValueError as error:
        raise RuleRefused(
            [Problem(str(error), "calendar", place="top_up_rule.calendar.periods")]
        ) from None
    if rule.parts and rule.parts.number != calendar.parts:
        sentence = f"is {rule.parts.number}, but the periods have {calendar.parts} parts"
        raise RuleRefused([Problem(sentence, "parts", place="top_up_rule.calendar.parts")])
    return calendar


def _counted(period: Period, terms: list[tuple[int, int]], closures: set[int]) -> tuple[int, ...]:
    first, last = day_number(period.first), day_number(period.last)
    if period.presence is Counting.count_date and period.count_on is not None:
        return (day_number(period.count_on),)
    if period.presence is Counting.school_days:
        return school_days(first, last, terms, closures)
    return tuple(range(first, last + 1))
