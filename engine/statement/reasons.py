"""How many schools or pupils lack what: the reasons why parts of an outcome are not known, counted."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from engine.explain.pupils import columns_read
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.parts import adjustments, missing_adjustment, missing_figure
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.tables.combinations import missing_of
from engine.vocabulary import Missing


class ReasonCount(NamedTuple):
    """A part that is not known, why, and of how many schools or pupils."""

    part: str
    why: str
    number: int


def school_reasons(outcome: NotionalOutcome) -> tuple[ReasonCount, ...]:
    """Return the parts of schools that are not known with their reasons, in the order of lines."""
    counts: dict[tuple[str, Missing], int] = {}
    for part, why in _of_schools(outcome):
        counts[part, why] = counts.get((part, why), 0) + 1
    return tuple(ReasonCount(part, str(why), number) for (part, why), number in counts.items())


def _of_schools(outcome: NotionalOutcome) -> Iterator[tuple[str, Missing]]:
    for at, line in enumerate(outcome.lines):
        for school in np.flatnonzero(outcome.absent[:, at]).tolist():
            why = missing_figure(outcome, at, school)
            if why is not None:
                yield line.label, why
    for one in adjustments(outcome):
        for school in np.flatnonzero(one.absent).tolist():
            why = missing_adjustment(outcome, one, school)
            if why is not None:
                yield one.label, why


def pupil_reasons(outcome: TopUpOutcome) -> tuple[ReasonCount, ...]:
    """Return the columns that were not supplied of pupils whose top-up is not known; one may lack several."""
    unknown = np.flatnonzero(~outcome.known)
    prices = outcome.decisions.price[outcome.combination[unknown]] if len(unknown) else unknown
    counts: dict[str, int] = {}
    for price in np.unique(prices).tolist():
        pupils = unknown[prices == price]
        for name in columns_read(outcome.top_ups, price):
            blank = outcome.pupils.columns[name][pupils] == missing_of(name)
            counts[name] = counts.get(name, 0) + int(np.count_nonzero(blank))
    return tuple(
        ReasonCount(name, "not supplied", number) for name, number in counts.items() if number
    )
