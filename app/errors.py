"""Everything that the service refuses on purpose, and the common form of the answers (RFC 9457).

Refused
├── Unreadable        400  the body is not what its type says
├── TooSlow           408  the body did not come in time
├── SignInNeeded      401  it is not known who asks (app/access)
├── NotAllowed        403  the asker's roles do not allow it (app/access)
├── AddressUnknown          404  nothing is at this address; subclasses name what is missing
├── MethodUnknown     405  the address accepts other methods
├── Conflict          409  the change conflicts with another, or with what is published
├── TooLarge          413  the body is larger than the service reads
├── MediaUnknown      415  the body is of a type or encoding that is not read
├── InputRefused      422  parts of the request are wrong
├── TooManyRequests   429  the asker has used what it may use for now
├── Unexpected        500  the service failed; the log names the request
└── Unavailable       503  storage is busy or gone for now
    └── NotReady      503  the service is starting

The engine's own refusals are answered as 422 with their kind and all their problems.
"""

import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from pydantic import Field

from app.schemas import Answer
from engine.errors import Problem

MEDIA_TYPE = "application/problem+json"
MOST_PROBLEMS = 200


class ProblemLine(Answer):
    """One reason for a refusal: where it is and what would be right."""

    sentence: str = Field(examples=["must be text; put numbers in quotes"])
    rule: str = Field(description="stable name of the check that failed", examples=["string_type"])
    column: str | None = Field(default=None, description="column of a table")
    row: int | None = Field(default=None, description="row as a spreadsheet numbers it")
    place: str | None = Field(default=None, description="path of a value", examples=["body.day"])
    line: int | None = Field(default=None, description="line of a document")


class Problems(Answer):
    """A refusal (RFC 9457), with every reason that was found."""

    type: str = Field(description="stable kind of refusal", examples=["/problems/table-refused"])
    title: str
    status: int
    detail: str
    instance: str | None = Field(
        default=None,
        description="reference of this request, under which the service logs its own failures",
    )
    problems: list[ProblemLine] = []
    total: int = Field(default=0, description="number of problems; the first are listed")


class Refused(Exception):
    """A refusal with a status, a stable kind and a sentence; never with what was sent."""

    status: ClassVar[int] = 400
    kind: ClassVar[str] = "refused"
    title: ClassVar[str] = "This cannot be done"
    detail: ClassVar[str] = "The request was refused."

    def __init__(
        self,
        detail: str | None = None,
        problems: Sequence[Problem] = (),
        headers: Mapping[str, str] | None = None,
        total: int | None = None,
    ) -> None:
        """Keep the sentence, the problems and headers that the answer needs.

        ``total`` counts all problems where only the first are listed.
        """
        self.sentence = detail or self.detail
        self.problems = tuple(problems)
        self.total = len(self.problems) if total is None else total
        self.headers = dict(headers or {})
        super().__init__(self.sentence)


class Unreadable(Refused):
    """The body is not what its type says."""

    status = HTTPStatus.BAD_REQUEST
    kind = "unreadable"
    title = "The body cannot be read"
    detail = "The body does not match its content type. Send it again, encoded as UTF-8."


class AddressUnknown(Refused):
    """Nothing is at this address."""

    status = HTTPStatus.NOT_FOUND
    kind = "not-found"
    title = "Not found"
    detail = "There is nothing at this address. /openapi.json lists the addresses of this service."


class NotPublished(AddressUnknown):
    """What a request names by fields is not published: a rule set, or a version of it."""

    def __init__(
        self, fields: Mapping[str, object], published: Sequence[int] = (), sentence: str = ""
    ) -> None:
        """Keep the fields that name it with what they hold, and the versions that are published of what the others name.

        ``sentence`` says what is wrong where that is no number of a version, without a capital and a full stop.
        """
        self.fields, self.published = dict(fields), tuple(published)
        versions = f"the published versions are {', '.join(map(str, published))}"
        self.reason = sentence or f"version not found; {versions}"
        said = ". ".join(one[:1].upper() + one[1:] for one in self.reason.split("; "))
        super().__init__(f"{said}." if published else None)


class MethodUnknown(Refused):
    """The address accepts other methods."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    kind = "method-unknown"
    title = "Method not allowed"
    detail = (
        "This address does not accept this method. The header 'Allow' lists those that it accepts."
    )


class TooSlow(Refused):
    """The body did not come in time."""

    status = HTTPStatus.REQUEST_TIMEOUT
    kind = "too-slow"
    title = "The request took too long to arrive"
    detail = "The body took too long to arrive. Send it again over a faster connection."


class Conflict(Refused):
    """The change conflicts with another change, or with something that is published."""

    status = HTTPStatus.CONFLICT
    kind = "conflict"
    title = "The change conflicts with something published"
    detail = (
        "Another change was made first, or something published would change. Nothing was saved."
    )


class TooLarge(Refused):
    """The body is larger than the service reads."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    kind = "too-large"
    title = "The body is too large"
    detail = "The body is larger than the service accepts. Send it in parts."


class MediaUnknown(Refused):
    """The body is of a type or encoding that is not read."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    kind = "media-unknown"
    title = "Unsupported content type"
    detail = "Send JSON as application/json, encoded as UTF-8 and without compression."


class InputRefused(Refused):
    """Parts of the request are wrong."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    kind = "input-refused"
    title = "There is a problem with the request"
    detail = "Each problem gives its place in the request and what would be right."


class TooManyRequests(Refused):
    """The asker has used what it may use for now."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    kind = "too-many-requests"
    title = "You have asked for too much at once"
    detail = "Your requests took as much work as one asker may use for now. Try again after the seconds in 'Retry-After'."

    def __init__(self, seconds: float) -> None:
        """Say after how many seconds to ask again; spreadsheets understand whole ones alone."""
        super().__init__(headers={"Retry-After": str(max(math.ceil(seconds), 1))})


class Unexpected(Refused):
    """The service failed."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    kind = "unexpected"
    title = "The service failed"
    detail = "The service failed, and nothing of this request was saved. Its log has the instance."


class Unavailable(Refused):
    """Storage is busy or gone for now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    kind = "unavailable"
    title = "The service cannot answer now"
    detail = "The database did not answer in time. Try again after the seconds in 'Retry-After'."

    def __init__(self, detail: str | None = None, problems: Sequence[Problem] = ()) -> None:
        """Say when to ask again; spreadsheets understand only whole seconds."""
        super().__init__(detail, problems, {"Retry-After": "5"})


class NotReady(Unavailable):
    """The service is starting."""

    kind = "not-ready"
    title = "The service is not ready"
    detail = "The service is starting, or something that it needs is missing."


def refusals(*refused: type[Refused]) -> dict[int | str, dict[str, Any]]:
    """Return what an endpoint declares of its refusals, for ``responses=``."""
    schema = {"$ref": "#/components/schemas/Problems"}
    return {
        int(one.status): {"description": one.title, "content": {MEDIA_TYPE: {"schema": schema}}}
        for one in refused
    }


EVERYWHERE = refusals(
    TooLarge, MediaUnknown, InputRefused, TooManyRequests, Unexpected, Unavailable
)
"""What any endpoint may answer, whatever it does."""
