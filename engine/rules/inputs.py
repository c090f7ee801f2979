"""The columns that conditions of a rule document read, and how their values are written."""

from enum import IntEnum, StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field

from engine import vocabulary
from engine.columns import PUPIL_COLUMNS, Kind
from engine.money import HUNDREDTHS, MILLION, PENCE
from engine.wording import text_form


class Input(StrEnum):
    """A column that a decision table, a tariff or a condition of payment may read."""

    sen_provision = "sen_provision"
    primary_need = "primary_need"
    secondary_need = "secondary_need"
    setting = "setting"
    phase = "phase"
    year_group = "year_group"
    score = "score"
    points = "points"
    support_hours = "support_hours"
    hours = "hours"
    group_size = "group_size"
    level = "level"
    assessed_cost = "assessed_cost"
    urn = "urn"
    band = "band"
    la = "la"


_COLUMNS = {one: PUPIL_COLUMNS[one] for one in Input if one in PUPIL_COLUMNS}
_PARTS = {Kind.hours: HUNDREDTHS, Kind.pounds: PENCE, Kind.millionths: MILLION}

CODES: dict[Input, type[IntEnum]] = {
    **{one: column.codes for one, column in _COLUMNS.items() if column.codes is not None},
    Input.phase: vocabulary.PupilPhase,
}
"""Inputs that hold codes; the others hold numbers and take ranges such as ``"20-29"``."""

SCALES: dict[str, int] = {
    one: _PARTS[column.kind] for one, column in _COLUMNS.items() if column.kind in _PARTS
}
"""Parts of one in which an input's numbers are held; those not named are whole."""

LevelName = Annotated[
    str,
    text_form(
        r"^level_[a-z][a-z0-9_]{0,50}$",
        "must be level_ and the name of a dimension, such as level_communication",
    ),
]
"""The column of an area of need's level, for example ``level_communication``."""

InputName = Annotated[Input, Field(strict=False)] | LevelName

RANGE = r"^-?[0-9]+(\.[0-9]+)?(--?[0-9]+(\.[0-9]+)?|\+)?$"


def _as_list(written: object) -> object:
    return (written,) if isinstance(written, str) else written


Choices = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=60)], ...],
    BeforeValidator(_as_list, json_schema_input_type=str | list[str]),
    Field(strict=False, min_length=1),
]
"""Codes (``[ASD, SLCN]``) or ranges (``"20-29"``, ``"90+"``, ``"7"``)."""

Conditions = dict[InputName, Choices]
"""What must hold: for each column, one of its choices."""
