"""Results as rows, and rows as files that are written completely or not at all."""

from typing import TYPE_CHECKING

from engine.lazy import lazy_names

if TYPE_CHECKING:
    from engine.export.cell_text import decimal_text, exact, guarded, harmless
    from engine.export.changes import (
        PAID,
        PROTECTION,
        TOP_UP,
        change_totals,
        changed_pupils,
        changed_schools,
    )
    from engine.export.complete_files import (
        Writing,
        disk_errors_about,
        file_without_name,
        folder_of_parts,
        write_whole,
    )
    from engine.export.content import ContentDigest
    from engine.export.control_totals import ControlTotals, about_rows, disagreements
    from engine.export.embedding import EMBEDDED, PLACE, manifest_text, put_in_parquet
    from engine.export.formats import Format, rows_as_bytes, write_rows
    from engine.export.long_rows import LongRows, write_long
    from engine.export.manifest import (
        ALONE,
        FORMAT,
        Input,
        as_json,
        engine_record,
        file_metadata,
        rules_record,
        totals_record,
        with_rules,
    )
    from engine.export.notes import Note, notes_of
    from engine.export.payments import payment_rows, payment_totals
    from engine.export.program import program_record
    from engine.export.properties import set_properties
    from engine.export.publication import publishable
    from engine.export.rule_differences import difference_rows
    from engine.export.rule_values import (
        Number,
        ValueOnDay,
        numbers_of,
        path_rows,
        place_names,
        rule_set_rows,
        value_rows,
        values_on,
    )
    from engine.export.totals import total_rows
    from engine.export.verification import Verdict, manifest_of, verify
    from engine.export.workbook import Front, write_workbook
    from engine.export.workings import (
        change_record,
        change_rows,
        rows_of,
        with_total,
        working_record,
        working_rows,
    )

__all__ = [
    "ALONE",
    "EMBEDDED",
    "FORMAT",
    "PAID",
    "PLACE",
    "PROTECTION",
    "TOP_UP",
    "ContentDigest",
    "ControlTotals",
    "Format",
    "Front",
    "Input",
    "LongRows",
    "Note",
    "Number",
    "ValueOnDay",
    "Verdict",
    "Writing",
    "about_rows",
    "as_json",
    "change_record",
    "change_rows",
    "change_totals",
    "changed_pupils",
    "changed_schools",
    "decimal_text",
    "difference_rows",
    "disagreements",
    "disk_errors_about",
    "engine_record",
    "exact",
    "file_metadata",
    "file_without_name",
    "folder_of_parts",
    "guarded",
    "harmless",
    "manifest_of",
    "manifest_text",
    "notes_of",
    "numbers_of",
    "path_rows",
    "payment_rows",
    "payment_totals",
    "place_names",
    "program_record",
    "publishable",
    "put_in_parquet",
    "rows_as_bytes",
    "rows_of",
    "rule_set_rows",
    "rules_record",
    "set_properties",
    "total_rows",
    "totals_record",
    "value_rows",
    "values_on",
    "verify",
    "with_rules",
    "with_total",
    "working_record",
    "working_rows",
    "write_long",
    "write_rows",
    "write_whole",
    "write_workbook",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "cell_text": ("decimal_text", "exact", "guarded", "harmless"),
            "changes": (
                "PAID",
                "PROTECTION",
                "TOP_UP",
                "change_totals",
                "changed_pupils",
                "changed_schools",
            ),
            "complete_files": (
                "Writing",
                "disk_errors_about",
                "file_without_name",
                "folder_of_parts",
                "write_whole",
            ),
            "content": ("ContentDigest",),
            "control_totals": ("ControlTotals", "about_rows", "disagreements"),
            "embedding": ("EMBEDDED", "PLACE", "manifest_text", "put_in_parquet"),
            "formats": ("Format", "rows_as_bytes", "write_rows"),
            "long_rows": ("LongRows", "write_long"),
            "manifest": (
                "ALONE",
                "FORMAT",
                "Input",
                "as_json",
                "engine_record",
                "file_metadata",
                "rules_record",
                "totals_record",
                "with_rules",
            ),
            "notes": ("Note", "notes_of"),
            "payments": ("payment_rows", "payment_totals"),
            "program": ("program_record",),
            "properties": ("set_properties",),
            "publication": ("publishable",),
            "rule_differences": ("difference_rows",),
            "rule_values": (
                "Number",
                "ValueOnDay",
                "numbers_of",
                "path_rows",
                "place_names",
                "rule_set_rows",
                "value_rows",
                "values_on",
            ),
            "totals": ("total_rows",),
            "verification": ("Verdict", "manifest_of", "verify"),
            "workbook": ("Front", "write_workbook"),
            "workings": (
                "change_record",
                "change_rows",
                "rows_of",
                "with_total",
                "working_record",
                "working_rows",
            ),
        },
    )
