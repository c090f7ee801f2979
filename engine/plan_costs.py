"""What plans of given bands bring a school, and what it meets itself: by band, setting and part of the year.

Each plan is a case of ``band_prices``: its band is given, and nothing of a pupil but what the price reads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.band_prices import OF_TODAY, BandPrice, band_price, band_rules
from engine.modules.top_ups.working import SENTENCES
from engine.rules.compile import compile_rules
from engine.rules.compiled import CompiledRules
from engine.rules.load import plain, rule_set_from
from engine.vocabulary import Reason, Setting

OF_THE_FIRST_PART = ("part_time", "threshold", "floor", "cap")
"""Clauses that change what is paid, and not the first part, which a school meets for the days that a plan is there."""

Pence = int | None
Case = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PlanCost:
    """What some equal plans come to, pence for each; None where it is not known.

    ``first_part`` is what the school meets itself, None where the rules do not say it either. ``reason``
    is why a plan is paid what it is, or why that is not known; ``notes`` what may be wrong with it.
    """

    plans: int
    paid_each: Pence
    first_part_each: Pence
    reason: Reason
    notes: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Return the reason in words."""
        return SENTENCES[self.reason]

    @property
    def paid(self) -> Pence:
        """Return what all of them are paid, pence."""
        return None if self.paid_each is None else self.plans * self.paid_each

    @property
    def first_part(self) -> Pence:
        """Return what the school meets itself of all of them, pence."""
        return None if self.first_part_each is None else self.plans * self.first_part_each


@dataclass(frozen=True, slots=True)
class PlanCosts:
    """What a school's plans come to under one rule set; ``says_first_part`` where the rules say what a school meets."""

    costs: tuple[PlanCost, ...]
    says_first_part: bool

    @property
    def plans(self) -> int:
        """Return the number of plans."""
        return sum(one.plans for one in self.costs)

    @property
    def paid(self) -> Pence:
        """Return what all plans are paid, pence; None where that of any is not known."""
        return _sum([one.paid for one in self.costs])

    @property
    def first_part(self) -> Pence:
        """Return what the school meets itself of all plans, pence."""
        return _sum([one.first_part for one in self.costs])


def _sum(amounts: Sequence[Pence]) -> Pence:
    known = [one for one in amounts if one is not None]
    return sum(known) if len(known) == len(amounts) else None


@dataclass(frozen=True)
class PlanRules:
    """Rules by which the plans of a school are priced; what is compiled for them is compiled once."""

    rules: CompiledRules

    @cached_property
    def paid(self) -> CompiledRules:
        """Return the rules by which a plan is paid."""
        return band_rules(self.rules, whole_year=False)

    @cached_property
    def says_first_part(self) -> bool:
        """Return whether the rules say what a school meets of a plan itself."""
        return self._rule.get("threshold") is not None

    @cached_property
    def is_inside(self) -> bool:
        """Return whether the first part is taken off the price."""
        return self.says_first_part and bool(self._rule["threshold"]["inside"])

    @cached_property
    def _rule(self) -> dict[str, Any]:
        values: dict[str, Any] = plain(self.rules.document)
        return values["top_up_rule"] or {}

    @cached_property
    def _first_part(self) -> CompiledRules:
        """Return the rules by which the first part is worked out: the price without it, or itself as the price."""
        values: dict[str, Any] = plain(self.rules.document)
        profile, rule = values["band_profile"], values["top_up_rule"]
        profile["assignment"] = {"label_given": True}
        if not self.is_inside:
            profile["tariff"] = {"prices": [{"pounds": rule["threshold"]["pounds"]}]}
        removed = ("threshold",) if self.is_inside else OF_THE_FIRST_PART
        for name in (*OF_TODAY, *removed):
            rule.pop(name, None)
        return compile_rules(rule_set_from(values), self.rules.day)

    def cost(self, plans: int, case: Case) -> PlanCost:
        """Return what some plans of one case come to.

        Raises ``TableRefused`` where the rules cannot read the case.
        """
        price = band_price(self.paid, case)
        notes = (*(one.sentence for one in price.warnings), *price.notes)
        return PlanCost(plans, price.amount, self._met(price, case), price.reason, notes)

    def _met(self, price: BandPrice, case: Case) -> Pence:
        """Return the part of a plan that the school meets itself, pence."""
        if not self.says_first_part:
            return None
        settings = self._rule["threshold"].get("settings") or [*Setting.__members__]
        if case.get("setting") is not None and case["setting"] not in settings:
            return 0
        whole = band_price(self._first_part, case).amount
        if not self.is_inside:
            return whole
        return None if None in {whole, price.amount} else (whole or 0) - (price.amount or 0)


def plan_costs(rules: PlanRules, asked: Sequence[tuple[int, Case]]) -> PlanCosts:
    """Return what numbers of plans come to, each of one case."""
    return PlanCosts(tuple(rules.cost(plans, case) for plans, case in asked), rules.says_first_part)
