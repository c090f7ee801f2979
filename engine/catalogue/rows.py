"""A table of the catalogue as rows, one a column, for any kind of file."""

from engine.catalogue.entries import Table
from engine.rows import Rows, Shape

SHAPES = dict.fromkeys(
    (
        "table", "column", "kind", "unit", "lowest", "highest", "codes", "required", "blank", "none",
        "meaning", "read_by", "rule_sets",
    ),
    Shape.text,
)  # fmt: skip


def column_rows(*tables: Table) -> Rows:
    """Return one row a column: what it holds, what a blank and a word for none mean, and which parts of rules read it."""
    records: list[dict[str, str | int | None]] = [
        {
            "table": table.name,
            "column": entry.name,
            "kind": entry.column.kind.value,
            "unit": entry.unit,
            "lowest": entry.bounds[0] if entry.bounds else None,
            "highest": entry.bounds[1] if entry.bounds else None,
            "codes": " ".join(entry.codes) or None,
            "required": "yes" if entry.required else "no",
            "blank": entry.absence,
            "none": entry.none,
            "meaning": entry.column.meaning,
            "read_by": "; ".join(entry.read_by) or None,
            "rule_sets": " ".join(sorted({one for sets in entry.read_by.values() for one in sets}))
            or None,
        }
        for table in tables
        for entry in table.entries
    ]
    return Rows.of_records("columns", SHAPES, records)
