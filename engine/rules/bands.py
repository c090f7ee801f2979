"""A band profile in a rule document: who is in which band, and what a band costs where.

A profile reads a pupil's columns and names one band. The three spoken forms (a label
that a panel gave, points on a matrix, a decision table) compile to one grid.
"""

from enum import IntEnum, StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from engine import vocabulary
from engine.rules.values import (
    Document,
    Label,
    Multiplier,
    Name,
    Percent,
    Pounds,
    Section,
    Sentence,
)


class Input(StrEnum):
    """A column that a decision table or a tariff may read."""

    sen_provision = "sen_provision"
    primary_need = "primary_need"
    secondary_need = "secondary_need"
    setting = "setting"
    phase = "phase"
    year_group = "year_group"
    score = "score"
    points = "points"
    support_hours = "support_hours"
    band = "band"


CODES: dict[Input, type[IntEnum]] = {
    Input.sen_provision: vocabulary.SenProvision,
    Input.primary_need: vocabulary.Need,
    Input.secondary_need: vocabulary.Need,
    Input.setting: vocabulary.Setting,
    Input.phase: vocabulary.PupilPhase,
}
"""Inputs that hold codes; the others hold numbers and take ranges such as ``"20-29"``."""

RANGE = r"^-?\d+(\.\d+)?(-\d+(\.\d+)?|\+)?$"


def _as_list(written: object) -> object:
    return (written,) if isinstance(written, str) else written


Choices = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=60)], ...],
    BeforeValidator(_as_list, json_schema_input_type=str | list[str]),
    Field(strict=False, min_length=1),
]
"""Codes (``[ASD, SLCN]``) or ranges (``"20-29"``, ``"90+"``, ``"7"``)."""


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

    @model_validator(mode="after")
    def _runs_up(self) -> Self:
        if self.most < self.least:
            message = "ends below where it starts"
            raise ValueError(message)
        return self


class Dimension(Document):
    """An area of need with levels from 0; its level's points are level × weight."""

    weight: Annotated[int, Field(ge=0, le=1000)] = 1
    highest: Annotated[int, Field(ge=1, le=100)]
    label: Label | None = None


class Points(Section):
    """Points summed over dimensions, or given, and cut into steps."""

    steps: tuple[Step, ...] = Field(strict=False, min_length=1)
    dimensions: dict[Name, Dimension] = {}
    gaps: bool = Field(
        default=False, description="the publication leaves gaps; a pupil in one is refused"
    )
    covers: Choices | None = Field(
        default=None,
        description="points that steps must cover; from the first to the last where left out",
    )


class Row(Document):
    """A row of a decision table: what must hold, and the band that follows."""

    when: dict[Annotated[Input, Field(strict=False)], Choices] = {}
    band: Label
    note: Sentence | None = None


class DecisionTable(Section):
    """Rows tried against a pupil's columns."""

    hit_policy: HitPolicy = Field(strict=False)
    inputs: tuple[Annotated[Input, Field(strict=False)], ...] = Field(strict=False, min_length=1)
    rows: tuple[Row, ...] = Field(strict=False, min_length=1)
    gaps: bool = Field(
        default=False, description="the publication leaves gaps; a pupil in one is refused"
    )
    covers: dict[Annotated[Input, Field(strict=False)], Choices] = Field(
        default={}, description="values for which every combination must lead to a band"
    )

    @model_validator(mode="after")
    def _rows_read_declared_inputs(self) -> Self:
        for number, row in enumerate(self.rows, start=1):
            unknown = sorted(set(row.when) - set(self.inputs))
            if unknown:
                message = f"row {number} reads {', '.join(unknown)}, which 'inputs' does not name"
                raise ValueError(message)
        return self


class Assignment(Section):
    """How a band is found: exactly one of the three spoken forms."""

    label_given: bool | None = Field(
        default=None, description="the column 'band' holds it, as a panel decided"
    )
    points: Points | None = None
    table: DecisionTable | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if sum(bool(form) for form in (self.label_given, self.points, self.table)) != 1:
            message = "needs exactly one of label_given: true, points or table"
            raise ValueError(message)
        return self


class Quantity(StrEnum):
    """What a price is multiplied by."""

    support_hours = "support_hours"
    level = "level"


class Price(Section):
    """What a band pays a year, where its conditions hold; the first row that fits decides."""

    band: Label | None = Field(default=None, description="all bands where left out")
    when: dict[Annotated[Input, Field(strict=False)], Choices] = {}
    pounds: Pounds | None = Field(default=None, description="pounds a year for a full-time pupil")
    pounds_each: Pounds | None = Field(
        default=None, description="pounds a year for each unit of 'each'"
    )
    each: Quantity | None = Field(default=None, strict=False)
    assessed_cost: bool | None = Field(
        default=None, description="the pupil's assessed cost is the price"
    )
    note: Sentence | None = None

    @model_validator(mode="after")
    def _says_a_price(self) -> Self:
        if (self.pounds_each is None) != (self.each is None):
            message = "'pounds_each' and 'each' go together"
            raise ValueError(message)
        if not (self.pounds or self.pounds_each or self.assessed_cost):
            message = "needs pounds, pounds_each or assessed_cost: true"
            raise ValueError(message)
        if self.assessed_cost and (self.pounds or self.pounds_each):
            message = "assessed_cost stands alone"
            raise ValueError(message)
        return self


class Tariff(Section):
    """The prices of a profile's bands."""

    area_cost_adjustment: Multiplier | None = None
    uprating_percent: Percent | None = Field(
        default=None, description="added to every price, then to the penny"
    )
    prices: tuple[Price, ...] = Field(strict=False, min_length=1)


class BandProfile(Section):
    """A profile: bands from lowest to highest, how they are assigned, what they cost."""

    bands: tuple[Label, ...] = Field(strict=False, min_length=1, max_length=1000)
    assignment: Assignment
    tariff: Tariff

    @model_validator(mode="after")
    def _names_known_bands(self) -> Self:
        if len(set(self.bands)) != len(self.bands):
            message = "a band is named twice"
            raise ValueError(message)
        named = [price.band for price in self.tariff.prices if price.band is not None]
        form = self.assignment.points or self.assignment.table
        if isinstance(form, Points):
            named += [step.band for step in form.steps]
        elif form is not None:
            named += [row.band for row in form.rows]
        unknown = sorted(set(named) - set(self.bands))
        if unknown:
            message = f"uses bands that 'bands' does not name: {', '.join(unknown)}"
            raise ValueError(message)
        return self
