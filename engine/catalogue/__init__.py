"""The column catalogue: every column of every table, with unit, range, codes, and who reads it."""

from engine.catalogue.entries import Entry, Table
from engine.catalogue.page import page
from engine.catalogue.rows import column_rows
from engine.catalogue.table_schema import table_schema
from engine.catalogue.tables import NAMES, tables
from engine.code_words import CODE_WORDS

__all__ = ["CODE_WORDS", "NAMES", "Entry", "Table", "column_rows", "page", "table_schema", "tables"]
