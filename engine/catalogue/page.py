"""The catalogue as the page ``docs/columns.md``."""

from collections.abc import Iterable, Iterator, Mapping

from engine.catalogue.code_words import CODE_WORDS
from engine.catalogue.entries import Entry, Table
from engine.columns import AMOUNT_PREFIX, PROPORTION_PREFIX, UNITS_PREFIX, Kind
from engine.table_checks import SPELLINGS

HEAD = """# Columns

<!-- Written by `evenband columns --page docs/columns.md`; change engine/columns/, then `make schema`. -->

Every column of every table that Evenband reads. A table has the columns that its rule set reads; `pupil_key` and
`la` of pupils, `urn` and `phase` of schools are always there. An unknown column is refused by name.
`evenband columns pupils --rules national-profile-candidate` says which columns one rule set reads, and
`--schema` prints them as a [Table Schema](https://datapackage.org/standard/table-schema/); all five are in
[fixtures/schema](../fixtures/schema).

| How a cell is written | |
|---|---|
| pounds | `1234.50` or `1,234.50`, with or without £; up to two decimals |
| hours | `12.5`; up to two decimals |
| numbers with decimals | `54.6906`; rounded once to six |
| days | `2025-09-01` |
| flags | `1` or `0`; `true`/`false`, `yes`/`no` |
| not supplied, not applicable, suppressed | blank or `x`, `z`, `c` |

A blank is never zero. “Not supplied” makes only that not known which reads the column.
"""
FORMS = (UNITS_PREFIX, PROPORTION_PREFIX, AMOUNT_PREFIX)
LINES = """### Lines of the formula

Each line of a formula has up to three columns, of which a school gives one: `units_LINE` (pupils or other units, up to
six decimals), `proportion_LINE` (the share of the phase's pupils, 0 to 1) and `amount_LINE` (pounds, which may be
negative). An amount may also be given for a whole factor (`amount_fsm`). Blank: """


def page(tables: Mapping[str, Table]) -> str:
    """Return the whole page as Markdown."""
    parts = [HEAD, *(_section(table) for table in tables.values()), _readers(tables.values())]
    return "\n".join(parts)


def _section(table: Table) -> str:
    own = [entry for entry in table.entries if not entry.name.startswith(FORMS)]
    lines = [entry for entry in table.entries if entry.name.startswith(FORMS)]
    parts = [f"## {table.title}\n\n{table.about}\n", _table(own)]
    return "\n".join([*parts, *([_lines(lines)] if lines else []), *_codes(own)])


def _table(entries: Iterable[Entry]) -> str:
    rows = ["| Column | Holds | Unit | From, to | Blank | Read by |", "|---|---|---|---|---|---|"]
    rows += [
        f"| `{entry.name}` | {entry.column.meaning} | {_unit(entry)} | {_range(entry)} | {entry.absence} | {_parts(entry)} |"
        for entry in entries
    ]
    return "\n".join([*rows, ""])


def _unit(entry: Entry) -> str:
    return "code" if entry.column.kind is Kind.code else entry.unit


def _range(entry: Entry) -> str:
    return " to ".join(entry.bounds) if entry.bounds else ("listed below" if entry.codes else "")


def _parts(entry: Entry) -> str:
    counts = [f"{part} ({len(sets)})" for part, sets in entry.read_by.items()]
    return ", ".join(counts) or "no published rule set"


def _lines(entries: Iterable[Entry]) -> str:
    forms: dict[str, list[Entry]] = {}
    for entry in entries:
        prefix = next(one for one in FORMS if entry.name.startswith(one))
        forms.setdefault(entry.name.removeprefix(prefix), []).append(entry)
    rows = ["| LINE | Columns | Rule sets |", "|---|---|--:|"]
    for line, held in forms.items():
        names = ", ".join(f"`{entry.name}`" for entry in held)
        sets = {one for entry in held for found in entry.read_by.values() for one in found}
        rows.append(f"| `{line}` | {names} | {len(sets)} |")
    blank = next(iter(forms.values()))[0].absence
    return "\n".join([f"{LINES}{blank}.\n", *rows, ""])


def _codes(entries: Iterable[Entry]) -> list[str]:
    found: dict[str, list[str]] = {}
    for entry in entries:
        if said := ", ".join([*_codes_of(entry), *_spellings(entry)]):
            found.setdefault(said, []).append(entry.name)
    return [
        f"* {', '.join(f'`{name}`' for name in names)}: {codes}" for codes, names in found.items()
    ] + ([""] if found else [])


def _codes_of(entry: Entry) -> Iterator[str]:
    """Yield each code of a column, with what it is where its name does not say it."""
    codes = entry.column.codes
    words = {} if codes is None else CODE_WORDS.get(codes, {})
    for code in entry.codes:
        yield f"`{code}` ({words[code]})" if code in words else f"`{code}`"


def _spellings(entry: Entry) -> Iterator[str]:
    """Yield the words that are read in place of numbers."""
    for word, number in SPELLINGS.get(entry.name, {}).items():
        yield f"`{word}` is read as {number}"


def _readers(tables: Iterable[Table]) -> str:
    """Return, for each published rule set, the columns that it reads of each table."""
    sets: dict[str, dict[str, list[str]]] = {}
    for table in tables:
        for entry in table.entries:
            if not entry.name.startswith(FORMS):
                for found in sorted({one for held in entry.read_by.values() for one in held}):
                    sets.setdefault(found, {}).setdefault(table.name, []).append(entry.name)
    rows = ["| Rule set | Table | Columns, besides lines of the formula |", "|---|---|---|"]
    rows += [
        f"| `{identifier}` | {name} | {', '.join(f'`{one}`' for one in columns)} |"
        for identifier in sorted(sets)
        for name, columns in sets[identifier].items()
    ]
    return "\n".join(["## What each published rule set reads\n", *rows, ""])
