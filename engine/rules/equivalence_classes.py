"""A profile's whole rules as classes: values of pupils' columns that no clause tells apart.

Of a pupil's score, only the steps between which it lies matter. The edges of all
of a profile's conditions together cut each input into classes; every combination of classes is
one line of a short list on which bands and prices are worked out, however many pupils there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.rules.grid import Grid, domain
from engine.rules.inputs import Input
from engine.tables.combinations import MISSING, frozen

MOST = 1 << 16
"""Combinations of classes beyond which the combinations that pupils have are fewer."""


@dataclass(frozen=True, slots=True)
class EquivalenceClasses:
    """Every combination of the classes of a profile's inputs.

    names       the inputs that conditions read
    edges       ascending first values of each input's classes; below the first is "not supplied"
    strides     step of each input's class among the combinations
    attributes  (combinations, inputs) the first value of each class, ``MISSING`` where not supplied
    """

    names: tuple[str, ...]
    edges: tuple[tuple[int, ...], ...]
    strides: tuple[int, ...]
    attributes: NDArray[np.int32]

    def contribution(self, name: str, values: NDArray[np.signedinteger]) -> NDArray[np.int32]:
        """Return what each value of an input adds to the position of a combination."""
        at = self.names.index(name)
        number = np.searchsorted(np.asarray(self.edges[at]), values, side="right")
        return (number * self.strides[at]).astype(np.int32)


def classes_between(
    grids: Sequence[Grid],
    beside: Mapping[str, Sequence[int]] | None = None,
    most: int | None = None,
) -> EquivalenceClasses | None:
    """Return the classes of some grids' inputs, or None where their combinations are more than ``most``, by default ``MOST``.

    ``beside`` names further values of an input that something tells apart. A price's band is
    an answer and no input, unless bands are given: the first grid says.
    """
    edges: dict[str, set[int]] = {}
    for at, grid in enumerate(grids):
        for place, name in enumerate(grid.inputs):
            if at == 0 or name != Input.band or Input.band in grids[0].inputs:
                edges.setdefault(str(name), set()).update(grid.edges_of(place))
    for name, values in (beside or {}).items():
        # The lowest value is an edge too: what lies below the first is taken for not supplied.
        lowest, _ = domain(name, 0)
        edges.setdefault(name, set()).update((lowest,), values, (value + 1 for value in values))
    names = sorted(edges)
    cut = tuple(tuple(sorted(edges[name])) for name in names)
    shape = tuple(len(one) + 1 for one in cut)
    size = int(np.prod(shape, dtype=object)) if shape else 1
    if size > (most or MOST):
        return None
    strides = tuple(int(np.prod(shape[at + 1 :], dtype=object)) for at in range(len(shape)))
    number = np.arange(size)
    attributes = np.empty((size, len(names)), np.int32)
    for at, one in enumerate(cut):
        first = np.asarray([MISSING, *one], np.int64)
        attributes[:, at] = first[number // strides[at] % shape[at]]
    return EquivalenceClasses(tuple(names), cut, strides, frozen(attributes))
