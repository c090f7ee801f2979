"""Reads data: files and rows of plain values in, checked tables out."""

from engine.ingest.layout import Layout, load_layout, load_layout_file
from engine.ingest.limits import Limits
from engine.ingest.pupils import pupil_table
from engine.ingest.read import TablesFile, read_table, read_table_file, read_tables_file
from engine.ingest.schools import school_table
from engine.ingest.text import records

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
