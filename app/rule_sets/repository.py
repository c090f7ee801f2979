"""Queries on the tables of rule sets.

``tenant`` is the organisation that asks. It sees its own rule sets and those that are everybody's, and of
two under one identifier its own, once a version of that was published.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Session, aliased, contains_eager

from app.access import SHARED
from app.models import RuleFile, RuleSetName, RuleText, RuleVersion, State

PUBLISHING = 7_301_403


@dataclass(frozen=True, slots=True)
class RuleSetFilter:
    """What a list of rule sets is narrowed to; None asks for all, ``part`` is a column."""

    authority_code: str | None = None
    authority: str | None = None
    """a local authority's code, or part of its name"""
    funding_year: str | None = None
    words: str | None = None
    part: str | None = None


WERE_PUBLISHED = (State.published, State.superseded, State.withdrawn)
"""The states of versions that answer by their number: what was published once is kept."""


@cache
def _visible(*, to_all: bool) -> ColumnElement[bool]:
    """Return that a rule set is what the organisation ``tenant`` has under its identifier.

    ``to_all`` where that organisation is everybody's: there is nothing to choose then.
    """
    if to_all:
        return RuleSetName.tenant == bindparam("tenant", SHARED)
    asks = bindparam("tenant", type_=String())
    own, published = aliased(RuleSetName), aliased(RuleVersion)
    has_own = exists().where(
        own.tenant == asks,
        own.identifier == RuleSetName.identifier,
        published.rule_set_id == own.id,
        published.state.in_(WERE_PUBLISHED),
    )
    return or_(RuleSetName.tenant == asks, and_(RuleSetName.tenant == SHARED, ~has_own))


def _seen_by(tenant: str) -> ColumnElement[bool]:
    """Return the condition of what an organisation sees; the query needs ``tenant`` as a parameter."""
    return _visible(to_all=tenant == SHARED)


# Cached, because building a query takes longer than running it; each addition makes a new one.
@cache
def _were_published() -> Select[RuleVersion]:
    return (
        select(RuleVersion)
        .join(RuleVersion.rule_set)
        .options(contains_eager(RuleVersion.rule_set))
        .where(RuleVersion.state.in_(WERE_PUBLISHED))
    )


@cache
def _published() -> Select[RuleVersion]:
    return _were_published().where(RuleVersion.state == State.published)


@cache
def _is_latest() -> Select[RuleVersion]:
    later = aliased(RuleVersion)
    highest = (
        select(func.max(later.number))
        .where(later.rule_set_id == RuleVersion.rule_set_id, later.state == State.published)
        .correlate(RuleVersion)
        .scalar_subquery()
    )
    return _published().where(RuleVersion.number == highest)


def latest(
    session: Session, tenant: str, sought: RuleSetFilter, after: str, limit: int
) -> list[RuleVersion]:
    """Return the latest version of each sought rule set whose identifier comes after ``after``."""
    query = _is_latest().where(_seen_by(tenant), RuleSetName.identifier > after)
    if sought.authority_code is not None:
        query = query.where(RuleVersion.authority_code == sought.authority_code)
    if sought.authority is not None:
        query = query.where(
            or_(
                RuleVersion.authority_code == sought.authority,
                RuleVersion.authority_name.icontains(sought.authority, autoescape=True),
            )
        )
    if sought.funding_year is not None:
        query = query.where(RuleVersion.funding_year == sought.funding_year)
    if sought.part is not None:
        query = query.where(RuleVersion.__table__.c[sought.part])
    if sought.words is not None:
        columns = (RuleSetName.identifier, RuleVersion.title, RuleVersion.authority_name)
        query = query.where(
            or_(*(column.icontains(sought.words, autoescape=True) for column in columns))
        )
    query = query.order_by(RuleSetName.identifier).limit(limit)
    return list(session.scalars(query, {"tenant": tenant}))


class StoredVersion(NamedTuple):
    """What finds the document of a published version."""

    number: int
    digest: str
    published_at: datetime
    state: State = State.published
    ended_at: datetime | None = None


OfStored = Select[int, str, datetime | None, str, datetime | None]

