"""Prices in a rule document: every way in which an authority says what a band pays."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from engine.rules.inputs import Conditions
from engine.rules.values import (
    Decimals,
    Label,
    Multiplier,
    Percent,
    Pounds,
    Section,
    Sentence,
    Share,
)


class Quantity(StrEnum):
    """What a price is multiplied by: a column of the pupil's record."""

    support_hours = "support_hours"
    level = "level"
    exceptional_amount = "exceptional_amount"


class Adult(Section):
    """A role in a staffing ratio: a salary, its on-costs, and how many there are."""

    role: Label
    salary: Pounds = Field(description="pounds a year")
    on_costs_percent: Share | None = Field(
        default=None, description="added for pension and insurance"
    )
    number: Decimals = Field(description="full-time equivalents, for example 1.5")


class Staffing(Section):
    """A price costed from a staffing ratio: what the adults cost, divided by the pupils they teach."""

    adults: tuple[Adult, ...] = Field(strict=False, min_length=1)
    pupils: Decimals = Field(description="pupils whom they teach together")

    @model_validator(mode="after")
    def _teaches_somebody(self) -> Self:
        if not float(self.pupils):
            message = "pupils must be more than 0"
            raise ValueError(message)
        return self


class Price(Section):
    """What a band pays a year, where its conditions hold; the first row that fits decides."""

    band: Label | None = Field(default=None, description="all bands where left out")
    when: Conditions = {}
    pounds: Pounds | None = Field(default=None, description="pounds for a full-time pupil")
    pounds_each: Pounds | None = Field(default=None, description="pounds for each unit of 'each'")
    each: Quantity | None = Field(default=None, strict=False)
    each_step: Decimals | None = Field(
        default=None, description="'each' comes in whole steps of this, for example 0.5"
    )
    shared_in_group: bool = Field(
        default=False, description="the quantity is shared by the pupils of 'group_size'"
    )
    assessed_cost: bool | None = Field(
        default=None, description="the pupil's assessed cost is the price"
    )
    staffing: Staffing | None = None
    times_a_year: Annotated[int, Field(ge=1, le=366)] = Field(
        default=1, description="how often the price is paid in a year: 3 for a price a term"
    )
    once: bool = Field(
        default=False, description="paid whole, whatever part of the year is on roll"
    )
    note: Sentence | None = None

    @model_validator(mode="after")
    def _says_a_price(self) -> Self:
        if (self.pounds_each is None) != (self.each is None):
            message = "'pounds_each' and 'each' go together"
            raise ValueError(message)
        if (self.each_step or self.shared_in_group) and self.each is None:
            message = "'each_step' and 'shared_in_group' need 'each'"
            raise ValueError(message)
        alone = [self.assessed_cost or None, self.staffing]
        if not (self.pounds or self.pounds_each or any(alone)):
            message = "needs pounds, pounds_each, staffing or assessed_cost: true"
            raise ValueError(message)
        if sum(bool(one) for one in (*alone, self.pounds or self.pounds_each)) > 1:
            message = "assessed_cost, like staffing, stands alone"
            raise ValueError(message)
        if self.assessed_cost and self.times_a_year > 1:
            message = "assessed_cost is a whole year's, so that it has no times_a_year"
            raise ValueError(message)
        return self


class Modifier(Section):
    """What is added to every price where its conditions hold: a percentage, or pounds a year."""

    label: Label
    band: Label | None = None
    when: Conditions = {}
    percent: Percent | None = None
    pounds: Pounds | None = None

    @model_validator(mode="after")
    def _adds_one_thing(self) -> Self:
        if (self.percent is None) == (self.pounds is None):
            message = "needs percent or pounds, not both"
            raise ValueError(message)
        return self


class Tariff(Section):
    """The prices of a profile's bands."""

    area_cost_adjustment: Multiplier | None = None
    uprating_percent: Percent | None = Field(
        default=None,
        description="added from each date on, one after the other, to prices in force before",
    )
    uprated_to_nearest: Decimals = Field(
        default="0.01", description="pounds to which an uprated price is rounded"
    )
    prices: tuple[Price, ...] = Field(strict=False, min_length=1)
    modifiers: tuple[Modifier, ...] = Field(strict=False, default=())
