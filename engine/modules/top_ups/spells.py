"""Several spells of one pupil in a year: rounded on the running total, so that they add to what the year is due.

The spells of a pupil are at different schools, and may be paid by different authorities: a pupil is a
key. Every row of such a pupil is dated, so that only those rows are looked at.
"""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.columns import Int
from engine.errors import PairRefused
from engine.kernels.top_ups import ONCE, Paid
from engine.modules.top_ups.amounts import exact_of_some, penny_parts
from engine.modules.top_ups.outcome import EarlierSpells
from engine.modules.top_ups.pupil_prices import PupilPrices
from engine.modules.top_ups.refusals import LARGEST, TOO_LARGE
from engine.money import half_away
from engine.rules.compiled import CompiledTopUps
from engine.tables import Pupils, PupilTable, frozen
from engine.tables.chosen_pupils import ChosenPupils

NEVER = np.iinfo(np.int32).max
SEVERAL = 2
"""Rows with days from which a pupil may have several."""


class Spells(NamedTuple):
    """The rows of pupils who have several, in the order of their days: places in a table.

    pupil  (rows) number of the pupil, ascending; ``where`` (rows) the place of the row
    """

    pupil: Int
    where: Int


def spells_of(pupils: PupilTable) -> Spells:
    """Return the rows of pupils who have several; cached for each table."""
    return pupils.cache.get("spells", _spells, pupils)


def _spells(pupils: PupilTable) -> Spells:
    dated = pupils.dated
    if len(dated) < SEVERAL:
        return Spells(dated[:0], dated[:0])
    keys = pupils.keys_of(dated)
    if _all_differ(keys):
        return Spells(dated[:0], dated[:0])
    again = keys.is_duplicated().to_numpy()
    where = dated[again]
    if not len(where):
        return Spells(dated[:0], dated[:0])
    blank = np.full(len(where), -1, np.int32)
    start, end, urn = (
        pupils.columns[name][where] if name in pupils.columns else blank
        for name in ("start", "end", "urn")
    )
    frame = pl.DataFrame(
        {
            "key": keys.filter(pl.Series(again)),
            "start": start,
            "end": np.where(end < 0, NEVER, end),
            "urn": urn,
            "where": where,
        }
    ).sort("key", "start", "end", "urn")
    return Spells(
        frozen(frame["key"].rle_id().to_numpy().astype(np.int64)),
        frozen(frame["where"].to_numpy().astype(np.int64)),
    )


def _all_differ(keys: pl.Series) -> bool:
    """Return True only if no key repeats: keys whose hashes all differ all differ, and equal hashes prove nothing.

    Most tables have a row for each pupil, and numbers are sorted in a fraction of the time of texts.
    """
    hashes = np.sort(keys.hash().to_numpy())
    return not bool((hashes[1:] == hashes[:-1]).any())


def add_spells(
    top_ups: CompiledTopUps, pupils: PupilTable, funded: Pupils, prices: PupilPrices, paid: Paid
) -> tuple[Paid, EarlierSpells]:
    """Return what is paid with each pupil's spells rounded on their running total, and what came before each.

    ``paid`` are the funded pupils', each row rounded alone. A price that is paid once is paid with the
    first of a pupil's spells. A spell whose amount is not known adds nothing to the others.
    """
    pupil, where = spells_of(pupils)
    place = _places(funded, where)
    pupil, where, place = pupil[place >= 0], where[place >= 0], place[place >= 0]
    if not len(place):
        return paid, EarlierSpells(frozen(place), frozen(place), frozen(place))
    order = np.argsort(place)
    exact = np.empty(len(place), np.int64)
    exact[order] = exact_of_some(top_ups, funded, prices, frozen(place[order]))
    again = _paid_before(prices, pupil, place, exact)
    exact[again] = 0
    before = _running(pupil, exact) - exact
    parts = penny_parts(top_ups)
    amount = paid.amount.copy()
    amount[place] = half_away(before + exact, parts) - half_away(before, parts)
    kept = np.flatnonzero((before != 0) | again)
    kept = kept[np.argsort(where[kept])]
    earlier = EarlierSpells(frozen(where[kept]), frozen(before[kept]), frozen(exact[kept]))
    return Paid(frozen(amount), paid.reason), earlier


def _places(funded: Pupils, where: Int) -> Int:
    """Return the places of rows of a table among the funded pupils; -1 of one who is none of them."""
    if not isinstance(funded, ChosenPupils) or not len(where):
        return where
    if not len(funded.where):
        return np.full(len(where), -1, np.int64)
    place = np.minimum(np.searchsorted(funded.where, where), len(funded.where) - 1)
    return np.where(funded.where[place] == where, place, -1)


def _running(pupil: Int, exact: Int) -> Int:
    """Return the running total of each pupil's rows; raise ``PairRefused`` where one has no place in 63 bits."""
    starts = np.flatnonzero(np.r_[True, pupil[1:] != pupil[:-1]])
    lengths = np.diff(np.r_[starts, len(pupil)])
    if 2 * int(lengths.max()) * int(exact.max()) >= LARGEST:
        totals = np.add.reduceat(exact.astype(object), starts)
        if 2 * max(totals) >= LARGEST:
            raise PairRefused([TOO_LARGE])
    running = np.cumsum(exact)
    base = (running - exact)[starts]
    # Sums over all pupils may wrap around; the difference within one pupil's does not.
    total: Int = running - np.repeat(base, lengths)
    return total


def _paid_before(prices: PupilPrices, pupil: Int, place: Int, exact: Int) -> NDArray[np.bool_]:
    """Return the rows whose price is paid once and was paid with an earlier row of the same pupil."""
    again = np.zeros(len(place), bool)
    combination = prices.combinations.combination[place]
    once = (prices.by_combination.rates.flags[combination] & ONCE) > 0
    price = prices.by_combination.price[combination]
    seen: set[tuple[int, int]] = set()
    for row in np.flatnonzero(once & (exact != 0)).tolist():
        held = (int(pupil[row]), int(price[row]))
        again[row] = held in seen
        seen.add(held)
    return again
