"""An authority's high needs block in a rule document: its formula, and what is taken for places."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from engine.rules.values import Document, Label, Name, Pounds, Rate, Section


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
    def _months_fill_a_year(self) -> Self:
        months = sum(period.months for period in self.periods)
        if self.annual is not None and months != 12:  # noqa: PLR2004 - the months of a year
            message = f"the periods have {months} months; they must have twelve"
            raise ValueError(message)
        return self


class Places(Section):
    """Places funded: each period's rate to the penny, each total up to a whole pound."""

    types: dict[Name, PlaceType]


class BlockTerm(Section):
    """One part of the block: an amount, or a number times a unit value."""

    label: Label
    times: Name | None = Field(default=None, description="the column that multiplies this one")


class HighNeedsBlock(Section):
    """The published identity of the block: its terms added, the total up to a whole pound.

    ``additional_rate`` times ``additional_base`` (up to a whole pound) gives the term
    ``additional`` where it is not given.
    """

    terms: dict[Name, BlockTerm]
    additional: Name | None = None
    additional_base: Name | None = None
    additional_rate: Rate | None = None

    @model_validator(mode="after")
    def _names_its_terms(self) -> Self:
        parts = (self.additional, self.additional_base, self.additional_rate)
        if any(parts) and not all(parts):
            message = (
                "give additional, additional_base and additional_rate together, or none of them"
            )
            raise ValueError(message)
        if self.additional is not None and self.additional not in self.terms:
            message = "'additional' must be the name of one of the terms"
            raise ValueError(message)
        return self
