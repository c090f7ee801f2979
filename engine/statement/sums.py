"""Sums of pupils' top-ups: of all, and by school, authority, need and setting."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.columns import Int
from engine.compare.outcomes import GROUPINGS
from engine.expected_calls import Pence
from engine.modules.top_ups.group_sums import outcome_sums
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.modules.top_ups.pupil_groups import AUTHORITY, SCHOOL, TOTAL, coded
from engine.tables import NO_SCHOOL


@dataclass(frozen=True, slots=True)
class SumStatement:
    """The top-ups of a group that are known, pence, and how many are not; None where none is known.

    ``school_protection`` is paid to schools on top: None where the rules have none, where the group
    is none of schools, or where none of it is known.
    """

    name: str
    top_up: Pence
    pupils: int
    not_known: int
    school_protection: Pence
    protection_not_known: int


def top_up_sums(outcome: TopUpOutcome) -> tuple[SumStatement, dict[str, tuple[SumStatement, ...]]]:
    """Return the sum of all top-ups, and those of each group by kind of group."""
    total, *_ = (*_sums(outcome, TOTAL), SumStatement(TOTAL, None, 0, 0, None, 0))
    return total, {kind: tuple(_sums(outcome, kind)) for kind in GROUPINGS}


def _sums(outcome: TopUpOutcome, kind: str) -> Iterator[SumStatement]:
    """Yield the sum of each group that has members, in the order of schools, authorities or codes."""
    sums = outcome_sums(outcome)[kind]
    protection = _protection(outcome, kind)
    for at, name in enumerate(sums.names):
        amount = int(sums.before[at]) if sums.known[at] else None
        counts = int(sums.number[at]), int(sums.absent[at])
        yield SumStatement(name, amount, *counts, *protection.get(name, (None, 0)))


def _protection(outcome: TopUpOutcome, kind: str) -> dict[str, tuple[Pence, int]]:
    """Return what protects the schools of each group, pence, and of how many it is not known."""
    pupils, kinds = outcome.pupils, {SCHOOL: NO_SCHOOL, AUTHORITY: None}
    if outcome.top_ups.school_protection is None or kind not in {TOTAL, *kinds}:
        return {}
    names, group = [TOTAL], np.zeros(len(pupils.placement_la), np.int32)
    if kind != TOTAL:
        values = pupils.placement_urn if kind == SCHOOL else pupils.placement_la
        names, group = coded(values, kinds[kind])

    def added(each: Int | int) -> list[int]:
        sums = np.zeros(len(names), np.int64)
        np.add.at(sums, group, each)
        return sums.tolist()

    schools, pence = added(1), added(outcome.school_protection)
    absent = added(outcome.school_protection_absent)
    return {
        name: (pence[at] if schools[at] > absent[at] else None, absent[at])
        for at, name in enumerate(names)
    }
