"""Reads data: files and rows of plain values in, checked tables out."""

from engine.reading.aliases import OF_A_CASE, duplicate, older_of_line
from engine.reading.files import TablesFile, read_table, read_table_file, read_tables_file
from engine.reading.frames import ArrowTable, PandasFrame, frame_of
from engine.reading.layout import Layout, load_layout, load_layout_file
from engine.reading.limits import Limits
from engine.reading.pupils import pupil_table
from engine.reading.schools import school_table
from engine.reading.text import is_text, records
from engine.table_checks import plain_name

__all__ = [
    "OF_A_CASE",
    "ArrowTable",
    "Layout",
    "Limits",
    "PandasFrame",
    "TablesFile",
    "duplicate",
    "frame_of",
    "is_text",
    "load_layout",
    "load_layout_file",
    "older_of_line",
    "plain_name",
    "pupil_table",
    "read_table",
    "read_table_file",
    "read_tables_file",
    "records",
    "school_table",
]
