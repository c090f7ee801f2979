"""Pages of other origins that a browser lets read the API: those that the operator lists, and no others."""

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.cells.schemas import HEADERS as CELL_HEADERS

METHODS = ("GET", "HEAD", "POST")
SENT = ("Content-Type", "If-None-Match")
EXPOSED = ("ETag", "Retry-After", "X-Request-Id", *CELL_HEADERS)
SECONDS = 600


class AllowedOrigins:
    """An ASGI application around the service that answers listed origins with CORS headers."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        """Keep the origins, such as ``https://sheets.example.org``."""
        self.app, self.origins = app, frozenset(origins)
        self.cors = CORSMiddleware(
            app,
            allow_origins=list(origins),
            allow_methods=METHODS,
            allow_headers=SENT,
            expose_headers=EXPOSED,
            max_age=SECONDS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; one of another origin is answered as if it had none."""
        if scope["type"] != "http" or not self.origins:
            return await self.app(scope, receive, send)
        is_listed = Headers(scope=scope).get("origin") in self.origins

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # An answer that is kept is not the answer to another origin.
                headers.add_vary_header("Origin")
                if is_listed:
                    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            await send(message)

        answer = self.cors if is_listed else self.app
        return await answer(scope, receive, dressed)
