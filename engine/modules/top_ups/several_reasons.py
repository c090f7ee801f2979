"""Every reason why a pupil's top-up is not known: what its own row lacks, and what the rules do.

Valuing a pupil stops at the first reason. Those who are not known, who are few, are valued twice more: as if the rules
had every value, and as if no column was blank. What is then still not known is so for the other reason too.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.kernels.top_ups import Clauses, CombinationRates, Paid, YearShares
from engine.modules.top_ups.amounts import amounts_by_pupil, clauses_of
from engine.modules.top_ups.band_and_price import rates_if_supplied
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.modules.top_ups.pupil_combinations import combined
from engine.modules.top_ups.pupil_prices import PupilPrices, has_reason
from engine.modules.top_ups.quantities import quantities_of
from engine.modules.top_ups.year_share import year_shares
from engine.money import MILLION, PENCE
from engine.row_chunks import ONE_THREAD
from engine.rules.compiled import CompiledTopUps
from engine.tables import frozen
from engine.tables.chosen_pupils import some_pupils
from engine.vocabulary import NOT_KNOWN, Reason

OF_RULES = (Reason.no_price, Reason.not_printed, Reason.no_value)
"""Reasons that are the rules' own: no column of the pupil's would make the amount known."""

REASON_NAMES = (
    *(one.name for one in sorted(Reason)),
    *(f"{Reason.not_supplied.name}; {one.name}" for one in OF_RULES),
)
"""Every reason by name, at the place of its code; then what a blank and the rules are together."""

BLANK = ~int(Reason.not_supplied)


class UnknownReasons(NamedTuple):
    """Why pupils who are not known are not.

    where     their places in the table, ascending
    lacks     (pupils) whether a column that is blank leaves the amount not known
    of_rules  (pupils) which of ``OF_RULES`` does, ``Reason.rate`` where none
    """

    where: Int
    lacks: NDArray[np.bool_]
    of_rules: NDArray[np.int8]

    def first_of_rules(self, outcome: TopUpOutcome) -> NDArray[np.bool_]:
        """Return the pupils whose first reason is the rules': band and price are certain, whatever is blank."""
        return has_reason(outcome.reason[self.where], OF_RULES)


def every_reason(outcome: TopUpOutcome) -> NDArray[np.int8]:
    """Return what decided each pupil's top-up (pupils; places in ``REASON_NAMES``): both reasons of those not known for two."""
    found = unknown_reasons(outcome)
    both = found.lacks & (found.of_rules != Reason.rate)
    if not both.any():
        return outcome.reason
    together = np.zeros(len(Reason), np.int8)
    together[list(OF_RULES)] = len(Reason) + np.arange(len(OF_RULES))
    reason = outcome.reason.copy()
    reason[found.where[both]] = together[found.of_rules[both]]
    return frozen(reason)


def unknown_reasons(outcome: TopUpOutcome, among: Int | None = None) -> UnknownReasons:
    """Return every reason why pupils' top-ups are not known: of all pupils, or ``among`` some places (ascending).

    Those of all pupils are cached for each outcome.
    """
    if among is not None:
        return _unknown_reasons(outcome, among)
    return outcome.cache.get(UnknownReasons, _unknown_reasons, outcome)


def _unknown_reasons(outcome: TopUpOutcome, among: Int | None = None) -> UnknownReasons:
    reason = outcome.reason if among is None else outcome.reason[among]
    which = np.flatnonzero(has_reason(reason, NOT_KNOWN))
    where, reason = which if among is None else among[which], reason[which]
    lacks = reason == Reason.not_supplied
    of_rules = np.where(has_reason(reason, OF_RULES), reason, np.int8(Reason.rate)).astype(np.int8)
    if len(where):
        with_values, supplied = _valued_otherwise(outcome, where)
        lacks |= with_values.reason == Reason.not_supplied
        also = (of_rules == Reason.rate) & has_reason(supplied.reason, OF_RULES)
        of_rules[also] = supplied.reason[also]
    return UnknownReasons(where, lacks, of_rules)


def _valued_otherwise(outcome: TopUpOutcome, where: Int) -> tuple[Paid, Paid]:
    """Return what pupils would be paid if the rules had every value, and if no column was blank."""
    top_ups, pupils = outcome.top_ups, some_pupils(outcome.pupils, where)
    prices = outcome.prices()
    combination = frozen(prices.combinations.combination[where])
    theirs = prices._replace(
        combinations=replace(prices.combinations, combination=combination),
        quantity=frozen(prices.quantity[where]) if len(prices.quantity) else prices.quantity,
        group=frozen(prices.group[where]) if len(prices.group) else prices.group,
    )
    clauses, time = clauses_of(top_ups, pupils, theirs), year_shares(top_ups, pupils)
    with_values = _paid(
        _with(theirs, _with_values(theirs.by_combination.rates)),
        combination, clauses._replace(protected=_known(clauses.protected, 0)), time,
    )  # fmt: skip
    combinations, attributes, _ = combined(top_ups, pupils, ONE_THREAD)
    rates, priced = rates_if_supplied(top_ups, attributes)
    quantity = quantities_of(top_ups, pupils, combinations, priced, refuses=False)
    supplied = _paid(
        _with(theirs, rates), combinations.combination,
        _supplied_clauses(clauses._replace(quantity=quantity)), _supplied_time(top_ups, time),
    )  # fmt: skip
    return with_values, supplied


def _with(prices: PupilPrices, rates: CombinationRates) -> PupilPrices:
    return prices._replace(by_combination=prices.by_combination._replace(rates=rates))


def _paid(
    prices: PupilPrices, combination: NDArray[np.int32], clauses: Clauses, time: YearShares
) -> Paid:
    return amounts_by_pupil(combination, prices, clauses, time, ONE_THREAD)


def _known(pence: Int, otherwise: int, least: int = 0) -> Int:
    """Return pence with a number in the place of each that the rules do not know."""
    return frozen(np.where((pence < least) & (pence != BLANK), np.int64(otherwise), pence))


def _with_values(rates: CombinationRates) -> CombinationRates:
    """Return rates with a value in the place of each that the rules do not know."""
    return rates._replace(
        base=_known(rates.base, PENCE),
        each=_known(rates.each, PENCE),
        threshold=_known(rates.threshold, 0),
        floor=_known(rates.floor, -1, -1),
        cap=_known(rates.cap, -1, -1),
    )


def _supplied_clauses(clauses: Clauses) -> Clauses:
    """Return clauses without a blank."""
    quantity, group, hours, protected = (
        clauses.quantity, clauses.group, clauses.hours, clauses.protected,
    )  # fmt: skip
    return clauses._replace(
        quantity=frozen(np.where(quantity < 0, np.int64(MILLION), quantity)) if len(quantity) else quantity,
        group=frozen(np.where(group <= 0, np.int16(1), group)) if len(group) else group,
        hours=frozen(np.where(hours < 0, np.int16(1), hours)) if len(hours) else hours,
        protected=frozen(np.where(protected == BLANK, np.int64(0), protected)),
    )  # fmt: skip


def _supplied_time(top_ups: CompiledTopUps, time: YearShares) -> YearShares:
    """Return the parts of the year with all of it in the place of a blank; where days count, by dates alone."""
    if not len(time.parts):
        return time
    calendar = top_ups.calendar
    whole = np.int16(-1 if calendar.dated else calendar.parts)
    blank = np.ones(len(time.parts), bool) if calendar.dated else time.parts < 0
    return time._replace(parts=frozen(np.where(blank, whole, time.parts).astype(np.int16)))
