"""Targeted funding as steps: what a pattern gives a school for its plans, and its part of a total.

The pattern's own steps are worked exactly; only what is paid is rounded. Sources: the patterns that
authorities publish (see ``docs/glossary.md``, targeted funding); every value is data of the rule set.
"""

from collections.abc import Iterator

from engine.money import PENCE
from engine.rules.months import monthly_steps
from engine.rules.targeted import PART, THRESHOLD, CompiledTargeted, Pattern, Tier
from engine.rules.values import DatedValue
from engine.steps import (
    DocumentValue,
    Earlier,
    Op,
    Own,
    Plain,
    Step,
    Steps,
    Unit,
    result,
    start,
)

PLANS, NOTIONAL, PUPILS, CALLS = "ehc_plans", "notional_sen", "pupils", "expected_calls"
UPTO, BEFORE, LEFT = "share_upto", "paid_before", "left_of_pot"
MEANS, COST, EXACT, DUE, SHARED = "means", "cost of plans", "exact", "due", "shared"
FUNDED = "funded plans"
NOTHING, NO_PLANS = Plain("0.00", Unit.pounds), Plain("0", Unit.units)

EACH, MEANS_LABEL = "First part of a plan, which the school pays", "Means for plans"
FUNDING = "Extra funding due"
NO_LESS = Step(Op.at_least, "No less than nothing", NOTHING)
"""A budget below nothing pays for no plans, and makes none dearer."""
THE_LEFT = start("Left of the total", Own(LEFT, PENCE, Unit.pounds))
THE_PLANS = start("EHC plans", Own(PLANS, 1, Unit.units))
THE_BUDGET = start("Notional SEN budget", Own(NOTIONAL, PENCE, Unit.pounds))


def due_steps(rules: CompiledTargeted) -> Steps:
    """Return the steps to what the pattern gives a school, not rounded and before any total is shared."""
    match rules.rule.pattern:
        case Pattern.gap | Pattern.gap_then_pot:
            return _gap(rules)
        case Pattern.plans_above_means:
            return _plans_above_means(rules)
        case Pattern.plans_above_rate:
            return _plans_above_rate(rules)
        case Pattern.tiers:
            return (*_tiers(rules),)


def _gap(rules: CompiledTargeted) -> Steps:
    return (
        *_by_months(rules),
        *_means(rules),
        result(MEANS_LABEL, None, MEANS),
        *_cost(rules),
        Step(Op.minus, MEANS_LABEL, Earlier(MEANS)),
        Step(Op.at_least, "None where that is enough", NOTHING),
    )


def _means(rules: CompiledTargeted) -> Steps:
    share = _value(rules.means_percent, "means_percent", Unit.percent)
    return (
        THE_BUDGET,
        NO_LESS,
        Step(Op.percent_of, "Share of the notional SEN budget used for plans", share),
    )


def _plans_above_means(rules: CompiledTargeted) -> Steps:
    threshold = _threshold(rules)
    if all(one.dated.is_printed and not one.dated.decimal for one in rules.thresholds):
        # A plan that costs the school nothing is paid nothing.
        return (*_by_months(rules), *_cost(rules))
    return (
        *_by_months(rules),
        *_means(rules),
        Step(Op.per, EACH, threshold),
        Step(Op.whole_part, "Whole plans that this share pays for", name=MEANS, unit=Unit.units),
        THE_PLANS,
        Step(Op.minus, "Whole plans that this share pays for", Earlier(MEANS, Unit.units)),
        Step(Op.at_least, "None where that is enough", NO_PLANS),
        *_each(rules),
    )


def _plans_above_rate(rules: CompiledTargeted) -> Steps:
    rate = _value(rules.plans_per_hundred, "plans_per_hundred", Unit.units)
    return (
        *_by_months(rules),
        start("Pupils", Own(PUPILS, 1, Unit.pupils)),
        Step(Op.times, "Plans per 100 pupils with no extra funding", rate),
        Step(Op.per, "For each 100 pupils", Plain("100", Unit.pupils)),
        result("Plans with no extra funding", None, MEANS, Unit.units),
        THE_PLANS,
        Step(Op.minus, "Plans with no extra funding", Earlier(MEANS, Unit.units)),
        Step(Op.at_least, "None where there are no more plans", NO_PLANS),
        *_each(rules),
    )


def _tiers(rules: CompiledTargeted) -> Iterator[Step]:
    """Yield what each tier pays of the cost of plans: from its share of the budget to the next one's."""
    tiers = rules.rule.tiers
    yield from _by_months(rules)
    yield from _cost(rules)
    yield result("Cost of plans", None, COST)
    for at, tier in enumerate(tiers):
        yield THE_BUDGET
        yield NO_LESS
        yield Step(Op.percent_of, "Share of the budget", consumed_share(at, tier))
        yield result(_from(tier), None, f"from {at}")
    for at, tier in enumerate(tiers):
        yield start("Cost of plans", Earlier(COST))
        if at + 1 < len(tiers):
            yield Step(Op.at_most, "No more than", Earlier(f"from {at + 1}"))
        yield Step(Op.minus, _from(tier), Earlier(f"from {at}"))
        yield Step(Op.at_least, "None where the cost is less", NOTHING)
        yield Step(Op.percent_of, "Share that is paid", paid_share(at, tier))
        yield result(f"Paid of the cost beyond {_from(tier)}", None, f"tier {at}")
    for at, tier in enumerate(tiers[:-1]):
        yield Step(Op.plus, f"Paid of the cost beyond {_from(tier)}", Earlier(f"tier {at}"))


