"""Unique pupil numbers, recognised in order to refuse them: a key must not identify a pupil.

Thirteen characters: a check letter, then digits whose positions times their values, modulo
23, tell the letter; a temporary number ends in a letter, which counts by its place in the
same alphabet. Source: Department for Education, children in need census, rule 1510.
"""

import re

import polars as pl

from engine.columns import FEW_ROWS
from engine.money import is_digits
from engine.table_checks import Check

ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"
LENGTH = 13
SHAPE = rf"(?i)^[{ALPHABET}][0-9]{{11}}[0-9{ALPHABET}]$"
_LOOKED_AT = 1_000
KEY = "pupil_key"


def has_form_of_upn(text: str) -> bool:
    """Return whether a text has the form of a unique pupil number, with any check letter."""
    return re.fullmatch(SHAPE, text, re.ASCII) is not None


def is_upn(text: str) -> bool:
    """Return whether a text has the form and the check letter of a unique pupil number.

    >>> is_upn("A202123418001"), is_upn("B202123418001"), is_upn("pupil-0000001")
    (True, False, False)
    """
    if not has_form_of_upn(text):
        return False
    text = text.upper()
    values = [int(one) if is_digits(one) else ALPHABET.index(one) for one in text[1:]]
    total = sum(place * value for place, value in enumerate(values, start=2))
    return ALPHABET[total % len(ALPHABET)] == text[0]


def keys_like_upns(frame: pl.DataFrame) -> Check | None:
    """Refuse keys of the form of unique pupil numbers where most have the right check letter.

    By chance one in 23 has it, so that keys which only share the form are left alone.
    """
    held = _of_the_form(frame[KEY])[:_LOOKED_AT]
    right = sum(map(is_upn, held))
    if 2 * right <= len(held):
        return None
    sentence = "is a unique pupil number (UPN); use keys that do not identify the pupil"
    return Check("upn", KEY, sentence, pl.col(KEY).str.contains(SHAPE))


def _of_the_form(keys: pl.Series) -> list[str]:
    if len(keys) <= FEW_ROWS:
        return [key for key in keys.to_list() if has_form_of_upn(key)]
    shaped = keys.filter(keys.str.len_bytes() == LENGTH)
    return shaped.filter(shaped.str.contains(SHAPE)).to_list()
