"""Queries on the tables of rule sets."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple, cast

from sqlalchemy import Select, bindparam, func, or_, select, text
from sqlalchemy.orm import Session, aliased, contains_eager

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


# Cached, because building a query takes longer than running it; each addition makes a new one.
@cache
def _published() -> Select[RuleVersion]:
    return (
        select(RuleVersion)
        .join(RuleVersion.rule_set)
        .options(contains_eager(RuleVersion.rule_set))
        .where(RuleVersion.state == State.published)
    )


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


def latest(session: Session, sought: RuleSetFilter, after: str, limit: int) -> list[RuleVersion]:
    """Return the latest version of each sought rule set whose identifier comes after ``after``."""
    query = _is_latest().where(RuleSetName.identifier > after)
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
    return list(session.scalars(query.order_by(RuleSetName.identifier).limit(limit)))


class StoredVersion(NamedTuple):
    """What finds the document of a published version."""

    number: int
    digest: str
    published_at: datetime


# Built once: that costs as much as running the query.
_STORED = (
    select(RuleVersion.number, RuleVersion.digest, RuleVersion.published_at)
    .join(RuleVersion.rule_set)
    .where(RuleVersion.state == State.published)
    .where(RuleSetName.identifier == bindparam("identifier"))
    .order_by(RuleVersion.number.desc())
    .limit(1)
)
_STORED_NUMBERED = _STORED.where(RuleVersion.number == bindparam("number"))


def stored_version(session: Session, identifier: str, number: int | None) -> StoredVersion | None:
    """Return where a published version is kept, the latest where no number is given."""
    query = _STORED if number is None else _STORED_NUMBERED
    parameters = {"identifier": identifier} | ({} if number is None else {"number": number})
    found = session.execute(query, parameters).one_or_none()
    return None if found is None else StoredVersion(found[0], found[1], cast("datetime", found[2]))


def version(session: Session, identifier: str, number: int | None) -> RuleVersion | None:
    """Return a published version, the latest where no number is given."""
    query = _published().where(RuleSetName.identifier == identifier)
    if number is not None:
        query = query.where(RuleVersion.number == number)
    return session.scalars(query.order_by(RuleVersion.number.desc()).limit(1)).one_or_none()


def numbers(session: Session, identifier: str) -> list[int]:
    """Return the numbers of the published versions of a rule set, from the first."""
    query = (
        select(RuleVersion.number)
        .join(RuleVersion.rule_set)
        .where(RuleVersion.state == State.published, RuleSetName.identifier == identifier)
        .order_by(RuleVersion.number)
    )
    return list(session.scalars(query))


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


def named(session: Session, identifier: str) -> RuleSetName:
    """Return the name of a rule set, made now where there is none yet."""
    query = select(RuleSetName).where(RuleSetName.identifier == identifier)
    name = session.scalars(query).one_or_none()
    if name is None:
        name = RuleSetName(identifier=identifier)
        session.add(name)
    return name


def keep_text(session: Session, digest: str, canonical: str) -> None:
    """Keep a text under its digest, unless it is kept already."""
    if session.get(RuleText, digest) is None:
        session.add(RuleText(digest=digest, canonical=canonical))


def add(session: Session, added: RuleVersion) -> None:
    """Add a version; what the database refuses, it refuses here."""
    session.add(added)
    session.flush()
