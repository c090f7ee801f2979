"""Finds out who asks, and refuses changes that a page of elsewhere may have caused.

A service without sign-in has one owner, who is at this machine: whatever reads is the owner's. A browser
there also opens pages of others, which could send what changes something in the owner's name. A change
is therefore taken from the service's own pages, as the browser says, or with the start-up token.
"""

import hmac
from typing import cast

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from app.access.askers import OWNER, Asker
from app.access.permission import record_denied
from app.access.refusals import WriteNotAllowed
from app.access.start_token import new_token
from app.settings import Settings

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SAME = "same-origin"
BEARER = "bearer"


class Identification:
    """Who asks a service of these settings."""

    def __init__(self, settings: Settings) -> None:
        """Keep the start-up token of the settings, or one that is known to no user."""
        self.token = settings.start_token.get_secret_value() or new_token()

    async def asker(self, request: Request) -> Asker:  # noqa: ARG002
        """Return who asks: a service without sign-in has its owner alone."""
        return OWNER

    async def check_write(self, request: Request) -> None:
        """Refuse a change that is neither of a page of this service nor sent with the start-up token."""
        if request.method in SAFE or self._has_token(request) or is_own_page(request):
            return
        await run_in_threadpool(record_denied, request, await self.asker(request), "own page")
        raise WriteNotAllowed

    def _has_token(self, request: Request) -> bool:
        sent = bearer_of(request)
        return sent is not None and hmac.compare_digest(sent.encode(), self.token.encode())


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
