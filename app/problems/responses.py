"""Exceptions to answers: each becomes a problem, and none repeats what was sent."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DatabaseError, IntegrityError, InternalError, OperationalError
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount
from starlette.types import Scope

from app.errors import (
    MEDIA_TYPE,
    MOST_PROBLEMS,
    AddressUnknown,
    Conflict,
    InputRefused,
    MediaUnknown,
    MethodUnknown,
    ProblemLine,
    Problems,
    Refused,
    TooLarge,
    Unavailable,
    Unexpected,
    Unreadable,
)
from engine.errors import Problem, Refusal
from engine.wording import UNKNOWN_FIELD, place_of, sentence_of, unknown_field

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
"""Methods that an endpoint may have; HEAD is answered wherever GET is."""

OF_FILES = ("GET",)

BY_STATUS: dict[int, type[Refused]] = {
    int(one.status): one
    for one in (Unreadable, AddressUnknown, MethodUnknown, TooLarge, MediaUnknown, InputRefused)
}
JSON_WORDS = {
    "json_invalid": "is not JSON; check the quotation marks, commas and brackets",
    "model_attributes_type": "must be a JSON object, in curly brackets",
    "model_type": "must be a JSON object, in curly brackets",
    "dict_type": "must be a JSON object, in curly brackets",
    "list_type": "must be a JSON array, in square brackets",
    "tuple_type": "must be a JSON array, in square brackets",
}
"""Sentences for faults that are corrected differently in JSON than in YAML."""
# Names that fields have. Any other part of a path may be a pupil's key that the caller sent.
FIELD = re.compile(r"(?!(.*[0-9]){3})[a-z][a-z0-9_]{0,40}")


def kinds(root: type[Refused | Refusal]) -> Iterator[type[Refused | Refusal]]:
    """Yield every class of refusal below one, the nearest first."""
    for one in root.__subclasses__():
        yield one
        yield from kinds(one)


def titles() -> dict[str, str]:
    """Return the title of every kind of refusal that is loaded, by its stable name."""
    return {one.kind: one.title for root in (Refused, Refusal) for one in kinds(root)}


def request_name(scope: Scope) -> str | None:
    """Return the name under which the log knows a request."""
    name = scope.get("state", {}).get("request_id")
    return f"urn:uuid:{name}" if name else None


def problem_response(scope: Scope, refused: Refused) -> Response:
    """Return a refusal of the service as an answer."""
    answer = Problems(
        type=f"/problems/{refused.kind}",
        title=refused.title,
        status=refused.status,
        detail=refused.sentence,
        instance=request_name(scope),
        problems=_lines(refused.problems),
        total=refused.total,
    )
    return _response(scope, refused.kind, answer, refused.headers)


def _lines(problems: Sequence[Problem]) -> list[ProblemLine]:
    return [ProblemLine.model_validate(one) for one in problems[:MOST_PROBLEMS]]


def _response(scope: Scope, kind: str, answer: Problems, headers: Mapping[str, str]) -> Response:
    """Return an answer, and leave its kind where what is recorded of a request is found."""
    scope.setdefault("state", {})["refusal"] = kind
    content = orjson.dumps(answer.model_dump())
    return Response(content, answer.status, headers=headers, media_type=MEDIA_TYPE)


def refused_by_service(request: Request, error: Exception) -> Response:
    """Answer a refusal of the service."""
    return problem_response(request.scope, cast("Refused", error))


def refused_by_engine(request: Request, error: Exception) -> Response:
    """Answer a refusal of the engine with its kind and all its problems."""
    refusal = cast("Refusal", error)
    answer = Problems(
        type=f"/problems/{refusal.kind}",
        title=refusal.title,
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        detail="Each problem gives its place and what would be right.",
        instance=request_name(request.scope),
        problems=_lines(refusal.problems),
        total=refusal.total,
    )
    return _response(request.scope, refusal.kind, answer, {})


def allowed(request: Request) -> str:
    """Return the header ``Allow`` of an address, such as ``GET, HEAD, POST``."""
    accepted = [method for method in METHODS if _is_accepted(request, method)]
    return ", ".join("GET, HEAD" if method == "GET" else method for method in accepted)


def _is_accepted(request: Request, method: str) -> bool:
    scope = request.scope
    # A route that was tried has left its own words in the scope of the request.
    asked = {name: scope[name] for name in ("type", "path", "headers")}
    asked |= {"method": method, "root_path": scope.get("app_root_path", scope.get("root_path", ""))}
    return any(
        route.matches(dict(asked))[0] is Match.FULL
        and (method in OF_FILES or not isinstance(route, Mount))
        for route in request.app.routes
    )


def refused_by_framework(request: Request, error: Exception) -> Response:
    """Answer what the framework refuses, by its status alone: its own words may repeat input."""
    found = cast("HTTPException", error)
    headers = {name.title(): value for name, value in (found.headers or {}).items()}
    if found.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # The framework names the methods of the first route alone.
        headers["Allow"] = allowed(request)
    refused = BY_STATUS.get(found.status_code)
    if refused is not None:
        return problem_response(request.scope, refused(headers=headers))
    phrase = HTTPStatus(found.status_code).phrase
    answer = Problems(
        type="about:blank",
        title=phrase,
        status=found.status_code,
        detail="The request was refused.",
        instance=request_name(request.scope),
    )
    return _response(request.scope, "refused", answer, headers)


def path_part(part: object) -> str:
    """Return a part of a path: a field's name or a position, and nothing that a caller made up."""
    if isinstance(part, int) or FIELD.fullmatch(str(part)):
        return str(part)
    return "(not shown)"


