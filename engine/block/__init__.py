"""The authority's level: the high needs block, places, and money targeted at schools."""

from engine.block.high_needs import BlockAmount, value_block
from engine.block.places import PlaceAmount, place_rates, value_places
from engine.block.targeted import TargetedAmount, value_targeted

__all__ = [
    "BlockAmount",
    "PlaceAmount",
    "TargetedAmount",
    "place_rates",
    "value_block",
    "value_places",
    "value_targeted",
]
