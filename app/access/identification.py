"""Finds out who asks, and refuses changes that a page of elsewhere may have caused.

A service without sign-in has one owner, who is at this machine: whatever reads is the owner's. A browser
there also opens pages of others, which could send what changes something in the owner's name. A change
is therefore taken from the service's own pages, as the browser says, or with the start-up token.
"""

import hmac
from typing import cast

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from app.access import service
from app.access.askers import OWNER, Asker
from app.access.permission import record_denied
from app.access.refusals import SignInNeeded, WriteNotAllowed
from app.access.secrets_of_keys import FORM_START, KeyKind, read_key
from app.access.start_token import new_token
from app.database import database_of
from app.http.cell_keys import STATE_NAME as CELL_KEY
from app.settings import Settings

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SAME = "same-origin"
BEARER = "bearer"
ASKER = "asker"
"""Where the state of a request has who asks."""

WRONG_KEY = "The key is not one that is in use: it is unknown, it expired, or it was revoked."


class Identification:
    """Who asks a service of these settings."""

    def __init__(self, settings: Settings) -> None:
        """Keep the start-up token of the settings, or one that is known to no user."""
        self.needs_sign_in = settings.needs_sign_in
        self.token = settings.start_token.get_secret_value() or new_token()

    async def asker(self, request: Request) -> Asker:
        """Return who asks, or refuse (401): who sends a key is that key, and a service without sign-in has its owner."""
        found: Asker | None = getattr(request.state, ASKER, None)
        if found is None:
            found = await self._find(request)
            setattr(request.state, ASKER, found)
        return found

    async def _find(self, request: Request) -> Asker:
        sent = getattr(request.state, CELL_KEY, None)
        if sent is not None:
            return await run_in_threadpool(by_key, request, sent, KeyKind.cell)
        sent = bearer_of(request)
        if sent is not None and sent.startswith(FORM_START):
            return await run_in_threadpool(by_key, request, sent, KeyKind.service)
        if self.needs_sign_in:
            raise SignInNeeded
        return OWNER

    async def check_write(self, request: Request) -> None:
        """Refuse a change that is neither of a page of this service nor of a program that proves who it is."""
        if request.method in SAFE or is_own_page(request):
            return
        asker = await self.asker(request)
        # Another page can send no such header for a user.
        if bearer_of(request) is not None and (asker is not OWNER or self._has_token(request)):
            return
        await run_in_threadpool(record_denied, request, asker, "own page")
        raise WriteNotAllowed

    def _has_token(self, request: Request) -> bool:
        sent = bearer_of(request)
        return sent is not None and hmac.compare_digest(sent.encode(), self.token.encode())


def by_key(request: Request, sent: str, kind: KeyKind) -> Asker:
    """Return who sends a key, or refuse (401) and record it; the day of its last use is kept."""
    database = database_of(request)
    with database.reading() as session:
        proof = service.prove(service.UNKNOWN, session, read_key(sent), kind)
    if proof.fault is not None:
        record_denied(request, proof.asker, f"a key in use: this one is {proof.fault}")
        raise SignInNeeded(WRONG_KEY)
    if proof.is_first_today:
        with database.writing() as session:
            service.note_use(proof.asker, session)
    return proof.asker


def bearer_of(request: Request) -> str | None:
    """Return what a request sends as ``Authorization: Bearer``, None where it sends none."""
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    return sent.strip() if scheme.lower() == BEARER else None


def is_own_page(request: Request) -> bool:
    """Return whether a browser says that a page of this service sends the request.

    No page can set either header itself. A browser leaves ``Sec-Fetch-Site`` out over plain HTTP beyond
    the machine; ``Origin`` says it there.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == SAME
    _, _, origin = request.headers.get("origin", "").partition("://")
    return bool(origin) and origin == request.headers.get("host")


def identification_of(request: Request) -> Identification:
    """Return how the application that a request came to finds out who asks."""
    return cast("Identification", request.app.state.identification)
