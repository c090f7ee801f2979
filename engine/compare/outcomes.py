"""Two outcomes over the same tables, compared for each pupil and school."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.compare.groups import Group, Grouping, grouped
from engine.errors import PairRefused, Problem
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.parts import budget_known
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.row_chunks import ONE_THREAD, Blocks
from engine.tables import PupilTable
from engine.vocabulary import Need, Reason, Setting

DECILES = tuple(range(10, 100, 10))
NOT_SUPPLIED = "not supplied"
GROUPINGS = ("school", "la", "need", "setting")
"""The kinds of groups of pupils."""


@dataclass(frozen=True, slots=True)
class Change:
    """What changes for pupils or schools, in the order of their table; pence.

    ``known`` marks those whose amount is known on both sides; the sums, winners and
    losers are theirs alone, and ``total.absent`` counts the others. ``deciles`` are the
    nine values that divide the known changes into tenths (nearest rank).
    """

    before: Int
    after: Int
    known: NDArray[np.bool_]
    total: Group
    groupings: tuple[Grouping, ...]
    deciles: tuple[int, ...]

    @property
    def difference(self) -> Int:
        """Return after less before for each, pence; only where both are known."""
        return self.after - self.before

    @property
    def change(self) -> Int:
        """Return after less before for each; 0 where not known."""
        return np.where(self.known, self.difference, 0)

    def __repr__(self) -> str:
        """Return the total of what changes."""
        return f"<Change: {self.total!r}>"


def compare_top_ups(
    baseline: TopUpOutcome, candidate: TopUpOutcome, *, blocks: Blocks = ONE_THREAD
) -> Change:
    """Compare top-ups pupil by pupil, and by school, authority, need and setting.

    A school's protection against loss is paid for no pupil and is in none of these figures: it is
    compared by ``compare_schools``. Amounts are pence. Raises ``PairRefused`` where the two sides
    value different tables of pupils.
    """
    if baseline.pupils is not candidate.pupils:
        raise PairRefused(
            [Problem("the two sides have different tables of pupils", "different-tables")]
        )
    known = (baseline.reason != Reason.not_supplied) & (candidate.reason != Reason.not_supplied)
    kinds = [(kind, *pupil_groups(baseline.pupils, kind)) for kind in GROUPINGS]
    return compared(baseline.amount, candidate.amount, known, kinds, blocks)


def compare_notional(
    baseline: NotionalOutcome, candidate: NotionalOutcome, *, blocks: Blocks = ONE_THREAD
) -> Change:
    """Compare notional SEN school by school, and by authority, in pence.

    No school is known under rules that name no notional percentage. Raises ``PairRefused`` where the two sides value different schools.
    """
    if not np.array_equal(baseline.schools.urn, candidate.schools.urn):
        raise PairRefused([Problem("the two sides have different schools", "different-tables")])
    known = budget_known(baseline) & budget_known(candidate)
    kinds = [("school", *coded(baseline.schools.urn, None))]
    if "la" in baseline.schools.columns:
        la = baseline.schools.columns["la"]
        kinds.append(("la", *coded(la, int(np.iinfo(la.dtype).min))))
    return compared(baseline.notional_total, candidate.notional_total, known, kinds, blocks)


def compared(
    before: Int,
    after: Int,
    known: NDArray[np.bool_],
    kinds: list[tuple[str, list[str], NDArray[np.int32]]],
    blocks: Blocks,
) -> Change:
    """Return what changes from one column of pence to another, in all and by group."""
    groupings = tuple(
        grouped(kind, names, group, before, after, known, blocks) for kind, names, group in kinds
    )
    everyone = grouped(
        "total", ["total"], np.zeros(len(before), np.int32), before, after, known, blocks
    )
    total = everyone.groups[0] if everyone.groups else Group("total", 0, 0, 0, 0, 0, 0, 0)
    return Change(before, after, known, total, groupings, deciles((after - before)[known]))


def deciles(changes: Int) -> tuple[int, ...]:
    """Return the nine nearest-rank deciles of changes, pence; none where there are no changes."""
    if not len(changes):
        return ()
    ranks = [-(-share * len(changes) // 100) - 1 for share in DECILES]
    ordered = np.partition(changes, sorted(set(ranks)))
    return tuple(int(ordered[rank]) for rank in ranks)


def pupil_groups(pupils: PupilTable, kind: str) -> tuple[list[str], NDArray[np.int32]]:
    """Return the names of the groups of one kind and the group of each pupil."""
    if kind in ("school", "la"):
        values = pupils.placement_urn if kind == "school" else pupils.placement_la
        names, group = coded(values, int(np.iinfo(values.dtype).min))
        return names, np.repeat(group, np.diff(pupils.offsets))
    column = "primary_need" if kind == "need" else "setting"
    codes = Need if kind == "need" else Setting
    if not pupils.has(column):
        return [NOT_SUPPLIED], np.zeros(len(pupils), np.int32)
    held = pupils.columns[column].astype(np.int32)
    return [NOT_SUPPLIED, *(code.name for code in codes)], np.where(held < 0, 0, held).astype(
        np.int32
    )


def coded(
    values: NDArray[np.signedinteger], missing: int | None
) -> tuple[list[str], NDArray[np.int32]]:
    """Return the distinct values by name, with a name for missing ones, and the name of each."""
    distinct, position = np.unique(values, return_inverse=True)
    names = [NOT_SUPPLIED if value == missing else str(value) for value in distinct.tolist()]
    return names, position.astype(np.int32)
