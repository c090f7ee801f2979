"""Pupils of classes laid out for the closed form: by class and group, so that classes of one authority take its room alone."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.candidates.cells import Cells
from engine.candidates.groups import Groups
from engine.columns import Int
from engine.kernels.candidates import Shares
from engine.kernels.closed_form import ClosedForm
from engine.money import half_away
from engine.tables import frozen

TOGETHER = 2_048
"""Shares of the year whose remainders are rounded together."""


class Entries(NamedTuple):
    """Pupils of one share of the year by group.

    share, group, number  (entries) which share and group, and how many pupils
    key, is_paid          (entries) class and group together; whether candidates pay them
    keys                  the different ones of those who are paid, ascending
    groups                how many groups there are
    authorities           those by which classes are put in order
    """

    share: Int
    group: Int
    number: Int
    key: Int
    is_paid: NDArray[np.bool_]
    keys: Int
    groups: int
    authorities: slice


def entries_of(shares: Shares, kinds: Groups) -> Entries:
    """Return the pupils of each class and share of the year by group, but for groups that others add up to."""
    of = np.repeat(np.arange(len(shares.after)), np.diff(shares.offsets))
    kept, authorities = np.ones(len(of), np.bool_), slice(0, len(kinds))
    if (both := kinds.everyone) is not None:
        everyone, authorities = both
        kept = (shares.group < everyone.start) | (shares.group >= everyone.stop)
    of, group, number = of[kept], shares.group[kept], shares.number[kept]
    keys = shares.after[of] * len(kinds) + group
    paid = shares.after[of] >= 0
    distinct = np.unique(keys[paid])
    return Entries(of, group, number, keys, paid, distinct, len(kinds), authorities)


def closed_form_of(
    cells: Cells, entries: Entries, classes: int, paid_before: Int, whole: int
) -> ClosedForm:
    """Return what the closed form adds up; ``paid_before`` (cells) is what the baseline pays a year."""
    part = cells.shares.parts[:, 0][entries.share]
    order, of_class = _order(entries, classes)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    # Entries in the order of the classes, and of groups within one.
    held = entries.keys[np.argsort(rank[of_class], kind="stable")]
    place = np.empty(len(held), np.int64)
    place[np.searchsorted(entries.keys, held)] = np.arange(len(held))
    at = place[np.searchsorted(entries.keys, entries.key[entries.is_paid])]
    number, part_of = entries.number[entries.is_paid], part[entries.is_paid]
    stays = part_of == whole
    staying, parts = (
        np.bincount(at, weights, len(held)).astype(np.float64)
        for weights in (number * stays, np.where(stays, 0, number * part_of))
    )
    residues = _residues(at[~stays], part_of[~stays], number[~stays], len(held), whole)
    offsets = np.searchsorted(rank[held // entries.groups], np.arange(len(order) + 1))
    of_cells = _cells(cells, entries, order)
    return ClosedForm(
        frozen(order), _numbers(offsets), frozen(held % entries.groups), frozen(staying),
        frozen(parts), residues, of_cells.offsets,
        frozen(paid_before[of_cells.cell].astype(np.float64)), of_cells.among, of_cells.member,
        of_cells.people, of_cells.first_share, of_cells.last_share,
    )  # fmt: skip


def _numbers(held: NDArray[np.signedinteger]) -> Int:
    return frozen(held.astype(np.int64))


def _order(entries: Entries, classes: int) -> tuple[Int, Int]:
    """Return the classes in the order of authorities, the one of nothing last; and the class of each key."""
    of_class, group = np.divmod(entries.keys, entries.groups)
    first = np.full(classes + 1, entries.groups, np.int64)
    first[classes] += 1
    is_one = (group >= entries.authorities.start) & (group < entries.authorities.stop)
    np.minimum.at(first, of_class[is_one], group[is_one])
    return np.argsort(first, kind="stable").astype(np.int64), of_class


class _OfCells(NamedTuple):
    """Cells in the order of the classes, with their people by group and where their shares are; as in ``ClosedForm``."""

    cell: Int
    offsets: Int
    among: Int
    member: Int
    people: Int
    first_share: Int
    last_share: Int


def _cells(cells: Cells, entries: Entries, order: Int) -> _OfCells:
    length, classes = len(cells.after), len(order) - 1
    after = np.where(cells.after < 0, classes, cells.after)
    by_class = np.argsort(after, kind="stable")
    starts = np.searchsorted(after[by_class], np.arange(classes + 2))
    chosen, offsets = _lists(starts, order)
    cell = by_class[chosen]
    on_roll = cells.shares.parts[entries.share, 0] > 0
    keys = cells.cell[entries.share].astype(np.int64) * entries.groups + entries.group
    distinct, place = np.unique(keys[on_roll], return_inverse=True)
    people = np.bincount(place, entries.number[on_roll], len(distinct))
    bounds = np.searchsorted(distinct, np.arange(length + 1) * entries.groups)
    at, among = _lists(bounds, cell)
    first = np.searchsorted(cells.cell, np.arange(length + 1))
    return _OfCells(
        _numbers(cell), _numbers(offsets), _numbers(among), _numbers(distinct[at] % entries.groups),
        frozen(people[at].astype(np.int64)), _numbers(first[:-1][cell]),
        _numbers(first[1:][cell]),
    )  # fmt: skip


def _lists(starts: NDArray[np.signedinteger], order: NDArray[np.signedinteger]) -> tuple[Int, Int]:
    """Return the places of lists one after another in an order, and where each list then starts; ``starts`` says where they are."""
    counts = np.diff(starts)[order]
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    places = np.repeat(starts[:-1][order] - offsets[:-1], counts) + np.arange(int(offsets[-1]))
    return places.astype(np.int64), offsets


def _residues(at: Int, part: Int, number: Int, length: int, whole: int) -> NDArray[np.int32]:
    """Return what each remainder of a year's amount is rounded to (entries, W), added up over the pupils of parts of a year."""
    table = np.zeros((length, whole), np.int32)
    rest = np.arange(whole, dtype=np.int64)
    order = np.argsort(at, kind="stable")
    for start in range(0, len(order), TOGETHER):
        those = order[start : start + TOGETHER]
        rounded = half_away(rest * part[those, None], whole) * number[those, None]
        first = np.flatnonzero(np.diff(at[those], prepend=-1))
        # Whole numbers below the shares of the year of all pupils, which are fewer than 2**31.
        table[at[those[first]]] += np.add.reduceat(rounded, first).astype(np.int32)
    return frozen(table)
