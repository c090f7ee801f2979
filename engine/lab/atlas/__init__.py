"""Rule sets side by side: what each method pays for, at what price, and its results for schools."""

from engine.lab.atlas.entries import Part
from engine.lab.atlas.table import Atlas, AtlasRow, Side, atlas
from engine.lab.atlas.workbook import atlas_record, atlas_rows, screen_rows, write_atlas_workbook
from engine.rules.measures import Unit

__all__ = [
    "Atlas",
    "AtlasRow",
    "Part",
    "Side",
    "Unit",
    "atlas",
    "atlas_record",
    "atlas_rows",
    "screen_rows",
    "write_atlas_workbook",
]
