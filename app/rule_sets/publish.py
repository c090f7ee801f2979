"""Publishing the documents that come with the project: each version once and for all."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.models import RuleVersion
from app.models.rule_version import State
from app.rule_sets import repository
from engine.errors import RuleRefused
from engine.rules.document import RuleSet
from engine.rules.load import canonical, digest, load_rule_set

AUTHOR = "published with the service"


class PublishedVersionChanged(Exception):
    """A document differs from what is published under its identifier and version."""

    def __init__(self, document: RuleSet, source: Path) -> None:
        super().__init__(
            f"{source}: version {document.version} of {document.identifier} is already "
            "published with other content, and a published version never changes. Give the changed "
            f"document the version {document.version + 1}, or restore the published content."
        )


def publish_folder(session: Session, folder: Path) -> int:
    """Publish every document under ``folder`` that is not published yet; return how many were.

    A file is read as a document once: the same bytes were published, or are nothing new.
    """
    repository.hold_publishing(session)
    added, known = 0, repository.files_published(session)
    for path in sorted(folder.rglob("*.yaml")):
        written = path.read_bytes()
        file_digest = hashlib.sha256(written).hexdigest()
        if file_digest in known:
            continue
        try:
            document = load_rule_set(written.decode("utf-8"))
        except RuleRefused as refused:
            refused.add_note(f"in {path}")
            raise
        added += publish(session, document, path)
        repository.keep_file(session, file_digest)
        known.add(file_digest)
    return added


def publish(session: Session, document: RuleSet, source: Path) -> bool:
    """Publish one document, and return whether it was new."""
    found, ours = (
        repository.version(session, document.identifier, document.version),
        digest(document),
    )
    if found is not None:
        if found.digest != ours:
            raise PublishedVersionChanged(document, source)
        return False
    repository.keep_text(session, ours, canonical(document))
    repository.add(session, _row(session, document, ours))
    return True


def _row(session: Session, document: RuleSet, ours: str) -> RuleVersion:
    authority = document.authority
    return RuleVersion(
        rule_set=repository.named(session, document.identifier),
        number=document.version,
        state=State.published,
        digest=ours,
        title=document.title,
        authority_code=authority.code if authority else None,
        authority_name=authority.name if authority else None,
        funding_year=document.funding_year,
        year_kind=document.year_kind,
        effective_first=document.effective.first,
        effective_last=document.effective.last,
        standing=document.standing.value,
        has_formula=document.schools_formula is not None,
        has_bands=document.band_profile is not None,
        has_places=document.places is not None,
        has_block=document.high_needs_block is not None,
        has_targeted=document.targeted_funding is not None,
        author=AUTHOR,
        published_at=datetime.now(UTC),
    )
