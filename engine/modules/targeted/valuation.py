"""Extra targeted funding for schools with many plans: every published pattern, to the penny."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import lcm

from engine.modules.targeted.steps import (
    BEFORE,
    CALLS,
    DUE,
    EXACT,
    FUNDING,
    LEFT,
    NOTIONAL,
    PLANS,
    PUPILS,
    THE_LEFT,
    UPTO,
    any_pot_steps,
    due_steps,
    no_plans_steps,
    part_steps,
    pot_of,
    short_steps,
    upto_steps,
)
from engine.money import MILLION, PENCE, half_away
from engine.rules.in_force import refuse_later
from engine.rules.targeted import CompiledTargeted, Pattern
from engine.steps import (
    Earlier,
    Of,
    Op,
    OwnNumbers,
    Ratios,
    Step,
    Steps,
    are_printed,
    exact_rows,
    known,
    own_names,
    result,
    start,
    work_known,
)
from engine.vocabulary import Missing

MOST_PLACES = 40
"""Decimals that no plain number of a table or document has, once it is multiplied by others."""


@dataclass(frozen=True, slots=True)
class SchoolCalls:
    """A school's plans and pupils, its notional SEN budget and its expected calls on it, pence.

    ``calls`` are only needed where a pot's rest is shared among schools still short.
    """

    notional: int
    plans: Fraction
    pupils: Fraction
    calls: int = 0

    @property
    def own(self) -> dict[str, Fraction | Of]:
        """Return its numbers by the names that steps have for them: plans, pupils, pounds."""
        return {
            NOTIONAL: Fraction(self.notional, PENCE),
            PLANS: self.plans,
            PUPILS: self.pupils,
            CALLS: Fraction(self.calls, PENCE),
        }


@dataclass(frozen=True, slots=True)
class TargetedAmount:
    """What a school is paid, pence: the first step, the part of the pot's rest, and both together.

    ``steps`` lead to ``amount``, and ``own`` are the numbers of the school that they take.
    """

    due: int
    shared: int
    steps: Steps
    own: OwnNumbers

    @property
    def amount(self) -> int:
        """Return all that is paid."""
        return self.due + self.shared


@dataclass(frozen=True, slots=True)
class SchoolFigures:
    """What is known of a school: pence, plans, and pupils in millionths; None is not known.

    ``calls`` are only read where a pot's rest is shared; ``calls_missing`` says why they are not known.
    """

    notional: int | None
    plans: int | None
    pupils: int | None
    calls: int | None = None
    calls_missing: Missing = Missing.sen_support_cost


def shares_a_total(rules: CompiledTargeted) -> bool:
    """Return whether what a school is paid depends on the others."""
    return rules.rule.pattern is Pattern.gap_then_pot or rules.pot is not None


def value_known(
    rules: CompiledTargeted, schools: Sequence[SchoolFigures]
) -> tuple["TargetedAmount | Missing", ...]:
    """Return the amount of each school, in the order given, or why it is not known.

    Where schools share a total, none is known unless all are; but for those to whom nothing is due of any total.
    """
    why = [_missing(rules, one) for one in schools]
    given = [_calls(one) for one in schools]
    if not rules.are_printed:
        why = [one or _unprinted(rules, each) for one, each in zip(why, given, strict=True)]
    if shares_a_total(rules) and (any(why) or not are_printed(rules.pot)):
        return tuple(
            missing or _of_any_total(rules, each) for missing, each in zip(why, given, strict=True)
        )
    known_ones = [each for each, missing in zip(given, why, strict=True) if missing is None]
    value = value_targeted if rules.are_printed else _of_unprinted
    paid = iter(value(rules, known_ones) if known_ones else ())
    return tuple(next(paid) if missing is None else missing for missing in why)


def value_alone(rules: CompiledTargeted, school: SchoolFigures) -> TargetedAmount | Missing:
    """Return what one school is paid of a total that others share: nothing where nothing is due, else why it is not known."""
    calls = _calls(school)
    return _missing(rules, school) or _unprinted(rules, calls) or _of_any_total(rules, calls)


def _calls(school: SchoolFigures) -> SchoolCalls:
    """Return a school's figures with 0 for what is not known, where that does not count."""
    return SchoolCalls(
        school.notional or 0,
        Fraction(school.plans or 0),
        Fraction(school.pupils or 0, MILLION),
        school.calls or 0,
    )


def _of_any_total(rules: CompiledTargeted, school: SchoolCalls) -> TargetedAmount | Missing:
    """Return that a school is paid nothing of a total, whatever that and the other schools are, or why it is not known."""
    steps = any_pot_steps(rules, has_plans=bool(school.plans))
    due = work_known(steps, school.own)
    if due is None or (due and not are_printed(rules.pot)):
        return Missing.not_printed
    return Missing.other_schools if due else TargetedAmount(0, 0, steps, school.own)


def _unprinted(rules: CompiledTargeted, school: SchoolCalls) -> Missing | None:
    """Return that what the pattern gives a school is not known, where it depends on a value that is not printed.

    No plans are paid nothing.
    """
    if not school.plans or work_known(due_steps(rules), school.own) is not None:
        return None
    return Missing.not_printed


