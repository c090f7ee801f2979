"""What changes for pupils by group, one pupil at a time."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import ceil


class Change:
    """The sums and counts of a group: of those known on both sides, and how many are not."""

    def __init__(self) -> None:
        self.number = self.winners = self.losers = self.absent = 0
        self.before = self.after = Decimal(0)

    def add(self, before: Decimal | None, after: Decimal | None) -> None:
        """Add one pupil; None where an amount is not known."""
        self.number += 1
        if before is None or after is None:
            self.absent += 1
            return
        self.before += before
        self.after += after
        self.winners += after > before
        self.losers += after < before

    def counts(self) -> tuple[Decimal, Decimal, int, int, int, int]:
        """Return before, after, number, winners, losers and how many are not known."""
        return (
            self.before, self.after, self.number, self.winners, self.losers, self.absent,
        )  # fmt: skip


def changes_by_group(
    pupils: Iterable[tuple[str, Decimal | None, Decimal | None]],
) -> dict[str, Change]:
    """Return the change of each group, of pupils with their group and the amounts of both sides."""
    found: dict[str, Change] = {}
    for group, before, after in pupils:
        found.setdefault(group, Change()).add(before, after)
    return found


def nearest_ranks(changes: list[Decimal]) -> tuple[Decimal, ...]:
    """Return the nine values of which a tenth, two tenths and so on are no more."""
    ordered = sorted(changes)
    ranks = [ceil(Fraction(share, 10) * len(ordered)) for share in range(1, 10)]
    return tuple(ordered[rank - 1] for rank in ranks) if ordered else ()
