"""The catalogue as the page ``docs/columns.md``."""

from collections.abc import Iterable, Iterator, Mapping

from engine.catalogue.entries import Entry, Table
from engine.code_words import CODE_WORDS
from engine.columns import (
    AMOUNT_PREFIX,
    PRIOR_AMOUNT_PREFIX,
    PROPORTION_PREFIX,
    UNITS_PREFIX,
    Kind,
)
from engine.table_checks import SPELLINGS
from engine.vocabulary import PRESENCE_WORDS, SYMBOLS

HEAD = """# Columns

<!-- Written by `evenband columns --page docs/columns.md`; change engine/columns/, then `make schema`. -->

Every column of every table that Evenband reads. A table has the columns that its rule set reads; `pupil_key` and
`la` of pupils, `urn` and `phase` of schools are always there. An unknown column is refused by name.
`evenband columns pupils --rules national-profile-candidate` says which columns one rule set reads, and
`--schema` prints them as a [Table Schema](https://datapackage.org/standard/table-schema/); all five are in
[fixtures/schema](../fixtures/schema).

| How a cell is written | |
|---|---|
| numbers | `1234` or `1,234` or `1 234`, thousands in threes; `1,23` is refused |
| pounds | the same with up to two decimals, with or without £; below nothing with `-` or, as accountants do, in brackets: `(1,234.00)` |
| hours | `12.5`; up to two decimals |
| numbers with decimals | `54.6906`; rounded once to six |
| shares (`proportion_…`) | `0.2795` or `27.95%` |
| days | `2025-09-01`; `01/09/2025`, `1.9.2025`, `01-09-2025` and `1 Sep 2025` once the order of days is stated (`--dates day-first` or `month-first`, `dates: day_first` in a layout or in Python) |
| flags | `1` or `0`; `true`/`false`, `yes`/`no`, `y`/`n` |
| codes and bands | as listed; capitals, and spaces or hyphens for `_`, make no difference, unless a symbol below could be meant (IDACI, bands A, B, C) |
| not known | blank, or one of the symbols below |
| none | `none` or `nil`, in the columns that say so |

A blank is never zero. “Not supplied” makes only that not known which reads the column.

{symbols}
These cells are counted by kind and column, in the notices of commands, manifests, the API and Python; the table is the same for every
column and every way in. A day that is not known is refused, because it leaves open how much of the year is paid: a day takes a blank, `none`
or `z`. A band that the rules call `low` or `na` is that band; none may be called by a symbol of one sign, such as `c`.

`none` is an answer of its own, and not a blank: a pupil whose `secondary_need` is `none` is known to have one need only, and rules
may ask for it (`when: {{secondary_need: none}}`). Where a blank in your table means none, say so: `--blank-means-none secondary_need`,
`blank_means_none: [secondary_need]` in a layout or a rule document, or in Python; where any of them says it, it does. Pounds worked out to parts of a penny are refused until you state that they are rounded:
`--round-to-pence assessed_cost`, `round_to_pence: [assessed_cost]`.
"""
FORMS = (UNITS_PREFIX, PROPORTION_PREFIX, AMOUNT_PREFIX, PRIOR_AMOUNT_PREFIX)
LINES = """### Lines of the formula

Each line of a formula has up to three columns, of which a school gives one: `units_LINE` (pupils or other units, up to
six decimals), `proportion_LINE` (the share of the phase's pupils, 0 to 1) and `amount_LINE` (pounds, which may be
negative). An amount may also be given for a whole factor (`amount_fsm`). Where the guarantee leaves a line out,
`prior_amount_LINE` is last year's amount of it, pounds; blank: what the rules say (see
[the guide](write-your-las-rules.md#minimum-per-pupil-level-guarantee-and-cap)). Blank of the others: """


def page(tables: Mapping[str, Table]) -> str:
    """Return the whole page as Markdown."""
    parts = [
        HEAD.format(symbols=_symbols()),
        *(_section(table) for table in tables.values()),
        _readers(tables.values()),
    ]
    return "\n".join(parts)


def _symbols() -> str:
    """Return the symbols of missing values by kind, each as a cell holds it."""
    rows = ["| A cell holds | It means |", "|---|---|"]
    for presence, words in SYMBOLS.items():
        rows.append(f"| {', '.join(f'`{one}`' for one in words)} | {PRESENCE_WORDS[presence]} |")
    return "\n".join([*rows, "| any of them in square brackets, such as `[c]` | the same |", ""])


def _section(table: Table) -> str:
    own = [entry for entry in table.entries if not entry.name.startswith(FORMS)]
    lines = [entry for entry in table.entries if entry.name.startswith(FORMS)]
    parts = [f"## {table.title}\n\n{table.about}\n", _table(own)]
    return "\n".join([*parts, *([_lines(lines)] if lines else []), *_codes(own)])


def _table(entries: Iterable[Entry]) -> str:
    rows = [
        "| Column | Holds | Unit | From, to | Blank | `none` | Read by |",
        "|---|---|---|---|---|---|---|",
    ]
    rows += [
        f"| `{entry.name}` | {entry.column.meaning} | {_unit(entry)} | {_range(entry)} | {entry.absence} | {_none(entry)} | {_parts(entry)} |"
        for entry in entries
    ]
    return "\n".join([*rows, ""])


def _unit(entry: Entry) -> str:
    return "code" if entry.column.kind is Kind.code else entry.unit


def _none(entry: Entry) -> str:
    return "" if entry.none is None else entry.none


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
    own = (one for held in forms.values() for one in held)
    blank = next(one.absence for one in own if not one.name.startswith(PRIOR_AMOUNT_PREFIX))
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
