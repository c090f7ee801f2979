"""Queries on saved what-ifs; ``tenant`` is the organisation whose they are."""

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models import Scenario

SAVING = 7_301_407


def hold_saving(session: Session) -> None:
    """Allow no other save until this transaction ends; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SAVING})


def scenario(session: Session, tenant: str, digest: str) -> Scenario | None:
    """Return an organisation's scenario by its digest."""
    query = select(Scenario).where(Scenario.tenant == tenant, Scenario.digest == digest)
    return session.scalars(query).one_or_none()


def newest(
    session: Session, tenant: str, rule_set: str | None, before: int | None, limit: int
) -> list[Scenario]:
    """Return an organisation's scenarios, the last saved first, those before an id alone."""
    query = select(Scenario).where(Scenario.tenant == tenant)
    if rule_set is not None:
        query = query.where(Scenario.rule_set == rule_set)
    if before is not None:
        query = query.where(Scenario.id < before)
    return list(session.scalars(query.order_by(Scenario.id.desc()).limit(limit)))


def add(session: Session, added: Scenario) -> None:
    """Keep a scenario; what the database refuses, it refuses here."""
    session.add(added)
    session.flush()
