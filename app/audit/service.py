"""Events are recorded in a chain of hashes, and the chain is proved from its first event to its last."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import count

from sqlalchemy.orm import Session

from app.access import SHARED, Asker
from app.audit import repository
from app.models import AuditEvent

NOTHING_BEFORE = "0" * 64
"""The hash before that of the first event."""

Detail = Mapping[str, str | int]
"""What an event says besides its subject: words and numbers, never a figure of a pupil."""


class Action(StrEnum):
    """What was done."""

    rule_set_published = "rule set published"
    rule_set_superseded = "rule set superseded"
    rule_set_withdrawn = "rule set withdrawn"
    draft_begun = "draft begun"
    draft_saved = "draft saved"
    draft_sent_for_review = "draft sent for review"
    draft_sent_back = "draft sent back"
    draft_commented = "comment on a draft"
    draft_approved = "draft approved"
    draft_deleted = "draft deleted"
    register_imported = "register imported"
    register_removed = "register removed"
    access_denied = "access denied"
    scenario_saved = "scenario saved"
    pupils_read = "pupil data read"
    """a what-if with rows that are or may be of pupils, which are worked out and never kept"""
    key_created = "key created"
    key_revoked = "key revoked"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The newest event of a day, to be kept where the owner of the database cannot write."""

    day: date
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """What proving the chain found: how many events fit, and the first fault, None where all fit."""

    events: int
    fault: str | None


def record(
    asker: Asker, session: Session, action: Action, subject: str, detail: Detail | None = None
) -> None:
    """Record an event in the transaction of what it is about: both are kept, or neither."""
    repository.hold_recording(session)
    before = repository.last(session)
    event = AuditEvent(
        seq=1 if before is None else before.seq + 1,
        at=datetime.now(UTC),
        actor=asker.actor,
        tenant=asker.tenant,
        action=action.value,
        subject=subject,
        detail=_canonical(detail or {}),
        previous=NOTHING_BEFORE if before is None else before.hash,
    )
    event.hash = hash_of(event)
    repository.add(session, event)


def hash_of(event: AuditEvent) -> str:
    """Return the SHA-256 of what an event says, with the hash of the one before it."""
    said = [
        event.seq, event.at.astimezone(UTC).isoformat(timespec="microseconds"), event.actor,
        event.tenant, event.action, event.subject, event.detail, event.previous,
    ]  # fmt: skip
    return hashlib.sha256(_canonical(said).encode()).hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def check_chain(asker: Asker, session: Session, anchors: Iterable[Anchor] = ()) -> ChainCheck:
    """Prove every event against the one before it, and against anchors that were kept elsewhere."""
    kept = defaultdict[int, set[str]](set)
    for one in anchors:
        kept[one.seq].add(one.hash)
    previous, fits = NOTHING_BEFORE, 0
    for seq, event in zip(count(1), repository.in_order(session), strict=False):
        fault = _fault(event, seq, previous)
        if fault is None and kept.pop(seq, {event.hash}) != {event.hash}:
            fault = f"event {seq} is not the one that was kept in an anchor"
        if fault is not None:
            return ChainCheck(fits, fault)
        previous, fits = event.hash, seq
    if kept:
        return ChainCheck(fits, f"event {min(kept)}, kept in an anchor, is not there")
    return ChainCheck(fits, None)


def _fault(event: AuditEvent, seq: int, previous: str) -> str | None:
    """Return why an event does not follow the one before it, None where it does."""
    if event.seq != seq:
        return f"event {seq} is not there"
    if event.previous != previous:
        return f"event {seq} does not follow the one before it"
    if event.hash != hash_of(event):
        return f"event {seq} was changed after it was recorded"
    return None


def anchor(asker: Asker, session: Session, day: date) -> Anchor | None:
    """Return the newest event to be kept elsewhere under a day, None where there is none."""
    last = repository.last(session)
    return None if last is None else Anchor(day, last.seq, last.hash)


def is_of(asker: Asker, session: Session, day: date) -> bool:
    """Return whether the newest event is of a day (UTC)."""
    last = repository.last(session)
    return last is not None and last.at.astimezone(UTC).date() == day


def sees_all(asker: Asker) -> bool:
    """Return whether an asker is of the operator, who sees the events of every organisation."""
    return asker.tenant == SHARED


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events to list: those before a number, and those whose subject has some words; None for all."""

    before: int | None = None
    subject: str | None = None


def newest(
    asker: Asker, session: Session, most: int, sought: EventFilter | None = None
) -> list[AuditEvent]:
    """Return the newest events that an asker may see, the last first.

    An organisation sees its own; the operator of the service sees all, as the database has them.
    """
    chosen = sought or EventFilter()
    tenant = None if sees_all(asker) else asker.tenant
    return repository.newest(session, most, tenant, chosen.before, chosen.subject)
