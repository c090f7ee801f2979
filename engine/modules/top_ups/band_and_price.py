"""A band profile applied to combinations: bands, prices, and reasons before any price.

Where the combinations are the profile's own cells, this is the same for every table of
pupils, and is worked out once.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.kernels.top_ups import PRICED
from engine.modules.top_ups.bands import answers_of, verdict_of
from engine.modules.top_ups.prices import Rates, rates_of, threshold_of
from engine.modules.top_ups.pupil_combinations import Attributes
from engine.rules.compiled import CompiledTopUps
from engine.rules.grid import NONE
from engine.tables import MISSING, frozen


class Worked(NamedTuple):
    """Band, price and reason of each combination, one entry each.

    row, band, price  the deciding row, the profile's band and the tariff's price; -1 where none
    verdict    ``PRICED``, or the reason why there is no price
    threshold  first part that the school meets and the price includes, pence
    """

    row: NDArray[np.int32]
    band: NDArray[np.int32]
    price: NDArray[np.int32]
    verdict: NDArray[np.int8]
    rates: Rates
    threshold: Int


def worked_out(top_ups: CompiledTopUps, attributes: Attributes, *, by_cells: bool) -> Worked:
    """Return a profile applied to combinations of attributes; cached where they are the profile's own."""
    if not by_cells:
        return _work_out(top_ups, attributes)
    return top_ups.cache.get("combinations", _work_out, top_ups, attributes)


def _work_out(top_ups: CompiledTopUps, attributes: Attributes) -> Worked:
    row = answers_of(top_ups.assignment, attributes)
    band = np.where(row < 0, NONE, top_ups.band_of_row[np.maximum(row, 0)]).astype(np.int32)
    banded = {**attributes, "band": np.where(band == NONE, MISSING, band).astype(np.int32)}
    price = answers_of(top_ups.tariff, banded)
    verdict = verdict_of(top_ups, banded, row, price)
    row, price = np.maximum(row, np.int32(NONE)), np.maximum(price, np.int32(NONE))
    payable = np.where(verdict == PRICED, price, np.int32(NONE))
    return Worked(
        frozen(row),
        frozen(band),
        frozen(price),
        frozen(verdict),
        rates_of(top_ups, banded, payable),
        threshold_of(top_ups, attributes, len(row)),
    )
