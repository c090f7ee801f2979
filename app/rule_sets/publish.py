"""Publishes the documents that come with the project; each version only once."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.access import SHARED, Asker
from app.audit import service as audit
from app.errors import Conflict
from app.models import RuleVersion, State
from app.rule_sets import repository
from engine.errors import Refusal
from engine.input_file import MOST_DOCUMENT_BYTES, read_input
from engine.rules import RuleSet, canonical, content_digest, digest, load_rule_file, rule_files

AUTHOR = "published with the service"


logger = logging.getLogger("evenband")


class PublishedVersionChanged(Exception):
    """A document differs from what is published under its identifier and version."""

    def __init__(self, document: RuleSet) -> None:
        super().__init__(
            f"version {document.version} of {document.identifier} is already "
            "published with other content, and a published version never changes. Give the changed "
            f"document the version {document.version + 1}, or restore the published content."
        )


class IdentifierShared(Conflict):
    """An organisation may not give its rule set an identifier that everybody's rule set has."""

    kind = "identifier-shared"
    title = "The identifier is taken"
    detail = "A rule set that everybody sees has this identifier. Give yours another one."


class NotThere(Exception):
    """No such version of a rule set was published."""

    def __init__(self, identifier: str, number: int) -> None:
        super().__init__(f"version {number} of {identifier} was never published here")


class LeftOut(NamedTuple):
    """A file of the folder that was not published, and why."""

    file: Path
    reason: str

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"{self.file} is left out: {self.reason}"


class FolderPublished(NamedTuple):
    """How many documents of a folder were new, and the files that cannot be published."""

    added: int
    left_out: tuple[LeftOut, ...]


def publish_folder(asker: Asker, session: Session, folder: Path) -> FolderPublished:
    """Publish every document under ``folder`` that is not published yet.

    A file is read as a document once: the same bytes were published, or are nothing new. One
    that is no rule document, or that changes what is published, is left out and named in the
    log; the others are published all the same.
    """
    repository.hold_publishing(session)
    known = repository.files_published(session)
    added, left_out = 0, []
    for path in rule_files(folder):
        try:
            added += _publish_file(asker, session, path, known)
        except (Refusal, PublishedVersionChanged, UnicodeDecodeError, OSError) as error:
            left_out.append(LeftOut(path, _reason(error)))
    for one in left_out:
        logger.warning("%s", one)
    return FolderPublished(added, tuple(left_out))


def _publish_file(asker: Asker, session: Session, path: Path, known: set[str]) -> bool:
    """Publish the document of a file, and return whether it was new; keep its digest in ``known``."""
    written, file = read_input(path, MOST_DOCUMENT_BYTES)
    read_from = content_digest(path, written, file.sha256)
    if read_from in known:
        return False
    added = publish(asker, session, load_rule_file(path))
    repository.keep_file(session, read_from)
    known.add(read_from)
    return added


def _reason(error: Exception) -> str:
    """Return in one line why a file is left out."""
    match error:
        case Refusal(problems=[first, *_], total=total):
            return f"{first}" + (f" (and {total - 1} more)" if total > 1 else "")
        case UnicodeDecodeError():
            return "is not UTF-8 text"
        case OSError():
            return error.strerror or "cannot be read"
        case _:
            return str(error)


def publish(asker: Asker, session: Session, document: RuleSet, *, author: str = AUTHOR) -> bool:
    """Publish one document, and return whether it was new; versions that apply on the same days are superseded.

    Raises ``PublishedVersionChanged`` where other content is published under its version, and
    ``IdentifierShared`` where an organisation would take an identifier that is everybody's.
    """
    repository.hold_publishing(session)
    if asker.tenant != SHARED and repository.is_shared(session, document.identifier):
        raise IdentifierShared
    found = repository.own_version(session, asker.tenant, document.identifier, document.version)
    ours = digest(document)
    if found is not None:
        if found.digest != ours:
            raise PublishedVersionChanged(document)
        return False
    repository.keep_text(session, ours, canonical(document))
    _add(asker, session, _row(asker, session, document, ours, author))
    return True


def _add(asker: Asker, session: Session, added: RuleVersion) -> None:
    """Add a version, superseding in the same transaction those that apply on the same days.

    One that comes after a later number, as an earlier file beside a newer one, is superseded at once.
    """
    now = added.published_at or datetime.now(UTC)
    session.add(added.rule_set)
    session.flush()
    beside = repository.on_the_same_days(session, added)
    supersede_earlier(asker, session, added, beside, now)
    if any(one.number > added.number for one in beside):
        added.state, added.ended_at = State.superseded, now
    repository.add(session, added)
    detail = {"digest": added.digest}
    audit.record(asker, session, audit.Action.rule_set_published, subject_of(added), detail)


def supersede_earlier(
    asker: Asker,
    session: Session,
    added: RuleVersion,
    beside: Sequence[RuleVersion],
    now: datetime,
) -> list[int]:
    """Supersede the versions of earlier numbers that apply on days of another, and return their numbers."""
    earlier = [one for one in beside if one.number < added.number]
    for one in earlier:
        repository.end(session, one, State.superseded, max(now, one.published_at or now))
        audit.record(asker, session, audit.Action.rule_set_superseded, subject_of(one))
    return [one.number for one in earlier]


def withdraw(asker: Asker, session: Session, identifier: str, number: int, reason: str) -> bool:
    """Withdraw a published version, and return whether it was published till now; it is kept, and answers by its number.

    Raises ``NotThere`` for a version that never was published.
    """
    repository.hold_publishing(session)
    found = repository.own_version(session, asker.tenant, identifier, number)
    if found is None:
        raise NotThere(identifier, number)
    if found.state != State.published:
        return False
    now = datetime.now(UTC)
    repository.end(session, found, State.withdrawn, max(now, found.published_at or now))
    detail = {"reason": reason}
    audit.record(asker, session, audit.Action.rule_set_withdrawn, subject_of(found), detail)
    return True


def subject_of(version: RuleVersion) -> str:
    """Return by which words events name a version."""
    return f"{version.identifier} version {version.number}"


def columns_of(document: RuleSet, ours: str) -> dict[str, object]:
    """Return what lists and searches show of a document, by the columns of a version; ``ours`` is its digest."""
    authority = document.authority
    return {
        "digest": ours,
        "title": document.title,
        "authority_code": authority.code if authority else None,
        "authority_name": authority.name if authority else None,
        "funding_year": document.funding_year,
        "year_kind": document.year_kind,
        "effective_first": document.effective.first,
        "effective_last": document.effective.last,
        "standing": document.standing.value,
        "has_formula": document.schools_formula is not None,
        "has_bands": document.band_profile is not None,
        "has_places": document.places is not None,
        "has_block": document.high_needs_block is not None,
        "has_targeted": document.targeted_funding is not None,
    }


def _row(asker: Asker, session: Session, document: RuleSet, ours: str, author: str) -> RuleVersion:
    return RuleVersion(
        rule_set=repository.named(session, asker.tenant, document.identifier),
        number=document.version,
        state=State.published,
        author=author,
        published_at=datetime.now(UTC),
        **columns_of(document, ours),
    )
