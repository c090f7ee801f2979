"""Codes of local authorities with the days on which they were in use, their successors, and codes outside England."""

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from engine.data import FIXTURES
from engine.days import day_of

_CODES = FIXTURES / "codes"
_THREE = re.compile(r"[0-9]{3}")
_NINE = re.compile(r"[ELMNSW][0-9]{8}")


@dataclass(frozen=True, slots=True)
class AuthorityCode:
    """A three-digit code of an authority in England; a day is None where it lies before 2019, or is not set."""

    code: int
    name: str
    first: date | None
    last: date | None
    successors: tuple[int, ...]
    nine: tuple[str, ...]

    def __str__(self) -> str:
        """Return the code with the authority's name."""
        return f"{self.code} ({self.name})"


@dataclass(frozen=True, slots=True)
class Country:
    """A country outside England: the three-digit codes of its authorities, and how others begin."""

    name: str
    codes: range
    prefix: str
    words: frozenset[str]

    def has(self, text: str) -> bool:
        """Return whether a text is a code of this country, or its name."""
        is_nine = _NINE.fullmatch(text.upper()) is not None
        if _THREE.fullmatch(text):
            return int(text) in self.codes
        begins = is_nine and self.prefix != "" and text.upper().startswith(self.prefix)
        return begins or text.casefold() in self.words


@cache
def authority_codes() -> dict[int, AuthorityCode]:
    """Return every code of an authority in England, those of authorities that ended too."""
    with (_CODES / "local_authorities.csv").open(encoding="utf-8", newline="") as lines:
        return {int(row["code"]): _code(row) for row in csv.DictReader(lines)}


def _code(row: dict[str, str]) -> AuthorityCode:
    days = [day_of(row[name]) if row[name] else None for name in ("first_day", "last_day")]
    successors = tuple(map(int, row["successors"].split()))
    nine = tuple(row["nine_character_codes"].split())
    return AuthorityCode(int(row["code"]), row["name"], days[0], days[1], successors, nine)


@cache
def nine_character_codes() -> dict[str, str]:
    """Return the three-digit code of each nine-character one, as text."""
    return {nine: str(one.code) for one in authority_codes().values() for nine in one.nine}


@cache
def countries() -> tuple[Country, ...]:
    """Return the countries outside England whose codes are known."""
    with (_CODES / "outside_england.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(_country(row) for row in csv.DictReader(lines))


def _country(row: dict[str, str]) -> Country:
    codes = range(0)
    if row["first_code"]:
        codes = range(int(row["first_code"]), int(row["last_code"]) + 1)
    words = frozenset(one.casefold() for one in row["words"].split(";"))
    return Country(row["country"], codes, row["nine_character_prefix"], words)
