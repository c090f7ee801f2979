"""Results as rows, and rows as files that are written completely or not at all."""

from engine.export.changes import change_totals, changed_pupils, changed_schools
from engine.export.complete_files import write_whole
from engine.export.formats import Format, rows_as_bytes, write_rows
from engine.export.manifest import with_rules
from engine.export.payments import payment_rows, payment_totals
from engine.export.pupils import pupil_rows
from engine.export.schools import line_rows, school_rows
from engine.export.totals import total_rows
from engine.export.workings import working_record, working_rows
from engine.rows import Rows, Shape

__all__ = [
    "Format",
    "Rows",
    "Shape",
    "change_totals",
    "changed_pupils",
    "changed_schools",
    "line_rows",
    "payment_rows",
    "payment_totals",
    "pupil_rows",
    "rows_as_bytes",
    "school_rows",
    "total_rows",
    "with_rules",
    "working_record",
    "working_rows",
    "write_rows",
    "write_whole",
]
