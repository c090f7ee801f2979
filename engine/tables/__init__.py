"""Checked tables of pupils and schools, laid out for kernels.

Columns are narrow whole numbers, contiguous and read-only. Pupils are sorted by
commissioning authority and school, schools by reference number.
"""

from engine.tables.chosen_pupils import ChosenPupils, Pupils
from engine.tables.combinations import MISSING, PHASE, Array, Combinations, frozen
from engine.tables.order import NO_SCHOOL
from engine.tables.pupils import PupilTable
from engine.tables.rows_apart import RowCounts, RowsApart
from engine.tables.schools import SchoolTable

__all__ = [
    "MISSING",
    "NO_SCHOOL",
    "PHASE",
    "Array",
    "ChosenPupils",
    "Combinations",
    "PupilTable",
    "Pupils",
    "RowCounts",
    "RowsApart",
    "SchoolTable",
    "frozen",
]
