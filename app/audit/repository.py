"""Queries on the events of the audit."""

from collections.abc import Iterator

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models import AuditEvent

RECORDING = 7_301_404
_AT_ONCE = 1_000


def hold_recording(session: Session) -> None:
    """Allow no other event until this transaction ends; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": RECORDING})


def last(session: Session) -> AuditEvent | None:
    """Return the newest event, None where there is none."""
    query = select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)
    return session.scalars(query).one_or_none()


def add(session: Session, event: AuditEvent) -> None:
    """Add an event at the end of the chain."""
    session.add(event)
    session.flush()


def newest(
    session: Session, most: int, tenant: str | None, before: int | None, subject: str | None
) -> list[AuditEvent]:
    """Return the newest events, the last first: of a tenant, before a number, about a subject; None for all."""
    query = select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(most)
    if tenant is not None:
        query = query.where(AuditEvent.tenant == tenant)
    if before is not None:
        query = query.where(AuditEvent.seq < before)
    if subject is not None:
        query = query.where(AuditEvent.subject.icontains(subject, autoescape=True))
    return list(session.scalars(query))


def in_order(session: Session) -> Iterator[AuditEvent]:
    """Yield every event from the first, a thousand in memory at a time."""
    query = select(AuditEvent).order_by(AuditEvent.seq)
    yield from session.scalars(query.execution_options(yield_per=_AT_ONCE))
