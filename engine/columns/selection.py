"""The columns that a rule set uses."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, repr=False)
class ColumnSelection:
    """The columns that a rule set (or a pair of them) uses.

    ``required`` must be in the file; ``known`` may be; any other is refused.
    ``labels`` are the bands that the column ``band`` may hold, in code order.
    """

    required: frozenset[str]
    known: frozenset[str]
    labels: tuple[str, ...] = ()
    phase_pupils: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """for each phase, the units columns that add to its pupils (shares are taken of them)"""

    def __or__(self, other: "ColumnSelection") -> "ColumnSelection":
        """Return what both rule sets use together."""
        labels = (*self.labels, *(label for label in other.labels if label not in self.labels))
        pupils = {**other.phase_pupils, **self.phase_pupils}
        return ColumnSelection(
            self.required | other.required, self.known | other.known, labels, pupils
        )
