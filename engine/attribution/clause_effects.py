"""What each changed clause of rules brings in pounds, over the same schools or pupils: alone, and as the last of all.

Alone it changes in the earlier rules; as the last it changes in rules that have all other changes. What the effects
together differ from the whole change by is what clauses do to each other: stated as the interaction, so that all adds
to the penny.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.attribution.amounts import Amounts, Valuation
from engine.attribution.clause_groups import clauses_together
from engine.cache import Cache
from engine.errors import PairRefused, Problem, Refusal
from engine.export import difference_rows
from engine.rules.compile_trials import compile_what_if
from engine.rules.compiled import CompiledRules

MOST_CLAUSES = 150
"""Places in which two rule sets may differ: each is worked out twice."""

CHANGES_WITHIN = ";"
"""In the words of a place whose value changes within the year."""


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """A clause that changes: its places with their values in words, None where a side has none, and what it brings, pence.

    Places that cannot change one without another are one clause.
    """

    places: tuple[str, ...]
    before: tuple[str | None, ...]
    after: tuple[str | None, ...]
    alone: int
    last: int


@dataclass(frozen=True, slots=True)
class ClauseEffects:
    """A change of rules over records that are known under every mixture of clauses that is worked out, pence.

    ``others`` is what all together brings that is no number of both rule sets: rows and fields of one of them, words,
    values that change within the year, and the days of the year. None where there is none of it.
    """

    before: int
    after: int
    records: int
    not_known: int
    clauses: tuple[ClauseChange, ...]
    others: ClauseChange | None

    @property
    def change(self) -> int:
        """Return the whole change, pence."""
        return self.after - self.before

    @property
    def every(self) -> tuple[ClauseChange, ...]:
        """Return the clauses, and all others as one."""
        return self.clauses if self.others is None else (*self.clauses, self.others)

    @property
    def interaction_alone(self) -> int:
        """Return what clauses bring together above what each brings alone, pence."""
        return self.change - sum(one.alone for one in self.every)

    @property
    def interaction_last(self) -> int:
        """Return what the whole change is above what each clause brings as the last, pence."""
        return self.change - sum(one.last for one in self.every)


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in which two documents differ."""

    name: str
    before: str | None
    after: str | None

    @property
    def is_number(self) -> bool:
        """Return whether both have one value there for the whole year."""
        return (
            None not in {self.before, self.after}
            and CHANGES_WITHIN not in f"{self.before}{self.after}"
        )


@dataclass(frozen=True, slots=True)
class _TriedClause:
    """A clause with the rules that have it and nothing else of the later ones, and those that have all but it."""

    places: tuple[_Place, ...]
    with_it: CompiledRules
    without_it: CompiledRules


@dataclass(frozen=True, slots=True)
class _Differences:
    """All places in which two rule sets differ, and the clauses among them that can be tried."""

    places: Mapping[str, _Place]
    clauses: tuple[_TriedClause, ...]


_DIFFERENCES = Cache(4)
"""Of pairs of rule sets: trials of their clauses are compiled once for all schools; each pair holds some fifty rule sets."""


def clause_effects(before: CompiledRules, after: CompiledRules, value: Valuation) -> ClauseEffects:
    """Return what each clause brings that changes from one rule set to another, over the records of a valuation.

    Raises ``PairRefused`` where they differ in more than ``MOST_CLAUSES`` places.
    """
    pair = (before.digest, before.day, after.digest, after.day)
    found = _DIFFERENCES.get(pair, _differences, before, after)
    places = found.places
    ends = value(before), value(after)
    worked: list[tuple[Sequence[_Place], Amounts, Amounts]] = []
    for one in found.clauses:
        with_it, without_it = _valued(one.with_it, value), _valued(one.without_it, value)
        if with_it is not None and without_it is not None:
            worked.append((one.places, with_it, without_it))
    numbers = [one for clause, _, _ in worked for one in clause]
    rest = [one for one in places.values() if one not in numbers]
    mixed = ends
    if numbers:
        alone_rules = _tried(after, [(one.name, one.before) for one in numbers])
        last_rules = _tried(before, [(one.name, one.after) for one in numbers])
        others_alone, others_last = _valued(alone_rules, value), _valued(last_rules, value)
        if others_alone is None or others_last is None:
            # Numbers that cannot all be tried together are no clauses of their own.
            worked, rest = [], list(places.values())
        else:
            mixed = (others_last, others_alone)
    every = [*ends, *mixed, *(one for _, *two in worked for one in two)]
    known = np.logical_and.reduce([one.known for one in every])

    def total(one: Amounts) -> int:
        return int(one.pence[known].sum())

    first, last = (total(one) for one in ends)
    clauses = tuple(
        _clause(clause, total(with_it) - first, last - total(without_it))
        for clause, with_it, without_it in worked
    )
    # Where no number is a clause, all that differs is one.
    alone, as_last = (
        (total(mixed[1]) - first, last - total(mixed[0]))
        if worked
        else (last - first, last - first)
    )
    has_others = rest or alone or as_last
    return ClauseEffects(
        first, last, int(known.sum()), int((~known).sum()), clauses,
        _clause(rest, alone, as_last) if has_others else None,
    )  # fmt: skip


def _clause(places: Sequence[_Place], alone: int, last: int) -> ClauseChange:
    return ClauseChange(
        tuple(one.name for one in places), tuple(one.before for one in places),
        tuple(one.after for one in places), alone, last,
    )  # fmt: skip


def _differences(before: CompiledRules, after: CompiledRules) -> _Differences:
    """Return in what two rule sets differ, each clause that can be tried compiled in both."""
    rows = difference_rows(before.document, after.document, before.day).frame.to_dicts()
    places = {one["place"]: _Place(one["place"], one["before"], one["after"]) for one in rows}
    if len(places) > MOST_CLAUSES:
        sentence = f"the two rule sets differ in {len(places)} places; at most {MOST_CLAUSES} can be worked out clause by clause"
        raise PairRefused([Problem(sentence, "too-many-clauses")])
    numbers = [one.name for one in places.values() if one.is_number]
    clauses = []
    for names in clauses_together(before, after, numbers, places):
        clause = tuple(places[name] for name in names)
        with_it = _tried(before, [(one.name, one.after) for one in clause])
        without_it = _tried(after, [(one.name, one.before) for one in clause])
        if with_it is not None and without_it is not None:
            clauses.append(_TriedClause(clause, with_it, without_it))
    return _Differences(places, tuple(clauses))


def _tried(
    rules: CompiledRules, overrides: Sequence[tuple[str, str | None]]
) -> CompiledRules | None:
    """Return rules with other numbers, None where they cannot be tried."""
    pairs = [(place, text) for place, text in overrides if text is not None]
    try:
        return compile_what_if(rules.document, pairs, rules.day, rules)
    except Refusal:
        return None


def _valued(rules: CompiledRules | None, value: Valuation) -> Amounts | None:
    """Return what rules come to, None where they cannot be valued."""
    if rules is None:
        return None
    try:
        return value(rules)
    except Refusal:
        return None
