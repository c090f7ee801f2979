"""Routes that take JSON: first admission, then the body is read and checked off the event loop."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, cast, runtime_checkable

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from app.admission import LEAST, SECONDS_A_BYTE, Place, gate_of
from app.bodies.json_text import values_of
from app.bodies.records import BodyProblems
from app.bodies.sound_fields import can_be_left_out, certain, without
from app.errors import MOST_PROBLEMS, InputRefused, MediaUnknown, Refused, TooLarge, TooSlow
from app.http.disconnection import CallerGone, watched
from app.http.streaming import StreamedResponse
from app.problems.responses import worded
from engine.errors import Refusal
from engine.money import is_digits

MOST_BYTES = 4 * 1024 * 1024
SLOWEST = 30.0
"""Seconds in which a body must have come."""

CLIENT_CLOSED_REQUEST = 499
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@runtime_checkable
class Weighed(Protocol):
    """A body that knows how many seconds of one core its answer takes."""

    @property
    def work(self) -> float:
        """Return the seconds."""


class ReadRequest(Request):
    """A request whose body has been read and checked."""

    def __init__(self, request: Request, data: bytes, value: object = None) -> None:
        """Act as a request with the bytes that were sent and the value that they hold."""
        super().__init__(request.scope, request.receive)
        self._data, self._value = data, value

    async def body(self) -> bytes:
        """Return what was sent."""
        return self._data

    async def json(self) -> Any:
        """Return the value of the body."""
        return self._value


class BodyRoute(APIRoute):
    """A route whose JSON body is bounded, strict and read off the event loop."""

    def get_route_handler(self) -> Handler:
        """Return what answers a request, around the framework's own."""
        answer = super().get_route_handler()
        if self.body_field is None:
            return answer
        schema: TypeAdapter[Any] = TypeAdapter(cast("Any", self.body_field.field_info.annotation))
        most = self.max_body_size or MOST_BYTES

        async def handle(request: Request) -> Response:
            gate, length = gate_of(request), _length(request, most)
            try:
                with gate.arrival(_weight(length)):
                    data = await _read(request, most)
                return await _work(request, Place(gate, _weight(len(data))), schema, data, answer)
            except (CallerGone, ClientDisconnect):
                return Response(status_code=CLIENT_CLOSED_REQUEST)

        return handle


def _weight(length: int) -> float:
    """Return how many seconds of work a body of so many bytes is thought to be."""
    return max(length * SECONDS_A_BYTE, LEAST)


async def _work(
    request: Request, place: Place, schema: TypeAdapter[Any], data: bytes, answer: Handler
) -> Response:
    """Answer a body in its turn; an answer that leaves in pieces takes the place with it."""
    response: Response | None = None
    try:
        if not data:
            return await answer(ReadRequest(request, data))
        async with watched(request) as caller:
            await caller.wait_for(place.turn())
            value, refused, wrong = await run_in_threadpool(_known, schema, data)
            if isinstance(value, Weighed):
                await caller.wait_for(place.correct(value.work))
            if refused is not None:
                of_records = ReadRequest(request, data, value)
                raise await _with_records(refused, value, wrong, answer, of_records)
            response = await answer(ReadRequest(request, data, value))
        if isinstance(response, StreamedResponse):
            response.hold(place)
        else:
            place.done()
        return response
    finally:
        if not isinstance(response, StreamedResponse):
            place.leave()


def _known(
    schema: TypeAdapter[Any], data: bytes
) -> tuple[object, InputRefused | None, set[object]]:
    """Return what a body says, its refusal and the fields that are wrong: with every problem counted and the first worded, None where it is sound.

    Of one that is refused it is what its sound fields say, where its records can be looked at without
    the others; else None.
    """
    values, found = values_of(data), BodyProblems()
    value, fields = None, set[object]()
    try:
        value = schema.validate_python(values, context=found)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        first = [{**one, "loc": ("body", *one["loc"])} for one in errors[:MOST_PROBLEMS]]
        fields = {one["loc"][0] if one["loc"] else None for one in errors}
        found.listed = [*worded(first, values), *found.listed][:MOST_PROBLEMS]
        found.total += len(errors)
    try:
        found.refuse()
    except InputRefused as refused:
        sound = without(fields, values, schema) if can_be_left_out(fields) else None
        return sound, refused, fields
    return value, None, fields


async def _with_records(
    refused: InputRefused, value: object, wrong: set[object], answer: Handler, request: Request
) -> InputRefused:
    """Return the refusal of a body, with what would be refused next of its records by the fields that are sound."""
    if value is None:
        return refused
    try:
        await answer(request)
    except (InputRefused, Refusal) as more:
        problems, total = certain(more.problems, more.total, wrong)
        listed = [*refused.problems, *problems][:MOST_PROBLEMS]
        return InputRefused(problems=listed, total=refused.total + total)
    except Refused:
        # What no field of the body says, such as a rule set that is not found, is said when the body is sound.
        return refused
    return refused


def _length(request: Request, most: int) -> int:
    """Return the length of the body, the limit where none is stated; refuse a longer one."""
    media, *parameters = request.headers.get("content-type", "").lower().split(";")
    length_header = request.headers.get("content-length", "")
    length = (
        int(length_header)
        if is_digits(length_header) and len(length_header) < len("10000000000")
        else None
    )
    if length is not None and length > most:
        raise TooLarge
    if length == 0 or (length is None and "transfer-encoding" not in request.headers):
        return 0
    kind = media.strip()
    if kind != "application/json" and not (
        kind.startswith("application/") and kind.endswith("+json")
    ):
        raise MediaUnknown
    for name, _, value in (one.strip().partition("=") for one in parameters):
        if name.strip() == "charset" and value.strip().strip('"') not in {"utf-8", "utf8"}:
            raise MediaUnknown
    return most if length is None else length


async def _read(request: Request, most: int) -> bytes:
    """Return a body, or refuse one that is too long or too slow."""
    parts, length = [], 0
    try:
        async with asyncio.timeout(SLOWEST):
            async for part in request.stream():
                length += len(part)
                if length > most:
                    raise TooLarge
                parts.append(part)
    except TimeoutError:
        raise TooSlow from None
    return b"".join(parts)
