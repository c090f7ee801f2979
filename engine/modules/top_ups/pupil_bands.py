"""Each pupil's combination, with its band and price, before any amount of money."""

from engine.modules.top_ups.band_and_price import worked_out
from engine.modules.top_ups.outcome import Decisions
from engine.modules.top_ups.prices import priced
from engine.modules.top_ups.pupil_combinations import combined
from engine.row_chunks import Blocks
from engine.rules.compiled import CompiledTopUps
from engine.tables import Pupils


def decisions_of(top_ups: CompiledTopUps, pupils: Pupils, blocks: Blocks) -> Decisions:
    """Return the band and price of each pupil's combination under a band profile and its top-up rule."""
    combinations, attributes, by_cells = combined(top_ups, pupils, blocks)
    worked = worked_out(top_ups, attributes, by_cells=by_cells)
    return Decisions(
        combinations,
        worked.verdict,
        worked.band,
        worked.row,
        worked.price,
        priced(top_ups, pupils, combinations, worked.rates),
        worked.threshold,
    )
