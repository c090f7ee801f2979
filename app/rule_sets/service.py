"""Published rule sets, read and compiled once and never changed."""

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn, cast

from sqlalchemy.orm import Session

from app.access import Asker
from app.errors import NotPublished, Unexpected
from app.http.disconnection import stop_if_caller_gone
from app.models import RuleVersion, State
from app.rule_sets import repository
from app.rule_sets.feed import Release, releases_of
from app.rule_sets.folder import Folders
from app.rule_sets.later import LaterRules, day_of, end_of, later_rules
from app.rule_sets.schemas import Kind
from engine.cache import Cache
from engine.cases import CaseTable, case_files, case_tables
from engine.errors import Refusal, RuleRefused
from engine.rules import (
    CompiledRules,
    RuleSet,
    check_day,
    compile_what_if,
    digest,
    files_by_identifier,
    load_canonical,
    load_rule_file,
)

logger = logging.getLogger("evenband")

Overrides = tuple[tuple[str, str], ...]

PAGE = 200
"""Rule sets that are read at a time where all are sought."""

PARTS = {
    Kind.notional: "has_formula",
    Kind.bands: "has_bands",
    Kind.places: "has_places",
    Kind.block: "has_block",
    Kind.targeted: "has_targeted",
}
"""The column of a version that says whether it works something out."""

_documents = Cache(256)
_compiled = Cache(256)


class RuleSetUnknown(NotPublished):
    """No such rule set, or no such version of it, is published."""

    kind = "rule-set-unknown"
    title = "Rule set not found"
    detail = "No published rule set has this identifier. The list is at /rules, and for programs at /v1/rule-sets."


class RuleTextDamaged(Unexpected):
    """A stored text does not match its digest."""

    kind = "rule-text-damaged"
    title = "A stored rule set is damaged"
    detail = (
        "The stored text of this rule set is not the one that was published, so it is not used."
    )


@dataclass(frozen=True, slots=True)
class Published:
    """A published version with its document."""

    identifier: str
    version: int
    digest: str
    document: RuleSet
    published_at: datetime
    state: State = State.published
    ended_at: datetime | None = None
    """the moment from which it was superseded or withdrawn"""


def latest_versions(
    asker: Asker,
    session: Session,
    *,
    authority_code: str | None = None,
    authority: str | None = None,
    funding_year: str | None = None,
    words: str | None = None,
    kind: Kind | None = None,
    after: str = "",
    limit: int = 50,
) -> list[RuleVersion]:
    """Return the latest versions in the order of their identifiers, and one more than ``limit``."""
    sought = repository.RuleSetFilter(
        authority_code=authority_code,
        authority=authority,
        funding_year=funding_year,
        words=words,
        part=PARTS[kind] if kind else None,
    )
    return repository.latest(session, asker.tenant, sought, after, limit + 1)


def version_of(
    asker: Asker, session: Session, identifier: str, version: int | None = None
) -> RuleVersion:
    """Return a published version, the latest where none is named."""
    found = repository.version(session, asker.tenant, identifier, version)
    return found if found is not None else _refused(asker, session, identifier, version)


def version_known(
    asker: Asker, session: Session, identifier: str, day: date | None, known: date | None
) -> RuleVersion:
    """Return the version that applies on a day, or on any, as it was known at the end of another day, or is now.

    Days begin and end in UTC.
    """
    moment = None if known is None else end_of(known)
    found = repository.as_known(session, asker.tenant, identifier, day, moment)
    return found if found is not None else _refused(asker, session, identifier, on=day, known=known)


def _refused(
    asker: Asker,
    session: Session,
    identifier: str,
    version: int | None = None,
    *,
    on: date | None = None,
    known: date | None = None,
) -> NoReturn:
    """Refuse a rule set, or what is not published of it: a version, or one that was known on a day."""
    numbers = versions_of(asker, session, identifier)
    named: dict[str, object] = {"rule_set": identifier}
    if not numbers:
        raise RuleSetUnknown(named)
    if known is None:
        said = {"version": version} if on is None else {"on": on}
        raise RuleSetUnknown({**named, **said}, numbers)
    first = repository.first_published(session, asker.tenant, identifier)
    sentence = f"no version of these rules was in use at the end of {known} (UTC)"
    if first is not None and first.published_at > end_of(known):
        sentence += f"; version {first.number} was published on {day_of(first.published_at)}"
    raise RuleSetUnknown({**named, "known": known}, numbers, sentence)


def releases(asker: Asker, session: Session, most: int) -> list[Release]:
    """Return what became of the versions that an asker sees, the newest first."""
    return releases_of(repository.newest_changes(session, asker.tenant, most), most)


def number_published(asker: Asker, session: Session) -> int:
    """Return how many versions are in use, of every organisation."""
    return repository.count(session)


def versions_of(asker: Asker, session: Session, identifier: str) -> list[int]:
    """Return the numbers of all published versions of a rule set."""
    return repository.numbers(session, asker.tenant, identifier)


def kinds_of(version: RuleVersion) -> list[Kind]:
    """Return what a version works out."""
    return [kind for kind, part in PARTS.items() if getattr(version, part)]


def text_of(asker: Asker, session: Session, digest: str) -> str:
    """Return the canonical text under a digest, proved against it."""
    text = repository.canonical_text(session, digest)
    if hashlib.sha256(text.encode()).hexdigest() != digest:
        raise RuleTextDamaged
    return text


