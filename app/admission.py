"""How many calculations run at once: beyond that a caller is told when to ask again."""

import asyncio
from collections.abc import AsyncIterator
from typing import cast

from fastapi import Depends, Request

from app.errors import Unavailable

Gate = asyncio.Semaphore


class Busy(Unavailable):
    """The service is busy."""

    kind = "busy"
    title = "The service is busy"
    detail = "The service is busy. Try again after the seconds in 'Retry-After'."


async def admitted(request: Request) -> AsyncIterator[None]:
    """Hold a place at the gate while the endpoint works; refuse who waits too long for one."""
    settings = request.app.state.settings
    state = request.app.state
    if not hasattr(state, "gate"):
        state.gate = Gate(settings.calculations_at_once)
    gate = cast("Gate", state.gate)
    if not gate.locked():
        await gate.acquire()
    else:
        await _wait(gate, settings.calculation_wait_seconds)
    try:
        yield
    finally:
        gate.release()


async def _wait(gate: Gate, seconds: float) -> None:
    try:
        await asyncio.wait_for(gate.acquire(), seconds)
    except TimeoutError:
        raise Busy from None


# scope="function": the place is given back when the work is done, not when the answer has left.
ADMITTED = Depends(admitted, scope="function")