def _of_unprinted(
    rules: CompiledTargeted, schools: Sequence[SchoolCalls]
) -> tuple[TargetedAmount | Missing, ...]:
    """Return what schools are paid that do not depend on a value that is not printed."""
    steps = [
        (*due_steps(rules), result(FUNDING)) if one.plans else no_plans_steps(rules)
        for one in schools
    ]
    held = [work_known(each, one.own) for each, one in zip(steps, schools, strict=True)]
    return tuple(
        Missing.not_printed if due is None else TargetedAmount(int(due), 0, each, one.own)
        for due, each, one in zip(held, steps, schools, strict=True)
    )


def _missing(rules: CompiledTargeted, school: SchoolFigures) -> Missing | None:
    """Return why a school's funding is not known, None where it is."""
    pattern = rules.rule.pattern
    if rules.later:
        return Missing.later
    if school.plans is None:
        return Missing.plans
    if pattern is Pattern.plans_above_rate:
        return Missing.pupils if school.pupils is None else None
    if school.notional is None:
        return Missing.budget
    short = pattern is Pattern.gap_then_pot and school.calls is None
    return school.calls_missing if short else None


def value_targeted(
    rules: CompiledTargeted, schools: Sequence[SchoolCalls]
) -> tuple[TargetedAmount, ...]:
    """Return the amount of each school, in the order given: pence, never above the pot in total.

    ``gap``, ``plans_above_means``, ``plans_above_rate`` and ``tiers`` are scaled to the
    pot where it is too small; ``gap_then_pot`` shares what is left among the schools
    whose notional budget is still less than their calls, in proportion to the shortfall.
    Raises ``RuleRefused`` for a value that has not begun, such as a pot to come.
    """
    refuse_later(rules.later)
    own: list[OwnNumbers] = [school.own for school in schools]
    steps = due_steps(rules)
    exact = _exact(steps, own)
    dues = [half_away(*one.as_integer_ratio()) for one in exact]
    pot, unrounded = pot_of(rules), result("Due by the pattern, not rounded", None, EXACT)
    # Dues that fit a pot exactly may still pass it by pennies once each is rounded.
    if pot is not None and max(sum(exact), sum(dues)) > known(pot):
        upto = upto_steps(start("Total available, shared between schools", pot), "due")
        dues, own = _shares(upto, exact, own)
        return _amounts(
            dues, [0] * len(dues), (*steps, unrounded, *upto, *part_steps(FUNDING)), own
        )
    if pot is None or rules.rule.pattern is not Pattern.gap_then_pot:
        return _amounts(dues, [0] * len(dues), (*steps, result(FUNDING)), own)
    first = (*steps, unrounded, result("Due by the pattern", name=DUE))
    lacking = (*short_steps(), result("Still lacking, not rounded", None))
    left = Fraction(int(known(pot)) - sum(dues), PENCE)
    own = [{**one, LEFT: left} for one in own]
    upto = upto_steps(THE_LEFT, "lacking")
    shared, own = _shares(upto, _exact((*first, *lacking), own), own)
    both = (Step(Op.plus, "Due by the pattern", Earlier(DUE)), result(FUNDING))
    return _amounts(
        dues, shared, (*first, *lacking, *upto, *part_steps("Shared of the rest"), *both), own
    )


def _amounts(
    dues: Sequence[int], shared: Sequence[int], steps: Steps, own: Sequence[OwnNumbers]
) -> tuple[TargetedAmount, ...]:
    return tuple(
        TargetedAmount(due, more, steps, each)
        for due, more, each in zip(dues, shared, own, strict=True)
    )


def _exact(steps: Steps, own: Sequence[OwnNumbers]) -> list[Fraction]:
    """Return what steps come to for each school, exact pence."""
    names = own_names(steps)
    columns = {name: Ratios.of(_number(one[name]) for one in own) for name in names}
    found = exact_rows(steps, columns)
    return [found.row(at) for at in range(len(own))]


def _number(own: Fraction | Of) -> Fraction:
    return own.exact if isinstance(own, Of) else own


def _shares(
    upto: Steps, weights: Sequence[Fraction], own: Sequence[OwnNumbers]
) -> tuple[list[int], list[OwnNumbers]]:
    """Return whole pence in proportion to weights, and the numbers that the steps to them take.

    Each part is the difference of the rounded running totals, so that nothing is lost: the earlier
    school's rounding decides. ``upto`` leads to such a total.
    """
    running = list(accumulate(weights))
    scale = _decimals(running)
    whole = int(running[-1] * scale) if running and running[-1] else 1
    own = [
        {**one, UPTO: Of(int(part * scale), whole, scale * PENCE)}
        for one, part in zip(own, running, strict=True)
    ]
    totals = [int(one) for one in _exact(upto, own)]
    before = [0, *totals[:-1]]
    parts = [total - less for total, less in zip(totals, before, strict=False)]
    each = zip(own, before, strict=False)
    return parts, [{**one, BEFORE: Fraction(less, PENCE)} for one, less in each]


def _decimals(weights: Sequence[Fraction]) -> int:
    """Return the power of ten of which every weight is a whole number of parts: each is a plain decimal."""
    parts = lcm(*(one.denominator for one in weights))
    return next((10**places for places in range(MOST_PLACES) if not 10**places % parts), parts)
