"""Properties of a workbook: title, year and rule set, as a file's details show them; no clock is read."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xlsxwriter

CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""When every workbook says that it was made: the same rows give the same bytes."""

LONGEST = 255
"""Characters that a property holds, as UTF-16 counts them."""

SHORT = 12
"""Digits of a digest in a keyword; the whole is a property of its own."""

RULES, SIDES = ("evenband.rules",), ("evenband.baseline", "evenband.candidate")


def set_properties(workbook: "xlsxwriter.Workbook", title: str, about: Mapping[str, str]) -> None:
    """Give a workbook its title, and what ``file_metadata`` says of its rules and the engine.

    Years and rule sets are its subject and keywords too, which spreadsheet programs and folders
    show. What is longer than a property holds is left to the manifest.
    """
    sides = [side for side in (*RULES, *SIDES) if f"{side}.identifier" in about]
    workbook.set_properties(
        {
            "title": title,
            "subject": _joined(_subject(side, about) for side in sides),
            "keywords": _joined(_keywords(side, about) for side in sides),
            "created": CREATED.replace(tzinfo=None),
        }
    )
    for name, value in about.items():
        if 0 < len(value.encode("utf-16-le")) // 2 <= LONGEST:
            workbook.set_custom_property(name, value, "text")


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(texts)[:LONGEST]


def _subject(side: str, about: Mapping[str, str]) -> str:
    """Return the description of a side, such as ``2025-26 (academic), nff-2025-26 version 1``."""
    word = "" if side in RULES else f"{side.removeprefix('evenband.')}: "
    year = f"{about[f'{side}.funding_year']} ({about[f'{side}.year_kind']})"
    return f"{word}{year}, {about[f'{side}.identifier']} version {about[f'{side}.version']}"


def _keywords(side: str, about: Mapping[str, str]) -> str:
    return f"{about[f'{side}.funding_year']}, {about[f'{side}.identifier']}, {about[f'{side}.digest'][:SHORT]}"
