"""The register of columns: what each holds, in what unit, within what range.

A pupil table has the columns of ``PUPIL_COLUMNS``, the levels of the dimensions of a
rule set bands by (``level_<dimension>``), and no others. A school table has
``SCHOOL_COLUMNS`` and, for each line of a rule set's formula, the units, the share of
pupils or the amount of that line (``units_…``, ``proportion_…``, ``amount_…``), and last
year's amount of a line that is taken off last year's budget (``prior_amount_…``).
"""

from engine.columns.column import (
    ALWAYS,
    HIGHEST_UNITS,
    NO_VALUE,
    Column,
    ColumnSelection,
    Int,
    Kind,
    LaidOut,
    declare,
)
from engine.columns.pupils import LEVEL_PREFIX, PUPIL_COLUMNS, level_column, pupil_column
from engine.columns.schools import (
    AMOUNT_PREFIX,
    PRIOR_AMOUNT_PREFIX,
    PROPORTION_PREFIX,
    SCHOOL_COLUMNS,
    UNITS_PREFIX,
    line_column,
)

FEW_ROWS = 1_000
"""Rows up to which the language itself is as quick as a query of polars."""

__all__ = [
    "ALWAYS",
    "AMOUNT_PREFIX",
    "FEW_ROWS",
    "HIGHEST_UNITS",
    "LEVEL_PREFIX",
    "NO_VALUE",
    "PRIOR_AMOUNT_PREFIX",
    "PROPORTION_PREFIX",
    "PUPIL_COLUMNS",
    "SCHOOL_COLUMNS",
    "UNITS_PREFIX",
    "Column",
    "ColumnSelection",
    "Int",
    "Kind",
    "LaidOut",
    "declare",
    "level_column",
    "line_column",
    "pupil_column",
]
