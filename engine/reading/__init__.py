"""Reads data: files and rows of plain values in, checked tables out."""

from engine.reading.aliases import OF_A_CASE, duplicate, older_of_line
from engine.reading.authority_mappings import mapping_of
from engine.reading.cell_notices import STATED
from engine.reading.cell_spellings import exact_pounds, folded, millionths_in, pence_in, percent_in
from engine.reading.commissioner_of_case import why_not_valued
from engine.reading.commissioners import ANYONE, Commissioners
from engine.reading.files import TablesFile, read_table, read_table_file, read_tables_file
from engine.reading.frames import ArrowTable, PandasFrame, frame_of
from engine.reading.habits import (
    PLAIN,
    DayOrder,
    Entry,
    Habits,
    habits_of,
    statement_problems,
    unused_statements,
)
from engine.reading.layout import Layout, load_layout, load_layout_file
from engine.reading.limits import Limits
from engine.reading.pupils import pupil_table
from engine.reading.schools import school_table
from engine.reading.table_source import TableSource
from engine.reading.table_text import ANYWHERE, Location, TableText
from engine.reading.text import is_text, records
from engine.reading.whole_workbook import workbook_cells
from engine.table_checks import SPELLINGS, plain_name

__all__ = [
    "ANYONE",
    "ANYWHERE",
    "OF_A_CASE",
    "PLAIN",
    "SPELLINGS",
    "STATED",
    "ArrowTable",
    "Commissioners",
    "DayOrder",
    "Entry",
    "Habits",
    "Layout",
    "Limits",
    "Location",
    "PandasFrame",
    "TableSource",
    "TableText",
    "TablesFile",
    "duplicate",
    "exact_pounds",
    "folded",
    "frame_of",
    "habits_of",
    "is_text",
    "load_layout",
    "load_layout_file",
    "mapping_of",
    "millionths_in",
    "older_of_line",
    "pence_in",
    "percent_in",
    "plain_name",
    "pupil_table",
    "read_table",
    "read_table_file",
    "read_tables_file",
    "records",
    "school_table",
    "statement_problems",
    "unused_statements",
    "why_not_valued",
    "workbook_cells",
]
