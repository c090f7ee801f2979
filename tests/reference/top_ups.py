"""A pupil's top-up in the order of the published clauses, one pupil at a time."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from engine.rules.compile_value_tables import value_tables
from engine.rules.values import dated_values
from engine.vocabulary import NOT_KNOWN
from tests.reference.bands import band_of, deciding_row, price_of, with_points
from tests.reference.calendars import (
    earlier_masses,
    first_day_paid,
    own_masses,
    presence,
    whole_parts,
)
from tests.reference.numbers import (
    NO_VALUE,
    NOT_PRINTED,
    given,
    is_known,
    nearest,
    pence,
    product,
    to_the,
)
from tests.reference.prices import annual_rate, applying
from tests.reference.top_up_limits import within_limits
from tests.reference.value_tables import PupilValues, has_begun

UNKNOWN = "unknown"
NO_PRICE = "no_price"
UNKNOWN_REASONS = frozenset(one.name for one in NOT_KNOWN)


class CombinationPrices(NamedTuple):
    """What a pupil's columns lead to before hours and days: a price with its modifiers, or why none."""

    band: str | None
    price: int | None
    modifiers: tuple[int, ...]
    threshold: int | str
    reason: str
    own: PupilValues


class TopUp(NamedTuple):
    """What is paid for a pupil: the annual rate and the year's amount, pence, and the reason.

    The rate is None where it is not supplied, the reason where it is otherwise not known, and 0 where
    nothing is paid by it.
    """

    annual: int | str | None
    amount: int
    reason: str


def priced(document, day: date, record: dict) -> CombinationPrices:
    """Return a pupil's band, the place of its price and the threshold that the school meets."""
    own, written = PupilValues(document, record), document.band_profile.tariff
    profile, rule = own.document.band_profile, own.document.top_up_rule
    band, why = band_of(profile, record)
    place, modifiers, threshold = None, (), 0
    if band is not None:
        price, why = price_of(profile, record, band)
        if price is not None:
            place = next(at for at, one in enumerate(profile.tariff.prices) if one is price)
            begun = [has_begun(one, day) for one in written.modifiers]
            modifiers, known = applying(profile.tariff, day, {**record, "band": band}, begun)
            unsure = own.unsure & own.of_price(place, modifiers) or own.unsure_clauses()
            why = "not_supplied" if unsure or not known else ""
    paid_at_all = deciding_row([rule.pays_when], {**record, "band": band})
    if paid_at_all != 0:
        why = "not_funded" if paid_at_all is None else "not_supplied"
    if rule.threshold is not None and rule.threshold.inside:
        amount = given(rule.threshold.pounds, day)
        settings = rule.threshold.settings
        if amount and settings and record.get("setting") is None:
            why = why or "not_supplied"
        if not settings or record.get("setting") in settings:
            threshold = to_the(1, product(100, amount or 0))
    return CombinationPrices(band, place, modifiers, threshold, why, own)


def read_by(document) -> tuple[str, ...]:
    """Return the columns that a pupil's band, price and threshold are read from."""
    profile, rule = document.band_profile, document.top_up_rule
    form = profile.assignment
    priced_by = (*profile.tariff.prices, *profile.tariff.modifiers)
    names = {str(name) for one in priced_by for name in one.when} - {"band"}
    names |= ({str(name) for name in rule.pays_when} - {"band"}) | {"setting"}
    tables = value_tables(profile, rule).values()
    names |= {str(name) for one in tables for row in one.rows for name in row.when} - {"band"}
    if form.points is not None:
        names |= {f"level_{name}" for name in form.points.dimensions} or {"points"}
        names |= {str(name) for step in form.points.steps for name in step.when}
    else:
        names |= {str(name) for name in form.table.inputs} if form.table is not None else {"band"}
    names |= {"band"} if form.panel_may_decide else set()
    return tuple(sorted({"year_group" if name == "phase" else name for name in names}))


def top_up(document, day: date, record: dict) -> TopUp:
    """Return what is paid for one pupil in the year."""
    record = with_points(document.band_profile, record)
    found = priced(document, day, record)
    if found.reason not in ("", NO_PRICE):
        return TopUp(0, 0, found.reason)
    annual, once = rate_of(day, found, record)
    rule = found.own.document.top_up_rule
    part = presence(rule.calendar, record, rule.backdating)
    kept = protected_part(rule, day, record)
    return paid(rule, day, found, annual, record, part, kept, once=once)


def rate_of(day: date, found: CombinationPrices, record: dict) -> tuple:
    """Return the annual rate by the price that was found, or why it is not known, and whether it is paid once."""
    if found.reason == NO_PRICE:
        return NO_PRICE, False
    tariff, own = found.own.document.band_profile.tariff, found.own
    price = tariff.prices[found.price]
    modifiers = [tariff.modifiers[at] for at in found.modifiers]
    annual = annual_rate(tariff, day, price, modifiers, record)
    if isinstance(annual, str) and own.lacking & own.of_price(found.price, found.modifiers):
        annual = NO_VALUE
    return annual, price.once


