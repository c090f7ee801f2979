"""Extra funding for schools with disproportionate numbers of plans, in a rule document.

Every published pattern is data. A school's calls are its plans times the threshold; its
means are a share of its notional SEN budget.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from engine.days import MONTHS
from engine.rules.in_force import InForce, Later
from engine.rules.months import MonthlyValue, monthly
from engine.rules.values import (
    VALUE_FORM,
    DatedValue,
    Document,
    Label,
    Misfit,
    Pounds,
    Section,
    Share,
)
from engine.steps import are_printed
from engine.vocabulary import NOT_PRINTED
from engine.wording import text_form

PART = "targeted_funding"
THRESHOLD = f"{PART}.threshold"


class Pattern(StrEnum):
    """How the money due to a school is worked out."""

    gap = "gap"
    """calls less means: ``max(0, t × n − p × notional)``"""
    plans_above_means = "plans_above_means"
    """whole plans above those the means pay for: ``t × max(0, n − floor(p × notional / t))``"""
    plans_above_rate = "plans_above_rate"
    """plans above ``plans_per_hundred`` of the school's pupils, each at the threshold"""
    tiers = "tiers"
    """a share of the calls, by how much of the notional budget they consume"""
    gap_then_pot = "gap_then_pot"
    """the gap first; what is left of the pot is shared among schools still short"""


PATTERN_WORDS = {
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
"""What is due under each pattern, in the words of readers."""

NEEDS = {
    Pattern.gap: "means_percent",
    Pattern.plans_above_means: "means_percent",
    Pattern.plans_above_rate: "plans_per_hundred",
    Pattern.tiers: "tiers",
    Pattern.gap_then_pot: "pot and means_percent",
}
"""The fields that each pattern works with."""


class Tier(Document):
    """From this share of the notional budget consumed, the share of calls beyond it that is paid."""

    consumed_percent: Annotated[
        str, text_form(rf"^([0-9]{{1,4}}(\.[0-9]{{1,4}})?|{NOT_PRINTED})$", VALUE_FORM)
    ]
    paid_percent: Annotated[
        str, text_form(rf"^([0-9]{{1,3}}(\.[0-9]{{1,4}})?|{NOT_PRINTED})$", VALUE_FORM)
    ]

    @property
    def is_printed(self) -> bool:
        """Return whether its source prints both of its shares."""
        return NOT_PRINTED not in {self.consumed_percent, self.paid_percent}

    @property
    def start_words(self) -> str:
        """Return where the tier starts, in the words of readers."""
        return f"{_share(self.consumed_percent)} of the budget"

    @property
    def words(self) -> str:
        """Return the tier in the words of readers."""
        return f"{_share(self.paid_percent)} of the cost of plans beyond {self.start_words}"


def _share(percent: str) -> str:
    """Return a percentage in the words of readers."""
    return f"a share ({NOT_PRINTED})" if percent == NOT_PRINTED else f"{percent}%"


class TargetedFunding(Section):
    """A rule for additional targeted funding from the high needs block."""

    label: Label
    pattern: Pattern = Field(strict=False)
    threshold: Pounds = Field(description="pounds a plan that the school is to meet")
    means_percent: Share | None = Field(
        default=None, description="share of notional SEN set against plans"
    )
    plans_per_hundred: Pounds | None = Field(
        default=None, description="plans a hundred pupils not paid for"
    )
    tiers: tuple[Tier, ...] = Field(default=(), strict=False)
    pot: Pounds | None = Field(
        default=None, description="all there is: dues are scaled to it, or shared out of it"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield what the pattern lacks, and tiers that do not rise."""
        needed = {
            Pattern.gap: self.means_percent,
            Pattern.plans_above_means: self.means_percent,
            Pattern.plans_above_rate: self.plans_per_hundred,
            Pattern.tiers: self.tiers,
            Pattern.gap_then_pot: self.pot and self.means_percent,
        }[self.pattern]
        if not needed:
            message = f"pattern {self.pattern.value} needs {NEEDS[self.pattern]}"
            yield Misfit(message, "pattern")
        starts = (tier.consumed_percent for tier in self.tiers)
        shares = [float(one) for one in starts if one != NOT_PRINTED]
        if shares != sorted(set(shares)):
            message = "tiers must be in rising order of consumed_percent"
            yield Misfit(message, "consumed_percent", at=("tiers",))

    def compile(self, now: InForce) -> "CompiledTargeted":
        """Return targeted funding with its values in force."""
        series = {
            "means_percent": self.means_percent,
            "plans_per_hundred": self.plans_per_hundred,
            "pot": self.pot,
        }
        later = now.later(
            {THRESHOLD: self.threshold} | {f"{PART}.{name}": one for name, one in series.items()}
        )
        values = {name: now.latest(one) for name, one in series.items()}
        thresholds = monthly(self.threshold, now, MONTHS, THRESHOLD)
        return CompiledTargeted(self, thresholds, **values, later=later)


@dataclass(frozen=True, slots=True)
class CompiledTargeted:
    """Targeted funding with its values in force; None where the rule names none.

    ``thresholds`` are those of the year, each with its months; none where none is in force yet.
    """

    rule: TargetedFunding
    thresholds: tuple[MonthlyValue, ...]
    means_percent: DatedValue | None
    plans_per_hundred: DatedValue | None
    pot: DatedValue | None
    later: Later

    @property
    def are_printed(self) -> bool:
        """Return whether all values are printed by which a pattern works, but for a total."""
        thresholds = (one.dated for one in self.thresholds)
        tiers = all(tier.is_printed for tier in self.rule.tiers)
        return tiers and are_printed(*thresholds, self.means_percent, self.plans_per_hundred)

    @property
    def threshold(self) -> DatedValue | None:
        """Return the threshold with which the year begins, None where none is in force yet."""
        return self.thresholds[0].dated if self.thresholds else None
