"""Notices of the columns of a sheet that are read: that they are hidden, or shown otherwise than they are kept."""

from collections.abc import Collection, Mapping, Sequence

from engine.notices import MOST_ROWS, Notice
from engine.reading.table_text import TableText


def column_notices(
    table: TableText, read: Collection[str], shares: Collection[str]
) -> tuple[Notice, ...]:
    """Return the notices of columns that are read: hidden ones, and percentages that are no ``shares``."""
    hidden = _letters(table.hidden, read)
    numbers = _letters(table.percentages, {*read} - {*shares})
    return (
        *_of_columns(
            "hidden-columns",
            hidden,
            "hidden in the sheet",
            "a hidden column is read like all others",
        ),
        *_of_columns(
            "percentages",
            numbers,
            "shown as percentages in the sheet",
            "50% is read as the 0.5 that the sheet keeps",
        ),
    )


def _letters(columns: Mapping[str, str], names: Collection[str]) -> list[str]:
    return list(dict.fromkeys(letter for name, letter in columns.items() if name in names))


def _of_columns(rule: str, letters: Sequence[str], what: str, means: str) -> tuple[Notice, ...]:
    if not letters:
        return ()
    verb = "column is" if len(letters) == 1 else "columns are"
    more = f" and {len(letters) - MOST_ROWS} more" if len(letters) > MOST_ROWS else ""
    named = f"{', '.join(letters[:MOST_ROWS])}{more}"
    return (Notice(rule, f"{len(letters):,} {verb} {what} ({named}); {means}", len(letters)),)
