"""Schools' top-ups compared with what protects them against loss: both together are what is paid."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.compare.change import Change, change_between
from engine.errors import PairRefused, Problem
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.modules.top_ups.pupil_groups import coded
from engine.tables import NO_SCHOOL


@dataclass(frozen=True, slots=True)
class SchoolChange:
    """What changes for schools by their pupils' top-ups, by protection, and by both together.

    Schools are in the order of ``urn``, pupils who name none together as one. A school is
    known where all its pupils' top-ups and its protection are, on both sides and by every
    authority; ``before_known`` and ``after_known`` say so of one side, for top-ups and
    protection each.
    """

    urn: NDArray[np.int32]
    top_ups: Change
    protection: Change
    paid: Change
    before_known: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    after_known: tuple[NDArray[np.bool_], NDArray[np.bool_]]

    def __repr__(self) -> str:
        """Return the total of what schools are paid."""
        return f"<SchoolChange: {self.paid.total!r}>"


@dataclass(frozen=True, slots=True)
class _Paid:
    """One side by placement: pence, and whether those of top-ups, and of protection, are known."""

    top_ups: Int
    protection: Int
    known: tuple[NDArray[np.bool_], NDArray[np.bool_]]


def protects_schools(outcome: TopUpOutcome) -> bool:
    """Return whether the rules of an outcome protect schools against loss."""
    return outcome.top_ups.school_protection is not None


def compare_schools(baseline: TopUpOutcome, candidate: TopUpOutcome) -> SchoolChange:
    """Compare what schools are paid for their pupils and to protect them, school by school.

    By authority too: one that places pupils in a school pays its own part of both. Amounts are
    pence. Raises ``PairRefused`` where the two sides value different tables of pupils.
    """
    pupils = baseline.pupils
    if pupils is not candidate.pupils:
        sentence = "the two sides have different tables of pupils"
        raise PairRefused([Problem(sentence, "different-tables")])
    urn, school = np.unique(pupils.placement_urn, return_inverse=True)
    before, after = _paid(baseline), _paid(candidate)
    known_before = tuple(_every(school, one, len(urn)) for one in before.known)
    known_after = tuple(_every(school, one, len(urn)) for one in after.known)
    known = np.logical_and.reduce([*known_before, *known_after])
    names, _ = coded(urn, NO_SCHOOL)
    authorities, authority = coded(pupils.placement_la, None)

    def change(old: Int, new: Int) -> Change:
        by_school = change_between(
            _sums(school, old, len(urn)),
            _sums(school, new, len(urn)),
            known,
            [("school", names, np.arange(len(urn), dtype=np.int32))],
        )
        by_authority = change_between(old, new, known[school], [("la", authorities, authority)])
        groupings = (*by_school.groupings, *by_authority.groupings)
        return Change(
            by_school.before,
            by_school.after,
            by_school.find_known,
            by_school.total,
            groupings,
            by_school.deciles,
        )

    return SchoolChange(
        urn,
        change(before.top_ups, after.top_ups),
        change(before.protection, after.protection),
        change(before.top_ups + before.protection, after.top_ups + after.protection),
        (known_before[0], known_before[1]),
        (known_after[0], known_after[1]),
    )


def _paid(outcome: TopUpOutcome) -> _Paid:
    return _Paid(
        outcome.placement_sum,
        outcome.school_protection,
        (outcome.placement_absent == 0, outcome.school_protection_absent == 0),
    )


def _sums(school: NDArray[np.intp], pence: Int, schools: int) -> Int:
    """Return the sum of each school over the authorities that place pupils there."""
    sums = np.zeros(schools, np.int64)
    np.add.at(sums, school, pence)
    return sums


def _every(school: NDArray[np.intp], known: NDArray[np.bool_], schools: int) -> NDArray[np.bool_]:
    """Return whether a school's every placement is known."""
    every = np.ones(schools, np.bool_)
    np.logical_and.at(every, school, known)
    return every
