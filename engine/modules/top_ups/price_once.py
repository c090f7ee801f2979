"""A price that is paid once: with the first of a pupil's spells, or by the rules of the year before these, and not again."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.modules.top_ups.earlier_due import Again
from engine.modules.top_ups.earlier_part import began_earlier, earlier_amounts, paid_once
from engine.modules.top_ups.pupil_prices import PupilPrices, has_reason
from engine.rules.compiled import CompiledTopUps
from engine.tables import Pupils
from engine.vocabulary import NOT_KNOWN

PupilPrice = tuple[int, int]
"""A pupil, by number, and the place of a price."""


class PupilRows(NamedTuple):
    """The rows that others of the same pupil, or a part of the year, may come before; a pupil's in the order of their days.

    pupil  (rows) number of the pupil, the same for rows that follow one another
    where  (rows) the place of the row in the table; ``place`` among the funded pupils
    """

    pupil: Int
    where: Int
    place: Int

    def some(self, which: NDArray[np.bool_]) -> "PupilRows":
        """Return some of the rows."""
        return PupilRows(self.pupil[which], self.where[which], self.place[which])


def before_rules(
    top_ups: CompiledTopUps,
    funded: Pupils,
    prices: PupilPrices,
    rows: PupilRows,
    exact: Int,
    reason: NDArray[np.int8],
) -> tuple[Int, NDArray[np.int8]]:
    """Return what each row came to in the year before the rules, and with what its price was paid before (codes of ``Again``).

    ``exact`` (rows) is what it comes to under the rules, and ``reason`` (funded pupils) why. The first is 0
    where the rules begin with their year, and for a row that is not known.
    """
    again, once = np.zeros(len(rows.place), np.int8), paid_once(prices)[rows.place]
    part, seen = np.zeros(len(rows.place), np.int64), set[PupilPrice]()
    if top_ups.continues is not None:
        everyone = earlier_amounts(top_ups, funded, prices)
        everyone[has_reason(reason, NOT_KNOWN)] = 0
        part = everyone[rows.place]
        part[_paid_before(prices, rows, once & (part != 0), seen)] = 0
        began = began_earlier(top_ups, funded)[rows.place]
        began |= _among(seen, prices, rows, once)
        again[once & (exact != 0) & began] = Again.part
    left = once & (exact != 0) & (again == Again.no)
    again[_paid_before(prices, rows, left, seen)] = Again.spell
    return part, again


def _paid_before(
    prices: PupilPrices, rows: PupilRows, once: NDArray[np.bool_], seen: set[PupilPrice]
) -> NDArray[np.bool_]:
    """Return the rows, of those that are paid ``once``, whose pupil and price are among those ``seen``, which grow by them."""
    again = np.zeros(len(rows.place), bool)
    for row, held in _pupils_and_prices(prices, rows, once):
        again[row] = held in seen
        seen.add(held)
    return again


def _among(
    seen: set[PupilPrice], prices: PupilPrices, rows: PupilRows, once: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return the rows, of those that are paid ``once``, whose pupil and price are among those ``seen``."""
    among = np.zeros(len(rows.place), bool)
    for row, held in _pupils_and_prices(prices, rows, once):
        among[row] = held in seen
    return among


def _pupils_and_prices(
    prices: PupilPrices, rows: PupilRows, which: NDArray[np.bool_]
) -> Iterator[tuple[int, PupilPrice]]:
    """Yield some of the rows, by place, each with its pupil and price."""
    price = prices.by_combination.price[prices.combinations.combination[rows.place]]
    for row in np.flatnonzero(which).tolist():
        yield row, (int(rows.pupil[row]), int(price[row]))
