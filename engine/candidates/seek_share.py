"""The value of a path at which notional SEN budgets come to a share of what the schools formula gives: exact, with every value that ties.

Of a notional percentage the notional sum never falls where no amount is below nothing, and the formula stays: halving finds
where the share passes the target. Of another path every whole value between two is worked out.
"""

from bisect import bisect_left
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

import numpy as np

from engine.candidates.halving import Found, Plateau, among, halve
from engine.candidates.seek import every_value, span_of
from engine.errors import OverrideRefused, PairRefused, Problem, Refusal
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.parts import budget_known, of_formula
from engine.money import number
from engine.rules.compile_trials import compile_what_if
from engine.rules.compiled import CompiledRules
from engine.rules.number_kinds import Kind
from engine.rules.override import numbers_at
from engine.rules.value_tables import ROWS
from engine.rules.yaml_source import Path
from engine.run import evaluate
from engine.tables import SchoolTable

PERCENTAGE = "notional_percent"


class Sums(NamedTuple):
    """What schools whose budget is known come to, pence; ``left_out`` counts those that are not known."""

    notional: int
    formula: int
    left_out: int


class FoundShare(NamedTuple):
    """What values come to a share: ``found`` has notional sums, ``sums`` those of any of its values."""

    found: Found
    sums: Callable[[str], Sums]


def seek_share(
    baseline: CompiledRules,
    schools: SchoolTable,
    place: str,
    share: Fraction,
    bounds: tuple[str, str] | None = None,
) -> FoundShare:
    """Return the values of a path at which notional SEN is a ``share`` of the formula, or those nearest to it.

    Raises ``OverrideRefused`` for a path or bounds that cannot be, ``PairRefused`` where no school's budget is known.
    """
    known: dict[str, NotionalOutcome] = {}

    def outcome(value: str) -> NotionalOutcome:
        if value not in known:
            rules = compile_what_if(baseline.document, [(place, value)], baseline.day, baseline)
            found = evaluate(rules, schools=schools).notional
            if found is None or not budget_known(found).any():
                sentence = "no school has a notional SEN budget that is known under these rules"
                raise PairRefused([Problem(sentence, "nothing-to-value")])
            known[value] = found
        return known[value]

    start = bounds[0] if bounds else "1"
    path = numbers_at(baseline.document, [(place, start)], baseline.day)[place]
    by_halves = path.kind is Kind.dated and _leaf(path.path) == PERCENTAGE
    if by_halves and _rises(outcome(start)):
        found = _by_halves(baseline, place, share, bounds, lambda value: sums_of(outcome(value)))
    else:
        found = _every(place, share, bounds, lambda value: sums_of(outcome(value)))
    return FoundShare(found, lambda value: sums_of(outcome(value)))


def _leaf(path: Path) -> object:
    """Return the name of the value at a path, or of the table of values in which it is that of a row."""
    return path[path.index(ROWS) - 1] if ROWS in path else path[-1]


def sums_of(outcome: NotionalOutcome) -> Sums:
    """Return what the schools of known budget come to."""
    known, counted = budget_known(outcome), of_formula(outcome)
    return Sums(
        int(outcome.notional_total[known].sum()),
        int(outcome.formula_total[known].sum()),
        int(np.count_nonzero(counted & ~known)),
    )


def _rises(outcome: NotionalOutcome) -> bool:
    """Return whether no amount is below nothing, so that no share of one is."""
    parts = (outcome.amount, outcome.fringe, outcome.uplift, outcome.protection)
    return all(int(one.min(initial=0)) >= 0 for one in parts)


def _by_halves(
    baseline: CompiledRules,
    place: str,
    share: Fraction,
    bounds: tuple[str, str] | None,
    sums: Callable[[str], Sums],
) -> Found:
    decimals, span = span_of(baseline, place, bounds)
    ends = [sums(number(one, 10**decimals)) for one in span]
    if ends[0].formula != ends[1].formula or ends[0].left_out != ends[1].left_out:
        sentence = "changes what the formula gives or which schools are known: give --from and --to, two whole numbers"
        raise OverrideRefused([Problem(sentence, "bounds", place=place)])
    target = share * ends[0].formula

    def total(value: int) -> int:
        return sums(number(value, 10**decimals)).notional

    return halve(total, (ceil(target), floor(target)), span, 10**decimals)


def _every(
    place: str,
    share: Fraction,
    bounds: tuple[str, str] | None,
    sums: Callable[[str], Sums],
) -> Found:
    """Return what is found among every whole value between two, of which some may be impossible."""
    shares: dict[int, Fraction] = {}
    for value in every_value(place, bounds):
        with suppress(Refusal):
            one = sums(str(value))
            if one.formula:
                shares[value] = Fraction(one.notional, one.formula)
    if not shares:
        raise PairRefused([Problem("no value between the two can be tried", "bounds", place=place)])
    # Places in ascending order, the target between two of them or on one, keep exact shares exact.
    ordered = sorted(set(shares.values()))
    places = {one: 2 * at for at, one in enumerate(ordered)}
    target = places.get(share, 2 * bisect_left(ordered, share) - 1)
    found = among({value: places[one] for value, one in shares.items()}, (target, target))
    return Found(
        tuple(_priced(one, sums) for one in found.exact),
        None if found.below is None else _priced(found.below, sums),
        None if found.above is None else _priced(found.above, sums),
    )


def _priced(one: Plateau, sums: Callable[[str], Sums]) -> Plateau:
    return one._replace(total=sums(one.first).notional)
