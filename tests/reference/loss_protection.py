"""What an authority adds to a school's top-ups so that they keep a share of today's."""

from datetime import date
from fractions import Fraction

from tests.reference.calendars import presence
from tests.reference.numbers import NOT_PRINTED, given, nearest, pence
from tests.reference.top_ups import TopUp

UNKNOWN = ("not_supplied", "no_price", "not_printed")
"""Reasons of top-ups that are not known."""


def least(rule, day: date, pupils: list[dict]) -> int | None:
    """Return the least that protection leaves a school for its pupils, pence.

    What is paid for a pupil today counts for the part of the year that the pupil earns. Nothing where schools are not, not yet or no longer protected; None where what is paid
    for a pupil today is not known.
    """
    protection = rule.protection
    percent = None if protection is None else given(protection.school_percent, day)
    if percent is None or not protected_share(rule, day):
        return 0
    if None in [one["top_up"] for one in pupils]:
        return None
    earned = sum(_earned(rule, one) for one in pupils)
    if percent == NOT_PRINTED:
        return None if earned else 0
    return nearest(earned * percent / 100)


def _earned(rule, record: dict) -> Fraction:
    part = presence(rule.calendar, record, rule.backdating)
    return pence(record["top_up"]) * (Fraction(1) if part is None else part)


def protected_share(rule, day: date) -> Fraction:
    """Return the part of the year's money that falls before protection ends."""
    if not rule.calendar.periods:
        return Fraction(day <= rule.protection.until)
    return presence(rule.calendar, {"end": rule.protection.until})


def lift(rule, day: date, pupils: list[dict], paid: list[TopUp], urn: int | None) -> int | None:
    """Return what a school is paid beside its pupils' top-ups, pence, or None where not known.

    A top-up not known could only make up for what lacks: a school that reaches its least
    without it needs no protection. Pupils without a named school belong to no one school.
    """
    floor = least(rule, day, pupils)
    if floor is None:
        return None
    short = max(0, floor - sum(one.amount for one in paid))
    lacking = nearest(short * protected_share(rule, day))
    unknown = urn is None or any(one.reason in UNKNOWN for one in paid)
    return None if lacking and unknown else lacking
