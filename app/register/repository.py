"""Queries on the register of schools."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, String, delete, func, insert, literal_column, or_, select
from sqlalchemy.orm import Session

from app.models import RegisterEdition, RegisterSchool
from app.register.reading import Register, compact, words_of

_AT_ONCE = 2_000
OPEN = "Open"


def replace(session: Session, register: Register, now: datetime) -> None:
    """Put an edition in the place of the one that is kept."""
    empty(session)
    session.add(RegisterEdition(id=1, digest=register.digest, day=register.day, imported_at=now))
    rows = [
        {
            **{name: getattr(one, name) for name in ("urn", "name", "authority", "kind", "status")},
            **{name: getattr(one, name) for name in ("town", "postcode", "opened", "closed")},
            "phase": None if one.phase is None else one.phase.name,
            # Blanks around each word, so that a word is found at its start alone.
            "words": f" {words_of(one.name)} ",
        }
        for one in register.schools
    ]
    for first in range(0, len(rows), _AT_ONCE):
        session.execute(insert(RegisterSchool), rows[first : first + _AT_ONCE])


def empty(session: Session) -> None:
    """Remove the edition that is kept."""
    session.execute(delete(RegisterSchool))
    session.execute(delete(RegisterEdition))


def edition(session: Session) -> RegisterEdition | None:
    """Return the edition that is kept."""
    return session.get(RegisterEdition, 1)


def numbers(session: Session) -> list[tuple[str, int]]:
    """Return how many schools there are of each status, the most first."""
    many = func.count()
    query = select(RegisterSchool.status, many).group_by(RegisterSchool.status)
    return [
        (status, number)
        for status, number in session.execute(query.order_by(many.desc(), RegisterSchool.status))
    ]


def school(session: Session, urn: int) -> RegisterSchool | None:
    """Return a school by its unique reference number."""
    return session.get(RegisterSchool, urn)


def by_postcode(session: Session, postcode: str, most: int) -> Sequence[RegisterSchool]:
    """Return the schools whose postcode begins so."""
    return _found(
        session, [RegisterSchool.postcode.startswith(compact(postcode), autoescape=True)], most
    )


def by_words(session: Session, words: Iterable[str], most: int) -> Sequence[RegisterSchool]:
    """Return the schools that have each of some words at the start of a word of their name or town."""
    town: ColumnElement[str] = literal_column("' '", String) + RegisterSchool.town
    return _found(
        session,
        [
            or_(
                RegisterSchool.words.contains(f" {word}", autoescape=True),
                town.icontains(f" {word}", autoescape=True),
            )
            for word in words
        ],
        most,
    )


def _found(session: Session, conditions: Sequence[object], most: int) -> Sequence[RegisterSchool]:
    """Return what is found, schools that are open first, then by name."""
    query = select(RegisterSchool).where(*conditions)  # type: ignore[arg-type]
    is_closed = ~RegisterSchool.status.startswith(OPEN)
    order = (is_closed, RegisterSchool.name, RegisterSchool.urn)
    return session.scalars(query.order_by(*order).limit(most)).all()
