"""Sums of pupils' top-ups: of all, and by school, authority, need and setting."""

from dataclasses import dataclass

import numpy as np

from engine.compare import Group, compare_top_ups
from engine.compare.outcomes import NOT_SUPPLIED
from engine.expected_calls import Pence
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.tables import NO_SCHOOL

TOTAL, SCHOOL, AUTHORITY = "total", "school", "la"
PROTECTED = {TOTAL, SCHOOL, AUTHORITY}
"""The groups that are groups of schools too."""


@dataclass(frozen=True, slots=True)
class SumStatement:
    """The top-ups of a group that are known, pence, and how many are not.

    ``school_protection`` is paid to schools on top: None where the rules have none, where the group
    is none of schools, or where none of it is known.
    """

    name: str
    top_up: int
    pupils: int
    not_known: int
    school_protection: Pence
    protection_not_known: int


def top_up_sums(outcome: TopUpOutcome) -> tuple[SumStatement, dict[str, tuple[SumStatement, ...]]]:
    """Return the sum of all top-ups, and those of each group by kind of group."""
    # An outcome against itself has the same sums on both sides.
    same = compare_top_ups(outcome, outcome)
    groupings = {
        one.kind: tuple(_sum(outcome, one.kind, group) for group in one.groups)
        for one in same.groupings
    }
    return _sum(outcome, TOTAL, same.total), groupings


def _sum(outcome: TopUpOutcome, kind: str, group: Group) -> SumStatement:
    protected, absent = _protection(outcome, kind, group.name)
    return SumStatement(group.name, group.before, group.number, group.absent, protected, absent)


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
