"""Refusals before pupils are valued: values that the rules do not have, and gaps in the rules."""

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.errors import MOST_LINES, PairRefused, Problem
from engine.modules.top_ups.pupil_prices import PupilPrices
from engine.modules.top_ups.year_share import year_parts
from engine.money import MILLION
from engine.rules.compiled import CompiledTopUps
from engine.rules.inputs import Input
from engine.tables import Pupils
from engine.vocabulary import Reason

LARGEST = 2**63
TOO_LARGE = Problem(
    "prices, hours and calendar are too large to work out exactly; check the figures",
    "too-large",
    place="top_up_rule.calendar",
)


def refuse(rows: NDArray[np.int64], rule: str, column: str, sentence: str) -> None:
    """Raise ``PairRefused`` for rows of a file, if there are any, with one reason."""
    if len(rows):
        problems = [
            Problem(sentence, rule, column=column, row=int(row)) for row in rows[:MOST_LINES]
        ]
        raise PairRefused(problems, total=len(rows))


def refuse_values(top_ups: CompiledTopUps, pupils: Pupils) -> None:
    """Refuse bands, levels and parts of the year that the rules do not have."""
    _refuse_bands(top_ups, pupils)
    _refuse_levels(top_ups, pupils)
    _refuse_parts(top_ups, pupils)


def _refuse_bands(top_ups: CompiledTopUps, pupils: Pupils) -> None:
    unknown = np.asarray([label not in top_ups.labels for label in pupils.labels], bool)
    if Input.band in top_ups.columns and unknown.any():
        held = np.r_[unknown, False][np.maximum(pupils.columns["band"], -1)]
        sentence = f"must be one of the bands {', '.join(top_ups.labels)}"
        refuse(np.sort(pupils.rows[held]), "unknown-band", "band", sentence)


def _refuse_levels(top_ups: CompiledTopUps, pupils: Pupils) -> None:
    for name, _, highest in top_ups.dimensions:
        sentence = f"must be at most {highest}, the highest level of the dimension"
        above = pupils.columns[name] > highest
        refuse(np.sort(pupils.rows[above]), "level-too-high", name, sentence)


def _refuse_parts(top_ups: CompiledTopUps, pupils: Pupils) -> None:
    """Refuse counted parts where the year has no equal ones, or fewer."""
    calendar, parts = top_ups.calendar, pupils.columns.get("parts_on_roll")
    if parts is None:
        return
    days = len(calendar.cumulative) - 1
    if top_ups.protects_pupils and top_ups.protected_days < days:
        sentence = "cannot be used here: protection ends within the year; give start and end dates"
        refuse(np.sort(pupils.rows[parts >= 0]), "parts", "parts_on_roll", sentence)
    if not calendar.parts:
        sentence = (
            "cannot be used here: the parts of the year are not equal; give start and end dates"
        )
        refuse(np.sort(pupils.rows[parts >= 0]), "parts", "parts_on_roll", sentence)
    sentence = f"must be at most {calendar.parts}, the parts of the year"
    refuse(np.sort(pupils.rows[parts > calendar.parts]), "parts", "parts_on_roll", sentence)


def refuse_gaps(top_ups: CompiledTopUps, pupils: Pupils, reason: NDArray[np.int8]) -> None:
    """Refuse pupils who are to be paid but are covered by no row: a gap is an error and not 0."""
    gap = reason == Reason.no_band
    names = " with ".join(top_ups.assignment.inputs) or "band"
    sentence = f"no band covers these values of {names}: the rule set has a gap here"
    refuse(np.sort(pupils.rows[gap]), "no-band", names, sentence)


def check_bound(top_ups: CompiledTopUps, prices: PupilPrices, protected: Int) -> None:
    """Raise ``PairRefused`` for a calendar and a price whose product would not fit in 63 bits."""
    rates = prices.by_combination.rates
    quantity, divisor = int(prices.quantity.max(initial=0)), int(rates.divisor.max(initial=1))
    share = MILLION * int(prices.group.max(initial=1))
    whole = (int((rates.each // rates.divisor).max(initial=0)) + 1) * quantity
    highest = int(rates.base.max(initial=0)) + whole // MILLION + 1
    limits = (int(one.max(initial=0)) for one in (rates.floor, rates.cap))
    highest = max(highest, *limits, int(protected.max(initial=0)))
    week = max(top_ups.full_time, 1)
    multiple = max(whole + share, divisor * (2 * share + quantity))
    if 2 * max(multiple, highest * week * year_parts(top_ups)) >= LARGEST:
        raise PairRefused([TOO_LARGE])
