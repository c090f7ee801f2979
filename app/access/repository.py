"""Queries on keys."""

from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models import AccessKey


def add(session: Session, key: AccessKey) -> None:
    """Add a key."""
    session.add(key)
    session.flush()


def key_of(session: Session, prefix: str) -> AccessKey | None:
    """Return the key of a prefix, whatever its organisation: who asks is not known yet."""
    return session.scalars(select(AccessKey).where(AccessKey.prefix == prefix)).one_or_none()


def own_key(session: Session, tenant: str, prefix: str) -> AccessKey | None:
    """Return the key of a prefix where it is of an organisation."""
    query = select(AccessKey).where(AccessKey.prefix == prefix, AccessKey.tenant == tenant)
    return session.scalars(query).one_or_none()


def keys(session: Session, tenant: str) -> list[AccessKey]:
    """Return every key of an organisation, in the order in which they were made."""
    query = select(AccessKey).where(AccessKey.tenant == tenant).order_by(AccessKey.id)
    return list(session.scalars(query))


def note_use(session: Session, prefix: str, day: date) -> None:
    """Keep the day on which a key was last used."""
    session.execute(update(AccessKey).where(AccessKey.prefix == prefix).values(last_used=day))