def protected_part(rule, day: date, record: dict) -> Fraction:
    """Return the part of the year that a pupil earns until protection ends."""
    if rule.protection is None:
        return Fraction(0)
    until, end = rule.protection.until, record.get("end")
    if not rule.calendar.periods:
        return (presence(rule.calendar, record) or Fraction(0)) if day <= until else Fraction(0)
    stay = {**record, "end": until if end is None else min(end, until)}
    return presence(rule.calendar, stay, rule.backdating)


def paid(
    rule,
    day: date,
    found: CombinationPrices,
    annual: int | None,
    record: dict,
    part: Fraction | None,
    kept: Fraction,
    *,
    once: bool,
) -> TopUp:
    """Return what is paid of an annual rate: hours, threshold, floor, cap, protection, then days."""
    if part == 0:
        return TopUp(annual, 0, "not_on_roll")
    yearly = (
        None
        if part is None
        else due_in_a_year(rule, day, found, annual, record, keeps=bool(kept and part))
    )
    if not isinstance(yearly, Yearly):
        return TopUp(0, 0, yearly or "not_supplied")
    if once:
        part, kept = Fraction(1), Fraction(1)
    reason = "protected" if yearly.lift else yearly.reason
    return TopUp(annual, nearest(yearly.due * part + yearly.lift * kept), reason)


class Yearly(NamedTuple):
    """What is due for a whole year, not rounded, what protection adds to it, and the reason without it."""

    due: Fraction
    lift: Fraction
    reason: str


def due_in_a_year(
    rule,
    day: date,
    found: CombinationPrices,
    annual: int | str | None,
    record: dict,
    *,
    keeps: bool,
) -> Yearly | str | None:
    """Return what is due of an annual rate for a whole year, or why it is not known; None for not supplied.

    ``keeps`` where the pupil is on roll while protection lasts.
    """
    due = product(annual, share_of_week(rule, record))
    if not is_known(due):
        return due
    floor, cap, least = given(rule.floor, day), given(rule.cap, day), protected(rule, day, record)
    if least is UNKNOWN and keeps:
        return None
    if keeps and least == NOT_PRINTED:
        return NOT_PRINTED
    limited = within_limits(due, found.threshold, floor, cap)
    if isinstance(limited, str):
        return limited
    due, reason = limited
    lift = max(least - due, Fraction(0)) if isinstance(least, int) and keeps else Fraction(0)
    return Yearly(due, lift, reason)


def share_of_week(rule, record: dict) -> Fraction | None:
    """Return the part of a full-time week that a pupil attends, or None where it is not given."""
    if rule.part_time is None:
        return Fraction(1)
    if record.get("hours") is None:
        return None
    full_time = Fraction(Decimal(rule.part_time.full_time_hours))
    return min(Fraction(1), Fraction(record["hours"]) / full_time)


def protected(rule, day: date, record: dict) -> int | str | None:
    """Return the least a year that protection leaves a pupil, pence; None where pupils have none.

    ``UNKNOWN`` where the amount paid today is not given.
    """
    percent = None if rule.protection is None else given(rule.protection.pupil_percent, day)
    if percent is None:
        return None
    if record.get("top_up") is None:
        return UNKNOWN
    return to_the(1, product(pence(record["top_up"]), raised_share(percent)))


def raised_share(percent: Fraction | str) -> Fraction | str:
    """Return the part that a percentage leaves."""
    return Fraction(percent) / 100 if is_known(percent) else percent


class Unrounded(NamedTuple):
    """What is due in a year before it is rounded, pence, the reason, and the price where it is paid once."""

    annual: int | None
    amount: Fraction
    reason: str
    once: int | None = None


def top_up_of_year(document, record: dict) -> TopUp:
    """Return what is paid for one pupil of a year whose values change, each day at those in force on it."""
    [found] = top_ups_of_spells(document, [record])
    return found


def top_ups_of_spells(document, records: list[dict]) -> list[TopUp]:
    """Return what is paid for each spell of one pupil, which are in the order of their days.

    All are rounded together: each spell gets what the running total grows by, which begins with what the spells
    come to in the year before the document. A price that is paid once is paid with the first spell on roll,
    or for days before the document was; what is not known adds nothing.
    """
    dues = [unrounded_of_year(document, record) for record in records]
    befores = [earlier_of_year(document, record) for record in records]
    total, paid_once = Fraction(0), set()
    for due, before in zip(dues, befores, strict=True):
        if due.reason not in UNKNOWN_REASONS and before.once not in paid_once:
            total += before.amount
            paid_once |= {before.once} if before.once is not None and before.amount else set()
    found = []
    for due, before in zip(dues, befores, strict=True):
        again = due.once is not None and (due.once in paid_once or before.on_roll)
        amount = Fraction(0) if again else due.amount
        if due.once is not None and due.amount:
            paid_once.add(due.once)
        found.append(TopUp(due.annual, nearest(total + amount) - nearest(total), due.reason))
        total += amount
    return found


