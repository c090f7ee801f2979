"""Rows of a table that are set apart and not valued, with the reason: what is read is valued or set apart."""

from enum import StrEnum
from typing import NamedTuple

from engine.errors import NotReconciled


class Why(StrEnum):
    """Why a row is set apart."""

    other_authority = "another authority's"
    outside_england = "outside England"


class RowsApart(NamedTuple):
    """How many rows are set apart for one reason: of which authority or country, by code and name."""

    why: Why
    code: str
    name: str
    number: int

    @property
    def whose(self) -> str:
        """Return the authority or country, with its code where it has one."""
        return f"{self.code} ({self.name})" if self.code else self.name


class RowCounts(NamedTuple):
    """The rows of a table: as many as were read, those that are valued, and those set apart, by reason."""

    read: int
    valued: int
    apart: tuple[RowsApart, ...]

    def reconcile(self) -> None:
        """Raise ``NotReconciled`` unless every row that was read is valued or set apart."""
        if self.read != self.valued + sum(one.number for one in self.apart):
            message = "the rows that are valued and set apart are not those that were read"
            raise NotReconciled(message)

    def record(self) -> dict[str, object]:
        """Return the counts as plain values, for a manifest or an answer."""
        apart = [one._asdict() | {"why": one.why.value} for one in self.apart]
        return {"read": self.read, "valued": self.valued, "set_apart": apart}

    @property
    def sentence(self) -> str:
        """Return how many rows were read, are valued and are set apart, and why."""
        parts = [
            f"{', '.join(_named(those))}, {why.value}"
            for why in Why
            if (those := [one for one in self.apart if one.why is why])
        ]
        rows = "row" if self.read == 1 else "rows"
        number = self.read - self.valued
        whose = f": {'; '.join(parts)}" if parts else ""
        return f"{self.read:,} {rows} read, {self.valued:,} valued, {number:,} set apart{whose}"


MOST = 10
"""Authorities that a sentence names; it counts the rows of the others."""


def _named(those: list[RowsApart]) -> list[str]:
    """Return how many rows are of each of the authorities that have most of them, and of all others."""
    most = sorted(those, key=lambda one: -one.number)
    named = [f"{one.number:,} of {one.whose}" for one in most[:MOST]]
    more = sum(one.number for one in most[MOST:])
    return [*named, f"{more:,} of {len(most) - MOST} more"] if more else named
