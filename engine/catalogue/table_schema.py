"""A table of the catalogue as a Table Schema (Frictionless Data), for validators and data catalogues.

Source of the form: Data Package standard, Table Schema 2.0, https://datapackage.org/standard/table-schema/.
"""

from engine.catalogue.entries import Entry, Table
from engine.columns import NO_VALUE, Kind
from engine.reading.cell_spellings import ALIASES
from engine.reading.column_values import FLAGS, absent_symbols
from engine.table_checks import SPELLINGS
from engine.vocabulary import NONE_WORDS

PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
TYPES = {
    Kind.key: "string",
    Kind.text: "string",
    Kind.label: "string",
    Kind.code: "string",
    Kind.flag: "boolean",
    Kind.whole: "integer",
    Kind.hours: "number",
    Kind.pounds: "number",
    Kind.millionths: "number",
    Kind.date: "date",
}
LONGEST = 100
"""Characters of a key, a name or a band."""


def table_schema(table: Table) -> dict[str, object]:
    """Return a table as plain values: a schema of which a file may hold some fields, and no others."""
    return {
        "$schema": PROFILE,
        "name": table.name,
        "title": table.title,
        "description": table.about,
        "fieldsMatch": "superset",
        **({"primaryKey": list(table.key)} if table.name == "schools" else {}),
        "fields": [_field(entry) for entry in table.entries],
    }


def _field(entry: Entry) -> dict[str, object]:
    column = entry.column
    words = SPELLINGS.get(column.name)
    field: dict[str, object] = {
        "name": entry.name,
        "type": "string" if words else TYPES[column.kind],
        "title": column.meaning,
        "description": f"{entry.unit}; blank: {entry.absence}" + _none(entry),
        "missingValues": _missing(entry),
        "constraints": _constraints(entry),
        "unit": entry.unit,
        "readBy": sorted({one for sets in entry.read_by.values() for one in sets}),
    }
    if column.kind is Kind.flag:
        field["trueValues"] = [word for word, flag in FLAGS.items() if flag]
        field["falseValues"] = [word for word, flag in FLAGS.items() if not flag] + [*NONE_WORDS]
    return field


def _missing(entry: Entry) -> list[str]:
    """Return the words that a cell may hold instead of a value: none among them, where it says what a blank does."""
    if entry.filled:
        return [""]
    words = NONE_WORDS if entry.column.none == NO_VALUE else ()
    return [*absent_symbols(entry.column), *words]


def _none(entry: Entry) -> str:
    return "" if entry.none is None else f"; none: {entry.none}"


def _constraints(entry: Entry) -> dict[str, object]:
    column = entry.column
    constraints: dict[str, object] = {"required": entry.filled}
    if column.name in SPELLINGS:
        words = "|".join(SPELLINGS[column.name])
        constraints["pattern"] = f"{words}|-?[0-9]{{1,2}}"
    elif entry.codes:
        constraints["enum"] = [*entry.codes, *ALIASES.get(column.name, {})]
    elif entry.bounds is not None:
        low, high = entry.bounds
        whole = column.kind is Kind.whole
        constraints |= {
            "minimum": int(low) if whole else low,
            "maximum": int(high) if whole else high,
        }
    elif column.kind in {Kind.key, Kind.text}:
        constraints["maxLength"] = LONGEST
    return constraints
