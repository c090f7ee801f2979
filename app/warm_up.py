"""Questions that the service answers at start, so that no user waits for first-use work.

Templates, statements and checks of bodies are made when they are first needed. Asking each
kind of question once, before the service says that it is ready, makes them.
"""

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

from starlette.types import ASGIApp, Message

from app.access import OWNER
from app.what_ifs.examples import WHAT_IFS
from engine.data import FIXTURES

QUESTIONS = json.loads((FIXTURES / "examples" / "first_questions.json").read_text(encoding="utf-8"))


async def ask_first_questions(app: ASGIApp) -> list[int]:
    """Ask each question and return the status of each answer.

    A service whose rule sets are not the published ones answers some with 404, which is
    no fault: what all answers share is made all the same.
    """
    return [await _ask(app, one, body) for one in QUESTIONS for body in _bodies(one)]


def _bodies(question: dict[str, str]) -> list[bytes]:
    """Return what a question is sent with: each of its examples in turn, or nothing."""
    examples = WHAT_IFS.get(question.get("examples", ""))
    if examples is None:
        return [b""]
    return [json.dumps(one["value"]).encode() for one in examples.values()]


async def _ask(app: ASGIApp, question: dict[str, str], body: bytes) -> int:
    statuses: list[int] = []

    sent, never = iter([body]), asyncio.Event()

    async def receive() -> Message:
        for part in sent:
            return {"type": "http.request", "body": part, "more_body": False}
        await never.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(_scope(question, len(body)), receive, send)
    return statuses[0]


def _scope(question: dict[str, str], length: int) -> MutableMapping[str, Any]:
    headers = [
        (b"host", b"localhost"),
        (b"content-type", b"application/json"),
        (b"content-length", str(length).encode()),
    ]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "http",
        "method": question["method"],
        "path": question["path"],
        "raw_path": question["path"].encode(),
        "query_string": question.get("query", "").encode(),
        "root_path": "",
        # No one asks, so that nothing is recorded and no one's limit is used.
        "state": {"is_own": True, "is_charged": True, "asker": OWNER},
        "headers": headers,
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 80),
    }
