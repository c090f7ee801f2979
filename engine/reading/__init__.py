"""Reads data: files and rows of plain values in, checked tables out."""

from engine.reading.files import TablesFile, read_table, read_table_file, read_tables_file
from engine.reading.layout import Layout, load_layout, load_layout_file
from engine.reading.limits import Limits
from engine.reading.pupils import pupil_table
from engine.reading.schools import school_table
from engine.reading.text import records

__all__ = [
    "Layout",
    "Limits",
    "TablesFile",
    "load_layout",
    "load_layout_file",
    "pupil_table",
    "read_table",
    "read_table_file",
    "read_tables_file",
    "records",
    "school_table",
]
