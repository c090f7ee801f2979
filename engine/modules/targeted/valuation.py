"""Extra targeted funding for schools with many plans: every published pattern, to the penny."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.money import PENCE, decimal_of, half_away, scaled
from engine.rules.in_force import refuse_later
from engine.rules.targeted import CompiledTargeted, Pattern

HUNDRED = 100


@dataclass(frozen=True, slots=True)
class SchoolCalls:
    """A school's plans and pupils, its notional SEN budget and its expected calls on it, pence.

    ``calls`` are only needed where a pot's rest is shared among schools still short.
    """

    notional: int
    plans: Fraction
    pupils: Fraction
    calls: int = 0


@dataclass(frozen=True, slots=True)
class TargetedAmount:
    """What a school is paid, pence: the first step, the part of the pot, and both together."""

    due: int
    shared: int

    @property
    def amount(self) -> int:
        """Return all that is paid."""
        return self.due + self.shared


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: Pattern
    threshold: int
    means: Fraction
    per_hundred: Fraction
    tiers: tuple[tuple[Fraction, Fraction], ...]
    pot: int | None


def value_targeted(
    rules: CompiledTargeted, schools: Sequence[SchoolCalls]
) -> tuple[TargetedAmount, ...]:
    """Return the amount of each school, in the order given: pence, never above the pot in total.

    ``gap``, ``plans_above_means``, ``plans_above_rate`` and ``tiers`` are scaled to the
    pot where it is too small; ``gap_then_pot`` shares what is left among the schools
    whose notional budget is still less than their calls, in proportion to the shortfall.
    """
    rule = _exact(rules)
    exact = [_due(rule, school) for school in schools]
    dues = _within(rule.pot, exact)
    shared = [0] * len(dues)
    if rule.pattern is Pattern.gap_then_pot and rule.pot is not None:
        shared = _shares(rule.pot - sum(dues), _lacking(schools, exact))
    return tuple(TargetedAmount(due, part) for due, part in zip(dues, shared, strict=True))


def _exact(rules: CompiledTargeted) -> _Rule:
    """Return the rule's values as exact numbers; refuse one that has not begun, such as a pot to come."""
    refuse_later(rules.later)
    threshold, pot = rules.threshold, rules.pot
    means, per_hundred = rules.means_percent, rules.plans_per_hundred
    return _Rule(
        pattern=rules.rule.pattern,
        threshold=0 if threshold is None else scaled(threshold.decimal, PENCE),
        means=Fraction(1) if means is None else Fraction(means.decimal) / HUNDRED,
        per_hundred=Fraction(0) if per_hundred is None else Fraction(per_hundred.decimal),
        tiers=tuple(
            (
                Fraction(decimal_of(tier.consumed_percent)) / HUNDRED,
                Fraction(decimal_of(tier.paid_percent)) / HUNDRED,
            )
            for tier in rules.rule.tiers
        ),
        pot=None if pot is None else scaled(pot.decimal, PENCE),
    )


def _due(rule: _Rule, school: SchoolCalls) -> Fraction:
    """Return what the pattern gives a school, exact pence, before any pot."""
    calls = school.plans * rule.threshold
    if rule.pattern is Pattern.plans_above_means:
        paid_for = rule.means * school.notional // rule.threshold if rule.threshold else 0
        return max(school.plans - paid_for, Fraction(0)) * rule.threshold
    if rule.pattern is Pattern.plans_above_rate:
        usual = school.pupils * rule.per_hundred / HUNDRED
        return max(school.plans - usual, Fraction(0)) * rule.threshold
    if rule.pattern is Pattern.tiers:
        return _tiered(rule, school, calls)
    return max(calls - rule.means * school.notional, Fraction(0))


def _tiered(rule: _Rule, school: SchoolCalls, calls: Fraction) -> Fraction:
    """Return the part of the calls that each tier pays: from its share of the budget to the next."""
    due = Fraction(0)
    for at, (consumed, paid) in enumerate(rule.tiers):
        start = consumed * school.notional
        stop = rule.tiers[at + 1][0] * school.notional if at + 1 < len(rule.tiers) else calls
        due += max(min(calls, stop) - start, Fraction(0)) * paid
    return due


def _within(pot: int | None, exact: Sequence[Fraction]) -> list[int]:
    """Return dues to the penny, scaled to the pot where there is one that they do not fit.

    Dues that fit it exactly may still pass it by pennies once each is rounded.
    """
    dues = [half_away(*due.as_integer_ratio()) for due in exact]
    if pot is None or max(sum(exact), sum(dues)) <= pot:
        return dues
    return _shares(pot, exact)


def _lacking(schools: Sequence[SchoolCalls], exact: Sequence[Fraction]) -> list[Fraction]:
    """Return each school's shortfall after its budget and its funding, exact pence."""
    return [
        max(school.calls - school.notional - due, Fraction(0))
        for school, due in zip(schools, exact, strict=True)
    ]


def _shares(pot: int, weights: Sequence[Fraction]) -> list[int]:
    """Return whole pence in proportion to weights that add to the pot; the earlier rounding decides.

    Each part is the difference of the rounded running totals, so that nothing is lost.
    """
    total = sum(weights, Fraction(0))
    if not total:
        return [0] * len(weights)
    shares, running, given = [], Fraction(0), 0
    for weight in weights:
        running += weight
        upto = half_away(*(pot * running / total).as_integer_ratio())
        shares.append(upto - given)
        given = upto
    return shares
