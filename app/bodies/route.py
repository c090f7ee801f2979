"""Routes that take JSON: first admission, then the body is read and checked off the event loop."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, cast, runtime_checkable

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from app.access.permission import checks_of
from app.admission import LEAST, SECONDS_A_BYTE, Place, gate_of
from app.bodies.further_problems import with_every_problem
from app.bodies.json_text import values_of
from app.bodies.records import BodyProblems
from app.bodies.row_counts import row_counts
from app.bodies.sound_fields import NOTHING, Wrong, with_sound_codes, without, wrong_of
from app.errors import MOST_PROBLEMS, InputRefused, MediaUnknown, NotPublished, TooLarge, TooSlow
from app.http.disconnection import CallerGone, watched
from app.http.streaming import StreamedResponse
from app.problems.responses import worded
from engine.errors import Problem, Refusal
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
    """A route whose JSON body is bounded, strict and read off the event loop.

    A body that is refused is answered again without what was refused, for every problem of it.
    """

    answers_again = True

    def get_route_handler(self) -> Handler:
        """Return what answers a request, around the framework's own."""
        answer = super().get_route_handler()
        if self.body_field is None:
            return answer
        schema: TypeAdapter[Any] = TypeAdapter(cast("Any", self.body_field.field_info.annotation))
        most, again = self.max_body_size or MOST_BYTES, self.answers_again
        checks = checks_of(self.dependant)

        async def handle(request: Request) -> Response:
            for check in checks:
                await check(request)
            gate, length = gate_of(request), _length(request, most)
            try:
                with gate.arrival(_weight(length)):
                    data = await _read(request, most)
                place = Place(gate, _weight(len(data)))
                return await _work(request, place, schema, data, answer, again=again)
            except (CallerGone, ClientDisconnect):
                return Response(status_code=CLIENT_CLOSED_REQUEST)

        return handle


def _weight(length: int) -> float:
    """Return how many seconds of work a body of so many bytes is thought to be."""
    return max(length * SECONDS_A_BYTE, LEAST)


class WritingRoute(BodyRoute):
    """A route that writes: a body that is refused is never answered again, as that could keep a part of it."""

    answers_again = False


async def _work(
    request: Request,
    place: Place,
    schema: TypeAdapter[Any],
    data: bytes,
    answer: Handler,
    *,
    again: bool,
) -> Response:
    """Answer a body in its turn; an answer that leaves in pieces takes the place with it."""
    response: Response | None = None
    try:
        if not data:
            return await answer(ReadRequest(request, data))
        async with watched(request) as caller:
            await caller.wait_for(place.turn())
            value, refused, wrong = await run_in_threadpool(_known, schema, data)
            counts, state = row_counts(value), request.scope["state"]
            state["rows"], state["pupil_rows"] = counts
            if isinstance(value, Weighed):
                await caller.wait_for(place.correct(value.work))
            state["work"] = place.work

            async def answered(body: object) -> Response:
                return await answer(ReadRequest(request, data, body))

            if refused is not None:
                if value is None or not again:
                    raise refused
                raise await with_every_problem(refused, value, wrong, answered)
            try:
                response = await answered(value)
            except (InputRefused, Refusal, NotPublished) as first:
                if not again:
                    raise
                raise await with_every_problem(first, value, wrong, answered) from None
        if isinstance(response, StreamedResponse):
            response.hold(place)
        else:
            place.done()
        return response
    finally:
        if not isinstance(response, StreamedResponse):
            place.leave()


MOST_ROUNDS = 4
"""Times that a body is looked at, each time without what was wrong before."""


def _known(schema: TypeAdapter[Any], data: bytes) -> tuple[object, InputRefused | None, Wrong]:
    """Return what a body says, its refusal and what is wrong: with every problem counted and the first worded, None where it is sound.

    Of one that is refused it is what the rest of it says, where its records can be looked at without
    what is wrong; else None.
    """
    values = body = values_of(data)
    listed: list[Problem] = []
    total, wrong = 0, NOTHING
    for _ in range(MOST_ROUNDS):
        value, found, of_round = _read_as(schema, body)
        total += found.total
        listed = [*listed, *found.listed][:MOST_PROBLEMS]
        if not found.total:
            break
        wrong |= of_round
        if not wrong.can_be_left_out or (body := without(wrong, values)) is None:
            value = None
            break
    if not total:
        return value, None, wrong
    rest = None if value is None else with_sound_codes(wrong, values, value)
    return rest, InputRefused(problems=listed, total=total), wrong


def _read_as(schema: TypeAdapter[Any], values: object) -> tuple[object, BodyProblems, Wrong]:
    """Return what a body says, None where it is refused, with its problems and what is wrong."""
    found, errors = BodyProblems(), list[Any]()
    value: object = None
    try:
        value = schema.validate_python(values, context=found)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        first = [{**one, "loc": ("body", *one["loc"])} for one in errors[:MOST_PROBLEMS]]
        found.listed = [*worded(first, values, schema.json_schema), *found.listed][:MOST_PROBLEMS]
        found.total += len(errors)
    if not found.total:
        return value, found, NOTHING
    return None, found, wrong_of(errors, found, schema.json_schema)


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
