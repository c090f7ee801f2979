"""How many schools or pupils lack what: the reasons why parts of an outcome are not known, counted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.parts import (
    KNOWN,
    REASONS,
    adjustments,
    mainstream,
    missing_adjustments,
    missing_figures,
)
from engine.modules.targeted import TARGETED_FUNDING
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.modules.top_ups.working import columns_read
from engine.plausibility import Warnings, pupil_warnings, school_warnings
from engine.run import Outcome
from engine.tables.combinations import missing_of
from engine.vocabulary import Missing, Reason

NOT_THEIRS = "only mainstream schools have it"
"""Why a school has no targeted funding, where it is not one of those."""


class ReasonCount(NamedTuple):
    """A part that is not known, why, and of how many schools or pupils."""

    part: str
    why: str
    number: int


def school_reasons(outcome: NotionalOutcome) -> tuple[ReasonCount, ...]:
    """Return the parts of schools that are not known with their reasons, in the order of lines."""
    counts = Counter[tuple[str, str]]()
    for label, places in _of_schools(outcome):
        found, first, numbers = np.unique(places, return_index=True, return_counts=True)
        for at in np.argsort(first):
            if found[at] != KNOWN:
                counts[label, str(REASONS[found[at]])] += int(numbers[at])
    return tuple(ReasonCount(part, why, number) for (part, why), number in counts.items())


def _of_schools(outcome: NotionalOutcome) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """Yield each line and adjustment with the reason of every school, or ``KNOWN``."""
    absent = set(np.flatnonzero(outcome.absent.any(axis=0)).tolist())
    for at, line in enumerate(outcome.lines):
        if at in absent or not line.percent_is_printed:
            yield line.label, missing_figures(outcome, at)
    for one in adjustments(outcome):
        if one.absent.any() or one.unprinted_notional.any():
            yield one.label, missing_adjustments(outcome, one)


def left_out(outcome: NotionalOutcome) -> tuple[ReasonCount, ...]:
    """Return how many schools targeted funding leaves out, as it is none of theirs; nothing where none is."""
    part = TARGETED_FUNDING.of(outcome.rules)
    number = int(np.count_nonzero(~mainstream(outcome)))
    return () if part is None or not number else (ReasonCount(part.rule.label, NOT_THEIRS, number),)


def not_funded(outcome: NotionalOutcome) -> tuple[ReasonCount, ...]:
    """Return how many schools the schools formula leaves out, as it does not fund their phase; nothing where none is."""
    number = int(np.count_nonzero(~mainstream(outcome)))
    return (ReasonCount("schools formula", Missing.not_funded, number),) if number else ()


def pupil_reasons(outcome: TopUpOutcome) -> tuple[ReasonCount, ...]:
    """Return why pupils' top-ups are not known: columns that were not supplied, and bands without a price.

    One pupil may lack several columns.
    """
    return (*_columns_not_supplied(outcome), *_bands_not_priced(outcome))


def _bands_not_priced(outcome: TopUpOutcome) -> Iterator[ReasonCount]:
    """Yield the bands for which the rules have no price or value, or depend on one that is not printed."""
    bands, words = outcome.pupil_bands(), {
        Reason.no_price: Missing.no_price, Reason.not_printed: Missing.not_printed,
        Reason.no_value: Missing.no_value,
    }  # fmt: skip
    for reason, why in words.items():
        among = outcome.reason == reason
        for band in np.unique(bands[among]).tolist():
            number = outcome.pupils.pupils_among(among & (bands == band))
            yield ReasonCount(f"band {outcome.top_ups.bands[band]}", why, number)


def _columns_not_supplied(outcome: TopUpOutcome) -> Iterator[ReasonCount]:
    """Yield the columns that were not supplied, with the pupils who therefore are not known."""
    unknown = np.flatnonzero(outcome.reason == Reason.not_supplied)
    prices = outcome.decisions.price[outcome.combination[unknown]] if len(unknown) else unknown
    rows: dict[str, NDArray[np.bool_]] = {}
    for price in np.unique(prices).tolist():
        pupils = unknown[prices == price]
        for name in columns_read(outcome.top_ups, price):
            blank = outcome.pupils.columns[name][pupils] == missing_of(name)
            of_name = rows.setdefault(name, np.zeros(len(outcome.pupils), np.bool_))
            of_name[pupils[blank]] = True
    for name, of_name in rows.items():
        if number := outcome.pupils.pupils_among(of_name):
            yield ReasonCount(name, "not supplied", number)


def outcome_warnings(outcome: Outcome, sen_support_cost: int | None = None) -> tuple[Warnings, ...]:
    """Return what may be wrong with the figures of an outcome's schools and of its pupils, those about the rules once."""
    found = []
    if outcome.notional is not None:
        found.append(school_warnings(outcome.notional, sen_support_cost))
    if outcome.top_ups is not None:
        pupils = pupil_warnings(outcome.top_ups)
        found.append(replace(pupils, of_rules=()) if found else pupils)
    return tuple(found)
