"""The authority's level: the high needs block, places, and money targeted at schools."""

from engine.block.block_table import BlockValued, block_amounts, block_rows
from engine.block.high_needs import BlockAmount, value_block
from engine.block.place_table import PlacesValued, place_amounts, place_rows
from engine.block.places import PlaceAmount, place_rates, value_places
from engine.block.sums import table_sums, total_of
from engine.block.targeted import TargetedAmount, value_targeted
from engine.block.targeted_table import SchoolTargeted, targeted_amounts, targeted_rows

__all__ = [
    "BlockAmount",
    "BlockValued",
    "PlaceAmount",
    "PlacesValued",
    "SchoolTargeted",
    "TargetedAmount",
    "block_amounts",
    "block_rows",
    "place_amounts",
    "place_rates",
    "place_rows",
    "table_sums",
    "targeted_amounts",
    "targeted_rows",
    "total_of",
    "value_block",
    "value_places",
    "value_targeted",
]
