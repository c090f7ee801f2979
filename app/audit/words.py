"""Events in the words of people."""

import json
from dataclasses import dataclass
from datetime import UTC

from app.models import AuditEvent

OWNER, OWNER_WORDS = "owner", "The owner of this service"
DIGEST_LENGTH, SHORT_DIGEST = 64, 12
READS = "pupil data read"


@dataclass(frozen=True, slots=True)
class EventWords:
    """An event as a page shows it: all of it is text."""

    seq: int
    when: str
    who: str
    what: str
    subject: str
    notes: tuple[str, ...]
    moment: str


def event_words(event: AuditEvent, *, is_operator: bool) -> EventWords:
    """Return an event in words; an operator is shown for which organisation it was."""
    at = event.at.astimezone(UTC)
    who = OWNER_WORDS if event.actor == OWNER else event.actor
    is_own = event.actor == OWNER or not is_operator
    return EventWords(
        seq=event.seq,
        when=f"{at.day} {at:%B %Y}, {at:%H:%M}",
        who=who if is_own else f"{who} ({event.tenant})",
        what=event.action[:1].upper() + event.action[1:],
        subject=event.subject,
        notes=tuple(_notes(event)),
        moment=at.isoformat(timespec="seconds"),
    )


def _notes(event: AuditEvent) -> list[str]:
    """Return what an event says besides its subject, a note for each word."""
    detail = json.loads(event.detail)
    if event.action == READS:
        return [_reads_words(detail)]
    return [f"{name.replace('_', ' ').capitalize()}: {_value(one)}" for name, one in detail.items()]


def _reads_words(detail: dict[str, str | int]) -> str:
    rows, requests = int(detail["rows"]), int(detail["requests"])
    row = "1 row" if rows == 1 else f"{rows:,} rows"
    return f"{row} in {'1 request' if requests == 1 else f'{requests:,} requests'}"


def _value(value: str | int) -> str:
    """Return a value as text; of a digest as much as tells it from others."""
    is_digest = isinstance(value, str) and len(value) == DIGEST_LENGTH and " " not in value
    return f"{value[:SHORT_DIGEST]}…" if is_digest and isinstance(value, str) else str(value)
