"""The register of schools: kept as one edition, and asked by name, number or postcode."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.access import Asker
from app.audit import service as audit
from app.models import RegisterEdition, RegisterSchool
from app.register import repository
from app.register.reading import Register, compact, words_of
from engine.money import is_digits

MOST_FOUND = 30
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?([0-9]([A-Z]{2})?)?")


@dataclass(frozen=True, slots=True)
class Found:
    """Schools that a text finds; ``more`` where there are others besides."""

    schools: tuple[RegisterSchool, ...]
    more: bool = False


def import_register(asker: Asker, session: Session, register: Register) -> None:
    """Keep an edition of the register in place of the one before."""
    repository.replace(session, register, datetime.now(UTC))
    day = "of an unknown day" if register.day is None else f"of {register.day.isoformat()}"
    detail: audit.Detail = {"digest": register.digest, "schools": len(register.schools)}
    audit.record(asker, session, audit.Action.register_imported, day, detail)


def remove_register(asker: Asker, session: Session) -> bool:
    """Remove the register; return whether there was one."""
    was = repository.edition(session) is not None
    repository.empty(session)
    if was:
        audit.record(asker, session, audit.Action.register_removed, "the edition that was kept")
    return was


def edition(asker: Asker, session: Session) -> RegisterEdition | None:
    """Return the edition that is kept, None where there is none."""
    return repository.edition(session)


def school(asker: Asker, session: Session, urn: str) -> RegisterSchool | None:
    """Return a school by the text of its unique reference number."""
    return repository.school(session, int(urn)) if is_digits(urn) and len(urn) <= 7 else None  # noqa: PLR2004


def find(asker: Asker, session: Session, text: str) -> Found:
    """Return the schools that a name, a part of one, a unique reference number or a postcode finds."""
    if is_digits(text):
        only = school(asker, session, text)
        return Found((only,) if only else ())
    schools: Sequence[RegisterSchool] = ()
    if _POSTCODE.fullmatch(compact(text)):
        schools = repository.by_postcode(session, text, MOST_FOUND + 1)
    words = words_of(text).split()
    if not schools and words:
        schools = repository.by_words(session, words, MOST_FOUND + 1)
    return Found(tuple(schools[:MOST_FOUND]), len(schools) > MOST_FOUND)


def status_numbers(asker: Asker, session: Session) -> list[tuple[str, int]]:
    """Return how many schools of each status are kept, the most first."""
    return repository.numbers(session)
