"""A band profile in a rule document: who is in which band, and what a band costs where.

A profile reads a pupil's columns and names one band. The four forms (a label
that a panel gave, a conversion of the present band, points on a matrix, a decision
table) compile to one grid.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from engine.rules.inputs import Choices, Conditions, Input, InputName
from engine.rules.prices import Tariff
from engine.rules.values import (
    Document,
    Label,
    Misfit,
    Name,
    Section,
    Sentence,
)
from engine.vocabulary import NEVER_A_LABEL
from engine.wording import nearest


class HitPolicy(StrEnum):
    """What holds when several rows fit."""

    first = "first"
    """the first row in the document's order decides"""
    unique = "unique"
    """never happens: two rows that fit one pupil are refused when the document is read"""


class Step(Document):
    """A band's range of points, both ends included."""

    band: Label
    least: Annotated[int, Field(ge=0, le=1000, alias="from")]
    most: Annotated[int, Field(ge=0, le=1000, alias="to")]
    when: Conditions = Field(default={}, description="where steps differ, by setting for example")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield that the range runs down."""
        if self.most < self.least:
            message = "'to' must not be less than 'from'"
            yield Misfit(message, "from", "to")


class Combine(StrEnum):
    """How the points of several areas of need become one number."""

    sum = "sum"
    """they are added"""
    highest = "highest"
    """only the area with most points counts"""


class Dimension(Document):
    """An area of need with levels from 0; its level's points are level × weight."""

    weight: Annotated[int, Field(ge=0, le=1000)] = 1
    highest: Annotated[int, Field(ge=1, le=100)]
    label: Label | None = None


class Points(Section):
    """Points of dimensions, or points given, cut into steps."""

    steps: tuple[Step, ...] = Field(strict=False, min_length=1)
    dimensions: dict[Name, Dimension] = {}
    combine: Combine = Field(default=Combine.sum, strict=False)
    gaps: bool = Field(
        default=False, description="the publication leaves gaps; a pupil in one is refused"
    )
    covers: Choices | None = Field(
        default=None,
        description="points that steps must cover; from the first to the last where left out",
    )


class Row(Document):
    """A row of a decision table: what must hold, and the band that follows."""

    when: Conditions = {}
    band: Label
    note: Sentence | None = None


class DecisionTable(Section):
    """Rows tried against a pupil's columns."""

    hit_policy: HitPolicy = Field(strict=False)
    inputs: tuple[InputName, ...] = Field(strict=False, min_length=1)
    rows: tuple[Row, ...] = Field(strict=False, min_length=1)
    gaps: bool = Field(
        default=False, description="the publication leaves gaps; a pupil in one is refused"
    )
    covers: Conditions = Field(
        default={}, description="values for which every combination must lead to a band"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield each condition of a row, and each value that is covered, of an input that is not declared."""
        for at, row in enumerate(self.rows):
            for name in row.when:
                if name not in self.inputs:
                    message = f"row {at + 1} uses {name}; add it to 'inputs'"
                    yield Misfit(message, "inputs", at=("rows", at, "when", str(name)))
        for name in self.covers:
            if name not in self.inputs:
                message = f"'covers' has {name}; add it to 'inputs'"
                yield Misfit(message, "inputs", at=("covers", str(name)))


class Assignment(Section):
    """How a band is found: exactly one of four forms."""

    label_given: bool | None = Field(
        default=None, description="the column 'band' holds it, as a panel decided"
    )
    conversion: dict[Label, Label] | None = Field(
        default=None, description="the band that a pupil of each present band is given"
    )
    points: Points | None = None
    table: DecisionTable | None = None
    panel_may_decide: bool = Field(
        default=False,
        description="a band in the column 'band' stands, whatever points or table would give",
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield what is wrong with the forms together."""
        forms = (self.label_given, self.conversion, self.points, self.table)
        if sum(bool(form) for form in forms) != 1:
            message = "needs exactly one of label_given: true, conversion, points or table"
            yield Misfit(message, "label_given")
        elif self.panel_may_decide and not (self.points or self.table):
            message = "panel_may_decide needs points or a table"
            yield Misfit(message, "panel_may_decide")
        if self.panel_may_decide and self.table and Input.band in self.table.inputs:
            message = "a table that uses the column 'band' cannot have panel_may_decide too"
            yield Misfit(message, "panel_may_decide", "inputs")


class BandProfile(Section):
    """A profile: bands from lowest to highest, how they are assigned, what they cost."""

    bands: tuple[Label, ...] = Field(strict=False, min_length=1, max_length=1000)
    assignment: Assignment
    tariff: Tariff

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield what is wrong with the names of bands."""
        yield from self._duplicates()
        yield from self._symbols()
        yield from self._unknown()

    def _duplicates(self) -> Iterator[Misfit]:
        for at, name in enumerate(self.bands):
            if name in self.bands[:at]:
                message = "duplicate band; keep one of each name"
                yield Misfit(message, f".bands.{self.bands.index(name)}", at=("bands", at))

    def _symbols(self) -> Iterator[Misfit]:
        """Yield each label that a table could not tell from a missing value."""
        labels: list[tuple[tuple[str | int, ...], str]] = [
            (("bands", at), name) for at, name in enumerate(self.bands)
        ]
        labels += [
            (("assignment", "conversion", label), label)
            for label in self.assignment.conversion or {}
        ]
        for place, label in labels:
            if label in NEVER_A_LABEL:
                message = (
                    f"{label} is how tables write a value that is missing; give the band "
                    "another name, such as C"
                )
                yield Misfit(message, at=place)

    def _unknown(self) -> Iterator[Misfit]:
        """Yield each band that is named and not among the bands."""
        for place, band in self._named_bands():
            if band not in self.bands:
                near = nearest(band, self.bands)
                meant = f"did you mean {near}? Otherwise " if near else ""
                message = f"band not found: {band}; {meant}add it to 'bands'"
                yield Misfit(message, "bands", at=place, instead=self.bands[0])

    def _named_bands(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield each band that a price, a modifier or the assignment names, with its place."""
        tariff, form = self.tariff, self.assignment.points or self.assignment.table
        for at, price in enumerate(tariff.prices):
            if price.band is not None:
                yield ("tariff", "prices", at, "band"), price.band
        for at, modifier in enumerate(tariff.modifiers):
            if modifier.band is not None:
                yield ("tariff", "modifiers", at, "band"), modifier.band
        for key, band in (self.assignment.conversion or {}).items():
            yield ("assignment", "conversion", key), band
        if isinstance(form, Points):
            for at, step in enumerate(form.steps):
                yield ("assignment", "points", "steps", at, "band"), step.band
        elif form is not None:
            for at, row in enumerate(form.rows):
                yield ("assignment", "table", "rows", at, "band"), row.band
