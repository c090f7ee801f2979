"""Disclosure control: which counts and amounts of a table a publication hides, so that no small number can be worked out.

Cells of a few pupils are hidden, and others beside them, until a reader who adds and subtracts what is shown
finds no hidden number. The method and its proof are in ``docs/decisions/disclosure-control.md``.
"""

from engine.disclosure.groups import Groups, Mask
from engine.disclosure.profile import DisclosureProfile, disclosure_profile
from engine.disclosure.suppression import (
    Bounds,
    Range,
    bounds_of,
    common_mask,
    masks_of,
    ranges,
)

__all__ = [
    "Bounds",
    "DisclosureProfile",
    "Groups",
    "Mask",
    "Range",
    "bounds_of",
    "common_mask",
    "disclosure_profile",
    "masks_of",
    "ranges",
]
