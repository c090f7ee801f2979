"""Endpoints that need a right: who lacks it is refused, and the refusal is recorded."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from app.access.askers import Asker, AskerDep
from app.access.refusals import NotAllowed
from app.access.rights import Right
from app.audit import service as audit
from app.database import database_of


def require(*rights: Right) -> Any:
    """Return a dependency that gives who asks, or refuses (403) who has none of some rights.

    ``asker: Annotated[Asker, require(Right.publish)]`` in an endpoint, in place of ``AskerDep``. The
    refusal is recorded in a transaction of its own, as that of the request keeps nothing.
    """
    return Depends(_checks(rights))


def _checks(rights: tuple[Right, ...]) -> Callable[..., Awaitable[Asker]]:
    needs = " or ".join(one.value for one in rights)

    async def allowed(request: Request, asker: AskerDep) -> Asker:
        if any(map(asker.may, rights)):
            return asker
        await run_in_threadpool(record_denied, request, asker, needs)
        raise NotAllowed

    return allowed


def subject_of(request: Request) -> str:
    """Return the method and the address of an endpoint, with the names of its parts and not what they hold."""
    route = request.scope.get("route")
    return f"{request.method} {getattr(route, 'path', '')}"[:200]


def record_denied(request: Request, asker: Asker, needs: str) -> None:
    """Record that a request was refused for want of something, in a transaction of its own."""
    subject = subject_of(request)
    with database_of(request).writing() as session:
        audit.record(asker, session, audit.Action.access_denied, subject, {"needs": needs})
