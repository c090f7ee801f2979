"""What a caller states of records that they cannot say themselves: how they are written, and whose are valued."""

from collections.abc import Collection, Iterable
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from app.bodies.records import LONGEST_NAME, ColumnName
from app.errors import InputRefused
from app.schemas import AuthorityCode, Payload
from engine.columns import (
    AMOUNT_PREFIX,
    LEVEL_PREFIX,
    PROPORTION_PREFIX,
    PUPIL_COLUMNS,
    SCHOOL_COLUMNS,
    UNITS_PREFIX,
    Column,
    Kind,
)
from engine.errors import Problem
from engine.reading import DayOrder, Entry, Habits, habits_of, statement_problems
from engine.rules.authorities import OtherAuthorities

MOST_COLUMNS = 200
ColumnNames = Annotated[list[ColumnName], Field(max_length=MOST_COLUMNS)]


def _may_be_left_out(schema: dict[str, Any]) -> None:
    """Leave the default out of a field's schema: generated clients make a field with one that every caller must send."""
    schema.pop("default", None)


def _one_of(names: Iterable[str], *beginnings: str) -> WithJsonSchema:
    """Return the schema of a column's name that is one of some, or begins so; the engine says what else is wrong."""
    forms = [*dict.fromkeys(names), *(f"{one}.+" for one in beginnings)]
    return WithJsonSchema(
        {"type": "string", "maxLength": LONGEST_NAME, "pattern": f"^({'|'.join(forms)})$"}
    )


_COLUMNS = {**PUPIL_COLUMNS, **SCHOOL_COLUMNS}
_WITH_NONE = _one_of(
    (name for name, one in _COLUMNS.items() if one.none is not None),
    UNITS_PREFIX, PROPORTION_PREFIX, AMOUNT_PREFIX, LEVEL_PREFIX,
)  # fmt: skip
_POUNDS = _one_of(
    (name for name, one in _COLUMNS.items() if one.kind is Kind.pounds), AMOUNT_PREFIX
)
_BLANK_MEANS_NONE = Field(
    description="columns in which a value that is blank, null or left out means none",
    examples=[["secondary_need"]],
    json_schema_extra=_may_be_left_out,
)
_ROUND_TO_PENCE = Field(
    description="columns of pounds whose further decimals are rounded to pence",
    examples=[["assessed_cost"]],
    json_schema_extra=_may_be_left_out,
)


class AuthoritiesRequest(Payload):
    """Which codes of authorities replace others, and what is done with other authorities' records."""

    la_map: dict[AuthorityCode, AuthorityCode] = Field(
        default={},
        max_length=200,
        description="a code that was not in use in the rules' year, and the one that replaces it",
        examples=[{"909": "942"}],
        json_schema_extra=_may_be_left_out,
    )
    other_authorities: OtherAuthorities = Field(
        default=OtherAuthorities.apart,
        strict=False,
        description="records of other authorities than the rules': counted apart, or valued",
        json_schema_extra=_may_be_left_out,
    )


class CellsRequest(Payload):
    """How the cells of records are written."""

    blank_means_none: Annotated[ColumnNames, _BLANK_MEANS_NONE] = Field(default=[])
    round_to_pence: Annotated[ColumnNames, _ROUND_TO_PENCE] = Field(default=[])

    def habits(
        self, columns: Collection[Column] | None = None, more: Collection[Column] = ()
    ) -> Habits:
        """Return what is stated of how the records are written; raises ``InputRefused`` with each wrong column.

        ``columns`` are those of the records, where these are none of pupils or schools; ``more`` those of other
        records beside them.
        """
        blank, pence = self.blank_means_none, self.round_to_pence
        wrong = statement_problems(blank, pence, columns, more)
        problems = [
            Problem(sentence, "stated-column", place=f"body.{statement}")
            for statement, sentences in wrong.items()
            for sentence in sentences
        ]
        if problems:
            raise InputRefused(problems=problems)
        return habits_of(self._order, blank, pence, Entry.request, columns, more)

    @property
    def _order(self) -> str | None:
        """Return the order of days, None where the records have no days."""
        return None


class DatedCellsRequest(CellsRequest):
    """How the cells of records are written, days among them."""

    dates: DayOrder | None = Field(
        default=None,
        strict=False,
        description="order of days such as 01/09/2025; where left out only 2025-09-01 is read",
    )

    @property
    def _order(self) -> str | None:
        """Return the order of days, None where only 2025-09-01 is read."""
        return self.dates


class RecordCellsRequest(DatedCellsRequest):
    """How the cells of pupils and schools are written, whose columns are the same under all rules."""

    blank_means_none: Annotated[
        list[Annotated[ColumnName, _WITH_NONE]], Field(max_length=MOST_COLUMNS), _BLANK_MEANS_NONE
    ] = Field(default=[])
    round_to_pence: Annotated[
        list[Annotated[ColumnName, _POUNDS]], Field(max_length=MOST_COLUMNS), _ROUND_TO_PENCE
    ] = Field(default=[])
