"""Values that differ from pupil to pupil: rows of conditions, each with its dated values.

One national document has in such a table what its authorities pay: a price, an area cost
adjustment, a first part, a floor or a cap by authority, setting, band, phase or any other column
that conditions read. The first row that fits a pupil decides. Those of a schools formula, by authority
and phase of a school, are in ``school_value_tables``.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, Tag, model_validator

from engine.rules.inputs import Choices, Conditions
from engine.rules.values import (
    Document,
    Label,
    Misfit,
    Multiplier,
    Percent,
    Pounds,
    Section,
    Series,
)
from engine.wording import text_form

ROWS, TABLE, COLUMN = "rows", "table", "column"
IN_A_FILE = (
    "is a file beside the document, which is read where the document itself is read from a file; here, give"
    " its rows"
)

TableFile = Annotated[
    str,
    text_form(
        r"^[A-Za-z0-9][A-Za-z0-9_. \-]{0,80}\.csv$",
        "must be the name of a CSV file in the document's folder, such as prices.csv",
    ),
]


class ValueRow(Document):
    """A row of a table of values: what must hold of a pupil or school, and the values that then count."""

    when: Mapping[Any, Choices] = {}
    value: Series


class PupilRow(ValueRow):
    """A row whose values are those of some pupils."""

    when: Conditions = {}


class PoundsRow(PupilRow):
    """A row whose values are pounds."""

    value: Pounds


class PercentRow(PupilRow):
    """A row whose values are percentages."""

    value: Percent


class MultiplierRow(PupilRow):
    """A row whose values are multipliers."""

    value: Multiplier


class ValueTable(Section):
    """A value that differs from pupil to pupil, or school to school: the first row that fits decides.

    Where none does, the amount is not known, unless ``otherwise`` is none.
    """

    rows: tuple[ValueRow, ...] = ()
    otherwise: Annotated[str, text_form("^none$", "must be none, or left out")] | None = Field(
        default=None,
        description="none: a pupil or school that no row fits has none of this; where left out, the amount is not known",
    )
    table: TableFile | None = Field(
        default=None, description="a CSV file beside the document that has the rows"
    )
    column: Label | None = Field(default=None, description="the file's column that has the values")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        return self.refuse_faults()

    def faults(self) -> Iterator[Misfit]:
        """Yield that there are no rows, or that they are in a file."""
        if self.table is not None:
            yield Misfit(IN_A_FILE, TABLE, at=(TABLE,))
        elif not self.rows:
            message = "needs rows, or a table and the column of it that has the values"
            yield Misfit(message, ROWS)

    def place(self, path: str, row: int) -> str:
        """Return the path of a row's value, for a table at a path."""
        return f"{path}.{ROWS}.{row}.value"


class PoundsTable(ValueTable):
    """Pounds that differ from pupil to pupil."""

    rows: tuple[PoundsRow, ...] = Field(strict=False, default=())


class PercentTable(ValueTable):
    """A percentage that differs from pupil to pupil."""

    rows: tuple[PercentRow, ...] = Field(strict=False, default=())


class MultiplierTable(ValueTable):
    """A multiplier that differs from pupil to pupil."""

    rows: tuple[MultiplierRow, ...] = Field(strict=False, default=())


OF_TABLES = {ROWS, TABLE, COLUMN, "otherwise", "provenance"}
"""Fields of which a table has some and a dated value none."""


def form_of(written: object) -> str:
    """Return whether a value is a table of values, or dated values for everybody."""
    is_table = isinstance(written, ValueTable) or (
        isinstance(written, dict) and not OF_TABLES.isdisjoint(written)
    )
    return TABLE if is_table else "dated"


SeriesOrTable = Series | ValueTable
"""A value of a document: the same for everybody, or a table."""

PoundsBy = Annotated[
    Annotated[Pounds, Tag("dated")] | Annotated[PoundsTable, Tag(TABLE)], Discriminator(form_of)
]
PercentBy = Annotated[
    Annotated[Percent, Tag("dated")] | Annotated[PercentTable, Tag(TABLE)], Discriminator(form_of)
]
MultiplierBy = Annotated[
    Annotated[Multiplier, Tag("dated")] | Annotated[MultiplierTable, Tag(TABLE)],
    Discriminator(form_of),
]


def series_of(held: SeriesOrTable | None) -> Iterator[Series]:
    """Yield the dated values of everybody, or of each row of a table."""
    if isinstance(held, ValueTable):
        yield from (row.value for row in held.rows)
    elif held is not None:
        yield held


def otherwise_faults(held: SeriesOrTable | None, name: str) -> Iterator[Misfit]:
    """Yield the fault of a price that pupils have none of: what it then comes to, no table says."""
    if isinstance(held, ValueTable) and held.otherwise is not None:
        message = (
            "a price cannot be none: leave 'otherwise' out, and the amount of a pupil whom no row fits is not"
            " known; or add a last row without conditions"
        )
        yield Misfit(message, at=(name, "otherwise"))
