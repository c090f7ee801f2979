"""Everyone, regions and authorities among the groups of a run of candidates, and what a table of them hides."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.candidates.evidence import COUNTS
from engine.candidates.groups import NOT_SUPPLIED, Groups
from engine.columns import Int
from engine.disclosure import DisclosureProfile, Mask, masks_of
from engine.disclosure import Groups as Tree
from engine.disclosure.groups import TOTAL
from engine.export.publication import flat_groups
from engine.vocabulary import authority_regions

LINKED = ("la", "need", "setting")
"""What a comparison of one candidate publishes together: what it hides of authorities is hidden here too."""

CLASSES = COUNTS[1:]


@dataclass(frozen=True, slots=True, eq=False)
class AreaColumns:
    """The places of everyone, regions and authorities on the axis of a run's groups.

    regions, authorities  their names
    region  (authorities) the place of each one's region among ``regions``
    wide    the columns of everyone and regions; ``all`` those and authorities
    """

    groups: Groups
    regions: tuple[str, ...]
    authorities: tuple[str, ...]
    region: Int
    wide: Int
    all: Int

    @classmethod
    def of(cls, groups: Groups) -> "AreaColumns":
        """Return the columns of a run's groups; raises ``ValueError`` for a run without regions and authorities."""
        region, la, total = (groups.kind(name) for name in ("region", "la", "total"))
        if region is None or la is None or total is None:
            message = "a run without regions and authorities among its groups cannot be published"
            raise ValueError(message)
        names = authority_regions()
        of = [region.groups.index(names.get(int(one), NOT_SUPPLIED)) for one in la.groups]
        wide = np.r_[total.start, np.arange(len(region.groups)) + region.start]
        return cls(
            groups, region.groups, la.groups, np.asarray(of, np.int64), wide.astype(np.int64),
            np.r_[wide, np.arange(len(la.groups)) + la.start].astype(np.int64),
        )  # fmt: skip

    def tree(self, figures: Mapping[str, Int], at: int) -> Tree:
        """Return the pupils of regions and authorities by class under one candidate.

        Regions are what their authorities add to: a pupil with spells in two of them counts in both.
        """
        leaves = self._classes(figures, at, "la")
        above = np.zeros((len(self.regions), len(CLASSES)), np.int64)
        np.add.at(above, self.region, leaves)
        parent = np.r_[np.full(len(self.regions), TOTAL), self.region]
        return Tree(parent, np.vstack([above, leaves]))

    def compared(self, figures: Mapping[str, Int], at: int, profile: DisclosureProfile) -> Mask:
        """Return what a published comparison of one candidate hides of its authorities, and of the totals."""
        total = np.asarray([figures[name][at, self.wide[0]] for name in CLASSES], np.int64)
        tables = []
        there = np.zeros(0, np.int64)
        for kind in LINKED:
            if self.groups.kind(kind) is None:
                continue
            counts = self._classes(figures, at, kind)
            filled = np.flatnonzero(counts.sum(axis=1))
            there = filled if kind == "la" else there
            tables.append(flat_groups(counts[filled], total))
        hides = masks_of(tables, profile)[0]
        size, first = len(self.regions) + len(self.authorities), len(self.regions)
        number, parts = np.zeros(size, bool), np.zeros((size, len(CLASSES)), bool)
        number[first + there] = hides.number[: len(there)]
        parts[first + there] = hides.parts[: len(there)]
        return Mask(number, parts, hides.totals, hides.whole)

    def _classes(self, figures: Mapping[str, Int], at: int, kind: str) -> Int:
        """Return the pupils of each group of a kind by class (groups, classes)."""
        of = self.groups.kind(kind)
        where = slice(0, 0) if of is None else of.slice
        return np.stack([figures[name][at, where] for name in CLASSES], axis=1)
