"""Places in a rule document: what is paid for each kind, and the rates in force."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import Field, model_validator

from engine.days import MONTHS
from engine.rules.in_force import InForce, Later
from engine.rules.months import MonthlyValue, monthly
from engine.rules.values import DatedValue, Document, Label, Misfit, Name, Pounds, Section


class PlacePeriod(Document):
    """A part of the year for which places are counted, with its months."""

    name: Label
    months: Annotated[int, Field(ge=1, le=12)]


class PlaceType(Section):
    """A kind of place: its rate a year, or a sum of money for each period."""

    label: Label
    annual: Pounds | None = Field(
        default=None, description="pounds a place a year; none where sums are given"
    )
    periods: tuple[PlacePeriod, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield that the months do not fill a year."""
        months = sum(period.months for period in self.periods)
        if self.annual is not None and months != 12:  # noqa: PLR2004 - the months of a year
            message = f"the periods have {months} months; they must have twelve"
            yield Misfit(message, "months")


class Places(Section):
    """Places funded: each period's rate to the penny, each total up to a whole pound."""

    types: dict[Name, PlaceType]

    def compile(self, now: InForce) -> "CompiledPlaces":
        """Return the kinds of places with their rates in force."""
        types = {
            name: CompiledPlaceType(
                name,
                kind,
                monthly(kind.annual, now, MONTHS, f"places.types.{name}.annual"),
                now.later({f"places.types.{name}.annual": kind.annual}),
            )
            for name, kind in self.types.items()
        }
        return CompiledPlaces(self, types)


@dataclass(frozen=True, slots=True)
class CompiledPlaceType:
    """A kind of place with its rates a year in force, each with its months; none where sums of money are given."""

    name: str
    rule: PlaceType
    annuals: tuple[MonthlyValue, ...]
    later: Later

    @property
    def annual(self) -> DatedValue | None:
        """Return the rate with which the year begins, None where sums of money are given."""
        return self.annuals[0].dated if self.annuals else None

    def rates(self, period: int) -> tuple[MonthlyValue, ...]:
        """Return the rates of one period, each with those of its months that lie in the period."""
        first = sum(one.months for one in self.rule.periods[:period])
        last, begun = first + self.rule.periods[period].months, 0
        found = []
        for dated, months in self.annuals:
            shared = min(last, begun + months) - max(first, begun)
            if shared > 0:
                found.append(MonthlyValue(dated, shared))
            begun += months
        return tuple(found)


@dataclass(frozen=True, slots=True)
class CompiledPlaces:
    """The kinds of places by name."""

    rule: Places
    types: Mapping[str, CompiledPlaceType]

    @property
    def later(self) -> Later:
        """Return the problems of all rates of which none is in force yet."""
        return tuple(one for kind in self.types.values() for one in kind.later)