class Before(NamedTuple):
    """What one row comes to in the year before a document: pence, the price where it is paid once, and whether it was on roll."""

    amount: Fraction
    once: int | None
    on_roll: bool


def earlier_of_year(document, record: dict) -> Before:
    """Return what one row comes to on the days of the year before a document, at the values of the document's first."""
    profile, rule, effective = document.band_profile, document.top_up_rule, document.effective
    record = with_points(profile, record)
    earned, known = earlier_masses(document)
    start, end = first_day_paid(rule.backdating, record), record.get("end")
    on_roll = {
        day: share
        for day, share in earned.items()
        if (start is None or start <= day) and (end is None or day <= end) and share
    }
    opens = [one.first for one in rule.calendar.periods[:1]]
    # Protection that ended before the calendar is no clause of the rules.
    lasts = rule.protection is not None and opens and opens[0] <= rule.protection.until
    parts, number = whole_parts(on_roll)
    part = Fraction(sum(parts.values()), number)
    kept = Fraction(
        sum(one for day, one in parts.items() if lasts and day <= rule.protection.until), number
    )
    day = max(effective.first, *opens)
    found = priced(document, day, record)
    if not part or found.reason not in ("", NO_PRICE):
        return Before(Fraction(0), None, bool(part))
    annual, once = rate_of(day, found, record)
    own, price = found.own.document.top_up_rule, found.price if once else None
    yearly = due_in_a_year(own, day, found, annual, record, keeps=bool(kept))
    counted = record.get("parts_on_roll") is not None or not known
    if not isinstance(yearly, Yearly) or (counted and not once):
        return Before(Fraction(0), price, bool(part))
    amount = yearly.due * (1 if once else part) + yearly.lift * (1 if once else kept)
    return Before(amount, price, bool(part))


def unrounded_of_year(document, record: dict) -> Unrounded:
    """Return what is due for one pupil of a year whose values change before it is rounded.

    Of a pupil who is never on roll the last day says what is not known. The annual rate is that of the
    last day paid.
    """
    record = with_points(document.band_profile, record)
    runs = _runs(document, record) or {max(own_masses(document)): (Fraction(0), Fraction(0))}
    total, lifted, reason, annual = Fraction(0), Fraction(0), "not_on_roll", 0
    for day, (part, kept) in runs.items():
        found = priced(document, day, record)
        if found.reason not in ("", NO_PRICE):
            return Unrounded(0, Fraction(0), found.reason)
        annual, once = rate_of(day, found, record)
        if not part:
            return Unrounded(annual, Fraction(0), "not_on_roll")
        own = found.own.document.top_up_rule
        yearly = due_in_a_year(own, day, found, annual, record, keeps=bool(kept and part))
        if not isinstance(yearly, Yearly):
            return Unrounded(0, Fraction(0), yearly or "not_supplied")
        total += yearly.due * (1 if once else part)
        lifted += yearly.lift * (1 if once else kept)
        reason = yearly.reason
        if once:
            break
    reason = "protected" if lifted else reason
    return Unrounded(annual, total + lifted, reason, found.price if once else None)


def _runs(document, record: dict) -> dict[date, tuple[Fraction, Fraction]]:
    """Return the pupil's days on roll: for each run without a change its first day, and what it earns.

    The first share is of all its days, the second of those on which protection lasts.
    """
    rule = document.top_up_rule
    begins = {one.from_ for _, one in dated_values(document)}
    start, end = first_day_paid(rule.backdating, record), record.get("end")
    everyone = record.get("parts_on_roll") is not None
    until = None if rule.protection is None else rule.protection.until
    runs: dict[date, tuple[int, int]] = {}
    firsts: dict[date | None, date] = {}
    earned, number = whole_parts(own_masses(document))
    for day, parts in sorted(earned.items()):
        on_roll = (start is None or start <= day) and (end is None or day <= end)
        if not (record["parts_on_roll"] if everyone else on_roll):
            continue
        first = firsts.setdefault(max((one for one in begins if one <= day), default=None), day)
        part, kept = runs.get(first, (0, 0))
        runs[first] = part + parts, kept + (parts if until is not None and day <= until else 0)
    return {
        day: (Fraction(part, number), Fraction(kept, number)) for day, (part, kept) in runs.items()
    }
