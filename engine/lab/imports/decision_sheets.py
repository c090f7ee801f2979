"""The sheets of a decision workbook: which there are, and which columns each has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from engine.columns import LEVEL_PREFIX
from engine.rules.inputs import Input
from engine.rules.prices import Price

ABOUT, BANDS, ASSIGNMENT, DIMENSIONS, PRICES, SOURCES = (
    "About", "Bands", "Assignment", "Dimensions", "Prices", "Sources",
)  # fmt: skip
FORM, HIT_POLICY, GAPS = "form", "hit policy", "gaps"
PANEL, COMBINE = "panel may decide", "combine"
LABEL_GIVEN, CONVERSION, POINTS, TABLE = "label_given", "conversion", "points", "table"
FORMS = (LABEL_GIVEN, CONVERSION, POINTS, TABLE)
YES = "yes"
CHOICE = ", "

INPUTS = tuple(one.value for one in Input)
"""Inputs that every sheet has a column for; levels of areas of need have one where they are read."""
SERIES = ("pounds", "pounds_each")
"""Fields of a price that hold dated values."""
UNCHANGED = ("staffing",)
"""Fields of a price that no sheet holds; they stay as they are in the document."""
WORDS = tuple(
    name
    for name in Price.model_fields
    if name not in {"provenance", "band", "when", "note", *SERIES, *UNCHANGED}
)
"""Fields of a price that hold one word, number or flag."""
VALUE = ("value", "from", "source", "standing", "value_note")
CONDITION = "when_"
PRICE_INPUTS = {f"{CONDITION}{name}" if name in WORDS else name: name for name in INPUTS}
"""Columns of conditions on the sheet of prices, whose words share a name with an input."""
PRICE_COLUMNS = ("price", "for_band", *PRICE_INPUTS, "pays", *VALUE, *WORDS, "note")
STEP_COLUMNS = ("gives_band", "from", "to")
"""Columns of steps; other conditions are in columns of inputs beside them."""
CONVERSION_COLUMNS = ("present_band", "gives_band")
DIMENSION_COLUMNS = ("dimension", "weight", "highest", "label")
SOURCE_COLUMNS = ("source", "title", "publisher", "where", "seen", "note")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: the names of its columns, and its rows of text."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table_columns(inputs: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a decision table: its inputs, the band that follows, a note."""
    return (*inputs, "gives_band", "note")


def is_input(name: str) -> bool:
    """Return whether a column holds what must hold for a row: an input, or the level of an area."""
    return name in INPUTS or name.startswith(LEVEL_PREFIX)


def price_inputs(columns: Iterable[str]) -> dict[str, str]:
    """Return the input that each column of conditions on a sheet of prices is about."""
    return {
        name: PRICE_INPUTS.get(name, name)
        for name in columns
        if name in PRICE_INPUTS or name.startswith(LEVEL_PREFIX)
    }


def inputs_of(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the inputs that the conditions of rows read, in the order of the inputs."""
    used = {name for row in rows for name in row.get("when", {})}
    return (*(one for one in INPUTS if one in used), *sorted(used - set(INPUTS)))


def is_flag(word: str) -> bool:
    """Return whether a field of a price is true or false."""
    annotation = Price.model_fields[word].annotation
    return annotation is bool or bool in get_args(annotation)


def is_whole(word: str) -> bool:
    """Return whether a field of a price is a number of times: whole, or with decimals."""
    return int in (
        Price.model_fields[word].annotation,
        *get_args(Price.model_fields[word].annotation),
    )
