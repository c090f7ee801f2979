"""What changes schools' notional SEN budgets from one year to the next: pupils, unit values, percentages, protection.

Each school's whole answer is worked out for every mixture of the two years, and what a cause brings is its mean over
every order in which the causes may change (``shapley``), part by part. Nothing is left over: the causes of a
line add to its change, and the lines to that of the budget.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import NDArray

from engine.attribution.causes import (
    CAUSE_OF,
    CAUSES,
    Cause,
    CauseChange,
    PartChange,
    YearChange,
    YearChanges,
)
from engine.attribution.differing import differing
from engine.attribution.notional_parts import NotionalPart, notional_parts
from engine.attribution.shapley import in_pence, partitions, shapley
from engine.errors import PairRefused, Problem
from engine.expected_calls import Pence
from engine.modules.school_formula import parts as school_parts
from engine.modules.school_formula.mixtures import FormulaSide, Mixtures
from engine.modules.school_formula.outcome import NotionalOutcome

Blocks = tuple[tuple[int, ...], ...]
"""Causes that are separated, by their positions: those of one block together."""


def year_changes(before: NotionalOutcome, after: NotionalOutcome) -> YearChanges:
    """Return what changes the budgets of the schools that both years have; units come from the tables of schools.

    Raises ``PairRefused`` where a year's rules name no notional percentage, are for another part of a year than the
    other's, or a table of schools leaves a line to be counted from pupils.
    """
    for one in (before, after):
        if not school_parts.is_notional(one).any():
            named = one.rules.document.title
            sentence = f"{named} names no notional SEN percentage, so there is no budget to compare"
            raise PairRefused([Problem(sentence, "no-percentages")])
    places = [
        {urn: at for at, urn in enumerate(one.schools.urn.tolist())} for one in (before, after)
    ]
    both = sorted(places[0].keys() & places[1].keys())
    groups: dict[tuple[int, int], list[int]] = {}
    for urn in both:
        group = _group(before, places[0][urn]), _group(after, places[1][urn])
        groups.setdefault(group, []).append(urn)
    found: dict[int, YearChange] = {}
    for urns in groups.values():
        sides = [
            _side(outcome, [held[urn] for urn in urns])
            for outcome, held in zip((before, after), places, strict=True)
        ]
        found |= {one.urn: one for one in _Group(sides[0], sides[1]).changes()}
    only = [tuple(sorted(held.keys() - set(both))) for held in places]
    return YearChanges(tuple(found[urn] for urn in both), *only)


def _group(outcome: NotionalOutcome, school: int) -> int:
    """Return which rows of tables of values a school is valued by, as a number."""
    return 0 if outcome.places is None else int(outcome.places[school, 0])


def _side(outcome: NotionalOutcome, schools: Sequence[int]) -> FormulaSide:
    own, _ = outcome.of(schools[0])
    at = np.asarray([outcome.of(school)[1] for school in schools], np.intp)
    return FormulaSide.of(own.rules, own.schools.among(at))


@dataclass(frozen=True, slots=True)
class _Part:
    """A part in every mixture (mixtures, schools): pence, and where it is not known; with its two ends."""

    label: str
    pence: NDArray[np.int64]
    unknown: NDArray[np.bool_]
    why: tuple[NDArray[np.intp] | None, NDArray[np.intp] | None]

    @property
    def has_change(self) -> NDArray[np.bool_]:
        """Return the schools of which it is known in both years."""
        known: NDArray[np.bool_] = ~(self.unknown[0] | self.unknown[-1])
        return known


class _Group:
    """Schools that the same values fit in each year, valued by every mixture of the causes that differ for any of them."""

    def __init__(self, before: FormulaSide, after: FormulaSide) -> None:
        """Value the mixtures; the last has all that is of the second year."""
        self.mixtures = Mixtures(before, after)
        self.schools = after.inputs.schools
        self.differing = differing(self.mixtures)
        active = {CAUSE_OF[one] for one, _ in self.differing}
        self.active = tuple(cause for cause in CAUSES if cause in active)
        chosen = [self._changed(mask) for mask in range(1 << len(self.active))]
        # What differs for none of them is of the second year where all else is.
        chosen[-1] = set(CAUSES)
        outcomes = [self._valued(one) for one in chosen]
        self.funded = [school_parts.funded(outcomes[at]) for at in (0, -1)]
        self.parts = _parts([notional_parts(one) for one in outcomes], len(self.schools))

    def _changed(self, mask: int) -> set[Cause]:
        return {cause for at, cause in enumerate(self.active) if mask >> at & 1}

    def _valued(self, changed: set[Cause]) -> NotionalOutcome:
        return self.mixtures.value(lambda one, _: CAUSE_OF[one] in changed)

    def changes(self) -> Iterator[YearChange]:
        """Yield what changes each school's budget, those together of which the same causes can be separated."""
        unknown = np.zeros((1 << len(self.active), len(self.schools)), np.bool_)
        for part in self.parts.values():
            unknown |= part.unknown & part.has_change
        kinds, kind = np.unique(unknown, axis=1, return_inverse=True)
        for number, bad in enumerate(kinds.T):
            schools = np.flatnonzero(kind.reshape(-1) == number)
            yield from self._separate(_finest(bad.tolist(), len(self.active)), schools)

    def _separate(self, blocks: Blocks, schools: NDArray[np.intp]) -> Iterator[YearChange]:
        """Yield the changes of schools of which some causes are separated."""
        masks = [
            sum(
                1 << cause for at, block in enumerate(blocks) if chosen >> at & 1 for cause in block
            )
            for chosen in range(1 << len(blocks))
        ]
        shares = {
            name: in_pence(
                shapley([*part.pence[masks][:, schools]], len(blocks)), factorial(len(blocks))
            )
            for name, part in self.parts.items()
        }
        for at, school in enumerate(schools.tolist()):
            each = {name: share[:, at].tolist() for name, share in shares.items()}
            yield self._school(school, blocks, each)

    def _school(self, school: int, blocks: Blocks, shares: dict[str, list[int]]) -> YearChange:
        idle = [cause for cause in CAUSES if cause not in self.active]
        named = [(tuple(self.active[one] for one in block), at) for at, block in enumerate(blocks)]
        causes = sorted(
            [*named, *(((cause,), -1) for cause in idle)], key=lambda one: CAUSES.index(one[0][0])
        )
        parts, missing = list[PartChange](), dict[Cause, list[str]]()
        for name, part in self.parts.items():
            one = self._part(
                name, part, school, [shares[name][at] if at >= 0 else 0 for _, at in causes]
            )
            if not (one.before or one.after or any(one.missing)):
                continue
            parts.append(one)
            for cause in self._may_change(name, school) if any(one.missing) else ():
                missing.setdefault(cause, []).extend(
                    f"{part.label}: {why}" for why in dict.fromkeys(one.missing) if why
                )
        funded = [bool(of[school]) for of in self.funded]
        found = []
        for at, (block, _) in enumerate(causes):
            brought = sum(one.by_cause[at] for one in parts if one.by_cause)
            why_not = tuple(dict.fromkeys(one for cause in block for one in missing.get(cause, ())))
            change = None if why_not or not all(funded) else brought
            found.append(CauseChange(block, change, brought, why_not))
        before = _total([one.before for one in parts]) if funded[0] else None
        after = _total([one.after for one in parts]) if funded[1] else None
        return YearChange(
            int(self.schools.urn[school]), self.schools.names[school], before, after,
            tuple(found), tuple(parts),
        )  # fmt: skip

    def _part(self, name: str, part: _Part, school: int, shares: list[int]) -> PartChange:
        """Return one part of a school with what each cause brings, where both years are known."""
        before, after = (
            None if part.unknown[at, school] else int(part.pence[at, school]) for at in (0, -1)
        )
        why_before, why_after = (
            None if end is not None or held is None else school_parts.reason_of(int(held[school]))
            for end, held in zip((before, after), part.why, strict=True)
        )
        by_cause = () if before is None or after is None else tuple(shares)
        return PartChange(name, part.label, before, after, by_cause, (why_before, why_after))

    def _may_change(self, name: str, school: int) -> list[Cause]:
        """Return the causes that may change a part that is not known: of a line those of its own that differ."""
        places = [place for place, of in self.differing.items() if of[school]]
        if name in self.mixtures.names:
            places = [place for place in places if place[1] == name]
        found = {CAUSE_OF[one] for one, _ in places}
        return [cause for cause in CAUSES if cause in found] or [*self.active] or [*CAUSES]


