"""What a pupil's price is multiplied by: hours, levels, points or money, and which part of it counts."""

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.modules.top_ups.pupil_combinations import points_of
from engine.modules.top_ups.refusals import refuse
from engine.money import MILLION
from engine.rules.compiled import CompiledTopUps
from engine.rules.inputs import SCALES
from engine.steps import counted
from engine.tables import Combinations, Pupils, frozen

MONEY = ("assessed_cost", "exceptional_amount")
"""Quantities that are held in pence; the others are counted in millionths."""


def quantities_of(
    top_ups: CompiledTopUps, pupils: Pupils, combinations: Combinations, price: NDArray[np.int32]
) -> Int:
    """Return what each pupil's price is multiplied by; empty where no price has a multiple."""
    kinds = [one.quantity for one in top_ups.prices]
    if not any(kinds):
        return frozen(np.empty(0, np.int64))
    quantity = np.zeros(len(pupils), np.int64)
    held = {name: quantity_of(top_ups, pupils, name) for name in sorted(set(filter(None, kinds)))}
    for at, (one, name) in enumerate(zip(top_ups.prices, kinds, strict=True)):
        if name is None or not (price == at).any():
            continue
        uses = (price == at)[combinations.combination]
        if one.step:
            odd = uses & (held[name] > 0) & (held[name] % one.step != 0)
            sentence = "must be in whole steps of this band's price"
            refuse(np.sort(pupils.rows[odd]), "step", name, sentence)
        quantity[uses] = counted(one.counts, held[name])[uses]
    return frozen(quantity)


def quantity_of(top_ups: CompiledTopUps, pupils: Pupils, name: str) -> Int:
    """Return a quantity in millionths (of an hour, a level, a point) or in pence; negative where missing."""
    derived = name == "points" and top_ups.dimensions
    values = points_of(top_ups, pupils) if derived else pupils.columns[name]
    held = values.astype(np.int64)
    scale = 1 if name in MONEY else MILLION // SCALES.get(name, 1)
    return np.where(held < 0, -1, held * scale)
