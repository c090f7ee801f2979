"""Tables of text for people on standard output."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

WIDE = 200
"""Columns of text where standard output is not a terminal."""

_UNBOUND = 1 << 16


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: numbers are aligned right; a ``whole`` column is never cut or broken."""

    name: str
    right: bool = False
    whole: bool = False


def console() -> Console:
    """Return standard output; not cut to a terminal's width where it is none."""
    plain = Console(highlight=False)
    return plain if plain.is_terminal else Console(highlight=False, width=WIDE)


def text_table(columns: Sequence[Column], cells: Sequence[Sequence[str]], title: str = "") -> Table:
    """Return rows of text, each with one cell a column, as a table; others give way to whole columns."""
    table = Table(title=title or None, title_justify="left", box=SIMPLE_HEAD)
    for at, column in enumerate(columns):
        table.add_column(
            column.name,
            justify="right" if column.right else "left",
            no_wrap=column.whole,
            overflow="fold",
            # A number that is cut or broken is another number; its name gives way.
            min_width=max((len(row[at]) for row in cells), default=0)
            if column.whole or column.right
            else None,
        )
    for row in cells:
        table.add_row(*map(Text, row))
    return table


def show(table: Table) -> None:
    """Print a table on standard output, wider than a terminal rather than with numbers cut."""
    screen = console()
    least = Measurement.get(screen, screen.options.update_width(_UNBOUND), table).minimum
    screen.print(table, width=max(screen.width, least), crop=False)


def width_of(table: Table, screen: Console) -> int:
    """Return how many columns of text a table takes where none of its cells is broken."""
    return Measurement.get(screen, screen.options.update_width(_UNBOUND), table).maximum
