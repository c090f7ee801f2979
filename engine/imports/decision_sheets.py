"""The sheets of a decision workbook: which there are, and which columns each has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from engine.rules.inputs import Input
from engine.rules.prices import Price

ABOUT, BANDS, ASSIGNMENT, DIMENSIONS, PRICES, SOURCES = (
    "About", "Bands", "Assignment", "Dimensions", "Prices", "Sources",
)  # fmt: skip
FORM, HIT_POLICY, GAPS = "form", "hit policy", "gaps"
LABEL_GIVEN, CONVERSION, POINTS, TABLE = "label_given", "conversion", "points", "table"
FORMS = (LABEL_GIVEN, CONVERSION, POINTS, TABLE)
YES = "yes"
CHOICE = ", "

INPUTS = tuple(one.value for one in Input)
SERIES = ("pounds", "pounds_each")
"""Fields of a price that hold dated values."""
KEPT = ("staffing",)
"""Fields of a price that no sheet holds; they stay as they are in the document."""
WORDS = tuple(
    name
    for name in Price.model_fields
    if name not in {"provenance", "band", "when", "note", *SERIES, *KEPT}
)
"""Fields of a price that hold one word, number or flag."""
VALUE = ("value", "from", "source", "standing", "value_note")
PRICE_COLUMNS = ("price", "for_band", *INPUTS, "pays", *VALUE, *WORDS, "note")
STEP_COLUMNS = ("gives_band", "from", "to")
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


def is_flag(word: str) -> bool:
    """Return whether a field of a price is true or false."""
    annotation = Price.model_fields[word].annotation
    return annotation is bool or bool in get_args(annotation)


def is_whole(word: str) -> bool:
    """Return whether a field of a price is a whole number."""
    return Price.model_fields[word].annotation is int
