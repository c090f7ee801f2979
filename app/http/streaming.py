"""Large answers, written as JSON in pieces: no more of one is in memory than its next piece.

The first megabyte is written before anything leaves, so that whatever goes wrong there is still
answered as a refusal. What is longer leaves piece by piece while the rest is worked out, and the
caller keeps its slot for heavy work until the last piece, but not while it is slow to read.
"""

import asyncio
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import orjson
from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive, Scope, Send

from app.admission import Place
from app.http.disconnection import CallerGone, watched

MOST_WHOLE = 1024 * 1024
"""Bytes up to which an answer leaves whole, with its length."""

PIECE = 128 * 1024
PROMPT = 0.5
"""Seconds in which a caller who reads takes a piece; a slower one gives its slot to others meanwhile."""

STALLED = 30.0
"""Seconds after which a caller who takes no piece is given up."""


def json_parts(answer: Mapping[str, object]) -> Iterator[bytes]:
    """Yield an answer as JSON; a field that is an iterator is written record by record, as a list."""
    mark = b"{"
    for name, value in answer.items():
        yield mark + orjson.dumps(name) + b":"
        mark = b","
        if isinstance(value, Iterator):
            yield from _in_list(value)
        else:
            yield orjson.dumps(value)
    yield b"}"


def _in_list(records: Iterator[Any]) -> Iterator[bytes]:
    mark = b"["
    for record in records:
        yield mark + orjson.dumps(record)
        mark = b","
    yield b"[]" if mark == b"[" else b"]"


def json_answer(answer: Mapping[str, object]) -> Response:
    """Return an answer as JSON: whole where it is short, in pieces otherwise."""
    parts, first = json_parts(answer), bytearray()
    for part in parts:
        first += part
        if len(first) > MOST_WHOLE:
            return StreamedResponse(chain((bytes(first),), parts))
    return Response(bytes(first), media_type="application/json")


class StreamedResponse(Response):
    """An answer that leaves in pieces, made on a thread of work while the caller reads."""

    media_type = "application/json"

    def __init__(self, parts: Iterator[bytes]) -> None:
        """Begin with parts, of which as many make a piece as are long enough."""
        self.status_code, self.background = 200, None
        self.body = b""
        self.parts = parts
        self.place: Place | None = None
        self.init_headers()
        del self.headers["content-length"]

    def hold(self, place: Place) -> None:
        """Take over the place of the work that makes the pieces, and give it back at the end."""
        self.place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer; a caller who has gone, or reads no more, is left without its end."""
        try:
            async with watched(Request(scope, receive)) as caller:
                head = {"status": self.status_code, "headers": self.raw_headers}
                await send({"type": "http.response.start", **head})
                while piece := await run_in_threadpool(self._piece):
                    await self._give(send, piece)
                    caller.check()
                await send({"type": "http.response.body", "body": b""})
            if self.place is not None:
                self.place.done()
        except (CallerGone, TimeoutError):
            return
        finally:
            if self.place is not None:
                self.place.leave()

    def _piece(self) -> bytes:
        """Return the next piece; nothing after the last."""
        piece = bytearray()
        for part in self.parts:
            piece += part
            if len(piece) >= PIECE:
                break
        return bytes(piece)

    async def _give(self, send: Send, piece: bytes) -> None:
        """Send one piece; raise ``TimeoutError`` where the caller does not take it."""
        message: Message = {"type": "http.response.body", "body": piece, "more_body": True}
        sending = asyncio.ensure_future(send(message))
        try:
            done, _ = await asyncio.wait({sending}, timeout=PROMPT)
            if done:
                return sending.result()
            if self.place is not None:
                self.place.pause()
            await asyncio.wait_for(sending, STALLED)
        finally:
            sending.cancel()
        if self.place is not None:
            await self.place.resume()
        return None