# Built once: that costs as much as running the query.
_ANY = (
    select(
        RuleVersion.number,
        RuleVersion.digest,
        RuleVersion.published_at,
        RuleVersion.state,
        RuleVersion.ended_at,
    )
    .join(RuleVersion.rule_set)
    .where(RuleSetName.identifier == bindparam("identifier"))
    .order_by(RuleVersion.number.desc())
    .limit(1)
)
_STORED = _ANY.where(RuleVersion.state == State.published)
_STORED_NUMBERED = _ANY.where(
    RuleVersion.state.in_(WERE_PUBLISHED), RuleVersion.number == bindparam("number")
)
_APPLIES = (
    RuleVersion.effective_first <= bindparam("day"),
    RuleVersion.effective_last >= bindparam("day"),
)
_WAS_IN_USE = (
    RuleVersion.state.in_(WERE_PUBLISHED),
    RuleVersion.published_at <= bindparam("moment"),
    or_(RuleVersion.ended_at.is_(None), RuleVersion.ended_at > bindparam("moment")),
)
_BY_NUMBER, _IN_USE, _IN_USE_ON, _KNOWN, _KNOWN_ON = range(5)
_LOOK_UPS = {
    (to_all, which): query.where(_visible(to_all=to_all))
    for to_all in (False, True)
    for which, query in (
        (_IN_USE, _STORED),
        (_BY_NUMBER, _STORED_NUMBERED),
        (_IN_USE_ON, _STORED.where(*_APPLIES)),
        (_KNOWN, _ANY.where(*_WAS_IN_USE)),
        (_KNOWN_ON, _ANY.where(*_WAS_IN_USE, *_APPLIES)),
    )
}


def stored_version(
    session: Session, tenant: str, identifier: str, number: int | None
) -> StoredVersion | None:
    """Return where a version is kept: the latest published one, or the one of a number, whatever became of it."""
    if number is None:
        return _stored(session, tenant, _IN_USE, {"identifier": identifier})
    return _stored(session, tenant, _BY_NUMBER, {"identifier": identifier, "number": number})


def stored_version_known(
    session: Session, tenant: str, identifier: str, day: date | None, moment: datetime | None
) -> StoredVersion | None:
    """Return where the version is kept that ``as_known`` returns."""
    parameters: dict[str, object] = {"identifier": identifier}
    if day is not None:
        parameters["day"] = day
    if moment is None:
        return _stored(session, tenant, _IN_USE if day is None else _IN_USE_ON, parameters)
    which = _KNOWN if day is None else _KNOWN_ON
    return _stored(session, tenant, which, parameters | {"moment": moment})


def _stored(
    session: Session, tenant: str, which: int, parameters: Mapping[str, object]
) -> StoredVersion | None:
    query = _LOOK_UPS[tenant == SHARED, which]
    return _of_stored(session, query, {"tenant": tenant, **parameters})


def _of_stored(
    session: Session, query: OfStored, parameters: Mapping[str, object]
) -> StoredVersion | None:
    found = session.execute(query, parameters).one_or_none()
    if found is None:
        return None
    number, digest, published_at, state, ended_at = found
    return StoredVersion(number, digest, cast("datetime", published_at), State(state), ended_at)


def version(
    session: Session, tenant: str, identifier: str, number: int | None
) -> RuleVersion | None:
    """Return the latest published version, or the one of a number, whatever became of it since."""
    return _one(session, tenant, _numbered(identifier, number).where(_seen_by(tenant)))


def own_version(
    session: Session, tenant: str, identifier: str, number: int | None
) -> RuleVersion | None:
    """Return as ``version`` does, of the rule set that the organisation itself has."""
    own = RuleSetName.tenant == bindparam("tenant")
    return _one(session, tenant, _numbered(identifier, number).where(own))


def _numbered(identifier: str, number: int | None) -> Select[RuleVersion]:
    query = _published() if number is None else _were_published()
    query = query.where(RuleSetName.identifier == identifier)
    return query if number is None else query.where(RuleVersion.number == number)


def _one(session: Session, tenant: str, query: Select[RuleVersion]) -> RuleVersion | None:
    highest = query.order_by(RuleVersion.number.desc()).limit(1)
    return session.scalars(highest, {"tenant": tenant}).one_or_none()


