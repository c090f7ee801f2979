"""Pupils counted once for all candidates of a variant: by what pays them under both sides, and by their share of the year."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.candidates.groups import Groups
from engine.candidates.sides import NOTHING, SINGLY, UNKNOWN, UNPRICED, Parts, Side
from engine.columns import Int
from engine.kernels.candidates import Shares
from engine.tables import PupilTable, frozen

Codes = NDArray[np.int32]
DENSE = 8_000_000
"""Combinations that are counted in one array; more are sorted."""


class Paths(NamedTuple):
    """How many rows of a table take which path.

    counted   by what pays them, with all others of the same class and share of the year
    settled   paid nothing, or not known, under both sides
    singly    one by one, by the engine's own evaluation of each candidate
    """

    counted: int
    settled: int
    singly: int


class Cells(NamedTuple):
    """The rows of a table that are counted, and those that are not.

    after, before  (cells) the class under the candidates, and under the baseline; -1 for nothing
    cell           (shares) the cell of each share; ``shares`` has what kernels read, by cell and then by share
    number, unknown  (groups) rows that are not worked out one by one, and those of them that are not known
    singly         places in the table of the rows that are
    """

    after: Codes
    before: Codes
    cell: Codes
    shares: Shares
    number: Int
    unknown: Int
    singly: Int
    paths: Paths


class _Rows(NamedTuple):
    """Rows that either side may pay: codes and shares of the year."""

    where: Int
    after: Codes
    before: Codes
    parts: Int


def cells_of(
    pupils: PupilTable,
    groups: Groups,
    candidate: Side,
    baseline: Side,
    parts: Parts,
    where: Int,
    whole: int,
) -> Cells:
    """Return the cells of a table; ``where`` are the rows that either side may pay, with their ``parts`` of ``whole``."""
    after, before = (_codes_by_share(one, parts, where, whole) for one in (candidate, baseline))
    singly = (after == SINGLY) | (before == SINGLY) | ((after == UNKNOWN) != (before == UNKNOWN))
    chosen = np.zeros(len(pupils), np.bool_)
    chosen[where[singly]] = True
    chosen |= _several_spells(pupils)
    left = ~chosen[where]
    rows = _Rows(where[left], after[left], before[left], parts.of[left])
    unknown = np.zeros(len(pupils), np.bool_)
    unknown[rows.where[rows.after == UNKNOWN]] = True
    counted = ((rows.after >= 0) | (rows.before >= 0)) & (rows.after != UNKNOWN)
    rows = _Rows(*(one[counted] for one in rows))
    after_of, before_of, cell, shares = _shares(rows, groups.at(rows.where))
    paths = Paths(
        len(rows.where), len(pupils) - int(chosen.sum()) - len(rows.where), int(chosen.sum())
    )
    return Cells(
        after_of, before_of, cell, shares,
        frozen(groups.counts(~chosen)), frozen(groups.counts(unknown)),
        frozen(np.flatnonzero(chosen).astype(np.int64)), paths,
    )  # fmt: skip


def _codes_by_share(side: Side, parts: Parts, where: Int, whole: int) -> Codes:
    """Return the codes of rows, with what their share of the year says of them."""
    code, once = side.code[where].copy(), side.once[where]
    total = parts.of.sum(axis=1)
    code[parts.unsure & ((code >= 0) | (code == UNPRICED))] = SINGLY
    none = total == 0
    code[none & ((code >= 0) | (code == UNPRICED))] = NOTHING
    code[once & (code >= 0) & (total != whole)] = SINGLY
    code[code == UNPRICED] = UNKNOWN
    return code


def _several_spells(pupils: PupilTable) -> NDArray[np.bool_]:
    """Return the rows of pupils who have several."""
    members = pupils.members
    if members is None:
        return np.zeros(len(pupils), np.bool_)
    several: NDArray[np.bool_] = np.bincount(members)[members] > 1
    return several


def _shares(rows: _Rows, groups: Groups) -> tuple[Codes, Codes, Codes, Shares]:
    """Return the classes of each cell, the cell of each share, and the shares with their pupils by group."""
    patterns, pattern = _patterns(rows.parts)
    several = int(rows.before.max(initial=0)) + 2
    pairs = (rows.after.astype(np.int64) + 1) * several + rows.before + 1
    distinct, cell_of = _distinct(pairs, (int(rows.after.max(initial=0)) + 2) * several)
    after = (distinct // several - 1).astype(np.int32)
    before = (distinct % several - 1).astype(np.int32)
    keys, share_of = _distinct(cell_of * len(patterns) + pattern, len(distinct) * len(patterns))
    cell = (keys // max(len(patterns), 1)).astype(np.int32)
    of = patterns[keys % max(len(patterns), 1)].reshape(len(keys), rows.parts.shape[1])
    entries = _entries(share_of, len(keys), groups)
    shares = Shares(
        frozen(after[cell].astype(np.int64)), frozen(before[cell].astype(np.int64)),
        frozen(of), *entries,
    )  # fmt: skip
    return frozen(after), frozen(before), frozen(cell), shares


def _patterns(parts: Int) -> tuple[Int, Int]:
    """Return the different shares of the year, and which of them each row has."""
    if not len(parts):
        return parts, np.zeros(0, np.int64)
    if parts.shape[1] == 1:
        distinct, pattern = _distinct(parts[:, 0], int(parts.max()) + 1)
        return distinct.reshape(-1, 1), pattern
    distinct, pattern = np.unique(parts, axis=0, return_inverse=True)
    return distinct, pattern.reshape(-1).astype(np.int64)


def _distinct(keys: Int, size: int) -> tuple[Int, Int]:
    """Return the different keys in ascending order, and which of them each row has."""
    if size > DENSE:
        distinct, place = np.unique(keys, return_inverse=True)
        return distinct, place
    used = np.zeros(size, np.bool_)
    used[keys] = True
    position = np.cumsum(used) - 1
    return np.flatnonzero(used), position[keys]


def _entries(share_of: Int, shares: int, groups: Groups) -> tuple[Int, Int, Int]:
    """Return where each share's groups begin, the groups, and how many pupils are of each."""
    places, columns, numbers = [], [], []
    for kind, of in zip(groups.kinds, groups.of, strict=True):
        keys = share_of * len(kind.groups) + (of - kind.start)
        distinct, place = _distinct(keys, shares * len(kind.groups))
        places.append(distinct // len(kind.groups))
        columns.append(distinct % len(kind.groups) + kind.start)
        numbers.append(np.bincount(place, minlength=len(distinct)))
    share = np.concatenate([*places, np.zeros(0, np.int64)]).astype(np.int64)
    order = np.argsort(share, kind="stable")
    column = np.concatenate([*columns, np.zeros(0, np.int64)])[order].astype(np.int64)
    number = np.concatenate([*numbers, np.zeros(0, np.int64)])[order].astype(np.int64)
    offsets = np.searchsorted(share[order], np.arange(shares + 1))
    return frozen(offsets.astype(np.int64)), frozen(column), frozen(number)
