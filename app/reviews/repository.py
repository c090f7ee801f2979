"""Queries on drafts and their history; ``tenant`` is the organisation whose draft it is."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, contains_eager

from app.models import (
    RuleApproval,
    RuleChange,
    RuleComment,
    RuleSetName,
    RuleVersion,
    State,
)

DRAFTED = (State.draft, State.review)
"""The states of versions that are not published yet."""


def _drafts(tenant: str) -> Select[RuleVersion]:
    return (
        select(RuleVersion)
        .join(RuleVersion.rule_set)
        .options(contains_eager(RuleVersion.rule_set))
        .where(RuleSetName.tenant == tenant, RuleVersion.state.in_(DRAFTED))
    )


def drafts(session: Session, tenant: str, after: tuple[str, int], limit: int) -> list[RuleVersion]:
    """Return drafts after an identifier and number, in the order of these."""
    key = (RuleSetName.identifier, RuleVersion.number)
    query = _drafts(tenant).where(tuple_(*key) > after).order_by(*key).limit(limit)
    return list(session.scalars(query))


def draft(
    session: Session, tenant: str, identifier: str, number: int, *, hold: bool = False
) -> RuleVersion | None:
    """Return a draft; no other transaction changes it before this one ends where it is held."""
    query = _drafts(tenant).where(
        RuleSetName.identifier == identifier, RuleVersion.number == number
    )
    if hold:
        query = query.with_for_update(of=RuleVersion).execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def highest(session: Session, tenant: str, identifier: str) -> int:
    """Return the highest number of an organisation's rule set, drafts too; 0 where there is none."""
    query = (
        select(func.max(RuleVersion.number))
        .join(RuleVersion.rule_set)
        .where(RuleSetName.tenant == tenant, RuleSetName.identifier == identifier)
    )
    return session.scalars(query).one() or 0


def changes(session: Session, version_id: int) -> Sequence[RuleChange]:
    """Return who changed a text, from the first."""
    query = select(RuleChange).where(RuleChange.version_id == version_id)
    return session.scalars(query.order_by(RuleChange.seq)).all()


def comments(session: Session, version_id: int) -> Sequence[RuleComment]:
    """Return the comments on a version, from the first."""
    query = select(RuleComment).where(RuleComment.version_id == version_id)
    return session.scalars(query.order_by(RuleComment.id)).all()


def approvals(session: Session, version_id: int) -> Sequence[RuleApproval]:
    """Return the approvals of a version, from the first."""
    query = select(RuleApproval).where(RuleApproval.version_id == version_id)
    return session.scalars(query.order_by(RuleApproval.seq)).all()


def add(session: Session, row: RuleVersion | RuleChange | RuleComment | RuleApproval) -> None:
    """Add a row; what the database refuses, it refuses here."""
    session.add(row)
    session.flush()


def keep(session: Session) -> None:
    """Write what was changed; what the database refuses, it refuses here."""
    session.flush()


def remove(session: Session, version: RuleVersion) -> None:
    """Delete a draft with its history."""
    session.delete(version)
    session.flush()
