"""What a pupil's price is multiplied by: hours, levels, points or money, and which part of it counts."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.modules.top_ups.pupil_combinations import points_of
from engine.modules.top_ups.refusals import refuse
from engine.money import MILLION
from engine.rules.compiled import CompiledTopUps
from engine.rules.inputs import SCALES
from engine.steps import counted_part
from engine.tables import Combinations, Pupils, frozen

MONEY = ("assessed_cost", "exceptional_amount")
"""Quantities that are held in pence; the others are counted in millionths."""


def quantities_of(
    top_ups: CompiledTopUps,
    pupils: Pupils,
    combinations: Combinations,
    price: NDArray[np.int32],
    *,
    refuses: bool = True,
) -> Int:
    """Return what each pupil's price is multiplied by; empty where no price has a multiple.

    Refuses quantities that are not whole steps of their price, where it ``refuses``.
    """
    kinds = [one.quantity for one in top_ups.prices]
    if not any(kinds):
        return frozen(np.empty(0, np.int64))
    quantity = np.zeros(len(pupils), np.int64)
    for name in sorted(set(filter(None, kinds))):
        # By combination first, which are few; a pupil then takes its combination's, whatever the number of prices.
        priced = [one.quantity == name for one in top_ups.prices]
        uses = _of_combinations(priced, price, no_price=False)[combinations.combination]
        held = quantity_of(top_ups, pupils, name)
        if refuses:
            _refuse_odd(top_ups, pupils, combinations, price, name, held)
        parts = [counted_part(one.counts) for one in top_ups.prices]
        least, most, above = (
            _each(bounds, priced, price, combinations.combination)
            for bounds in zip(*parts, strict=True)
        )
        counted = np.minimum(np.maximum(held, least), most) - above
        quantity = np.where(uses, np.where(held < 0, -1, counted), quantity)
    return frozen(quantity)


def _of_combinations(
    by_price: Sequence[int], price: NDArray[np.int32], *, no_price: int
) -> NDArray[Any]:
    """Return a number of each combination's price; -1 is no price."""
    return np.asarray([*by_price, no_price])[price]


def _each(
    by_price: Sequence[int],
    priced: Sequence[bool],
    price: NDArray[np.int32],
    which: NDArray[np.int32],
) -> Int | int:
    """Return a number of each pupil's price; one for all where the prices that count have the same."""
    different = {one for one, counts in zip(by_price, priced, strict=True) if counts}
    if len(different) == 1:
        return different.pop()
    each: Int = _of_combinations(by_price, price, no_price=0)[which]
    return each


def _refuse_odd(
    top_ups: CompiledTopUps,
    pupils: Pupils,
    combinations: Combinations,
    price: NDArray[np.int32],
    name: str,
    held: Int,
) -> None:
    """Refuse quantities that are not whole steps of their price."""
    steps = [one.step if one.quantity == name else 0 for one in top_ups.prices]
    for step in sorted({*steps} - {0}):
        uses = _of_combinations([one == step for one in steps], price, no_price=False)
        odd = uses[combinations.combination] & (held > 0) & (held % step != 0)
        refuse(
            np.sort(pupils.rows[odd]), "step", name, "must be in whole steps of this band's price"
        )


def quantity_of(top_ups: CompiledTopUps, pupils: Pupils, name: str) -> Int:
    """Return a quantity in millionths (of an hour, a level, a point) or in pence; negative where missing."""
    derived = name == "points" and top_ups.dimensions
    values = points_of(top_ups, pupils) if derived else pupils.columns[name]
    held = values.astype(np.int64)
    scale = 1 if name in MONEY else MILLION // SCALES.get(name, 1)
    return np.where(held < 0, -1, held * scale)
