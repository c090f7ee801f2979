"""A candidate's outcome compared with a baseline's over the same tables: pupils, their schools, and budgets."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.compare.change import Change, change_between, deciles
from engine.compare.groups import Group, grouping_of
from engine.compare.schools import SchoolChange, compare_schools, protects_schools
from engine.errors import PairRefused, Problem
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.parts import budget_known, of_formula
from engine.modules.top_ups.group_sums import change_sums
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.modules.top_ups.pupil_groups import (
    AUTHORITY,
    NEED,
    SCHOOL,
    SETTING,
    TOTAL,
    coded,
    row_groups,
)
from engine.row_chunks import ONE_THREAD, Blocks
from engine.run import Outcome

GROUPINGS = (SCHOOL, AUTHORITY, NEED, SETTING)
"""The kinds of groups of pupils."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A candidate's outcome compared with a baseline's.

    ``placed`` is there where either rule set protects schools' top-ups against loss.
    """

    baseline: Outcome
    candidate: Outcome
    pupils: Change | None
    schools: Change | None
    placed: SchoolChange | None = None

    def __repr__(self) -> str:
        """Return the totals of what changes."""
        return f"<Comparison: {self.pupils!r}, {self.schools!r}>"


def compare(baseline: Outcome, candidate: Outcome, *, blocks: Blocks = ONE_THREAD) -> Comparison:
    """Compare two outcomes over the same tables.

    Raises ``PairRefused`` where they share neither pupils nor schools.
    """
    pupils = schools = placed = None
    if baseline.top_ups is not None and candidate.top_ups is not None:
        pupils = compare_top_ups(baseline.top_ups, candidate.top_ups, blocks=blocks)
        if protects_schools(baseline.top_ups) or protects_schools(candidate.top_ups):
            placed = compare_schools(baseline.top_ups, candidate.top_ups)
    if baseline.notional is not None and candidate.notional is not None:
        schools = compare_notional(baseline.notional, candidate.notional)
    if pupils is None and schools is None:
        sentence = (
            "the two rule sets have no part in common that can be worked out from these tables"
        )
        raise PairRefused([Problem(sentence, "nothing-to-compare")])
    return Comparison(baseline, candidate, pupils, schools, placed)


def compare_top_ups(
    baseline: TopUpOutcome, candidate: TopUpOutcome, *, blocks: Blocks = ONE_THREAD
) -> Change:
    """Compare top-ups pupil by pupil, and by school, authority, need and setting.

    A school's protection against loss is paid for no pupil and is in none of these figures: it is
    compared by ``compare_schools``. Amounts are pence. Raises ``PairRefused`` where the two sides
    value different tables of pupils. A pupil with several spells is counted once.
    """
    if baseline.pupils is not candidate.pupils:
        raise PairRefused(
            [Problem("the two sides have different tables of pupils", "different-tables")]
        )
    pupils = baseline.pupils

    def known() -> NDArray[np.bool_]:
        return baseline.known & candidate.known

    if pupils.members is not None:
        kinds = [(kind, *row_groups(pupils, kind)) for kind in GROUPINGS]
        sides = (baseline.amount, candidate.amount, known())
        return change_between(*sides, kinds, members=pupils.members)
    sums = change_sums(baseline, candidate, blocks)
    total, *groupings = (grouping_of(kind, sums.groups[kind]) for kind in (TOTAL, *GROUPINGS))
    [everyone] = total.groups or [Group(TOTAL, 0, 0, 0, 0, 0, 0, 0)]
    noughts = everyone.number - everyone.absent - len(sums.changes)
    return Change(
        baseline.amount, candidate.amount, known, everyone, tuple(groupings),
        deciles(sums.changes, noughts),
    )  # fmt: skip


def compare_notional(baseline: NotionalOutcome, candidate: NotionalOutcome) -> Change:
    """Compare notional SEN school by school, and by authority, in pence.

    No school is known under rules that name no notional percentage, and one that neither formula
    funds has no budget: it is in no sum and no count. Raises ``PairRefused`` where the two sides value different schools.
    """
    if not np.array_equal(baseline.schools.urn, candidate.schools.urn):
        raise PairRefused([Problem("the two sides have different schools", "different-tables")])
    known = budget_known(baseline) & budget_known(candidate)
    counted = of_formula(baseline) | of_formula(candidate)
    kinds = [("school", *coded(baseline.schools.urn, None))]
    if "la" in baseline.schools.columns:
        la = baseline.schools.columns["la"]
        kinds.append(("la", *coded(la, int(np.iinfo(la.dtype).min))))
    sides = (baseline.notional_total, candidate.notional_total)
    return change_between(*sides, known, kinds, counted)
