"""The text of keys: a public prefix that finds a key, and 256 bits that prove it."""

import hashlib
import re
import secrets
from enum import StrEnum
from typing import NamedTuple

LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
PREFIX_LENGTH = 10


class KeyKind(StrEnum):
    """What a key is for."""

    service = "service"
    """programs, which send it as ``Authorization: Bearer``"""
    cell = "cell"
    """addresses of spreadsheets: it reads cells and nothing else"""


class KeyState(StrEnum):
    """Whether a key is in use, or why it is not."""

    in_use = "in use"
    expired = "expired"
    revoked = "revoked"


STARTS = {KeyKind.service: "ev", KeyKind.cell: "evc"}
KINDS = {start: kind for kind, start in STARTS.items()}
FORM_START = "ev"
FORM = re.compile(r"(evc?)_([a-z0-9]{10})_([A-Za-z0-9_-]{43})")


class KeyText(NamedTuple):
    """What a key that was sent says of itself."""

    kind: KeyKind
    prefix: str
    digest: str


def new_key(kind: KeyKind) -> tuple[str, KeyText]:
    """Return the text of a new key, and what is kept of it."""
    prefix = "".join(secrets.choice(LETTERS) for _ in range(PREFIX_LENGTH))
    text = f"{STARTS[kind]}_{prefix}_{secrets.token_urlsafe(32)}"
    return text, KeyText(kind, prefix, digest_of(text))


def read_key(text: str) -> KeyText | None:
    """Return what a text says of itself, None where it is no key."""
    found = FORM.fullmatch(text)
    return None if found is None else KeyText(KINDS[found[1]], found[2], digest_of(text))


def digest_of(text: str) -> str:
    """Return the SHA-256 of a key; one of 256 random bits cannot be guessed from it."""
    return hashlib.sha256(text.encode()).hexdigest()
