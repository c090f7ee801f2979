"""Older names of inputs: one input has one name everywhere, and its older name is read as well.

This is the only list of them. Each maps what is read to the name that columns, answers and refusals give.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from engine.columns import UNITS_PREFIX
from engine.errors import Problem, Refusal, TableRefused
from engine.reading.table_text import TableText

OF_TARGETED_FUNDING = {"plans": "ehc_plans"}
"""Of a table of targeted funding: a table of schools has always named the plans as ``ehc_plans``."""

OF_A_CASE = {"from": "start", "to": "end", "parts": "parts_on_roll"}
"""Of a case in the address of a spreadsheet's cell, which now has the names of a table of pupils."""


def older_of_line(column: str) -> str:
    """Return the older name of a line's units in the address of a cell: the line's own, without a form."""
    return column.removeprefix(UNITS_PREFIX)


def duplicate(name: str) -> str:
    """Return what is said of an older name where the input is given under its name too."""
    return f"duplicate: is the same input as {name}; give one of them"


def one_name(text: TableText, aliases: Mapping[str, str]) -> TableText:
    """Return a table with each column under its name.

    Raises ``TableRefused`` for a column that is there under both its names.
    """
    twice = [
        Problem(duplicate(name), "duplicate", column=older)
        for older, name in aliases.items()
        if older in text.frame.columns and name in text.frame.columns
    ]
    if twice:
        raise TableRefused(twice)
    names = {older: name for older, name in aliases.items() if older in text.frame.columns}
    return text.with_names(
        {older: [name] for older, name in names.items()}, text.frame.rename(names)
    )


@contextmanager
def as_headed(columns: Collection[str], aliases: Mapping[str, str]) -> Iterator[None]:
    """Let a refusal name a column by the heading that the table has, be it the older one."""
    headed = {name: older for older, name in aliases.items() if older in columns}
    try:
        yield
    except Refusal as refusal:
        if not headed:
            raise
        problems = [
            replace(one, column=headed.get(one.column or "", one.column))
            for one in refusal.problems
        ]
        raise type(refusal)(problems, refusal.total) from None
