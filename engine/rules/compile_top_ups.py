"""A band profile and a top-up rule to arrays: spoken forms to one canonical form."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from engine.calendars import Calendar, Span, counted, school_days, spread
from engine.columns import LEVEL_PREFIX
from engine.errors import Problem, RuleRefused
from engine.money import HUNDREDTHS, PENCE, decimal_of, scaled
from engine.rules.assignment import assignment_grid
from engine.rules.bands import BandProfile, HitPolicy, Input, Price, Tariff
from engine.rules.calendar import CalendarRule, Counting, Period
from engine.rules.compiled import CompiledPrice, CompiledTopUps
from engine.rules.dated import in_force
from engine.rules.document import RuleSet
from engine.rules.grid import Conditions, Grid, build
from engine.rules.values import Given
from engine.vocabulary import Setting

EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Return a day as days since 1970-01-01."""
    return (day - EPOCH).days


def compile_top_ups(document: RuleSet, day: date) -> CompiledTopUps | None:
    """Return the band profile and top-up rule in force on ``day``, or None where there are none."""
    profile, rule = document.band_profile, document.top_up_rule
    if profile is None or rule is None:
        return None
    band_of_row, assignment = assignment_grid(profile)
    funded = build(
        [rule.pays_when] if rule.pays_when else [{}],
        profile.bands,
        HitPolicy.first,
        "top_up_rule.pays_when",
    )
    prices, tariff = _tariff(profile, day)
    points = profile.assignment.points
    dimensions = tuple(
        (LEVEL_PREFIX + name, one.weight, one.highest)
        for name, one in (points.dimensions if points else {}).items()
    )
    threshold = rule.threshold
    threshold_given = in_force(threshold.pounds, day) if threshold else None
    floor, cap = in_force(rule.floor, day), in_force(rule.cap, day)
    return CompiledTopUps(
        bands=profile.bands,
        columns=_columns(
            assignment,
            funded,
            tariff,
            dimensions,
            by_setting=bool(threshold and threshold.settings),
        ),
        dimensions=dimensions,
        band_of_row=band_of_row,
        assignment=assignment,
        funded=funded,
        prices=prices,
        tariff=tariff,
        full_time=scaled(decimal_of(rule.part_time.full_time_hours), HUNDREDTHS)
        if rule.part_time
        else 0,
        threshold=scaled(threshold_given.decimal, PENCE)
        if threshold_given and threshold and threshold.inside
        else 0,
        threshold_given=threshold_given,
        threshold_inside=bool(threshold and threshold.inside),
        threshold_settings=tuple(int(Setting[name]) for name in threshold.settings)
        if threshold
        else (),
        floor=-1 if floor is None else scaled(floor.decimal, PENCE),
        floor_given=floor,
        cap=-1 if cap is None else scaled(cap.decimal, PENCE),
        cap_given=cap,
        uprating=in_force(profile.tariff.uprating_percent, day),
        area=in_force(profile.tariff.area_cost_adjustment, day),
        calendar=compile_calendar(rule.calendar),
    )


def _columns(
    assignment: Grid,
    funded: Grid,
    tariff: Grid,
    dimensions: Sequence[tuple[str, int, int]],
    *,
    by_setting: bool,
) -> tuple[str, ...]:
    """Return the pupil columns whose combinations decide band, price and threshold."""
    names = {
        *assignment.inputs,
        *funded.inputs,
        *(name for name in tariff.inputs if name != Input.band),
    }
    if dimensions:
        names = (names - {Input.points.value}) | {name for name, _, _ in dimensions}
    if by_setting:
        names.add(Input.setting.value)
    return tuple(sorted(str(name) for name in names))


def _tariff(profile: BandProfile, day: date) -> tuple[tuple[CompiledPrice, ...], Grid]:
    tariff = profile.tariff
    rows: list[Conditions] = [
        {**price.when, **({Input.band: (price.band,)} if price.band is not None else {})}
        for price in tariff.prices
    ]
    prices = tuple(_price(price, tariff, at, day) for at, price in enumerate(tariff.prices))
    return prices, build(rows, profile.bands, HitPolicy.first, "band_profile.tariff.prices")


def _price(price: Price, tariff: Tariff, at: int, day: date) -> CompiledPrice:
    given, each = in_force(price.pounds, day), in_force(price.pounds_each, day)
    return CompiledPrice(
        base=0 if given is None else _in_force_pence(given, tariff, day),
        each=0 if each is None else _in_force_pence(each, tariff, day),
        quantity=price.each.value if price.each else None,
        assessed_cost=bool(price.assessed_cost),
        place=f"band_profile.tariff.prices.{at}",
        given=given,
        each_given=each,
    )


def _in_force_pence(given: Given, tariff: Tariff, day: date) -> int:
    """Return pence after uprating, then after area adjustment: the order in which they are published."""
    uprating, area = (
        in_force(tariff.uprating_percent, day),
        in_force(tariff.area_cost_adjustment, day),
    )
    pounds = given.decimal
    if uprating is not None:
        pounds = Decimal(scaled(pounds * (100 + uprating.decimal) / 100, PENCE)) / PENCE
    return scaled(pounds * (area.decimal if area else 1), PENCE)


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
        sentence = f"says {rule.parts.number} parts, but the periods give {calendar.parts}"
        raise RuleRefused([Problem(sentence, "parts", place="top_up_rule.calendar.parts")])
    return calendar


def _counted(period: Period, terms: list[tuple[int, int]], closures: set[int]) -> tuple[int, ...]:
    first, last = day_number(period.first), day_number(period.last)
    if period.presence is Counting.count_date and period.count_on is not None:
        return (day_number(period.count_on),)
    if period.presence is Counting.school_days:
        return school_days(first, last, terms, closures)
    return tuple(range(first, last + 1))