def paid_share(at: int, tier: Tier) -> Plain:
    """Return the share of costs that a tier pays."""
    return Plain(tier.paid_percent, Unit.percent, f"{PART}.tiers.{at}.paid_percent")


def consumed_share(at: int, tier: Tier) -> Plain:
    """Return the share of the budget beyond which a tier pays."""
    return Plain(tier.consumed_percent, Unit.percent, f"{PART}.tiers.{at}.consumed_percent")


def _from(tier: Tier) -> str:
    return tier.start_words


def no_plans_steps(rules: CompiledTargeted) -> Steps:
    """Return the steps to the funding of a school without plans, which is none whatever else is not printed."""
    return (*_by_months(rules), *_cost(rules), result(FUNDING))


def any_pot_steps(rules: CompiledTargeted, *, has_plans: bool) -> Steps:
    """Return the steps to what a school could be paid of any total: none of it where that is nothing."""
    both = due_steps(rules) if has_plans else (*_by_months(rules), *_cost(rules))
    if rules.rule.pattern is Pattern.gap_then_pot:
        exact = result("Due by the pattern, not rounded", None, EXACT)
        due = Step(Op.plus, "Due by the pattern", Earlier(EXACT))
        both = (*both, exact, *short_steps(), result("Still lacking, not rounded", None), due)
    return (*both, result(FUNDING))


def pot_of(rules: CompiledTargeted) -> DocumentValue | None:
    """Return the total that schools share, None where there is none."""
    return None if rules.pot is None else _value(rules.pot, "pot", Unit.pounds)


def upto_steps(whole: Step, what: str) -> Steps:
    """Return the steps from a total to what is paid of it to a school and all before it, in proportion.

    ``what`` is due, or lacking; each school is paid the difference, so that no penny is lost.
    """
    share = f"{what.capitalize()} to this school and those before it, of what is {what} to all"
    return (
        whole,
        Step(Op.times, share, Own(UPTO, 1, Unit.share)),
        result("Paid to this school and those before it"),
    )


def part_steps(label: str) -> Steps:
    """Return the steps from there to what the school itself is paid."""
    before = Own(BEFORE, PENCE, Unit.pounds)
    return (Step(Op.minus, "Paid to the schools before it", before), result(label, name=SHARED))


def short_steps() -> Steps:
    """Return the steps to what a school still lacks once it is paid what its pattern gives, not rounded."""
    return (
        start("Expected costs", Own(CALLS, PENCE, Unit.pounds)),
        Step(Op.minus, "Notional SEN budget", Own(NOTIONAL, PENCE, Unit.pounds)),
        Step(Op.minus, "Due by the pattern", Earlier(EXACT)),
        Step(Op.at_least, "None where nothing is lacking", NOTHING),
    )


def _by_months(rules: CompiledTargeted) -> Iterator[Step]:
    """Yield the steps to the threshold of a year in which it changes, each value for its months: not rounded."""
    if len(rules.thresholds) > 1:
        yield from monthly_steps(rules.thresholds, EACH, THRESHOLD, "threshold")


def _cost(rules: CompiledTargeted) -> Steps:
    """Return the steps to the cost of the school's plans up to the threshold."""
    if len(rules.thresholds) > 1:
        return (start(EACH, _threshold(rules)), Step(Op.times, THE_PLANS.label, THE_PLANS.value))
    return (THE_PLANS, Step(Op.times, EACH, _threshold(rules)))


def _each(rules: CompiledTargeted) -> Steps:
    """Return the steps from a number of plans to what they cost up to the threshold."""
    if len(rules.thresholds) == 1:
        return (Step(Op.times, EACH, _threshold(rules)),)
    label = "Plans with extra funding"
    return (
        result(label, None, FUNDED, Unit.units),
        start(EACH, _threshold(rules)),
        Step(Op.times, label, Earlier(FUNDED, Unit.units)),
    )


def _threshold(rules: CompiledTargeted) -> DocumentValue | Earlier:
    if len(rules.thresholds) > 1:
        return Earlier("threshold")
    return _value(rules.threshold, "threshold", Unit.pounds)


def _value(dated: DatedValue | None, name: str, unit: Unit) -> DocumentValue:
    """Return a value of the document; the pattern needs it, and one that has not begun was refused."""
    if dated is None:
        raise LookupError(name)
    return DocumentValue(dated, f"{PART}.{name}", unit)
