"""Keys: made and shown once, proved by their digest, revoked, and each of it recorded."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from app.access import repository
from app.access.askers import Asker
from app.access.rights import Role
from app.access.secrets_of_keys import KeyKind, KeyState, KeyText, new_key
from app.audit import service as audit
from app.errors import AddressUnknown
from app.models import SHARED, AccessKey

NO_KEY = "0" * 64
"""What a key of an unknown prefix is compared with, so that it takes as long as a known one."""


class KeyUnknown(AddressUnknown):
    """The organisation has no such key."""

    kind = "key-unknown"
    title = "Key not found"
    detail = "Your organisation has no key with this prefix. The list is at /v1/keys."


@dataclass(frozen=True, slots=True)
class KeyProof:
    """Who a key is, or why it is not taken; ``asker`` is the key's, or an unknown one of everybody's."""

    asker: Asker
    fault: str | None = None
    is_first_today: bool = False
    """whether this is its first use today"""


def create_key(
    asker: Asker,
    session: Session,
    name: str,
    roles: Iterable[Role],
    days: int,
    kind: KeyKind = KeyKind.service,
) -> tuple[AccessKey, str]:
    """Make a key of the asker's organisation; return it with its text, which cannot be had again.

    A key of cells is a viewer, whatever roles are given.
    """
    text, said = new_key(kind)
    chosen = {Role.viewer} if kind is KeyKind.cell else set(roles)
    now = datetime.now(UTC)
    key = AccessKey(
        prefix=said.prefix,
        digest=said.digest,
        kind=kind.value,
        tenant=asker.tenant,
        name=name,
        roles=",".join(sorted(chosen)),
        created_by=asker.actor,
        created_at=now,
        expires_at=now + timedelta(days),
    )
    repository.add(session, key)
    detail: audit.Detail = {"kind": key.kind, "roles": key.roles, "days": days}
    audit.record(asker, session, audit.Action.key_created, subject_of(key), detail)
    return key, text


def revoke_key(asker: Asker, session: Session, prefix: str) -> tuple[AccessKey, bool]:
    """Revoke a key of the asker's organisation; return it, and whether it was not revoked before.

    Raises ``KeyUnknown``, for a key of another organisation too.
    """
    key = repository.own_key(session, asker.tenant, prefix)
    if key is None:
        raise KeyUnknown
    if key.revoked_at is not None:
        return key, False
    key.revoked_at = max(datetime.now(UTC), key.created_at)
    audit.record(asker, session, audit.Action.key_revoked, subject_of(key))
    return key, True


def keys_of(asker: Asker, session: Session) -> list[AccessKey]:
    """Return every key of the asker's organisation, revoked ones too."""
    return repository.keys(session, asker.tenant)


def roles_of(key: AccessKey) -> frozenset[Role]:
    """Return the roles of a key."""
    return frozenset(Role(one) for one in key.roles.split(",") if one)


def state_of(key: AccessKey, now: datetime) -> KeyState:
    """Return whether a key is in use, or why it is not."""
    if key.revoked_at is not None:
        return KeyState.revoked
    return KeyState.expired if key.expires_at <= now else KeyState.in_use


def prove(asker: Asker, session: Session, said: KeyText | None, kind: KeyKind) -> KeyProof:
    """Return who sends a key of a kind; ``asker`` is who it is where the key is unknown."""
    key = None if said is None else repository.key_of(session, said.prefix)
    sent = NO_KEY[1:] + "1" if said is None else said.digest
    is_right = hmac.compare_digest(sent, NO_KEY if key is None else key.digest)
    if key is None or said is None or not is_right or key.kind != kind.value:
        return KeyProof(asker, "unknown")
    now = datetime.now(UTC)
    found = Asker(f"key {key.prefix}", key.tenant, roles_of(key))
    state = state_of(key, now)
    fault = None if state is KeyState.in_use else state.value
    return KeyProof(found, fault, is_first_today=key.last_used != now.date())


def note_use(asker: Asker, session: Session) -> None:
    """Keep today as the last day on which the asker's key was used."""
    repository.note_use(session, asker.actor.removeprefix("key "), datetime.now(UTC).date())


def subject_of(key: AccessKey) -> str:
    """Return how events name a key."""
    return f"key {key.prefix}: {key.name}"


UNKNOWN = Asker("unknown", SHARED)
"""Who asks with a key that is not known."""
