"""Whether a caller is still there: work for one who has gone stops at its next step."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from fastapi import Request

T = TypeVar("T")


class CallerGone(Exception):
    """The caller has gone: the answer has no reader."""


class Caller:
    """The caller of an answer; threads that work on it check whether they should go on."""

    def __init__(self) -> None:
        """Start with a connected caller."""
        self.has_gone = False
        self._gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def gone(self) -> None:
        """Note that the caller has gone."""
        self.has_gone = True
        if not self._gone.done():
            self._gone.set_result(None)

    def check(self) -> None:
        """Raise ``CallerGone`` where the caller has gone."""
        if self.has_gone:
            raise CallerGone

    async def wait_for(self, step: Awaitable[T]) -> T:
        """Return the result of a step that waits; raise ``CallerGone`` if the caller has gone."""
        task = asyncio.ensure_future(step)
        either: set[asyncio.Future[Any]] = {task, self._gone}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not task.done():
                task.cancel()
        if self.has_gone:
            await asyncio.gather(task, return_exceptions=True)
            raise CallerGone
        return task.result()


_CALLER: ContextVar[Caller | None] = ContextVar("caller", default=None)


def stop_if_caller_gone() -> None:
    """Raise ``CallerGone`` in work whose caller has gone; long work asks at each of its steps."""
    caller = _CALLER.get()
    if caller is not None:
        caller.check()


@asynccontextmanager
async def watched(request: Request) -> AsyncIterator[Caller]:
    """Watch a caller whose body has been read, for as long as the work takes."""
    caller = Caller()

    async def watch() -> None:
        # Once the body is read there is nothing more to receive than that the caller has gone.
        if (await request.receive())["type"] == "http.disconnect":
            caller.gone()

    watching = asyncio.create_task(watch())
    token = _CALLER.set(caller)
    try:
        yield caller
    finally:
        _CALLER.reset(token)
        watching.cancel()
