"""Results for people: tables on standard output."""

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from app.commands import text_table
from engine.explain import grouped
from engine.export import decimal_text
from engine.rows import Rows, Shape

if TYPE_CHECKING:
    # What is only named in types would load all that values before a list is shown.
    from app.commands.inputs import Side, Tables
    from app.commands.outputs import Output
    from engine.explain import Explanation, Row, Working

MOST = 200
"""Rows that are shown; a file holds them all."""

MOST_TRIALS = 20
"""Values tried that are shown; the manifest names them all."""

console = text_table.console
"""Standard output, for tables."""


def heading(side: "Side", word: str = "Rule set") -> str:
    """Return the rules in force, how far they were checked, and whether values were tried."""
    rules, overrides = side.rules, len(side.overrides)
    document = rules.document
    part = "" if rules.part_of_year == 1 else f", {rules.part_of_year} of a year"
    tried = f", {overrides} value{'s' if overrides > 1 else ''} tried" if overrides else ""
    head = (
        f"{word} {document.identifier} version {document.version} ({document.standing.value}{tried})"
        f", {rules.values_used}{part}, digest {rules.digest[:12]}"
    )
    return "\n".join([head, *(f"  tried: {one.sentence}" for one in rules.trials[:MOST_TRIALS])])


def table(
    rows: Rows,
    title: str = "",
    leave_out: frozenset[str] = frozenset(),
    most: int = MOST,
) -> Table:
    """Return rows as a table; money has commas, and what is not known says so."""
    names = [name for name in rows.shapes if name not in leave_out and not _empty(rows, name)]
    cells = [
        [_cell(row, name, rows.shapes[name]) for name in names]
        for row in decimal_text(rows).head(most).iter_rows(named=True)
    ]
    columns = [text_table.Column(name, right=rows.shapes[name] is not Shape.text) for name in names]
    return text_table.text_table(columns, cells, title)


def _empty(rows: Rows, name: str) -> bool:
    return len(rows) > 0 and rows.frame[name].null_count() == len(rows)


def _cell(row: dict[str, str | int | None], name: str, shape: Shape) -> str:
    """Return a cell for people."""
    value = row[name]
    if value is None:
        return "not known" if shape is Shape.pounds and row.get("not_known") else ""
    if shape is Shape.pounds:
        return grouped(str(value))
    return f"{value:,}" if name in {"number", "not_known", "winners", "losers"} else str(value)


def show_rows(rows: Rows, title: str = "", leave_out: frozenset[str] = frozenset()) -> None:
    """Print rows as a table, and how many are not shown."""
    text_table.show(table(rows, title, leave_out))
    if len(rows) > MOST:
        console().print(f"and {len(rows) - MOST:,} more rows; --out writes them all")


def show_working(
    side: "Side",
    explanation: "Explanation",
    word: str = "Rule set",
    after: "tuple[Working, ...]" = (),
) -> None:
    """Print the working of one school or pupil: a table for each line, totals, a sentence, and what follows."""
    screen = console()
    screen.print(heading(side, word))
    for one in explanation.workings:
        screen.print(rows_table(one.label, one.rows))
    screen.print(rows_table("Total", explanation.totals))
    screen.print(explanation.sentence)
    for one in after:
        screen.print(rows_table(one.label, one.rows))


def put_working(
    output: "Output",
    explanation: "Explanation",
    tables: "Tables",
    after: "tuple[Working, ...]" = (),
    cost: int | None = None,
) -> None:
    """Show a working and what follows it, or write both."""
    from app.commands.outputs import refuse_changes, write_working
    from engine.export import working_record, working_rows

    if output.is_for_screen:
        refuse_changes(tables.files)
        show_working(tables.sides[0], explanation, after=after)
    else:
        rows, record = working_rows(explanation, after), working_record(explanation, after)
        write_working(output, rows, record, tables, cost=cost)


def rows_table(title: str, rows: "tuple[Row, ...]") -> Table:
    """Return rows of a working as a table under a title."""
    working = Table(title=title, title_justify="left", show_header=False, box=None)
    for justify in ("left", "left", "right", "left", "left"):
        working.add_column(justify=justify)
    for row in rows:
        cells = (row.operator.sign, row.label, row.text, row.unit.words)
        working.add_row(*(Text(cell) for cell in cells), Text(row.provenance))
    return working
