"""Who may calculate now, who waits, and who is asked at once to try again later.

Work is weighed in seconds of one core: by the length of its body before that is read, by its
records and the work done on them afterwards. Light work, such as a cell of a spreadsheet, never
waits for heavy work: each has a lane of its own. Heavy work runs about once a core, in the order
in which it came. Who would wait too long is refused before the body is read, with a
``Retry-After`` that counts those who were refused before. A body on its way in takes no core: so
many may come at once, and none has a place in a lane until it is there.
"""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import cast

from fastapi import Depends, Request
from starlette.applications import Starlette

from app.lanes import Busy, Lane
from app.settings import Settings

__all__ = ["ADMITTED", "Busy", "Gate", "Place", "gate_of"]

LIGHT = 0.03
"""Seconds up to which work is light."""

LIGHT_AT_ONCE = 8
LEAST = 1e-3
CELL = 0.005
"""Seconds that a cell of a spreadsheet takes."""

SECONDS_A_BYTE = 4e-7
"""What a body costs by its length alone; its schema knows better once it is read."""

MOST_LIGHT_BODIES, MOST_HEAVY_BODIES = 256, 32
"""Bodies of each kind on their way in at once: some 20 and 128 MB at the most."""


class Gate:
    """The two lanes of a service."""

    def __init__(self, settings: Settings) -> None:
        """Open with as many slots for heavy work as the settings say."""
        cores, wait = settings.calculations_at_once, settings.calculation_wait_seconds
        self.heavy = Lane(cores, cores, wait)
        self.light = Lane(max(LIGHT_AT_ONCE, cores), cores, wait)
        self.arriving = {self.heavy: 0, self.light: 0}
        self.most_arriving = {self.heavy: MOST_HEAVY_BODIES, self.light: MOST_LIGHT_BODIES}

    def lane_for(self, work: float) -> Lane:
        """Return the lane for work of so many seconds."""
        return self.light if work <= LIGHT else self.heavy

    @contextmanager
    def arrival(self, work: float) -> Iterator[None]:
        """Let a body in that is thought to be so much work; raise ``Busy`` where its work would not be."""
        lane = self.lane_for(work)
        lane.check(work)
        if self.arriving[lane] >= self.most_arriving[lane]:
            raise Busy
        self.arriving[lane] += 1
        try:
            yield
        finally:
            self.arriving[lane] -= 1


class Place:
    """A caller's place in a lane: counted in when it is made, then waiting, then at work."""

    def __init__(self, gate: Gate, work: float) -> None:
        """Join the lane for work of so many seconds, or raise ``Busy``."""
        self.gate = gate
        self._join(gate.lane_for(work), work)

    def _join(self, lane: Lane, work: float) -> None:
        lane.join(work)
        self.lane, self.work, self.is_in = lane, work, True
        self.began: float | None = None
        self.spent = 0.0

    async def turn(self) -> None:
        """Wait for this caller's turn."""
        await self.lane.turn()
        self.began = time.monotonic()

    async def correct(self, work: float) -> None:
        """Weigh the work anew, now that it is known; heavy work leaves the light lane and waits."""
        work = max(work, LEAST)
        lane = self.gate.lane_for(work)
        if lane is self.gate.heavy and self.lane is self.gate.light:
            # Reading the body was all the work here, as its length said.
            self.done()
            self.leave()
            self._join(lane, work)
            await self.turn()
        else:
            self.lane.expected += work - self.work
            self.work = work

    def pause(self) -> None:
        """Let others work meanwhile: this caller is slow to read what it was given."""
        if self.began is not None:
            self.spent += time.monotonic() - self.began
            self.leave()

    async def resume(self) -> None:
        """Go on after a pause: what has begun is not refused, but waits for its turn."""
        self.lane.join_again(self.work)
        self.is_in = True
        await self.turn()

    def done(self) -> None:
        """Say that the work was done as it was weighed, from which the lane learns its pace."""
        if self.began is not None:
            self.lane.learn(self.work, self.spent + time.monotonic() - self.began)

    def leave(self) -> None:
        """Give the place back; who has left already leaves nothing behind."""
        if self.began is not None:
            self.lane.release()
        if self.is_in:
            self.lane.quit(self.work)
        self.began, self.is_in = None, False


def gate_of(request: Request) -> Gate:
    """Return the gate of the application that a request came to."""
    state = cast("Starlette", request.app).state
    if not hasattr(state, "gate"):
        state.gate = Gate(state.settings)
    return cast("Gate", state.gate)


async def admitted(request: Request) -> AsyncIterator[None]:
    """Hold a place for light work while the endpoint works; refuse who would wait too long."""
    place = Place(gate_of(request), CELL)
    try:
        await place.turn()
        yield
        place.done()
    finally:
        place.leave()


# scope="function": the place is given back when the work is done, not when the answer has left.
ADMITTED = Depends(admitted, scope="function")
