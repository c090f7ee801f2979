"""The names under which a service is asked: a page of elsewhere must not reach it under a name of its own.

A site can let its own name lead to this machine (DNS rebinding): its page and the service would then be one
origin for a browser, and the page could read and change what the service has.
"""

import re
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import Refused
from app.problems.responses import problem_response
from app.settings import is_loopback

NAME = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(:[0-9]{1,5})?", re.IGNORECASE)
OPEN = "/health/"
"""Addresses that hold nothing, and that a probe asks by number."""


class HostUnknown(Refused):
    """The request asks for a name that is not one of this service."""

    status = HTTPStatus.MISDIRECTED_REQUEST
    kind = "host-unknown"
    title = "This service does not have that name"
    detail = (
        "Ask for 127.0.0.1 or localhost. Under another name the service answers once the setting "
        "EVENBAND_HOSTS lists that name."
    )


class KnownHosts:
    """An ASGI application around the service that refuses requests for other names."""

    def __init__(self, app: ASGIApp, names: frozenset[str] | None) -> None:
        """Keep the names beside those of this machine; None lets every name in."""
        self.app, self.names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what sends no name at all is no browser."""
        if scope["type"] == "http" and self.names is not None:
            asked = Headers(scope=scope).get("host")
            if (
                asked is not None
                and not self._is_known(asked)
                and not scope["path"].startswith(OPEN)
            ):
                return await problem_response(scope, HostUnknown())(scope, receive, send)
        return await self.app(scope, receive, send)

    def _is_known(self, asked: str) -> bool:
        found = NAME.fullmatch(asked)
        if found is None:
            return False
        name = found[1].lower()
        return name in (self.names or ()) or is_loopback(name.strip("[]"))
