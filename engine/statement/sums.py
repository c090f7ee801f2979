"""Sums of pupils' top-ups: of all, and by school, authority, need and setting."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.compare.change import NOT_SUPPLIED
from engine.compare.groups import group_sums
from engine.compare.outcomes import GROUPINGS, pupil_groups
from engine.expected_calls import Pence
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.row_chunks import ONE_THREAD
from engine.tables import NO_SCHOOL

TOTAL, SCHOOL, AUTHORITY = "total", "school", "la"
PROTECTED = {TOTAL, SCHOOL, AUTHORITY}
"""The groups that are groups of schools too."""


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
    kinds = {kind: pupil_groups(outcome.pupils, kind) for kind in GROUPINGS}
    everyone = np.zeros(len(outcome.pupils), np.int32)
    total, *_ = (
        *_sums(outcome, TOTAL, [TOTAL], everyone),
        SumStatement(TOTAL, None, 0, 0, None, 0),
    )
    return total, {kind: tuple(_sums(outcome, kind, *groups)) for kind, groups in kinds.items()}


def _sums(
    outcome: TopUpOutcome, kind: str, names: Sequence[str], group: NDArray[np.int32]
) -> Iterator[SumStatement]:
    """Yield the sum of each group that has members, in the order of ``names``."""
    known = outcome.known
    amounts, numbers = group_sums(group, np.where(known, outcome.amount, 0), len(names), ONE_THREAD)
    absent, _ = group_sums(group, (~known).astype(np.int64), len(names), ONE_THREAD)
    pupils = outcome.pupils
    for at in np.flatnonzero(numbers).tolist():
        protection = _protection(outcome, kind, names[at])
        amount = int(amounts[at]) if absent[at] < numbers[at] else None
        counts = int(numbers[at]), int(absent[at])
        if pupils.members is not None:
            those = group == at
            counts = pupils.pupils_among(those), pupils.pupils_among(those & ~known)
        yield SumStatement(names[at], amount, *counts, *protection)


def _protection(outcome: TopUpOutcome, kind: str, name: str) -> tuple[Pence, int]:
    """Return what protects the schools of a group, pence, and of how many it is not known."""
    if outcome.top_ups.school_protection is None or kind not in PROTECTED:
        return None, 0
    pupils = outcome.pupils
    placements = pupils.placement_urn if kind == SCHOOL else pupils.placement_la
    among = np.ones(len(placements), bool)
    if kind != TOTAL:
        among = placements == (NO_SCHOOL if name == NOT_SUPPLIED else int(name))
    absent = outcome.school_protection_absent[among]
    known = len(absent) > absent.sum()
    total = int(outcome.school_protection[among].sum())
    return total if known else None, int(absent.sum())
