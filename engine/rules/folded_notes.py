"""Notes that differ by their place alone, as one note: one sentence with the list of the places."""

from collections.abc import Iterable
from itertools import takewhile

from engine.rules.document_note import Note

OF_FIELDS = frozenset({"not-printed", "changes"})
"""The kinds of notes whose place is a field of a row."""

_Key = tuple[str, str, str, str]


def folded(notes: Iterable[Note], most: int | None = None) -> list[Note]:
    """Return notes with those together that say the same of one field of several rows of one section.

    Each is where the first of them was, at the place that they have in common. ``most`` rows are listed, or all.

    >>> rest = "is not printed from 2025-04-01"
    >>> rows = ("fsm.primary", "fsm.secondary", "eal.primary")
    >>> every = [Note("not-printed", f"f.{row}.percent", f"f.{row}.percent {rest}") for row in rows]
    >>> [str(one) for one in folded(every, most=2)]
    ['percent of 3 rows of f is not printed from 2025-04-01 (fsm.primary, fsm.secondary and 1 more)']
    """
    groups: dict[_Key | int, list[Note]] = {}
    for at, note in enumerate(notes):
        groups.setdefault(_key(note) or at, []).append(note)
    return [
        one
        for key, group in groups.items()
        for one in (
            group if isinstance(key, int) or len(group) == 1 else _together(key, group, most)
        )
    ]


def _key(note: Note) -> _Key | None:
    """Return what notes that become one share: kind, section, field, and the rest of the sentence; None where a note stays alone."""
    section, _, below = note.place.partition(".")
    field = below.rpartition(".")[2]
    if note.type not in OF_FIELDS or not field or not note.sentence.startswith(f"{note.place} "):
        return None
    return note.type, section, field, note.sentence.removeprefix(note.place)


def _together(key: _Key, notes: list[Note], most: int | None) -> list[Note]:
    """Return one note of several; all of them where their rows have no place in common."""
    kind, _, field, said = key
    rows = [one.place.removesuffix(f".{field}").split(".") for one in notes]
    alike = takewhile(
        lambda parts: len(set(parts)) == 1, zip(*(row[:-1] for row in rows), strict=False)
    )
    common = [parts[0] for parts in alike]
    if not common:
        return notes
    place, number = ".".join(common), len(rows)
    names = [".".join(row[len(common) :]) for row in rows[:most]]
    more = f" and {number - len(names):,} more" if number > len(names) else ""
    listed = f"{', '.join(names)}{more}"
    return [Note(kind, place, f"{field} of {number:,} rows of {place}{said} ({listed})")]
