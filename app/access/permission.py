"""Endpoints that need a right: who lacks it is refused, and the refusal is recorded."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from starlette.concurrency import run_in_threadpool

from app.access.askers import Asker, AskerDep, asker_of
from app.access.refusals import NotAllowed
from app.access.rights import Right
from app.audit import service as audit
from app.database import database_of
from app.observability.facts import route_of


def require(*rights: Right) -> Any:
    """Return a dependency that gives who asks, or refuses (403) who has none of some rights.

    ``asker: Annotated[Asker, require(Right.publish)]`` in an endpoint, in place of ``AskerDep``. The
    refusal is recorded in a transaction of its own, as that of the request keeps nothing.
    """
    return Depends(RightCheck(*rights))


class RightCheck:
    """A check that who asks has one of some rights."""

    def __init__(self, *rights: Right) -> None:
        self.rights = rights

    async def __call__(self, request: Request, asker: AskerDep) -> Asker:
        """Return who asks, or record and refuse who may not."""
        if any(map(asker.may, self.rights)):
            return asker
        needs = " or ".join(one.value for one in self.rights)
        await run_in_threadpool(record_denied, request, asker, needs)
        raise NotAllowed

    async def before_body(self, request: Request) -> None:
        """Check before anything is read of a body, which may be large."""
        await self(request, await asker_of(request))


Check = Callable[[Request], Awaitable[object]]


def checks_of(dependant: Dependant) -> list[Check]:
    """Return what an endpoint asks of a request before it reads a body: who asks, and with which right."""
    below = [check for one in dependant.dependencies for check in checks_of(one)]
    if isinstance(dependant.call, RightCheck):
        return [dependant.call.before_body]
    return [asker_of] if dependant.call is asker_of else below


CalculatorDep = Annotated[Asker, require(Right.calculate)]
"""Who asks what records of pupils or schools come to."""


def subject_of(request: Request) -> str:
    """Return the method and the address of an endpoint, with the names of its parts and not what they hold."""
    return f"{request.method} {route_of(request.scope)}"[:200]


def record_denied(request: Request, asker: Asker, needs: str) -> None:
    """Record that a request was refused for want of something, in a transaction of its own."""
    subject = subject_of(request)
    with database_of(request).writing() as session:
        audit.record(asker, session, audit.Action.access_denied, subject, {"needs": needs})
