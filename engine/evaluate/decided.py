"""What rules decide of pupils before any penny is: each one's combination, and its band and price."""

from engine.blocks import Blocks
from engine.evaluate.cells import combined
from engine.evaluate.prices import priced
from engine.evaluate.worked import worked_out
from engine.outcome import Decided
from engine.rules.compiled import CompiledTopUps
from engine.tables import Pupils


def decided(top_ups: CompiledTopUps, pupils: Pupils, blocks: Blocks) -> Decided:
    """Return what a band profile and its top-up rule decide of each pupil's combination."""
    tuples, attributes, by_cells = combined(top_ups, pupils, blocks)
    worked = worked_out(top_ups, attributes, by_cells=by_cells)
    return Decided(
        tuples,
        worked.verdict,
        worked.band,
        worked.row,
        worked.price,
        priced(top_ups, pupils, tuples, worked.rates),
        worked.threshold,
    )
