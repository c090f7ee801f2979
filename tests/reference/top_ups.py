"""A pupil's top-up in the order of the published clauses, one pupil at a time."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from tests.reference.bands import band_of, deciding_row, price_of, unsupplied
from tests.reference.calendars import presence
from tests.reference.numbers import given, nearest, pence


class Priced(NamedTuple):
    """What a pupil's columns lead to before hours and days: a price, or the reason for none."""

    band: str | None
    price: int | None
    threshold: int
    reason: str


class TopUp(NamedTuple):
    """What is paid for a pupil: the annual rate and the year's amount, pence, and the reason."""

    annual: int
    amount: int
    reason: str


def priced(document, day: date, record: dict) -> Priced:
    """Return a pupil's band, the place of its price and the threshold that the school meets."""
    profile, rule = document.band_profile, document.top_up_rule
    band, why = band_of(profile, record)
    place, threshold = None, 0
    if band is not None:
        price, why = price_of(profile, record, band)
        if price is not None:
            place = next(at for at, one in enumerate(profile.tariff.prices) if one is price)
    if rule.pays_when and deciding_row([rule.pays_when], record) is None:
        why = "not_supplied" if unsupplied(rule.pays_when, record) else "not_funded"
    if rule.threshold is not None and rule.threshold.inside:
        amount = given(rule.threshold.pounds, day)
        settings = rule.threshold.settings
        if amount and settings and record.get("setting") is None:
            why = why or "not_supplied"
        if not settings or record.get("setting") in settings:
            threshold = pence(amount or 0)
    return Priced(band, place, threshold, why)


def read_by(document) -> tuple[str, ...]:
    """Return the columns that a pupil's band, price and threshold are read from."""
    profile, rule = document.band_profile, document.top_up_rule
    form = profile.assignment
    names = {str(name) for price in profile.tariff.prices for name in price.when}
    names |= {str(name) for name in rule.pays_when} | {"setting"}
    if form.points is not None:
        names |= {f"level_{name}" for name in form.points.dimensions} or {"points"}
    else:
        names |= {str(name) for name in form.table.inputs} if form.table is not None else {"band"}
    return tuple(sorted({"year_group" if name == "phase" else name for name in names}))


def rate(profile, day: date, pounds: Fraction | None) -> int:
    """Return a price in force in pence: uprated to the penny, then area adjusted to the penny."""
    uprating = given(profile.tariff.uprating_percent, day)
    area = given(profile.tariff.area_cost_adjustment, day)
    amount = pence(pounds or 0)
    if uprating is not None:
        amount = pence((pounds or 0) * (100 + uprating) / 100)
    return amount if area is None else nearest(amount * area)


def annual_rate(profile, day: date, price, record: dict) -> int | None:
    """Return a pupil's annual rate for a full-time place, pence, or None where not supplied."""
    if price.assessed_cost:
        cost = record.get("assessed_cost")
        return None if cost is None else pence(cost)
    annual = rate(profile, day, given(price.pounds, day))
    each = rate(profile, day, given(price.pounds_each, day))
    if each:
        quantity = record.get(price.each.value)
        if quantity is None:
            return None
        annual += nearest(each * Fraction(quantity))
    return annual


def top_up(document, day: date, record: dict) -> TopUp:
    """Return what is paid for one pupil in the year."""
    found = priced(document, day, record)
    if found.reason:
        return TopUp(0, 0, found.reason)
    price = document.band_profile.tariff.prices[found.price]
    annual = annual_rate(document.band_profile, day, price, record)
    part = presence(document.top_up_rule.calendar, record)
    return paid(document.top_up_rule, day, annual, found.threshold, record.get("hours"), part)


def paid(
    rule,
    day: date,
    annual: int | None,
    threshold: int,
    hours: Decimal | None,
    part: Fraction | None,
) -> TopUp:
    """Return what is paid of an annual rate: hours, threshold, floor, cap, then days."""
    share = Fraction(1)
    if rule.part_time is not None:
        if hours is None:
            return TopUp(0, 0, "not_supplied")
        share = min(share, Fraction(hours) / Fraction(Decimal(rule.part_time.full_time_hours)))
    if annual is None or part is None:
        return TopUp(0, 0, "not_supplied")
    due, reason = annual * share, "rate"
    if threshold and due <= threshold:
        due, reason = Fraction(0), "within_threshold"
    elif threshold:
        due -= threshold
    floor, cap = given(rule.floor, day), given(rule.cap, day)
    if floor is not None and due < floor * 100:
        due, reason = floor * 100, "floor"
    if cap is not None and due > cap * 100:
        due, reason = cap * 100, "cap"
    if part == 0:
        reason = "not_on_roll"
    return TopUp(annual, nearest(due * part), reason)
