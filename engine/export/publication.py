"""A comparison as it may be published: small numbers hidden, others beside them, amounts of groups rounded."""

import numpy as np
import polars as pl

from engine.columns import Int
from engine.disclosure import DisclosureProfile, Groups, masks_of
from engine.disclosure.groups import TOTAL, Flags
from engine.errors import NotReconciled
from engine.export.cell_text import decimal_text
from engine.rows import Rows, Shape

CLASSES = ("winners", "losers", "unchanged", "not_known")
"""What each pupil of a group is in one of."""

PUPILS, EVERYONE, DECILE = "pupils", "total", "decile"
AMOUNTS = ("before", "after", "change")
WORDS = ("part", "measure", "grouping", "group", "not_included")


def publishable(rows: Rows, profile: DisclosureProfile) -> tuple[Rows, dict[str, object]]:
    """Return the totals of a comparison as text that may be published, and what a manifest keeps of it.

    ``rows`` are those of ``change_totals``. Numbers of pupils that are hidden, and amounts that would tell
    them, have the profile's symbol. Amounts of groups are rounded, so that they need not add. Budgets of
    schools are shown: a school is no person. Pupils by school, and what schools are paid for their pupils, are
    left out: with authorities, whose pupils are at schools of others too, they would be a table of two ways.
    """
    of_pupils = (pl.col("part") == PUPILS) & (pl.col("grouping") != "school")
    kept = rows.frame.filter(of_pupils | (pl.col("measure") == "notional_sen"))
    texts = decimal_text(Rows(rows.name, rows.shapes, _rounded(kept, profile)))
    hides = _hides(kept, profile)
    cells = {
        name: _cells(texts[name], hides.get(name), profile.symbol).alias(name)
        for name in rows.shapes
    }
    shapes = {name: Shape.text if name in WORDS else Shape.figure for name in rows.shapes}
    record = {
        "profile": profile.record(),
        "hidden_cells": int(sum(one.sum() for one in hides.values())),
        "rows_left_out": len(rows) - kept.height,
    }
    return Rows(rows.name, shapes, pl.DataFrame(list(cells.values()))), record


def _cells(texts: pl.Series, hides: Flags | None, symbol: str) -> pl.Series:
    values = texts.cast(pl.String).to_list()
    hidden = [False] * len(values) if hides is None else hides.tolist()
    cells = [symbol if hide else value for hide, value in zip(hidden, values, strict=True)]
    return pl.Series(cells, dtype=pl.String)


def _rounded(frame: pl.DataFrame, profile: DisclosureProfile) -> pl.DataFrame:
    """Return rows with the amounts of groups of pupils rounded; those of everyone and of deciles stay."""
    group = (pl.col("part") == PUPILS) & ~pl.col("grouping").is_in([EVERYONE, DECILE])
    return frame.with_columns(
        pl.when(group)
        .then(pl.col(name).map_elements(profile.rounded, return_dtype=pl.Int64))
        .otherwise(pl.col(name))
        .alias(name)
        for name in AMOUNTS
    )


def _hides(frame: pl.DataFrame, profile: DisclosureProfile) -> dict[str, Flags]:
    """Return for each column the rows in which it is hidden (rows)."""
    hides = {name: np.zeros(frame.height, bool) for name in ("number", *AMOUNTS, *CLASSES)}
    is_pupils, kinds = frame["part"].to_numpy() == PUPILS, frame["grouping"].to_numpy()
    everyone = np.flatnonzero(is_pupils & (kinds == EVERYONE))
    if not len(everyone):
        return hides
    counts = frame.select(CLASSES).fill_null(0).to_numpy().astype(np.int64)
    total = counts[everyone[0]]
    if total.sum() != frame["number"][int(everyone[0])]:
        message = "winners, losers, unchanged and not known do not add to the pupils"
        raise NotReconciled(message)
    of_groups = [kind for kind in dict.fromkeys(kinds[is_pupils]) if kind not in (EVERYONE, DECILE)]
    places = [np.flatnonzero(is_pupils & (kinds == kind)) for kind in of_groups]
    groupings = [flat_groups(counts[one], total) for one in places] or [
        flat_groups(total[None], total)
    ]
    masks = masks_of(groupings, profile)
    for mask, where in zip(masks, places, strict=False):
        _hide(hides, where, mask.number[: len(where)], mask.parts[: len(where)])
    _hide(hides, everyone, np.asarray([masks[0].whole]), masks[0].totals[None])
    if total.sum() < profile.deciles_from:
        hides["change"] |= is_pupils & (kinds == DECILE)
    return hides


def flat_groups(counts: Int, total: Int) -> Groups:
    """Return the groups of one kind; what all have beside them, whom no group counts, is a group too.

    A pupil with spells in two groups counts in both, and once in the total: then the groups add to more
    than is shown, and are hidden as if their sum were shown, which tells a reader more.
    """
    rest = np.maximum(total - counts.sum(axis=0), 0)
    parts = np.vstack([counts, rest]) if rest.any() else counts
    return Groups(np.full(len(parts), TOTAL), parts)


def _hide(hides: dict[str, Flags], where: Int, number: Flags, parts: Flags) -> None:
    """Mark what is hidden of the rows at ``where``: counts, and the amounts that are of those few pupils."""
    hides["number"][where] |= number
    for at, name in enumerate(CLASSES):
        hides[name][where] |= parts[:, at]
    few = number | parts[:, CLASSES.index("winners")] | parts[:, CLASSES.index("losers")]
    # The change of a group is the change of its winners and losers alone, and after less before.
    hides["before"][where] |= number
    hides["after"][where] |= few
    hides["change"][where] |= few
