"""The rows of candidates that are published: text, with the profile's symbol for what is hidden."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.candidates import Run
from engine.candidates.evidence import AMOUNTS, COUNTS
from engine.candidates.publication import Showing
from engine.columns import Int
from engine.disclosure import DisclosureProfile
from engine.export.candidate_areas import AreaColumns
from engine.export.candidates import MOST_PATHS
from engine.export.group_names import group_name
from engine.money import PENCE, half_away, pounds
from engine.rows import Rows, Shape

BASELINE = "baseline"
COLUMNS = ("number", *AMOUNTS, *COUNTS[1:])
CHANGES = ("winners", "losers", "unchanged")
"""Counts that tell lengths of stay, where a change is so small that it comes to nothing in a part of the year."""

WORDS = {
    "candidate": Shape.text, "grouping": Shape.text, "group": Shape.text, "name": Shape.text,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class PublicTable:
    """The figures of a run of candidates, and what is shown of them.

    rows   (candidates) the places of all, ascending; ``named`` of those that are published by authority
    every  by column, figures of everyone and regions (candidates, places)
    some   by column, those of the named, or of any one where none is, with authorities (candidates, places)
    near   (candidates) whose counts of winners and losers are hidden
    """

    run: Run
    areas: AreaColumns
    rows: Int
    named: Int
    every: dict[str, Int]
    some: dict[str, Int]
    showing: Showing
    near: NDArray[np.bool_]
    profile: DisclosureProfile

    def totals(self) -> Rows:
        """Return a row a candidate, of everyone: what it tries, and what is shown of it."""
        candidates = self.run.candidates
        values = candidates.values if len(candidates.values) <= MOST_PATHS else ()
        shapes = {
            "candidate": Shape.text, **{one.place: Shape.figure for one in values}, **dict.fromkeys(COLUMNS, Shape.figure),
        }  # fmt: skip
        records: list[list[str | None]] = [
            [candidates.name(row), *(one.text(row) for one in values), *self._wide(at, 0)]
            for at, row in enumerate(self.rows.tolist())
        ]
        return _table("candidates", shapes, records)

    def groups(self) -> Rows:
        """Return a row a group: of the baseline, then of each candidate."""
        shapes = {**WORDS, **dict.fromkeys(COLUMNS, Shape.figure)}
        records = [[BASELINE, *one] for one in self._baseline()]
        place = {row: at for at, row in enumerate(self.named.tolist())}
        for at, row in enumerate(self.rows.tolist()):
            name = self.run.candidates.name(row)
            names = self._names()
            for group, words in enumerate(names[: len(self.areas.wide)]):
                records.append([name, *words, *self._wide(at, group)])
            if row in place:
                first = len(self.areas.wide)
                for group, words in enumerate(names[first:], first):
                    cells = self._cells(self.some, place[row], group, near=bool(self.near[at]))
                    records.append([name, *words, *cells])
        return _table("groups", shapes, records)

    def _names(self) -> list[tuple[str, str, str | None]]:
        kinds = [("total", "total"), *(("region", one) for one in self.areas.regions)]
        kinds += [("la", one) for one in self.areas.authorities]
        return [(kind, one, group_name(kind, one)) for kind, one in kinds]

    def _baseline(self) -> Iterator[list[str | None]]:
        """Yield the numbers of pupils, and what the baseline pays, of each place."""
        for group, words in enumerate(self._names()):
            cells = self._cells(self.some, 0, group, near=True)
            own = dict(zip(COLUMNS, cells, strict=True))
            yield [*words, *(own[one] if one in ("number", "before") else None for one in COLUMNS)]

    def _wide(self, at: int, group: int) -> list[str]:
        """Return the cells of a candidate's row of everyone, or of a region."""
        if self.showing.for_all:
            return self._cells(self.every, at, group, near=bool(self.near[at]))
        places = np.flatnonzero(self.named == self.rows[at])
        if not len(places):
            return [self.profile.symbol] * len(COLUMNS)
        return self._cells(self.some, int(places[0]), group, near=bool(self.near[at]))

    def _cells(self, figures: dict[str, Int], at: int, group: int, *, near: bool) -> list[str]:
        """Return the numbers and amounts of a row, in the order of ``COLUMNS``."""
        showing, cells = self.showing, []
        is_authority = group >= len(self.areas.wide)
        step = self.profile.rounded_to_pounds * PENCE if is_authority else showing.step
        for name in COLUMNS:
            value = int(figures[name][at, group])
            if name in AMOUNTS:
                shows = bool(showing.money[group])
                text = pounds(int(half_away(value, step)) * step)
            else:
                shows = bool(showing.counts[group, COUNTS.index(name)])
                shows = shows and not (near and name in CHANGES)
                text = str(value)
            cells.append(text if shows else self.profile.symbol)
        return cells


def _table(name: str, shapes: dict[str, Shape], records: list[list[str | None]]) -> Rows:
    schema = dict.fromkeys(shapes, pl.String)
    return Rows(name, shapes, pl.DataFrame(records, schema=schema, orient="row"))
