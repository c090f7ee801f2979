"""An authority's high needs block, from its terms."""

from engine.modules.high_needs_block.table import BlockValued, HighNeedsBlockModule
from engine.modules.high_needs_block.valuation import BlockAmount, value_block

HIGH_NEEDS_BLOCK = HighNeedsBlockModule()

__all__ = ["HIGH_NEEDS_BLOCK", "BlockAmount", "BlockValued", "value_block"]
