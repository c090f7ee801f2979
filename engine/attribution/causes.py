"""The causes of a change from one year to the next, and what each brings to a school's notional SEN budget."""

from dataclasses import dataclass
from enum import StrEnum

from engine.expected_calls import Pence
from engine.modules.school_formula.mixtures import Ingredient
from engine.money import difference
from engine.vocabulary import Missing


class Cause(StrEnum):
    """Why a budget changes; the order decides between equal claims to a last penny."""

    pupils = "pupils"
    """pupils and other counts of the school, its phase, year groups and days open"""
    unit_values = "unit_values"
    """what is paid for each, and a London fringe multiplier"""
    factors = "factors"
    """lines that one year alone has or that are marked differently, and amounts given without a count"""
    percentages = "percentages"
    """the notional part of each line and adjustment"""
    protection = "protection"
    """minimum level, guarantee, cap and scaling, and what they compare with last year"""


CAUSES = tuple(Cause)
CAUSE_OF = {
    Ingredient.counts: Cause.pupils,
    Ingredient.unit_value: Cause.unit_values,
    Ingredient.fringe: Cause.unit_values,
    Ingredient.line: Cause.factors,
    Ingredient.percentage: Cause.percentages,
    Ingredient.levels: Cause.protection,
    Ingredient.guarantee: Cause.protection,
    Ingredient.cap: Cause.protection,
    Ingredient.scaling: Cause.protection,
    Ingredient.last_year: Cause.protection,
}


@dataclass(frozen=True, slots=True)
class CauseChange:
    """What one cause brings, pence, or several that cannot be separated, as a mixture of the years is not known.

    ``change`` is None where a part that it may change is not known: ``missing`` says which and why, and ``known`` is
    what it brings in all other parts.
    """

    causes: tuple[Cause, ...]
    change: Pence
    known: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartChange:
    """A line or adjustment in both years, pence of notional SEN: None is not known, and 0 too where a year has no such line.

    ``by_cause`` has what each of the school's causes brings, nothing where the change is not known.
    ``missing`` says why each year's is not known.
    """

    name: str
    label: str
    before: Pence
    after: Pence
    by_cause: tuple[int, ...]
    missing: tuple[Missing | None, Missing | None]

    @property
    def change(self) -> Pence:
        """Return by how much it changes, pence."""
        return difference(self.after, self.before)


@dataclass(frozen=True, slots=True)
class YearChange:
    """A school's notional SEN budget in two years, pence, and what changes it; None is not known.

    ``causes`` add to the change, and each to what it brings in ``parts``, to the penny.
    """

    urn: int
    name: str
    before: Pence
    after: Pence
    causes: tuple[CauseChange, ...]
    parts: tuple[PartChange, ...]

    @property
    def change(self) -> Pence:
        """Return by how much the budget changes, pence."""
        return difference(self.after, self.before)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return each part that is not known in either year, by its label, and why."""
        return tuple(
            f"{one.label}: {why}" for one in self.parts for why in dict.fromkeys(one.missing) if why
        )


@dataclass(frozen=True, slots=True)
class YearChanges:
    """The schools of both years in the order of their numbers, and the numbers of those that one year alone has."""

    schools: tuple[YearChange, ...]
    only_before: tuple[int, ...]
    only_after: tuple[int, ...]
