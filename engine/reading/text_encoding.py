"""How the letters of a text file are stored: UTF-8 is read, and others are refused by their name."""

import codecs

from engine.errors import TableRefused
from engine.reading.report import refusal

_SAVE = "save the file as 'CSV UTF-8'"
_LOOKED_AT = 64
_WIDE = {
    codecs.BOM_UTF32_LE: "UTF-32", codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16",
}  # fmt: skip
"""Signs at the start of files whose letters have several bytes, the longer ones first."""


def refuse_wide_letters(content: bytes) -> None:
    """Raise ``TableRefused`` for text of two or four bytes a letter, with or without a sign at its start."""
    name = next((name for mark, name in _WIDE.items() if content.startswith(mark)), None)
    start = content[:_LOOKED_AT]
    halves = (start[::2], start[1::2])
    if name is None and len(start) > 1 and any(not any(half) for half in halves):
        name = "UTF-16"
    if name is not None:
        sentence = f"is {name} text ('Unicode Text' in a spreadsheet program); {_SAVE}"
        raise refusal("encoding", sentence, row=1)


def not_utf8(content: bytes, row: int) -> TableRefused:
    """Return the refusal of a row that is not UTF-8, with the encoding that it seems to have."""
    return refusal("encoding", f"is not UTF-8 text{_seems(content)}; {_SAVE}", row=row)


def _seems(content: bytes) -> str:
    try:
        content.decode("cp1252")
    except UnicodeDecodeError:
        return ""
    return " but seems to be Windows text (Windows-1252), as an older 'CSV' has"
