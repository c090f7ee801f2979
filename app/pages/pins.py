"""Which version of its rules an address asks for: by its number, or by the day on which it was known."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.access import Asker
from app.errors import InputRefused
from app.http.queries import refuse_names_twice
from app.pages.answers import KNOWN, VERSION, pin_of
from app.pages.trials import LISTS
from app.rule_sets import service as rule_sets
from app.rule_sets.later import LaterRules
from app.schemas import NOT_BOTH
from engine.days import DAY, day_of
from engine.errors import Problem
from engine.money import is_digits
from engine.rules import CompiledRules

NO_VERSION = 0
"""A version that no rule set has."""

Entries = Sequence[tuple[str, str]]


class Pin(NamedTuple):
    """The version of a number, else the one that was in use at the end of the day ``known``, else the one in use."""

    version: int | None = None
    known: date | None = None

    def of(self, version: int) -> tuple[str, str]:
        """Return how an address names the version that was found."""
        return pin_of(version, self.known.isoformat() if self.known else "")

    def later(self, asker: Asker, session: Session, rules: CompiledRules) -> LaterRules | None:
        """Return what is used today in place of rules that were found by it, None where they are in use."""
        document = rules.document
        return rule_sets.later(
            asker, session, document.identifier, document.version, version=self.version, known=self.known
        )  # fmt: skip


def pin_in(sent: Entries) -> Pin:
    """Return which version is asked for; ``NO_VERSION`` where that is not a number.

    Raises ``InputRefused`` where anything that was sent has two values, for a number beside a day, and for what is no day.
    """
    refuse_names_twice((name for name, _ in sent), *LISTS)
    named = dict(sent)
    version, known = named.get(VERSION), named.get(KNOWN, "").strip()
    if known and version:
        raise InputRefused(problems=[Problem(NOT_BOTH, "contradiction", place=KNOWN)])
    if known:
        return Pin(known=_day(known))
    if version is None:
        return Pin()
    is_number = is_digits(version) and len(version) < len("100000")
    return Pin(int(version) if is_number else NO_VERSION)


def _day(text: str) -> date:
    try:
        return day_of(text)
    except ValueError:
        raise InputRefused(problems=[Problem(DAY, "date", place=KNOWN)]) from None
