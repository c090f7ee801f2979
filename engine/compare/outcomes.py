"""Two outcomes over the same tables, compared for each pupil and school."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.blocks import ONE_THREAD, Blocks
from engine.columns import Int
from engine.compare.groups import Group, Grouping, grouped
from engine.errors import PairRefused, Problem
from engine.outcome import NotionalOutcome, Outcome, TopUpOutcome
from engine.tables import PupilTable
from engine.vocabulary import Need, Reason, Setting

DECILES = tuple(range(10, 100, 10))
NOT_SUPPLIED = "not supplied"


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
    def change(self) -> Int:
        """Return after less before for each; 0 where not known."""
        return np.where(self.known, self.after - self.before, 0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A candidate's outcome against a baseline's."""

    baseline: Outcome
    candidate: Outcome
    pupils: Change | None
    schools: Change | None


def compare(baseline: Outcome, candidate: Outcome, *, blocks: Blocks = ONE_THREAD) -> Comparison:
    """Compare two outcomes over the same tables.

    Raises ``PairRefused`` where they share neither pupils nor schools.
    """
    pupils = schools = None
    if baseline.top_ups is not None and candidate.top_ups is not None:
        pupils = compare_top_ups(baseline.top_ups, candidate.top_ups, blocks=blocks)
    if baseline.notional is not None and candidate.notional is not None:
        schools = compare_notional(baseline.notional, candidate.notional, blocks=blocks)
    if pupils is None and schools is None:
        sentence = "the two rule sets have no part in common that these tables can be valued under"
        raise PairRefused([Problem(sentence, "nothing-to-compare")])
    return Comparison(baseline, candidate, pupils, schools)


def compare_top_ups(
    baseline: TopUpOutcome, candidate: TopUpOutcome, *, blocks: Blocks = ONE_THREAD
) -> Change:
    """Compare top-ups pupil by pupil, and by school, authority, need and setting."""
    if baseline.pupils is not candidate.pupils:
        raise PairRefused(
            [Problem("the two sides value different tables of pupils", "different-tables")]
        )
    known = (baseline.reason != Reason.not_supplied) & (candidate.reason != Reason.not_supplied)
    kinds = [
        (kind, *pupil_groups(baseline.pupils, kind)) for kind in ("school", "la", "need", "setting")
    ]
    return _change(baseline.amount, candidate.amount, known, kinds, blocks)


def compare_notional(
    baseline: NotionalOutcome, candidate: NotionalOutcome, *, blocks: Blocks = ONE_THREAD
) -> Change:
    """Compare notional SEN school by school, and by authority and phase of school."""
    if not np.array_equal(baseline.schools.urn, candidate.schools.urn):
        raise PairRefused([Problem("the two sides value different schools", "different-tables")])
    known = (baseline.absent_total == 0) & (candidate.absent_total == 0)
    kinds = [("school", *_coded(baseline.schools.urn, None))]
    if "la" in baseline.schools.columns:
        kinds.append(("la", *_coded(baseline.schools.columns["la"], None)))
    return _change(baseline.notional_total, candidate.notional_total, known, kinds, blocks)


def _change(
    before: Int,
    after: Int,
    known: NDArray[np.bool_],
    kinds: list[tuple[str, list[str], NDArray[np.int32]]],
    blocks: Blocks,
) -> Change:
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
        names, group = _coded(values, int(np.iinfo(values.dtype).min))
        return names, np.repeat(group, np.diff(pupils.offsets))
    column = "primary_need" if kind == "need" else "setting"
    codes = Need if kind == "need" else Setting
    if not pupils.has(column):
        return [NOT_SUPPLIED], np.zeros(len(pupils), np.int32)
    held = pupils.columns[column].astype(np.int32)
    return [NOT_SUPPLIED, *(code.name for code in codes)], np.where(held < 0, 0, held).astype(
        np.int32
    )


def _coded(
    values: NDArray[np.signedinteger], missing: int | None
) -> tuple[list[str], NDArray[np.int32]]:
    distinct, position = np.unique(values, return_inverse=True)
    names = [NOT_SUPPLIED if value == missing else str(value) for value in distinct.tolist()]
    return names, position.astype(np.int32)
