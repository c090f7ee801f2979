"""The unit of a column's numbers, in words."""

from engine.catalogue.entries import UNITS
from engine.columns import AMOUNT_PREFIX, PROPORTION_PREFIX, UNITS_PREFIX, Column

SPECIAL_UNITS = {
    "level": "levels, with up to six decimals",
    "sparsity_distance": "miles",
    "london_fringe": "multiplier",
    "reception_difference": "pupils",
    "prior_pupils": "pupils",
    "sen_support_pupils": "pupils",
    "ehc_plans": "pupils",
    "group_size": "pupils",
    "days_open": "days",
    "score": "points of a score",
    "points": "points",
}


def unit_of(column: Column) -> str:
    """Return what a column's numbers count, in words, or its kind of content without a unit."""
    if column.name in SPECIAL_UNITS:
        return SPECIAL_UNITS[column.name]
    if column.name.startswith(UNITS_PREFIX):
        return "pupils or other units"
    if column.name.startswith(PROPORTION_PREFIX):
        return "share of the phase's pupils, 0 to 1"
    if column.name.startswith(AMOUNT_PREFIX):
        return "pounds"
    return UNITS[column.kind]
