"""Small tables for people: as lines of text, and as HTML for a notebook, with every cell escaped."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from engine.explain import Explanation, Row, grouped
from engine.export import decimal_text
from engine.money import pounds
from engine.rows import Rows, Shape

MOST = 10
"""Rows of a result that are shown; a frame holds them all."""

CAPTION = "text-align:left;font-weight:bold;padding-top:0.6em"
CELL = "padding:0.1em 0.6em;text-align:"


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text under headings; ``right`` says which columns are aligned right."""

    title: str
    names: tuple[str, ...]
    right: tuple[bool, ...]
    cells: tuple[tuple[str, ...], ...]


def money(pence: int) -> str:
    """Return pounds with commas and two decimals.

    >>> money(-123456789)
    '-1,234,567.89'
    """
    return grouped(pounds(pence))


def in_pounds(pence: int) -> Decimal:
    """Return pounds for whole pence, exactly and with two places.

    >>> in_pounds(-12300)
    Decimal('-123.00')
    """
    return Decimal(pence).scaleb(-2)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "school"), counted(5000, "pupil")
    ('1 school', '5,000 pupils')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listing(
    rows: Rows, title: str = "", most: int = MOST, keep: Collection[str] = frozenset()
) -> Table:
    """Return the first rows of a result, without columns that are empty in all of them but those to keep."""
    some = decimal_text(Rows(rows.name, rows.shapes, rows.frame.head(most)))
    names = tuple(
        name for name in rows.shapes if name in keep or some[name].null_count() < some.height
    )
    return Table(
        title,
        names,
        tuple(rows.shapes[name] is not Shape.text for name in names),
        tuple(
            tuple(_cell_text(row, name, rows.shapes[name]) for name in names)
            for row in some.iter_rows(named=True)
        ),
    )


def _cell_text(row: dict[str, str | int | None], name: str, shape: Shape) -> str:
    value = row[name]
    if value is None:
        return "not known" if shape is Shape.pounds and row.get("not_known") else ""
    return money(int(str(value).replace(".", ""))) if shape is Shape.pounds else str(value)


def workings(explanation: Explanation) -> list[Table]:
    """Return the working of one school or pupil: a table for each line, totals last."""
    tables = [working_table(one.label, one.rows) for one in explanation.workings]
    return [*tables, working_table("Total", explanation.totals)]


def working_table(title: str, rows: Iterable[Row]) -> Table:
    """Return rows of a working under a title."""
    right = (False, False, True, False, False)
    return Table(title, (), right, tuple(map(_cells, rows)))


def _cells(row: Row) -> tuple[str, ...]:
    return row.operator.sign, row.label, row.text, row.unit.words, row.provenance


def as_text(table: Table) -> str:
    """Return a table as lines of text, its columns under one another."""
    rows = [*([table.names] if table.names else []), *table.cells]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, table.right, strict=True)
        ).rstrip()
        for row in rows
    ]
    return "\n".join([*([table.title] if table.title else []), *lines])


def as_html(table: Table) -> str:
    """Return a table as HTML that carries its own look."""
    caption = f'<caption style="{CAPTION}">{escape(table.title)}</caption>' if table.title else ""
    head = f"<thead>{_html_row(table.names, table.right, 'th')}</thead>" if table.names else ""
    body = "".join(_html_row(row, table.right, "td") for row in table.cells)
    return f"<table>{caption}{head}<tbody>{body}</tbody></table>"


def _html_row(cells: Sequence[str], right: Sequence[bool], tag: str) -> str:
    joined = "".join(
        f'<{tag} style="{CELL}{"right" if to_right else "left"}">{escape(cell)}</{tag}>'
        for cell, to_right in zip(cells, right, strict=True)
    )
    return f"<tr>{joined}</tr>"


def paragraph(text: str) -> str:
    """Return a sentence as HTML."""
    return f"<p>{escape(text)}</p>"
