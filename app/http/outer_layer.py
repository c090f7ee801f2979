"""The outermost layer: limits and headers of every request and every answer.

Every request gets a name; HEAD is answered as GET without its body; every answer carries
the headers that keep a browser from fetching, framing, guessing or keeping; and a failure
is logged by its kind and place alone, since its words may repeat what a pupil's record says.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import MEDIA_TYPE, InputRefused, MediaUnknown, Refused, TooLarge, Unexpected
from app.observability.facts import RequestFacts, facts_of
from app.observability.log import place_of
from app.problems.responses import problem_response
from engine.errors import Problem

logger = logging.getLogger("evenband")

Observe = Callable[[RequestFacts, Mapping[str, Any]], None]
GONE = 499
"""The status that is recorded of a request whose caller left before the answer."""

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "script-src 'self' 'nonce-{nonce}'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # An endpoint whose answer may be kept says so itself.
    "Cache-Control": "no-store",
}
TOO_LARGE = 413
REFUSED = 400
MOST_UNREAD, UNREAD_SECONDS = 8 * 1024 * 1024, 1.0
"""What is read and thrown away of a body whose request is refused, at the most."""

MOST_PARAMETERS = 500
TOO_MANY = Problem(
    f"has more than {MOST_PARAMETERS} parameters; send fewer", "too-many-parameters", place="query"
)
NOT_ENCODED = Problem(
    "must be percent-encoded UTF-8, such as %C2%A3 for a pound sign", "not-encoded", place="query"
)


class OuterLayer:
    """An ASGI application around the service."""

    def __init__(self, app: ASGIApp, observe: Observe = lambda *_: None) -> None:
        """Stand around an application; ``observe`` is given what may be logged of each request, and its state."""
        self.app, self.observe = app, observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request through the application behind, and let it be observed."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        began, method = time.perf_counter(), scope["method"]
        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        state["request_id"], state["nonce"] = str(uuid4()), secrets.token_urlsafe(16)
        leaving = OutgoingAnswer(scope, receive, send, bodiless=method == "HEAD")
        try:
            await self.answer(scope, leaving)
        finally:
            if not state.get("is_own", False):
                seconds = time.perf_counter() - began
                self.observe(facts_of(scope, method, leaving.status, seconds), state)
        return None

    async def answer(self, scope: Scope, leaving: "OutgoingAnswer") -> None:
        """Answer one request; a failure is logged by its kind and place."""
        if scope["method"] == "HEAD":
            scope["method"] = "GET"
        if Headers(scope=scope).get("content-encoding", "identity").lower() != "identity":
            return await leaving.refuse(MediaUnknown())
        if not scope["query_string"].isascii():
            return await leaving.refuse(InputRefused(problems=[NOT_ENCODED]))
        if scope["query_string"].count(b"&") >= MOST_PARAMETERS:
            return await leaving.refuse(InputRefused(problems=[TOO_MANY]))
        try:
            await self.app(scope, leaving.receive, leaving.send)
        except Exception as error:  # noqa: BLE001 - the text of any exception stays out of the log
            name, kind, place = scope["state"]["request_id"], type(error).__name__, place_of(error)
            logger.error("request %s: %s at %s", name, kind, place, extra={"request_id": name})  # noqa: TRY400
            if not leaving.started:
                await leaving.refuse(Unexpected())
        return None


def closes(scope: Scope) -> bool:
    """Return whether the connection is closed after this request, which sends a body."""
    headers = Headers(scope=scope)
    sends = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    closing = "close" in headers.get("connection", "").lower() or scope["http_version"] == "1.0"
    # A caller that waits for "100 Continue" sends nothing that would have to be read.
    return sends and closing and "expect" not in headers


class OutgoingAnswer:
    """An answer on its way out."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, *, bodiless: bool) -> None:
        self.scope, self.incoming, self.out, self.bodiless = scope, receive, send, bodiless
        self.started = False
        self.status = GONE
        self.replaced = False
        self.is_read = not closes(scope)

    async def receive(self) -> Message:
        """Pass on a part of the body, and notice its end."""
        message = await self.incoming()
        if message["type"] != "http.request" or not message.get("more_body", False):
            self.is_read = True
        return message

    async def read_rest(self) -> None:
        """Read and throw away what is still on its way, for a while.

        A connection that is closed while a body arrives is cut off, and the answer lost with it.
        """
        length = 0
        try:
            async with asyncio.timeout(UNREAD_SECONDS):
                while not self.is_read and length < MOST_UNREAD:
                    length += len((await self.receive()).get("body", b""))
        except TimeoutError:
            pass
        self.is_read = True

    async def refuse(self, refused: Refused) -> None:
        """Answer with a refusal in place of the application."""
        await problem_response(self.scope, refused)(self.scope, self.receive, self.send)

    async def send(self, message: Message) -> None:
        """Pass one message on, with the headers that every answer carries."""
        if self.replaced:
            return
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if message["status"] == TOO_LARGE and headers.get("content-type") != MEDIA_TYPE:
                # The framework's limit answers in plain text, past every handler.
                await self.refuse(TooLarge())
                self.replaced = True
                return
            self.started, self.status = True, message["status"]
            self.dress(headers)
            if message["status"] >= REFUSED and not self.is_read:
                await self.read_rest()
        elif self.bodiless:
            message = {**message, "body": b""}
        await self.out(message)

    def dress(self, headers: MutableHeaders) -> None:
        """Put on the headers that the answer does not carry itself."""
        state = self.scope["state"]
        headers["X-Request-Id"] = state["request_id"]
        headers["Content-Security-Policy"] = POLICY.format(nonce=state["nonce"])
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