def refused_input(request: Request, error: Exception) -> Response:
    """Answer input that does not fit its schema by place and rule, never by value."""
    errors = cast("RequestValidationError", error).errors()
    if any(_is_other_media(request, one["loc"], one["type"]) for one in errors):
        return problem_response(request.scope, MediaUnknown())
    body = cast("RequestValidationError", error).body
    refused = InputRefused(problems=worded(errors[:MOST_PROBLEMS], body), total=len(errors))
    return problem_response(request.scope, refused)


def worded(
    errors: Sequence[Mapping[str, Any]],
    body: object,
    schema: Callable[[], Mapping[str, Any]] | None = None,
) -> list[Problem]:
    """Return what a schema found wrong with a request, by place and rule; the body helps to find the place.

    ``schema`` gives the JSON Schema of the body, by which an unknown field is answered with those that are known.
    """
    held = {"body": body}
    problems = []
    for one in errors:
        where = tuple(one["loc"])
        if where[0] == "body" and one["type"] != "json_invalid":
            where = place_of(where, held, missing=one["type"] == "missing") or where
        place = ".".join(path_part(part) for part in where)
        sentence = sentence_of(one, JSON_WORDS)
        if schema is not None and one["type"] == UNKNOWN_FIELD:
            sentence = unknown_field(schema(), where[1:])
        problems.append(Problem(sentence, one["type"], place=place))
    return problems


def _is_other_media(request: Request, place: Sequence[object], rule: str) -> bool:
    # A body of another type reaches the schema as bytes, which no object can be read from.
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = media == "application/json" or media.endswith("+json")
    return tuple(place) == ("body",) and rule != "missing" and not is_json


def refused_by_constraint(request: Request, error: Exception) -> Response:  # noqa: ARG001
    """Answer a change that the database's own rules refuse."""
    return problem_response(request.scope, Conflict())


def storage_unavailable(request: Request, error: Exception) -> Response:  # noqa: ARG001
    """Answer for storage that is busy or gone."""
    return problem_response(request.scope, Unavailable())


def storage_failed(request: Request, error: Exception) -> Response:
    """Answer for damaged or refusing storage; a wrong query is a failure of the service."""
    if type(error) in {DatabaseError, InternalError}:
        return storage_unavailable(request, error)
    raise error


def failed(request: Request, error: Exception) -> Response:  # noqa: ARG001
    """Answer for a failure without any detail of it."""
    return problem_response(request.scope, Unexpected())


def install(app: FastAPI) -> None:
    """Let every exception be answered as a problem."""
    app.add_exception_handler(Refused, refused_by_service)
    app.add_exception_handler(Refusal, refused_by_engine)
    app.add_exception_handler(HTTPException, refused_by_framework)
    app.add_exception_handler(RequestValidationError, refused_input)
    app.add_exception_handler(IntegrityError, refused_by_constraint)
    app.add_exception_handler(OperationalError, storage_unavailable)
    app.add_exception_handler(DatabaseError, storage_failed)
    app.add_exception_handler(Exception, failed)
