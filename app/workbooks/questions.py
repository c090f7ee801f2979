"""What a workbook asks of a row, and in which cells of the service it finds the answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Cell = str | int | float
"""What an example puts into a cell."""


class Takes(StrEnum):
    """What a column of a workbook takes."""

    number = "number"
    """a number from 0, with decimals"""
    whole = "whole"
    """a whole number from 0"""
    code = "code"
    """one of a list"""
    day = "day"
    """a date"""
    text = "text"


@dataclass(frozen=True, slots=True)
class Input:
    """One column that people fill in; ``name`` is what an address calls it.

    ``otherwise`` is what an empty cell sends, None where it sends nothing.
    """

    name: str
    heading: str
    takes: Takes
    codes: tuple[str, ...] = ()
    hint: str = ""
    otherwise: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One answer of a row: pounds, from an endpoint below ``/v1/cells/RULE-SET/``."""

    heading: str
    endpoint: str
    sent: tuple[str, ...]
    """names of the inputs that this endpoint takes"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to fill in: one row a school or a case.

    optional  whether a cell of the sheet says that empty cells count as 0
    examples  rows of invented data, by the name of the input
    """

    name: str
    title: str
    guidance: str
    note: str
    inputs: tuple[Input, ...]
    questions: tuple[Question, ...]
    optional: bool
    examples: tuple[Mapping[str, Cell], ...]
