"""Cells that are not what they seem: characters that no reader sees, letters of another alphabet, errors and numbers as text.

Two keys that look the same and differ in such a character are two pupils to a program, and one to a person.
"""

import re
from collections.abc import Iterator, Mapping

import polars as pl

from engine.columns import Column
from engine.table_checks import Check
from engine.unseen_characters import UNSEEN, name_of_character

_OTHERS = (
    (0x370, 0x3FF), (0x400, 0x58F), (0x13A0, 0x13FF), (0x1C80, 0x1C8F), (0x1F00, 0x1FFF), (0x2C80, 0x2CFF),
    (0x2DE0, 0x2DFF), (0xA4D0, 0xA4FF), (0xA640, 0xA69F), (0xAB70, 0xABBF), (0x131, 0x131), (0x237, 0x237),
    (0x251, 0x251), (0x261, 0x261),
)  # fmt: skip
_ALIKE = "".join(f"{chr(low)}-{chr(high)}" for low, high in _OTHERS)
"""Alphabets with letters that look like Latin ones (Greek, Coptic, Cyrillic, Armenian, Cherokee, Lisu; Unicode's
table of confusable characters, UTS 39), and four Latin letters that look like i, j, a and g."""

_DAMAGED = "\ufffd"
_ERROR = r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!|PYTHON!)"
_NARROW = r"#{2,}"
_SHORTENED = r"[0-9](?:\.[0-9]+)?[Ee]\+[0-9]{1,3}"
_FORMULA = r"=.*"
_TOTAL = r"(?i:(?:grand |sub[- ]?|overall )?totals?:?|sum:?)"

ODD = rf"[{UNSEEN}{_ALIKE}{_DAMAGED}]|^(?:{_ERROR}|{_NARROW}|{_SHORTENED}|{_FORMULA}|{_TOTAL})$"
"""What no key has, as one expression: polars and Python read it alike."""
_ODD = re.compile(ODD)

_FOR_PEOPLE = {"school_name"}
"""Columns of text that nothing is found by."""

_WIDE = "[\uff01-\uff5e]"
_WRITE_PLAINLY = "has letters or digits of full width; write them plainly"

IN_ERROR = "has an error such as #REF!; correct its formula, or leave the cell empty"
"""What is said of a cell in error, in a workbook and in text alike."""

_WORDS = {
    _ERROR: ("cell-error", IN_ERROR),
    _NARROW: (
        "narrow",
        "has number signs (###) for a value that did not fit: widen the column in the spreadsheet, and save it again",
    ),
}
_OF_KEYS = {
    _FORMULA: (
        "formula",
        "begins with =, as a formula does; write the value alone, and format the column as text",
    ),
    _SHORTENED: (
        "shortened",
        "is a number that a spreadsheet shortened (such as 1.23E+11); format the column as text, fill in the keys again and save",
    ),
}


def is_identity(column: Column) -> bool:
    """Return whether a column of text tells rows apart, so that every character of it counts."""
    return column.dtype is None and column.name not in _FOR_PEOPLE


def is_odd(text: str) -> bool:
    """Return whether a key is not what it seems.

    >>> is_odd("p1"), is_odd("p\u200b1"), is_odd("\u04101"), is_odd("#N/A"), is_odd("1.23E+11")
    (False, True, True, True, True)
    """
    return _ODD.search(text) is not None


def odd_text(column: Column) -> Check:
    """Refuse a key that is not what it seems; ``odd_cells`` says what it has."""
    sentence = "must be plain text in Latin letters, without characters that cannot be seen"
    return Check("odd-text", column.name, sentence, pl.col(column.name).str.contains(ODD))


def odd_cells(
    text: pl.DataFrame, values: pl.DataFrame, columns: Mapping[str, Column]
) -> Iterator[Check]:
    """Yield why cells that could not be read, and keys, are not what they seem, by character and kind."""
    for name, column in columns.items():
        if is_identity(column) or (column.dtype is not None and values[name].null_count()):
            cells = text[name].fill_null("").str.strip_chars(" ")
            if column.dtype is not None:
                cells = cells.set(values[name].is_not_null(), "")
            yield from _unseen(name, cells)
            words = _WORDS | (_OF_KEYS if is_identity(column) else {})
            if column.dtype is not None:
                wide = cells.str.contains(_WIDE)
                yield from _where("full-width", name, _WRITE_PLAINLY, wide)
            for shape, (rule, sentence) in words.items():
                yield from _where(rule, name, sentence, cells.str.contains(f"^{shape}$"))


def _unseen(name: str, cells: pl.Series) -> Iterator[Check]:
    found = cells.str.extract(f"([{UNSEEN}])")
    for sign in found.drop_nulls().unique(maintain_order=True).to_list():
        sentence = f"has a character that cannot be seen ({name_of_character(sign)}); delete it"
        yield from _where("invisible-character", name, sentence, found == sign)
    alike = cells.str.extract(f"([{_ALIKE}])")
    for sign in alike.drop_nulls().unique(maintain_order=True).to_list():
        sentence = f"has a letter that may look like a Latin one and is another ({name_of_character(sign)}); type it again"
        yield from _where("look-alike-letter", name, sentence, alike == sign)
    damaged = (
        f"has a character that was lost when the file was saved (replacement character, {_code(_DAMAGED)}); "
        "write it again, and save the file as 'CSV UTF-8'"
    )
    yield from _where("lost-character", name, damaged, cells.str.contains(_DAMAGED, literal=True))


def _code(sign: str) -> str:
    return f"U+{ord(sign):04X}"


def _where(rule: str, name: str, sentence: str, fails: pl.Series) -> Iterator[Check]:
    positions = fails.fill_null(value=False).arg_true()
    if len(positions):
        place = pl.int_range(pl.len(), dtype=pl.Int64)
        yield Check(rule, name, sentence, place.is_in(positions.cast(pl.Int64).implode()))


def total_rows(frame: pl.DataFrame) -> pl.Expr:
    """Return where a row of text has a cell that says it is a total."""
    first = pl.col(frame.columns[0]).str.contains(r"(?i)^\s*(?:grand |sub[- ]?|overall )?totals?\b")
    anywhere = pl.any_horizontal(pl.all().str.strip_chars().str.contains(f"^{_TOTAL}$"))
    return (anywhere | first).fill_null(value=False)
