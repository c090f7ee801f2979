"""What a rule set pays schools with many plans, from the high needs block."""

from collections.abc import Iterator

from engine.lab.atlas.entries import Answered, Asked, Cell, Entry, Part, Unit, held, money, words
from engine.rules.compiled import CompiledRules
from engine.rules.targeted import Pattern, Tier

PATTERNS = {
    Pattern.gap: "the cost of plans to the school, less the share of the notional SEN budget used for them",
    Pattern.plans_above_means: (
        "each plan beyond the number that a share of the notional SEN budget pays for"
    ),
    Pattern.plans_above_rate: "each plan above a number per 100 pupils",
    Pattern.tiers: "a share of the cost of plans to the school, by how much of the notional SEN budget they use",
    Pattern.gap_then_pot: (
        "the shortfall first, then the rest of the total, shared among schools that still fall short"
    ),
}


def targeted_answers(rules: CompiledRules) -> Iterator[Answered]:
    """Yield how targeted funding is worked out; its standing beside each value."""
    targeted = rules.targeted
    if targeted is None:
        return
    rule = targeted.rule
    means, rate = targeted.means_percent, targeted.plans_per_hundred
    cells: list[Asked] = [
        ("what it is called", Unit.text, Cell(rule.label)),
        ("what is due", Unit.text, Cell(PATTERNS[rule.pattern])),
        ("threshold: what the school meets of a plan", Unit.pounds, money(targeted.threshold)),
        ("notional SEN set against plans", Unit.percent, held(means)),
        ("plans for a hundred pupils not paid for", Unit.number, held(rate)),
        ("tiers", Unit.text, words("; ".join(map(_tier, rule.tiers)))),
        ("pot: all there is", Unit.pounds, money(targeted.pot)),
    ]  # fmt: skip
    for at, (measure, unit, cell) in enumerate(cells):
        entry = Entry(Part.targeted_funding, "targeted_funding", "", measure, unit)
        yield Answered(entry, (at,), "Targeted funding", cell)


def _tier(tier: Tier) -> str:
    return (
        f"{tier.paid_percent}% of the cost of plans beyond {tier.consumed_percent}% of the budget"
    )
