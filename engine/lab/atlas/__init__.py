"""Rule sets side by side: what each method pays for, at what price, and its results for schools."""

from engine.lab.atlas.table import Atlas, AtlasRow, Side, atlas
from engine.lab.atlas.workbook import atlas_record, atlas_rows, screen_rows, write_atlas_workbook

__all__ = [
    "Atlas",
    "AtlasRow",
    "Side",
    "atlas",
    "atlas_record",
    "atlas_rows",
    "screen_rows",
    "write_atlas_workbook",
]
