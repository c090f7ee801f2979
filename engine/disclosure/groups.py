"""Counts of pupils by group and class, and the arcs of the network that their sums make.

Every sum that a table shows is a number that flows through a place: the number of a region flows out to
its authorities, each authority's to its classes (winners, losers, unchanged), and the classes of a region's
authorities together into the classes of the region. What a reader can work out is what can flow.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int

Flags = NDArray[np.bool_]
TOTAL = -1
"""The parent of a group that is directly under the total."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Pupils of one grouping by class; a group may be part of another, as authorities are of regions.

    parent  (groups) place of the group that it is part of, ``TOTAL`` directly under the total
    parts   (groups, classes) pupils; every pupil of a group is in one class

    Raises ``ValueError`` where a group's parts are not the sums of the groups that it has, or a group
    comes before the group that it is part of.
    """

    parent: Int
    parts: Int

    def __post_init__(self) -> None:
        """Check that the groups are a tree whose sums agree."""
        if (self.parent >= np.arange(len(self.parent))).any() or (self.parts < 0).any():
            message = "a group comes after the group that it is part of, and no count is below 0"
            raise ValueError(message)
        for group in np.flatnonzero(self.divided):
            if not np.array_equal(self.parts[self.parent == group].sum(axis=0), self.parts[group]):
                message = "the parts of a group are the sums of the groups in it"
                raise ValueError(message)

    @property
    def divided(self) -> Flags:
        """Return the groups that have groups in them."""
        divided = np.zeros(len(self.parent), bool)
        divided[self.parent[self.parent != TOTAL]] = True
        return divided

    @property
    def number(self) -> Int:
        """Return the pupils of each group (groups)."""
        return np.asarray(self.parts.sum(axis=1), np.int64)

    @property
    def totals(self) -> Int:
        """Return the pupils of each class (classes)."""
        return np.asarray(self.parts[self.parent == TOTAL].sum(axis=0), np.int64)


@dataclass(frozen=True, slots=True)
class Mask:
    """What is hidden of a grouping.

    number  (groups), parts (groups, classes), totals (classes); ``whole`` the number of all pupils
    """

    number: Flags
    parts: Flags
    totals: Flags
    whole: bool


@dataclass(frozen=True, slots=True)
class Network:
    """The cells of a grouping as arcs between places at which sums meet.

    tail, head, value  (arcs)  the cells: the number of each group, its parts by class, the totals of
                       the classes, and last the number of all pupils
    """

    places: int
    tail: Int
    head: Int
    value: Int

    @classmethod
    def of(cls, groups: Groups) -> "Network":
        """Return the network of a grouping: what flows into a place flows out of it."""
        size, classes = groups.parts.shape
        source, sink = size, size + 1
        # The place of a class of a group is where the same class of the groups in it meets.
        meeting = size + 2 + np.arange((size + 1) * classes).reshape(size + 1, classes)
        up = np.where(groups.parent == TOTAL, source, groups.parent)
        above = np.where(groups.parent == TOTAL, size, groups.parent)
        leaf = ~groups.divided
        part_tail = np.where(leaf[:, None], np.arange(size)[:, None], meeting[:size])
        return cls(
            places=size + 2 + (size + 1) * classes,
            tail=np.r_[up, part_tail.ravel(), meeting[size], sink],
            head=np.r_[np.arange(size), meeting[above].ravel(), np.full(classes, sink), source],
            value=np.r_[groups.number, groups.parts.ravel(), groups.totals, groups.totals.sum()],
        )

    def mask(self, hides: Flags, groups: Groups) -> Mask:
        """Return what is hidden by arc as what is hidden by group."""
        size, classes = groups.parts.shape
        parts = hides[size : size * (classes + 1)].reshape(size, classes)
        return Mask(hides[:size], parts, hides[size * (classes + 1) : -1], bool(hides[-1]))
