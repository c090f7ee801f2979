"""The values of top-ups in each segment of the year: what is compiled once for every run of days."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest

import numpy as np

from engine.calendars import Calendar
from engine.columns import Int
from engine.days import day_number
from engine.errors import Problem, RuleRefused
from engine.rules.bands import BandProfile
from engine.rules.clause_steps import Clauses, clause_steps, fold_clauses
from engine.rules.compile_prices import compile_modifiers
from engine.rules.compile_value_tables import first_rows, refuse_rows_not_begun, value_tables
from engine.rules.in_force import InForce, one_value
from engine.rules.price_steps import CompiledModifier, price_steps
from engine.rules.segments import Segment
from engine.rules.shared_parts import NOTHING_SHARED, Priced, SharedTopUps
from engine.rules.top_up_rule import TopUpRule
from engine.rules.values import DatedValue, Series
from engine.steps import fold


def compile_segments(
    profile: BandProfile,
    rule: TopUpRule,
    over: Sequence[InForce],
    shared: SharedTopUps = NOTHING_SHARED,
    *,
    protects: bool,
) -> tuple[tuple[CompiledModifier, ...], tuple[Segment, ...]]:
    """Return the modifiers, and the values of each segment; neighbours that pay the same are one.

    ``shared`` is what other compiled top-ups have in common with these; ``protects`` where some days of the year are protected against loss. A price that no value is
    in force for on the first day is refused, and so is one that begins within the year.
    """
    modifiers, values = compile_modifiers(profile, over, shared.modifiers)
    tables = value_tables(profile, rule)
    segments: list[Segment] = []
    for now, held in zip(over, values, strict=True):
        refuse_rows_not_begun(tables, now)
        fitting = now._replace(fitting=first_rows(tables))
        clauses = Clauses.of(rule, fitting, protects=protects)
        limits = fold_clauses(clause_steps(clauses))
        prices = _prices(profile, fitting, shared.prices.get(now.first, ()))
        segment = Segment(now, rule, protects, prices, *held, clauses, limits, tabled=bool(tables))
        if segments and segment.pays_as(segments[-1]):
            segments[-1] = replace(segments[-1], now=segments[-1].now._replace(last=now.last))
        else:
            segments.append(segment)
    return modifiers, tuple(segments)


def _prices(
    profile: BandProfile, now: InForce, same: Sequence[Priced | None]
) -> tuple[Priced, ...]:
    tariff = profile.tariff
    found: list[Priced] = []
    for at, (price, known) in enumerate(zip_longest(tariff.prices, same)):
        steps, folded = known or (price_steps(price, tariff, at, now), None)
        found.append((steps, folded or fold(steps)))
    return tuple(found)


def _number(given: DatedValue | None) -> Decimal | str | None:
    """Return a value's number, or that it is not printed."""
    if given is None:
        return None
    return given.decimal if given.is_printed else given.value


def bounds_of_segments(calendar: Calendar, segments: Sequence[Segment]) -> Int:
    """Return the days of the year before each segment, and all of them (segments + 1)."""
    later = [day_number(one.now.first) - calendar.first for one in segments[1:]]
    bounds = np.asarray([0, *later, len(calendar.cumulative) - 1], np.int64)
    bounds.flags.writeable = False
    return bounds


def refuse_undated(calendar: Calendar, segments: Sequence[Segment]) -> None:
    """Raise ``RuleRefused`` where values change within a year whose days are not known."""
    if len(segments) > 1 and not calendar.dated:
        day = segments[1].now.first.isoformat()
        sentence = (
            f"has no dates, but values change within the year, on {day}; give its periods with their"
            " days, or ask for the values of one day (on)"
        )
        raise RuleRefused([Problem(sentence, "no-dates", place="top_up_rule.calendar")])


def refuse_change(series: Series | None, path: str, over: Sequence[InForce]) -> None:
    """Raise ``RuleRefused`` where a value changes within the year that must hold for all of it."""
    held = [now.latest(series) for now in over]
    for now, before, after in zip(over[1:], held[:-1], held[1:], strict=True):
        if _number(before) != _number(after):
            raise RuleRefused([Problem(one_value(now.first), "changes", place=path)])