def _total(amounts: Sequence[Pence]) -> Pence:
    """Return the sum of amounts, None where one of them is not known."""
    known = [one for one in amounts if one is not None]
    return sum(known) if len(known) == len(amounts) else None


def _finest(unknown: Sequence[bool], causes: int) -> Blocks:
    """Return the first of the finest ways to put causes in blocks by which every mixture is known."""
    for blocks in partitions(causes):
        sums = [sum(1 << one for one in block) for block in blocks]
        chosen = range(1 << len(blocks))
        masks = (sum(of for at, of in enumerate(sums) if one >> at & 1) for one in chosen)
        if not any(unknown[mask] for mask in masks):
            return blocks
    message = "both years are known of a school of which no mixture is"
    raise ValueError(message)


def _parts(mixtures: Sequence[dict[str, NotionalPart]], schools: int) -> dict[str, _Part]:
    """Return each part in all mixtures; one that a mixture does not have is known to come to nothing there."""
    nothing, nobody = np.zeros(schools, np.int64), np.zeros(schools, np.bool_)
    names = dict.fromkeys(name for one in (mixtures[-1], *mixtures) for name in one)
    found = {}
    for name in names:
        held = [one.get(name) for one in mixtures]
        label = next(one.label for one in (held[-1], *held) if one is not None)
        found[name] = _Part(
            label,
            np.stack([nothing if one is None else one.pence for one in held]),
            np.stack([nobody if one is None else one.unknown for one in held]),
            (held[0] and held[0].why, held[-1] and held[-1].why),
        )
    return found
