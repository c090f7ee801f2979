"""What pupils are paid, or what changes for them, by every group at once: one look at each pupil."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.kernels.changes import (
    ABSENT,
    AFTER,
    BEFORE,
    LOSERS,
    SUMS,
    WINNERS,
    Grouped,
    fill_change_sums,
)
from engine.kernels.top_ups import Paid
from engine.modules.sums import NOT_SUPPLIED
from engine.modules.top_ups.outcome import UNKNOWN_BITS, TopUpOutcome
from engine.modules.top_ups.pupil_groups import (
    AUTHORITY,
    COLUMNS,
    NEED,
    REASON,
    SCHOOL,
    SETTING,
    TOTAL,
    coded,
    codes_of,
    row_groups,
)
from engine.modules.top_ups.several_reasons import REASON_NAMES, every_reason
from engine.row_chunks import ONE_THREAD, Blocks
from engine.tables import NO_SCHOOL, ChosenPupils, PupilTable, frozen
from engine.vocabulary import NOT_KNOWN, Need, Reason, Setting

AT_ONCE = 1 << 20
"""Pupils whose codes are counted at a time, as counting takes a wide number for each."""


class GroupSums(NamedTuple):
    """The groups of one kind that have members, in the order of their codes or numbers.

    before, after     (groups) pence of those known on both sides
    number            (groups) members; ``winners`` and ``losers`` of them are known on both sides,
                      and ``absent`` are not
    known             (groups) whether any row is known
    """

    names: Sequence[str]
    before: Int
    after: Int
    number: Int
    winners: Int
    losers: Int
    absent: Int
    known: NDArray[np.bool_]


class ChangeSums(NamedTuple):
    """What changes from one outcome to another by each kind of group, of rows of the table.

    ``changes`` are those that are known and not 0, pence, in no order of meaning.
    """

    groups: Mapping[str, GroupSums]
    changes: Int


def outcome_sums(outcome: TopUpOutcome) -> Mapping[str, GroupSums]:
    """Return what pupils are paid in all and by each kind of group; cached for each outcome.

    A pupil with several spells is one member, and not known where one of them is not.
    """
    return outcome.cache.get(ChangeSums, _outcome_sums, outcome)


def _outcome_sums(outcome: TopUpOutcome) -> Mapping[str, GroupSums]:
    groups = dict(change_sums(outcome, outcome, ONE_THREAD).groups)
    reason = every_reason(outcome)
    if reason is not outcome.reason:
        groups[REASON] = _by_every_reason(groups[REASON], reason)
    members = outcome.pupils.members
    if members is None:
        return groups
    unknown = ~outcome.known
    by_row = {kind: row_groups(outcome.pupils, kind)[1] for kind in (SCHOOL, AUTHORITY, *COLUMNS)}
    by_row |= {TOTAL: np.zeros(len(members), np.int32), REASON: reason.astype(np.int32)}
    return {
        kind: one._replace(
            number=_members(by_row[kind], members),
            absent=_members(by_row[kind], members, unknown),
        )
        for kind, one in groups.items()
    }


def _by_every_reason(first: GroupSums, reason: NDArray[np.int8]) -> GroupSums:
    """Return the groups by first reason with those who have two under both; nothing known is paid to them."""
    number = _number(reason, len(REASON_NAMES))
    sums = np.zeros((len(number), SUMS), np.int64)
    there = [REASON_NAMES.index(one) for one in first.names]
    sums[there, BEFORE], sums[there, AFTER] = first.before, first.after
    sums[there, WINNERS], sums[there, LOSERS] = first.winners, first.losers
    unknown = np.isin(np.arange(len(number)), NOT_KNOWN) | (np.arange(len(number)) >= len(Reason))
    sums[:, ABSENT] = np.where(unknown, number, 0)
    return _with_members(REASON_NAMES, sums, number)


def _members(group: NDArray[np.int32], members: Int, among: NDArray[np.bool_] | None = None) -> Int:
    """Return how many pupils each group with rows has, of all rows or of some."""
    most = int(members.max()) + 1
    rows = slice(None) if among is None else among
    pairs = np.unique(group[rows].astype(np.int64) * most + members[rows])
    there = np.flatnonzero(np.bincount(group))
    return np.bincount(pairs // most, minlength=there[-1] + 1)[there].astype(np.int64)


def change_sums(before: TopUpOutcome, after: TopUpOutcome, blocks: Blocks) -> ChangeSums:
    """Return what changes by school, authority, need, setting and reason, of two outcomes of one table."""
    table = before.pupils
    # Whom neither side may pay is known, has nothing on both sides, and is only counted.
    same = before.funded is after.funded
    pupils = before.funded if same else table
    old, new = (_paid(one, alone=same) for one in (before, after))
    columns = [codes_of(pupils, name) for name, _ in COLUMNS.values()]
    grouped = Grouped(pupils.offsets, *columns)
    placements = len(pupils.offsets) - 1
    bounds = _bounds(placements, blocks.of_groups(placements, len(pupils)).rows)
    parts = len(bounds) - 1
    by_placement = np.empty((placements, SUMS), np.int64)
    by_need, by_setting, by_reason = (
        np.empty((parts, max(codes) + 1, SUMS), np.int64) for codes in (Need, Setting, Reason)
    )
    numbers = np.empty((parts, max(Reason) + 1), np.int64)
    changes, lengths = np.empty(len(pupils), np.int64), np.empty(parts, np.int64)
    Blocks(blocks.threads, rows=1).run(
        fill_change_sums, parts, bounds, grouped, old, new, UNKNOWN_BITS,
        by_placement, by_need, by_setting, by_reason, numbers, changes, lengths,
    )  # fmt: skip
    reasons = numbers.sum(axis=0)
    reasons[Reason.not_funded] += len(table) - len(pupils)
    everyone = by_placement.sum(axis=0, keepdims=True)
    groups = {
        # The total of no pupils is a total too, of which nothing is known.
        TOTAL: _of_groups([TOTAL], everyone, np.asarray([len(table)], np.int64), np.arange(1)),
        SCHOOL: _by_placement(table, table.placement_urn, by_placement, NO_SCHOOL),
        AUTHORITY: _by_placement(table, table.placement_la, by_placement, None),
        NEED: _by_code(table, NEED, by_need.sum(axis=0)),
        SETTING: _by_code(table, SETTING, by_setting.sum(axis=0)),
        REASON: _with_members(REASON_NAMES[: len(Reason)], by_reason.sum(axis=0), reasons),
    }
    starts = pupils.offsets[bounds[:-1]]
    listed = [
        changes[at : at + of] for at, of in zip(starts.tolist(), lengths.tolist(), strict=True)
    ]
    return ChangeSums(groups, np.concatenate(listed) if listed else changes)


def _paid(outcome: TopUpOutcome, *, alone: bool) -> Paid:
    """Return what pupils are paid and why: those alone whom the rules may pay, or all."""
    funded = outcome.funded
    if not alone or not isinstance(funded, ChosenPupils):
        return Paid(outcome.amount, outcome.reason)
    return Paid(outcome.funded_amount, frozen(outcome.reason.take(funded.where)))


def _bounds(placements: int, rows: int) -> Int:
    """Return where each block of placements starts, and where the last ends."""
    return frozen(np.minimum(np.arange(0, placements + rows, rows, dtype=np.int64), placements))


def _by_placement(
    table: PupilTable, values: NDArray[np.signedinteger], sums: Int, missing: int | None
) -> GroupSums:
    """Return the sums of placements by a number that each has, ascending."""
    names, group = coded(values, missing)
    added = np.zeros((len(names), SUMS), np.int64)
    np.add.at(added, group, sums)
    number = np.zeros(len(names), np.int64)
    np.add.at(number, group, np.diff(table.offsets))
    return _with_members(names, added, number)


def _by_code(table: PupilTable, kind: str, sums: Int) -> GroupSums:
    name, codes = COLUMNS[kind]
    if not table.has(name):
        number = np.zeros(len(sums), np.int64)
        number[0] = len(table)
    else:
        number = table.cache.get(("number by code", name), _number, table.column(name), len(sums))
    return _with_members([NOT_SUPPLIED, *(code.name for code in sorted(codes))], sums, number)


def _number(codes: NDArray[np.int8], most: int) -> Int:
    """Return how many pupils have each code; below 1 is not supplied."""
    number = np.zeros(most, np.int64)
    for start in range(0, len(codes), AT_ONCE):
        number += np.bincount(np.maximum(codes[start : start + AT_ONCE], 0), minlength=most)
    return number


def _with_members(names: Sequence[str], sums: Int, number: Int) -> GroupSums:
    """Return the groups that have members."""
    return _of_groups(names, sums, number, np.flatnonzero(number))


def _of_groups(names: Sequence[str], sums: Int, number: Int, there: Int) -> GroupSums:
    """Return some of the groups, by their places."""
    before, after, winners, losers, absent = (
        sums[there, at] for at in (BEFORE, AFTER, WINNERS, LOSERS, ABSENT)
    )
    of, members = [names[at] for at in there.tolist()], number[there]
    return GroupSums(of, before, after, members, winners, losers, absent, absent < members)
