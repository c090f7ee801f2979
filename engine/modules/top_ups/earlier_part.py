"""What pupils earned of the year before rules that begin within it: other rules paid it, and these continue from there."""

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.kernels.top_ups import ONCE
from engine.modules.top_ups.amounts import amounts_by_pupil, clauses_of
from engine.modules.top_ups.pupil_prices import PupilPrices
from engine.modules.top_ups.year_share import began_of, earlier_shares, year_parts
from engine.row_chunks import ONE_THREAD
from engine.rules.compiled import CompiledTopUps
from engine.tables import Pupils


def earlier_amounts(top_ups: CompiledTopUps, pupils: Pupils, prices: PupilPrices) -> Int:
    """Return what each pupil earned of the year before the rules, in ``penny_parts``, at the prices of their first day.

    Where a calendar does not say what the earlier days earn, and for pupils whose presence is counted,
    that is not known, and 0, but for a price that is paid once.
    """
    earlier = top_ups.continues
    if earlier is None:
        return np.zeros(len(pupils), np.int64)
    days = earlier_shares(top_ups, pupils, earlier.calendar)
    clauses = clauses_of(top_ups, pupils, prices)
    kept = earlier.protected_days(top_ups.calendar, top_ups.protected_days)
    exact, combination = np.empty(len(pupils), np.int64), prices.combinations.combination
    amounts_by_pupil(
        combination, prices, clauses._replace(protected_days=kept), days, ONE_THREAD, exact
    )
    exact *= year_parts(top_ups) // days.whole
    unsure = np.full(len(pupils), not earlier.is_known)
    if "parts_on_roll" in pupils.columns:
        unsure |= pupils.columns["parts_on_roll"] >= 0
    exact[unsure & ~paid_once(prices)] = 0
    return exact


def began_earlier(top_ups: CompiledTopUps, pupils: Pupils) -> NDArray[np.bool_]:
    """Return the pupils who earned anything of the year before the rules."""
    earlier = top_ups.continues
    if earlier is None:
        return np.zeros(len(pupils), bool)
    began, nowhere = began_of(top_ups, pupils), np.full(len(pupils), -1, np.int32)
    ended, opens = pupils.columns.get("end", nowhere), earlier.calendar.first
    end = np.where(ended < 0, opens + len(earlier.calendar.cumulative), ended)
    return earlier.calendar.year_share(np.where(began < 0, opens, began), end) > 0


def paid_once(prices: PupilPrices) -> NDArray[np.bool_]:
    """Return the pupils whose price is paid once."""
    flags = prices.by_combination.rates.flags[prices.combinations.combination]
    once: NDArray[np.bool_] = (flags & ONCE) > 0
    return once