def numbers(session: Session, tenant: str, identifier: str) -> list[int]:
    """Return the numbers of the versions of a rule set that were published, from the first."""
    query = (
        select(RuleVersion.number)
        .join(RuleVersion.rule_set)
        .where(RuleVersion.state.in_(WERE_PUBLISHED), RuleSetName.identifier == identifier)
        .where(_seen_by(tenant))
        .order_by(RuleVersion.number)
    )
    return list(session.scalars(query, {"tenant": tenant}))


def as_known(
    session: Session, tenant: str, identifier: str, day: date | None, moment: datetime | None
) -> RuleVersion | None:
    """Return the version that applies on a day, or on any, as it was known at a moment, or is now.

    None where there was none.
    """
    stored = stored_version_known(session, tenant, identifier, day, moment)
    return None if stored is None else version(session, tenant, identifier, stored.number)


def first_published(session: Session, tenant: str, identifier: str) -> StoredVersion | None:
    """Return where the version of a rule set is kept that was published before all others; None where none was."""
    query = _ANY.where(RuleVersion.state.in_(WERE_PUBLISHED), _seen_by(tenant)).order_by(None)
    first = query.order_by(RuleVersion.published_at, RuleVersion.number)
    return _of_stored(session, first, {"tenant": tenant, "identifier": identifier})


def newest_changes(session: Session, tenant: str, most: int) -> list[RuleVersion]:
    """Return the versions that an organisation sees and that were published, or ended, last: so many of each."""
    query = _were_published().where(_seen_by(tenant)).limit(most)
    of_tenant = {"tenant": tenant}
    newest = session.scalars(query.order_by(RuleVersion.published_at.desc()), of_tenant).all()
    has_ended = query.where(RuleVersion.ended_at.is_not(None))
    ended = session.scalars(has_ended.order_by(RuleVersion.ended_at.desc()), of_tenant).all()
    return list({one.id: one for one in (*newest, *ended)}.values())


def on_the_same_days(session: Session, added: RuleVersion) -> list[RuleVersion]:
    """Return the published versions of the same rule set that apply on a day of another, from the first."""
    query = (
        _published()
        .where(RuleVersion.rule_set_id == added.rule_set.id)
        .where(RuleVersion.effective_first <= added.effective_last)
        .where(added.effective_first <= RuleVersion.effective_last)
    )
    return list(session.scalars(query.order_by(RuleVersion.number)))


def end(session: Session, ended: RuleVersion, state: State, at: datetime) -> None:
    """Say what became of a published version, and when."""
    ended.state, ended.ended_at = state.value, at
    session.flush()


def canonical_text(session: Session, digest: str) -> str:
    """Return the text that is kept under a digest."""
    return session.scalars(select(RuleText.canonical).where(RuleText.digest == digest)).one()


def count(session: Session) -> int:
    """Return how many published versions there are."""
    query = select(func.count()).select_from(RuleVersion)
    return session.scalars(query.where(RuleVersion.state == State.published)).one()


def hold_publishing(session: Session) -> None:
    """Allow no other publication until this transaction ends; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": PUBLISHING})


def files_published(session: Session) -> set[str]:
    """Return the digests of the files whose documents are published."""
    return set(session.scalars(select(RuleFile.digest)))


def keep_file(session: Session, file_digest: str) -> None:
    """Remember that the document of a file is published."""
    session.add(RuleFile(digest=file_digest))


def named(session: Session, tenant: str, identifier: str) -> RuleSetName:
    """Return the name of an organisation's rule set, made now where there is none yet."""
    query = select(RuleSetName).where(
        RuleSetName.tenant == tenant, RuleSetName.identifier == identifier
    )
    name = session.scalars(query).one_or_none()
    if name is None:
        name = RuleSetName(tenant=tenant, identifier=identifier)
        session.add(name)
    return name


def is_shared(session: Session, identifier: str) -> bool:
    """Return whether everybody of the service has a rule set under an identifier."""
    query = select(RuleSetName.id).where(
        RuleSetName.tenant == SHARED, RuleSetName.identifier == identifier
    )
    return session.scalars(query).one_or_none() is not None


def keep_text(session: Session, digest: str, canonical: str) -> None:
    """Keep a text under its digest, unless it is kept already."""
    if session.get(RuleText, digest) is None:
        session.add(RuleText(digest=digest, canonical=canonical))


def add(session: Session, added: RuleVersion) -> None:
    """Add a version; what the database refuses, it refuses here."""
    session.add(added)
    session.flush()
