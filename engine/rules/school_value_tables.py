"""Values of a schools formula that differ from school to school: tables of values whose rows ask for authority and phase.

They are written as those of prices are: rows of conditions in the document or in a file beside it, the first
row that fits a school decides.
"""

from collections.abc import Iterator
from enum import IntEnum, StrEnum
from typing import Annotated

from pydantic import Discriminator, Field, Tag

from engine.rules.inputs import Choices, Input
from engine.rules.value_tables import TABLE, SeriesOrTable, ValueRow, ValueTable, form_of
from engine.rules.values import Misfit, Multiplier, Percent, Pounds, Share
from engine.vocabulary import SchoolPhase


class SchoolInput(StrEnum):
    """A column of schools that a row of a table of values may ask for."""

    la = "la"
    phase = "phase"


CODES_OF_SCHOOLS: dict[Input, type[IntEnum]] = {Input.phase: SchoolPhase}
"""Inputs of schools that hold codes."""

SchoolConditions = dict[Annotated[SchoolInput, Field(strict=False)], Choices]
"""What must hold of a school: for its authority and phase, one of the choices."""


class SchoolRow(ValueRow):
    """A row whose values are those of some schools."""

    when: SchoolConditions = {}


class SchoolPoundsRow(SchoolRow):
    """A row whose values are pounds."""

    value: Pounds


class SchoolPercentRow(SchoolRow):
    """A row whose values are percentages."""

    value: Percent


class SchoolShareRow(SchoolRow):
    """A row whose values are percentages from 0 to 100."""

    value: Share


class SchoolMultiplierRow(SchoolRow):
    """A row whose values are multipliers."""

    value: Multiplier


class SchoolPoundsTable(ValueTable):
    """Pounds that differ from school to school."""

    rows: tuple[SchoolPoundsRow, ...] = Field(strict=False, default=())


class SchoolPercentTable(ValueTable):
    """A percentage that differs from school to school."""

    rows: tuple[SchoolPercentRow, ...] = Field(strict=False, default=())


class SchoolShareTable(ValueTable):
    """A percentage from 0 to 100 that differs from school to school."""

    rows: tuple[SchoolShareRow, ...] = Field(strict=False, default=())


class SchoolMultiplierTable(ValueTable):
    """A multiplier that differs from school to school."""

    rows: tuple[SchoolMultiplierRow, ...] = Field(strict=False, default=())


SchoolPoundsBy = Annotated[
    Annotated[Pounds, Tag("dated")] | Annotated[SchoolPoundsTable, Tag(TABLE)],
    Discriminator(form_of),
]
SchoolPercentBy = Annotated[
    Annotated[Percent, Tag("dated")] | Annotated[SchoolPercentTable, Tag(TABLE)],
    Discriminator(form_of),
]
SchoolShareBy = Annotated[
    Annotated[Share, Tag("dated")] | Annotated[SchoolShareTable, Tag(TABLE)], Discriminator(form_of)
]
SchoolMultiplierBy = Annotated[
    Annotated[Multiplier, Tag("dated")] | Annotated[SchoolMultiplierTable, Tag(TABLE)],
    Discriminator(form_of),
]


def unit_value_faults(held: SeriesOrTable | None, name: str) -> Iterator[Misfit]:
    """Yield the fault of a unit value that schools have none of: what a unit then comes to, no table says."""
    if isinstance(held, ValueTable) and held.otherwise is not None:
        message = (
            "a unit value cannot be none: leave 'otherwise' out, and the amount of a school that no row fits is"
            ' not known; or add a last row without conditions, "0" where such schools are paid nothing'
        )
        yield Misfit(message, at=(name, "otherwise"))
