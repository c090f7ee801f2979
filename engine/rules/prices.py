"""Prices in a rule document: every way in which an authority says what a band pays."""

import re
from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from engine.money import decimal_of
from engine.rules.inputs import Conditions
from engine.rules.value_tables import MultiplierBy, PercentBy, PoundsBy, otherwise_faults
from engine.rules.values import (
    Decimals,
    Label,
    Misfit,
    Pounds,
    Section,
    Sentence,
    Share,
)
from engine.wording import text_form

MOST_TIMES = 366


def _often(written: object) -> object:
    whole = isinstance(written, int) and not isinstance(written, bool) and written >= 1
    parted = isinstance(written, str) and re.fullmatch(r"[0-9]{1,3}\.[0-9]{1,4}", written)
    if (whole or parted) and 0 < Fraction(str(written)) <= MOST_TIMES:
        return written
    message = 'must be a whole number from 1 to 366, or in quotes with decimals such as "38.5"'
    raise ValueError(message)


Often = Annotated[int | str, BeforeValidator(_often)]
"""How many times a year: a whole number, or one with decimals in quotes."""


class Quantity(StrEnum):
    """What a price is multiplied by: a column of the pupil's record."""

    support_hours = "support_hours"
    level = "level"
    exceptional_amount = "exceptional_amount"
    hours = "hours"
    points = "points"
    score = "score"


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
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield that there are no pupils."""
        if not float(self.pupils):
            message = "pupils must be more than 0"
            yield Misfit(message, "pupils")


class Price(Section):
    """What a band pays a year, where its conditions hold; the first row that fits decides."""

    band: Label | None = Field(default=None, description="all bands where left out")
    when: Conditions = {}
    pounds: PoundsBy | None = Field(default=None, description="pounds for a full-time pupil")
    pounds_each: PoundsBy | None = Field(default=None, description="pounds for each unit of 'each'")
    each: Quantity | None = Field(default=None, strict=False)
    each_step: Decimals | None = Field(
        default=None, description="'each' comes in whole steps of this, for example 0.5"
    )
    each_above: Decimals | None = Field(
        default=None, description="only what lies above counts, for example above 13 hours"
    )
    each_up_to: Decimals | None = Field(
        default=None, description="what lies above counts no more, for example above 25 hours"
    )
    shared_in_group: bool = Field(
        default=False, description="the quantity is shared by the pupils of 'group_size'"
    )
    units: Decimals | None = Field(
        default=None, description="the price is so many of the tariff's unit_value"
    )
    assessed_cost: bool | None = Field(
        default=None, description="the pupil's assessed cost is the price"
    )
    staffing: Staffing | None = None
    fraction: (
        Annotated[
            str,
            text_form(
                r"^[1-9][0-9]{0,3}/[1-9][0-9]{0,3}$",
                "must be a fraction in quotes such as 2/3, with no number above 9999",
            ),
        ]
        | None
    ) = Field(default=None, description="the part of the price that is paid, for example 2/3")
    times_a_year: Often = Field(
        default=1,
        description="how often the price is paid in a year: 3 for a price a term, 38.5 for weeks",
    )
    once: bool = Field(
        default=False, description="paid whole, whatever part of the year is on roll"
    )
    note: Sentence | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield what is wrong with the fields together, and each table of a price that can be none."""
        yield from self._of_fields()
        if self.each_above and self.each_up_to and not _rises(self.each_above, self.each_up_to):
            message = "'each_up_to' must be more than 'each_above'"
            yield Misfit(message, "each_above", "each_up_to", at=("each_up_to",))
        for name, held in (("pounds", self.pounds), ("pounds_each", self.pounds_each)):
            yield from otherwise_faults(held, name)

    def _of_fields(self) -> Iterator[Misfit]:
        """Yield what is wrong with the fields together; what follows from another fault is not said too."""
        if self.units is not None and self.each is not None:
            message = (
                "'units' are of the tariff's unit_value alone: with 'each', give the rate as pounds_each, and"
                ' how many times it is paid as a fraction such as fraction: "3/2"'
            )
            yield Misfit(message)
            return
        if (self.pounds_each is None) != (self.each is None):
            message = "give 'pounds_each' and 'each' together, or neither"
            yield Misfit(message)
            return
        parts = (self.each_step, self.each_above, self.each_up_to, self.shared_in_group)
        if any(parts) and self.each is None:
            message = "'each_step', 'each_above', 'each_up_to' and 'shared_in_group' need 'each'"
            yield Misfit(message)
        alone = [self.assessed_cost or None, self.staffing]
        plain = [self.pounds, self.units]
        if not (any(plain) or self.pounds_each or any(alone)):
            message = "needs pounds, units, pounds_each, staffing or assessed_cost: true"
            yield Misfit(message, "assessed_cost")
        if sum(bool(one) for one in (*alone, any(plain) or self.pounds_each)) > 1 or all(plain):
            message = (
                "give one price only: pounds (with pounds_each), units, staffing or assessed_cost"
            )
            yield Misfit(message, "assessed_cost")
        if self.assessed_cost and self.times_a_year != 1:
            message = "assessed_cost is for the whole year, so times_a_year must be left out"
            yield Misfit(message, "assessed_cost", "times_a_year")

    @property
    def multiple(self) -> Fraction:
        """Return what a price is multiplied by to a year: how often it is paid, and what part of it."""
        often = self.times_a_year
        times = Fraction(often) if isinstance(often, int) else Fraction(decimal_of(often))
        return times * Fraction(self.fraction or 1)


class Modifier(Section):
    """What is added to every price where its conditions hold: a percentage, or pounds a year."""

    label: Label
    band: Label | None = None
    when: Conditions = {}
    percent: PercentBy | None = None
    pounds: PoundsBy | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield that nothing, or two things, are added."""
        if (self.percent is None) == (self.pounds is None):
            message = "needs either percent or pounds"
            yield Misfit(message)


class Tariff(Section):
    """The prices of a profile's bands."""

    unit_value: PoundsBy | None = Field(
        default=None, description="pounds a unit, where bands are so many units"
    )
    area_cost_adjustment: MultiplierBy | None = None
    uprating_percent: PercentBy | None = Field(
        default=None,
        description="added from each date on, one after the other, to prices in force before",
    )
    uprated_to_nearest: Decimals = Field(
        default="0.01", description="pounds to which an uprated price is rounded"
    )
    prices: tuple[Price, ...] = Field(strict=False, min_length=1)
    modifiers: tuple[Modifier, ...] = Field(strict=False, default=())

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield that units have no value, or the value none, or that it can be none."""
        yield from otherwise_faults(self.unit_value, "unit_value")
        if (self.unit_value is None) == any(price.units for price in self.prices):
            message = "unit_value is needed where a price has units, and only there"
            yield Misfit(message, "units", ".prices")


def _rises(low: str, high: str) -> bool:
    return decimal_of(low) < decimal_of(high)
