"""The prices of a tariff, and what is compiled for each run of days on which none of its values changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.rules.clause_steps import Clauses, Limits, clause_steps, fold_clauses
from engine.rules.in_force import Fitting, InForce
from engine.rules.modifiers_in_force import ModifiersInForce
from engine.rules.price_steps import TARIFF, Modification, RowOf, price_steps
from engine.rules.prices import Price, Tariff
from engine.rules.top_up_rule import TopUpRule
from engine.steps import Folded, Steps, fold


@dataclass(frozen=True, slots=True)
class CompiledPrice:
    """A price of the tariff but for its values, which each segment has.

    quantity  the column that it is multiplied by, the assessed cost too; None for a sum alone
    counts    the steps that say which part of the quantity counts; ``shared`` where a group shares it
    step      what its quantity comes in, millionths, or pence where it is money; 0 for any size
    """

    rule: Price
    tariff: Tariff
    at: int
    quantity: str | None
    shared: bool
    counts: Steps
    step: int

    @property
    def path(self) -> str:
        """Return the price's path in the document."""
        return f"{TARIFF}.prices.{self.at}"

    @property
    def once(self) -> bool:
        """Return whether it is paid whole, whatever part of the year is on roll."""
        return self.rule.once


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A run of days on which no value of the top-ups changes, and what is compiled for them.

    prices     the steps of each price of the tariff to its annual rate, without modifiers, and
               what they fold to
    modifiers  each modifier with its percentage or pounds, None where it has not begun
    by_row     a modifier whose value is a table by the path of the table and the row
    clauses    those in force, and the ``limits`` that they fold to
    tabled     whether any value is a table; what is here is then that of the first row of each
    """

    now: InForce
    rule: TopUpRule
    protects: bool
    prices: tuple[tuple[Steps, Folded], ...]
    modifiers: tuple[Modification | None, ...]
    by_row: Mapping[RowOf, Modification | None]
    clauses: Clauses
    limits: Limits
    tabled: bool

    def applying(self, modifiers: Iterable[int], fitting: Fitting = ()) -> list[Modification]:
        """Return the modifiers at some places that are in force, in the document's order."""
        return ModifiersInForce(self.modifiers, self.by_row).applying(modifiers, fitting)

    def steps(
        self, price: CompiledPrice, modifiers: Iterable[int] = (), fitting: Fitting = ()
    ) -> Steps:
        """Return the steps of a price to its annual rate, with the modifiers at some places."""
        applying = self.applying(modifiers, fitting)
        if not applying and not self.tabled:
            return self.prices[price.at][0]
        now = self.now._replace(fitting=fitting)
        return price_steps(price.rule, price.tariff, price.at, now, applying)

    def folded(
        self, price: CompiledPrice, modifiers: Iterable[int] = (), fitting: Fitting = ()
    ) -> Folded:
        """Return what a price with the modifiers at some places folds to."""
        applying = self.applying(modifiers, fitting)
        if not applying and not self.tabled:
            return self.prices[price.at][1]
        return fold(self.steps(price, modifiers, fitting))

    def clauses_of(self, fitting: Fitting) -> Clauses:
        """Return the clauses by the rows of tables that fit."""
        if not self.tabled:
            return self.clauses
        now = self.now._replace(fitting=fitting)
        return Clauses.of(self.rule, now, protects=self.protects)

    def limits_of(self, fitting: Fitting) -> Limits:
        """Return what the clauses fold to by the rows of tables that fit."""
        return fold_clauses(clause_steps(self.clauses_of(fitting))) if self.tabled else self.limits

    def pays_as(self, other: "Segment") -> bool:
        """Return whether two segments come to the same pence for every pupil; of tables that is not looked at."""
        return (
            not self.tabled
            and [one for _, one in self.prices] == [one for _, one in other.prices]
            and [one and one.adds for one in self.modifiers]
            == [one and one.adds for one in other.modifiers]
            and self.limits == other.limits
        )
