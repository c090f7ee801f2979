"""How many schools or pupils lack what: the reasons why parts of an outcome are not known, counted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.parts import (
    KNOWN,
    REASONS,
    adjustments,
    mainstream,
    missing_adjustments,
    missing_figures,
)
from engine.modules.sums import NOT_SUPPLIED
from engine.modules.targeted import TARGETED_FUNDING
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.modules.top_ups.working import columns_read
from engine.plausibility import Warnings, pupil_warnings, school_warnings
from engine.run import Outcome
from engine.tables.combinations import missing_of
from engine.vocabulary import Missing, Reason

NOT_THEIRS = "only mainstream schools have it"
"""Why a school has no targeted funding, where it is not one of those."""

_OF_BANDS = {
    Reason.no_price: Missing.no_price, Reason.not_printed: Missing.not_printed,
    Reason.no_value: Missing.no_value,
}  # fmt: skip
"""Why a band has no price or value, or depends on one that is not printed."""


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
            yield from _amount_and_part(
                line.label, missing_figures(outcome, at), outcome.absent[:, at]
            )
    for one in adjustments(outcome):
        if one.absent.any() or one.unprinted_notional.any():
            yield from _amount_and_part(one.label, missing_adjustments(outcome, one), one.absent)


def _amount_and_part(
    label: str, why: NDArray[np.intp], absent: NDArray[np.signedinteger]
) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """Yield why amounts are not known, and apart from them why only their notional part is not."""
    yield label, np.where(absent > 0, why, KNOWN)
    yield f"{label}, notional part", np.where(absent > 0, KNOWN, why)


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

    Each pupil is counted once: under all columns that its first row with a reason lacks, or under its band.
    """
    labels: dict[tuple[str, str], int] = {}
    why = np.full(len(outcome.pupils), KNOWN, np.int32)
    for row, part in _columns_not_supplied(outcome):
        why[row] = labels.setdefault((part, NOT_SUPPLIED), len(labels))
    names = outcome.top_ups.bands
    for reason, word in _OF_BANDS.items():
        among = np.flatnonzero(outcome.reason == reason)
        # The bands of a whole national file are not looked up for nothing.
        bands = outcome.pupil_bands()[among] if len(among) else among
        for band in np.unique(bands).tolist():
            of_band = among[bands == band]
            why[of_band] = labels.setdefault((f"band {names[band]}", word), len(labels))
    rows = np.flatnonzero(why != KNOWN)
    if outcome.pupils.members is not None:
        rows = rows[np.unique(outcome.pupils.members[rows], return_index=True)[1]]
    numbers = np.bincount(why[rows], minlength=len(labels)).tolist()
    counted = zip(labels, numbers, strict=True)
    return tuple(ReasonCount(part, word, number) for (part, word), number in counted if number)


def _columns_not_supplied(outcome: TopUpOutcome) -> Iterator[tuple[Int, str]]:
    """Yield rows of pupils who are not known, with the columns that were not supplied of them."""
    unknown = np.flatnonzero(outcome.reason == Reason.not_supplied)
    prices = outcome.decisions.price[outcome.combination[unknown]] if len(unknown) else unknown
    for price in np.unique(prices).tolist():
        rows = unknown[prices == price]
        names = tuple(columns_read(outcome.top_ups, price))
        if not names:
            continue
        blank = np.stack(
            [outcome.pupils.columns[name][rows] == missing_of(name) for name in names], axis=1
        )
        for lacking in np.unique(blank, axis=0):
            part = " and ".join(
                name for name, is_blank in zip(names, lacking, strict=True) if is_blank
            )
            yield rows[(blank == lacking).all(axis=1)], part


def protection_reasons(outcome: TopUpOutcome) -> tuple[ReasonCount, ...]:
    """Return of how many schools protection against loss is not known, as a pupil's top-up is not; none where all is known."""
    number = int(outcome.school_protection_absent.sum())
    part = "protection of schools against loss"
    return (ReasonCount(part, Missing.parts, number),) if number else ()


def outcome_warnings(outcome: Outcome, sen_support_cost: int | None = None) -> tuple[Warnings, ...]:
    """Return what may be wrong with the figures of an outcome's schools and of its pupils, those about the rules once."""
    found = []
    if outcome.notional is not None:
        found.append(school_warnings(outcome.notional, sen_support_cost))
    if outcome.top_ups is not None:
        pupils = pupil_warnings(outcome.top_ups)
        found.append(replace(pupils, of_rules=()) if found else pupils)
    return tuple(found)
