"""Characters that no reader sees: which a text has, what they are called, and the text without them.

Two names that look the same and differ in such a character are two to a program, and one to a person.
Unicode's own lists: general categories Cc, Cf, Zs, Zl and Zp, and what is ignored by default when shown.
"""

import re
import unicodedata

_RANGES = (
    (0x00, 0x1F), (0x7F, 0xA0), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160),
    (0x1680, 0x1680), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2000, 0x200F), (0x2028, 0x202F),
    (0x205F, 0x206F), (0x2800, 0x2800), (0x3000, 0x3000), (0x3164, 0x3164), (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
UNSEEN = "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in _RANGES)
"""The characters as the inside of a character class: polars and Python read it alike."""

_ONE = re.compile(f"[{UNSEEN}]")
_NAMES = {
    0x09: "tab", 0x0A: "line break", 0x0D: "carriage return", 0xA0: "no-break space",
    0xAD: "soft hyphen", 0x200B: "zero-width space", 0x200C: "zero-width non-joiner",
    0x200D: "zero-width joiner", 0x2060: "word joiner", 0xFEFF: "byte order mark",
}  # fmt: skip


def unseen_in(text: str) -> str | None:
    """Return the name of the first character of a text that cannot be seen, None where all can.

    >>> unseen_in("pupil\u200bkey"), unseen_in("a b")
    ('zero-width space, U+200B', None)
    """
    found = _ONE.search(text)
    return None if found is None else name_of_character(found[0])


def name_of_character(sign: str) -> str:
    """Return the name of a character, with its number in Unicode.

    >>> name_of_character("\u00a0")
    'no-break space, U+00A0'
    """
    code = ord(sign)
    name = _NAMES.get(code) or unicodedata.name(sign, "control character").lower()
    return f"{name}, U+{code:04X}"


def unseen_at(text: str) -> str | None:
    """Return the first character of a text that cannot be seen, and where in the text it is; None where all can be.

    >>> unseen_at("Band\u00a0A")
    'no-break space, U+00A0, character 5 of 6'
    """
    found = _ONE.search(text)
    if found is None:
        return None
    return f"{name_of_character(found[0])}, character {found.start() + 1} of {len(text)}"


def as_seen(text: str) -> str:
    """Return a text as its reader sees it: spaces of other kinds as plain ones, without what cannot be seen.

    >>> as_seen("Band\u00a0A\u200b")
    'Band A'
    """
    return _ONE.sub(lambda found: " " if unicodedata.category(found[0]) == "Zs" else "", text)
