"""The figures of a report: of all candidates, and by group of those that are listed; exact, or as they may be published."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.candidates import BlockRun
from engine.candidates.figures import PARTS
from engine.candidates.summary import Summary, front
from engine.columns import Int
from engine.disclosure import DisclosureProfile
from engine.export.candidate_publication import Publication
from engine.export.candidates import group_rows_of
from engine.money import half_away
from engine.report.choice import Choice
from engine.report.subject import PUPILS, Subject, subject_of

Flags = NDArray[np.bool_]
CLASSES = ("winners", "losers", "unchanged", "not_known")
COLUMNS = ("number", "before", "after", "change", *CLASSES)
MONEY = frozenset({"before", "after", "change"})
Groups = Mapping[str, Mapping[str, Any]]
"""The figures of groups, by group, each by column; the name of a group is among them."""

FEWEST = 2
"""Regions that a spread is between, at least."""

NOTHING = (-1, -1)
"""The shares of a candidate of whom too few regions are shown."""


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """The largest share of its total that an area loses, and the spread between areas, in hundredths of a per cent.

    area      what an area is: an authority, or a region
    loss, spread  (candidates) in the order of the figures; ``known`` where both are
    """

    area: str
    loss: Int
    spread: Int
    known: Flags


@dataclass(frozen=True, eq=False)
class Figures:
    """What a report shows of candidates.

    rows    (candidates) the places among all of those that were valued
    totals  a row for each of them, in whole pence; null where it is not known, or hidden
    groups  a row a group of the candidates that are listed: ``candidate``, ``grouping``, ``group``, ``name`` and figures
    profile what hides small numbers; None where all are exact
    subject who are counted: pupils, or schools
    """

    rows: Int
    totals: pl.DataFrame
    groups: pl.DataFrame
    shares: Shares
    profile: DisclosureProfile | None = None
    subject: Subject = PUPILS

    @property
    def lacking(self) -> str:
        """Return the text of a figure that is not shown."""
        return "not known" if self.profile is None else self.profile.symbol

    @cached_property
    def places(self) -> dict[int, int]:
        """Return the row of ``totals`` of each candidate, by its place among all."""
        return {row: at for at, row in enumerate(self.rows.tolist())}

    def of(self, row: int) -> dict[str, int | None]:
        """Return the figures of everyone under a candidate, by its place among all."""
        return dict(self.totals.row(self.places[row], named=True))

    def of_groups(self, candidate: str, grouping: str) -> Groups:
        """Return the figures of each group of a kind under a candidate, by group."""
        chosen = self.groups.filter(
            (pl.col("candidate") == candidate) & (pl.col("grouping") == grouping)
        )
        return {one["group"]: one for one in chosen.iter_rows(named=True)}

    @cached_property
    def cost(self) -> Int:
        """Return what each candidate costs, pence; 0 where that is not shown."""
        found: Int = self.totals["after"].fill_null(0).to_numpy().astype(np.int64)
        return found

    def front(self, values: Int, known: Flags, keeps: Flags) -> Int:
        """Return the places among all of the candidates that no other beats in cost and in some values, by cost.

        values, known  (candidates) in the order of ``rows``
        keeps          (all candidates) those that keep to what they must
        """
        found: Int = self.rows[front(self.cost, values, known & keeps[self.rows])]
        return found


def exact_figures(run: BlockRun, summary: Summary, choice: Choice) -> Figures:
    """Return figures of which nothing is hidden; by group of the few that are chosen."""
    rows = np.flatnonzero(summary.valued).astype(np.int64)
    held, own = summary.figures, {"not_known": "unknown"}
    totals = {
        name: getattr(held, own.get(name, name))[rows] for name in ("before", "after", *CLASSES)
    }
    totals["change"] = totals["after"] - totals["before"]
    totals["number"] = np.sum([totals[name] for name in CLASSES], axis=0)
    frame = pl.DataFrame({name: totals[name] for name in COLUMNS})
    known = pl.col("number") > pl.col("not_known")
    frame = frame.with_columns(pl.when(known).then(pl.col(name)).alias(name) for name in MONEY)
    groups = group_rows_of(run, choice.few).frame
    everywhere = np.ones(len(rows), np.bool_)
    shares = Shares("authority", held.loss[rows], held.spread[rows], everywhere)
    return Figures(rows, frame, groups, shares, None, subject_of(run))


def published_figures(summary: Summary, found: Publication, profile: DisclosureProfile) -> Figures:
    """Return the figures of a publication of all candidates that were valued: what is hidden is null."""
    rows = np.flatnonzero(summary.valued).astype(np.int64)
    totals, groups = found.totals.frame, found.groups.frame
    of_groups = groups.with_columns(_numbers(groups, profile))
    regions = of_groups.filter(pl.col("grouping") == "region")
    by_name = {str(key[0]): part for key, part in regions.group_by("candidate")}
    pairs = [_shares(by_name.get(name)) for name in totals["candidate"].to_list()]
    loss, spread = (np.asarray([one[at] for one in pairs], np.int64) for at in range(2))
    known = np.asarray([one != NOTHING for one in pairs], np.bool_)
    columns = totals.select(_numbers(totals, profile))
    shares = Shares("region", loss, spread, known)
    return Figures(rows, columns, of_groups, shares, profile)


def _numbers(frame: pl.DataFrame, profile: DisclosureProfile) -> list[pl.Series]:
    """Return the columns of figures as whole numbers, of pence or pupils, from their texts."""
    found = []
    for name in COLUMNS:
        texts = frame[name].cast(pl.String)
        shown = texts.set(texts == profile.symbol, None)
        whole = shown.str.replace(".", "", literal=True) if name in MONEY else shown
        found.append(whole.cast(pl.Int64).alias(name))
    return found


def _shares(regions: pl.DataFrame | None) -> tuple[int, int]:
    """Return the largest loss and the spread of some regions; ``NOTHING`` where fewer than two are shown."""
    shown = [] if regions is None else regions.drop_nulls(["before", "change"]).to_dicts()
    shares = [
        int(half_away(one["change"] * PARTS, one["before"])) for one in shown if one["before"] > 0
    ]
    if len(shares) < FEWEST:
        return NOTHING
    return max(-min(shares), 0), max(shares) - min(shares)
