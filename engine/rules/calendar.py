"""A calendar in a rule document: how the year's money is spread over its days."""

from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from engine.rules.values import (
    Day,
    Document,
    Label,
    Misfit,
    Section,
    SourceKey,
)
from engine.vocabulary import Standing
from engine.wording import text_form

Whole = Annotated[int, Field(ge=1, le=10_000)]


ShareOfYear = Annotated[
    str,
    text_form(
        r"^[1-9][0-9]{0,3}/[1-9][0-9]{0,3}$",
        "must be a fraction in quotes such as 5/12, with no number above 9999",
    ),
]


class Counting(StrEnum):
    """How a pupil's presence in a period is counted."""

    calendar_days = "calendar_days"
    """by every day of the period"""
    school_days = "school_days"
    """by weekdays of the period within the terms, less closures"""
    count_date = "count_date"
    """the whole period for a pupil on roll on the count date, else nothing"""


class Period(Document):
    """A part of the year with its weight in the year's money."""

    name: Label
    first: Day
    last: Day
    weight: Whole = 1
    presence: Counting = Field(strict=False)
    count_on: Day | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield that the last day is before the first, and a count on no day or on one outside of them."""
        if self.last < self.first:
            message = "'last' must not be before 'first'"
            yield Misfit(message, "first", "last")
        if (self.presence is Counting.count_date) != (self.count_on is not None):
            message = "give count_on where presence is count_date, and only there"
            yield Misfit(message, "presence")
        first, last = sorted((self.first, self.last))
        if self.count_on is not None and not first <= self.count_on <= last:
            message = "count_on must be a day of the period"
            yield Misfit(message, "first", "last", "count_on")


class Term(Document):
    """A run of days on which school is kept, but for weekends and closures."""

    name: Label
    first: Day
    last: Day

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield that the last day is before the first."""
        if self.first > self.last:
            message = "'last' must not be before 'first'"
            yield Misfit(message, "first", "last")


class Parts(Document):
    """A year of equal parts whose dates are not known: presence is given as a count."""

    number: Whole = Field(description="parts in the year, for example 194 school days or 3 terms")
    part: Label = Field(description="what one part is called")


class CalendarRule(Section):
    """The year's periods, or the number of its equal parts."""

    source: SourceKey
    standing: Standing = Field(strict=False)
    periods: tuple[Period, ...] = Field(default=(), strict=False)
    terms: tuple[Term, ...] = Field(default=(), strict=False)
    closures: tuple[Day, ...] = Field(default=(), strict=False)
    parts: Parts | None = Field(
        default=None, description="equal parts of the year, checked against the periods"
    )
    share_of_year: ShareOfYear | None = Field(
        default=None,
        description="which part of a year's money the periods share out, for example 5/12",
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield what is wrong with the fields together, and periods that do not follow each other."""
        yield from self._of_fields()
        yield from self._apart()

    def _of_fields(self) -> Iterator[Misfit]:
        """Yield what is wrong with the fields together."""
        if not self.periods and self.parts is None:
            message = "needs periods, or parts: a number of equal parts of the year"
            yield Misfit(message)
        if self.share_of_year is not None and (
            not self.periods or Fraction(self.share_of_year) > 1
        ):
            message = "share_of_year is at most 1/1, and only with periods"
            yield Misfit(message, at=("share_of_year",))
        if (
            any(period.presence is Counting.school_days for period in self.periods)
            and not self.terms
        ):
            message = "presence school_days needs terms"
            yield Misfit(message, "presence")

    def _apart(self) -> Iterator[Misfit]:
        """Yield each period that does not follow the one before it."""
        for at, (before, after) in enumerate(pairwise(self.periods), start=1):
            if (after.first - before.last).days != 1:
                message = f"period {after.name!r} must start on the day after {before.name!r} ends"
                yield Misfit(message, "first", "last", "name", at=("periods", at, "first"))