def published(
    asker: Asker,
    session: Session,
    identifier: str,
    version: int | None = None,
    *,
    on: date | None = None,
    known: date | None = None,
) -> Published:
    """Return a version with its document, which is read once in a process.

    The version of a number, else the one that was in use at the end of the day ``known``, else the one in use now:
    that which applies on the day ``on``, else the latest.
    """
    if version is not None or (on is None and known is None):
        found = repository.stored_version(session, asker.tenant, identifier, version)
    else:
        found = _known(asker, session, identifier, on, known)
    if found is None:
        _refused(asker, session, identifier, version, known=known)
    return _with_document(asker, session, identifier, found)


def _known(
    asker: Asker, session: Session, identifier: str, on: date | None, known: date | None
) -> repository.StoredVersion | None:
    """Return the version in use at the end of a day, or now: that which applies on a day, else the latest."""
    moment = None if known is None else end_of(known)
    found = repository.stored_version_known(session, asker.tenant, identifier, on, moment)
    if found is None and on is not None:
        return repository.stored_version_known(session, asker.tenant, identifier, None, moment)
    return found


def later(
    asker: Asker,
    session: Session,
    identifier: str,
    used: int,
    *,
    on: date | None = None,
    version: int | None = None,
    known: date | None = None,
) -> LaterRules | None:
    """Return what is used today in place of the version that an answer rests on, None where that is in use.

    ``on``, ``version`` and ``known`` are as the answer was asked for: with neither of the last two it rests on what
    is in use, and nothing is looked up.
    """
    if version is None and known is None:
        return None
    stored = repository.stored_version(session, asker.tenant, identifier, used)
    if stored is None or (version is not None and stored.state is State.published):
        return None
    return later_rules(stored, known, _known(asker, session, identifier, on, None))


def every_published(
    asker: Asker, session: Session, kind: Kind | None = None
) -> Iterator[Published]:
    """Yield the latest version of each rule set with its document, in the order of identifiers.

    One whose stored text is damaged is left out and named in the log.
    """
    after: str | None = ""
    while after is not None:
        rows = latest_versions(asker, session, kind=kind, after=after, limit=PAGE)
        after = rows[PAGE - 1].identifier if len(rows) > PAGE else None
        for row in rows[:PAGE]:
            stored = repository.StoredVersion(
                row.number, row.digest, cast("datetime", row.published_at)
            )
            try:
                found = _with_document(asker, session, row.identifier, stored)
            except (Refusal, RuleTextDamaged) as error:
                _leave_out(row.identifier, error)
                continue
            yield found


def _leave_out(identifier: str, error: Exception) -> None:
    """Say in the log that a published rule set cannot be used; the others can."""
    logger.warning("rule set %s is left out: %s", identifier, error)


def _with_document(
    asker: Asker, session: Session, identifier: str, stored: repository.StoredVersion
) -> Published:
    document = _documents.get(
        stored.digest, lambda: load_canonical(text_of(asker, session, stored.digest))
    )
    return Published(
        identifier, stored.number, stored.digest, document, stored.published_at, stored.state,
        stored.ended_at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShippedCases:
    """The worked examples that come with a published version: the tables of each file by its name."""

    published: Published
    tables: Mapping[str, list[CaseTable]]


def shipped_cases(
    asker: Asker, session: Session, identifier: str, version: int | None, folders: Folders
) -> ShippedCases:
    """Return the cases beside the document of a published version, in the folders that it may come from.

    None where that document is in none of them any more, or no cases are beside it.
    """
    found = published(asker, session, identifier, version)
    tables = {
        file.name: case_tables(file)[0]
        for folder in folders
        for path in files_by_identifier(folder).get(identifier, ())
        if digest(load_rule_file(path)) == found.digest
        for file in case_files(path)
    }
    return ShippedCases(found, tables)


def rules_in_force(
    asker: Asker,
    session: Session,
    identifier: str,
    day: date | None = None,
    overrides: Sequence[tuple[str, str]] = (),
    *,
    version: int | None = None,
    known: date | None = None,
) -> CompiledRules:
    """Return compiled rules, by default each value from its own day; ``day`` has one day's values all year.

    ``version`` and ``known`` choose the version as ``published`` does. ``overrides`` are places of the document, each
    with the value to use instead. The digest of the result is that of the document as overridden. Raises
    ``PairRefused`` for a day on which the rules do not apply.
    """
    stop_if_caller_gone()
    found = published(asker, session, identifier, version, on=day, known=known)
    check_day(found.document, day)
    return compiled_on(found, day, overrides)


def compiled_on(
    found: Published, day: date | None = None, overrides: Sequence[tuple[str, str]] = ()
) -> CompiledRules:
    """Return a published version compiled as ``rules_in_force`` does, without asking for it again."""
    changes = tuple(overrides)
    as_published = None
    if changes:
        # What is tried may be what the published rules lack.
        with suppress(RuleRefused):
            as_published = compiled_on(found, day)

    return _compiled.get(
        (found.digest, day, changes),
        lambda: compile_what_if(found.document, changes, day, as_published),
    )


def compile_every(asker: Asker, session: Session) -> None:
    """Compile the latest version of each rule set, so that no first answer waits for it.

    One that does not compile is named in the log, and refused to those who ask for it.
    """
    for found in every_published(asker, session):
        try:
            compiled_on(found)
        except Refusal as error:
            _leave_out(found.identifier, error)
