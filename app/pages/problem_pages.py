"""Refusals for people: what the API says as a problem, a browser is shown as a page."""

import json
from http import HTTPStatus
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import MEDIA_TYPE
from app.pages.rendering import ENVIRONMENT

API = ("/v1/", "/health/", "/openapi.json")


def wants_page(scope: Scope) -> bool:
    """Return whether a request comes from a person who reads pages."""
    accepted = Headers(scope=scope).get("accept", "")
    return "text/html" in accepted and not scope["path"].startswith(API)


class ProblemPages:
    """An ASGI application around the service that shows its refusals as pages."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, a refusal as a page where one is wanted."""
        if scope["type"] != "http" or not wants_page(scope):
            return await self.app(scope, receive, send)
        answer = ProblemAnswer(scope, receive, send)
        return await self.app(scope, receive, answer.send)


class ProblemAnswer:
    """An answer on its way to a browser; a problem is held back until it is whole."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self.receive, self.out = scope, receive, send
        self.start: Message | None = None
        self.body = b""

    async def send(self, message: Message) -> None:
        """Pass a message on, or keep a problem's until its last."""
        if message["type"] == "http.response.start":
            if Headers(raw=message["headers"]).get("content-type") == MEDIA_TYPE:
                self.start = message
                return
        elif self.start is not None:
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self.answer(self.start, json.loads(self.body))
            return
        await self.out(message)

    async def answer(self, start: Message, problem: dict[str, Any]) -> None:
        """Send a problem as a page with the same status and headers."""
        headers = {
            name: value
            for name, value in Headers(raw=start["headers"]).items()
            if name not in {"content-type", "content-length"}
        }
        response = HTMLResponse(problem_page(problem), start["status"], headers=headers)
        await response(self.scope, self.receive, self.out)


def problem_page(problem: dict[str, Any]) -> str:
    """Return a problem in the words of a page."""
    is_missing = problem["status"] == HTTPStatus.NOT_FOUND and problem["type"].endswith(
        "/not-found"
    )
    return ENVIRONMENT.get_template("problem.html").render(
        path="", problem=problem, is_missing=is_missing
    )
