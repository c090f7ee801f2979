"""Pupils who cannot be counted together: the engine's own evaluation of each candidate, for them alone."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.candidates.groups import Groups
from engine.columns import Int
from engine.modules.top_ups import TopUpOutcome
from engine.modules.top_ups.valuation import value_pupils
from engine.row_chunks import ONE_THREAD, Blocks
from engine.rules.compiled import CompiledRules
from engine.tables import PupilTable, frozen
from engine.tables.chosen_pupils import some_pupils
from engine.tables.part_of_table import part_of


class Changes(NamedTuple):
    """One candidate's changes of some pupils, added up by group (groups), pence and pupils; ``total`` what is paid."""

    number: Int
    before: Int
    after: Int
    winners: Int
    losers: Int
    unknown: Int
    total: int


def no_changes(groups: int) -> Changes:
    """Return the changes of no pupils."""
    none = np.zeros(groups, np.int64)
    return Changes(none, none, none, none, none, none, 0)


def rows_alone(pupils: PupilTable, where: Int) -> PupilTable:
    """Return some rows of a table as a table of their own, in the same order; the table itself for none or all."""
    if len(where) in {0, len(pupils)}:
        return pupils
    part = part_of(pupils, some_pupils(pupils, where))
    # They are evaluated for each candidate: what has none of them is not looked at each time.
    filled = np.diff(part.offsets) > 0
    return replace(
        part,
        offsets=frozen(np.r_[part.offsets[:-1][filled], len(part)]),
        placement_la=frozen(part.placement_la[filled]),
        placement_urn=frozen(part.placement_urn[filled]),
    )


def outcome_of(
    rules: CompiledRules, pupils: PupilTable, blocks: Blocks = ONE_THREAD
) -> TopUpOutcome:
    """Return what rules pay pupils; raises ``PairRefused`` where they do not fit."""
    if rules.top_ups is None:
        message = "rules without top-ups pay no pupil"
        raise ValueError(message)
    return value_pupils(rules, rules.top_ups, pupils, blocks)


def changes_of(baseline: TopUpOutcome, candidate: TopUpOutcome, groups: Groups) -> Changes:
    """Return what changes for the pupils of a table, whose groups are ``groups``; a pupil with several spells counts once."""
    known = baseline.known & candidate.known
    before = np.where(known, baseline.amount, 0)
    after = np.where(known, candidate.amount, 0)
    members, change = candidate.pupils.members, candidate.amount - baseline.amount
    sums = groups.sums(before), groups.sums(after)
    if members is None:
        return Changes(
            groups.counts(), *sums,
            groups.counts(known & (change > 0)), groups.counts(known & (change < 0)),
            groups.counts(~known), candidate.total,
        )  # fmt: skip
    counts = [np.zeros(len(groups), np.int64) for _ in range(4)]
    for kind, of in zip(groups.kinds, groups.of, strict=True):
        for out, found in zip(counts, _by_pupil(of, members, change, known), strict=True):
            out[kind.slice] += np.bincount(found - kind.start, minlength=len(kind.groups))
    number, winners, losers, unknown = counts
    return Changes(number, *sums, winners, losers, unknown, candidate.total)


def _by_pupil(
    of: NDArray[np.int32], members: Int, change: Int, known: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], ...]:
    """Return the group of each pupil of each group; of those who gain, who lose, and who are not known."""
    keys = of.astype(np.int64) * (int(members.max(initial=0)) + 1) + members
    distinct, place = np.unique(keys, return_inverse=True)
    gained, unsure = np.zeros(len(distinct), np.int64), np.zeros(len(distinct), np.int64)
    np.add.at(gained, place, np.where(known, change, 0))
    np.add.at(unsure, place, ~known)
    group = distinct // (int(members.max(initial=0)) + 1)
    sure = unsure == 0
    return group, group[sure & (gained > 0)], group[sure & (gained < 0)], group[~sure]
