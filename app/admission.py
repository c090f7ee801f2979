"""Who may calculate now, who waits, and who is asked at once to try again later.

Work is weighed in seconds of one core: by the length of its body before that is read, by its
records and the work done on them afterwards. Light work, such as a cell of a spreadsheet, never
waits for heavy work: each has a queue of its own. Heavy work runs about once a core, in the order
in which it came. Who would wait too long is refused before the body is read, with a
``Retry-After`` that counts those who were refused before. A body on its way in takes no core: so
many may come at once, and none has a place in a queue until it is there.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import cast

from fastapi import Depends, Request
from starlette.applications import Starlette

from app.errors import Unavailable
from app.settings import Settings

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

LONGEST_RETRY = 30
MOST_WAITING = 200
PATIENCE = 4
"""Work may wait this many times as long as it takes, where that is longer than the setting."""


class Busy(Unavailable):
    """The service is busy."""

    kind = "busy"
    title = "The service is busy"
    detail = "Too many calculations are running. Try again after the seconds in 'Retry-After'."

    def __init__(self, seconds: float = 0) -> None:
        """Say after how many seconds to ask again; spreadsheets understand whole ones alone."""
        super().__init__()
        self.headers["Retry-After"] = str(max(math.ceil(seconds), 1))


class WorkQueue:
    """Work of one kind: as much at once as there are slots, the rest in the order in which it came.

    ``cores`` share the work, however many slots there are.
    """

    def __init__(self, slots: int, cores: int, wait: float) -> None:
        """Begin empty; ``wait`` is how many seconds work may wait for its turn."""
        self.slots, self.cores, self.wait = slots, cores, wait
        self.running = 0
        self.waiting: deque[asyncio.Future[None]] = deque()
        self.joined = 0
        self.expected = 0.0
        self.pace = 1.0
        self.finished = self.refused = 0
        """Of the whole time: work that came to its end, and work that was refused."""
        self._spoken_for = 0.0

    def check(self, work: float) -> None:
        """Raise ``Busy`` where the turn of work that came now would come too late."""
        ahead = self.expected * self.pace / self.cores
        patience = max(self.wait, PATIENCE * work * self.pace) if self.wait else 0
        full = self.joined >= self.slots
        if full and (ahead > patience or len(self.waiting) >= MOST_WAITING):
            self.refused += 1
            raise Busy(self._back_in(ahead, work))

    def join(self, work: float) -> None:
        """Count work in, or raise ``Busy`` at once where its turn would come too late."""
        self.check(work)
        self.join_again(work)

    def join_again(self, work: float) -> None:
        """Count work in that has begun."""
        self.joined += 1
        self.expected += work

    def _back_in(self, ahead: float, work: float) -> float:
        """Return after how many seconds there is capacity, counting those already asked to come back."""
        now = time.monotonic()
        starts = max(now + ahead, self._spoken_for)
        seconds = min(starts - now, LONGEST_RETRY)
        self._spoken_for = now + seconds + work * self.pace / self.cores
        return seconds

    def quit(self, work: float) -> None:
        """Count work out that was joined."""
        self.joined -= 1
        self.expected = max(self.expected - work, 0.0) if self.joined else 0.0

    async def turn(self) -> None:
        """Wait for a slot; those who came before are served before."""
        if self.running < self.slots and not self.waiting:
            self.running += 1
            return
        ticket = asyncio.get_running_loop().create_future()
        self.waiting.append(ticket)
        try:
            await ticket
        except asyncio.CancelledError:
            if ticket.done() and not ticket.cancelled():
                self.release()
            raise

    def release(self) -> None:
        """Hand a slot to who waits longest, or keep it free."""
        while self.waiting:
            ticket = self.waiting.popleft()
            if not ticket.done():
                ticket.set_result(None)
                return
        self.running -= 1

    def learn(self, work: float, seconds: float) -> None:
        """Take into account how long work took that was thought to take ``work`` seconds."""
        measured = min(max(seconds / work, 0.25), 25.0)
        self.finished += 1
        self.pace += 0.1 * (measured - self.pace)


class Gate:
    """The two queues of a service."""

    def __init__(self, settings: Settings) -> None:
        """Open with as many slots for heavy work as the settings say."""
        cores, wait = settings.calculations_at_once, settings.calculation_wait_seconds
        self.heavy = WorkQueue(cores, cores, wait)
        self.light = WorkQueue(max(LIGHT_AT_ONCE, cores), cores, wait)
        self.arriving = {self.heavy: 0, self.light: 0}
        self.most_arriving = {self.heavy: MOST_HEAVY_BODIES, self.light: MOST_LIGHT_BODIES}

    def queue_for(self, work: float) -> WorkQueue:
        """Return the queue for work of so many seconds."""
        return self.light if work <= LIGHT else self.heavy

    @contextmanager
    def arrival(self, work: float) -> Iterator[None]:
        """Let a body in that is thought to be so much work; raise ``Busy`` where its work would not be."""
        queue = self.queue_for(work)
        queue.check(work)
        if self.arriving[queue] >= self.most_arriving[queue]:
            queue.refused += 1
            raise Busy
        self.arriving[queue] += 1
        try:
            yield
        finally:
            self.arriving[queue] -= 1


class Place:
    """A caller's place in a queue: counted in when it is made, then waiting, then at work."""

    def __init__(self, gate: Gate, work: float) -> None:
        """Join the queue for work of so many seconds, or raise ``Busy``."""
        self.gate = gate
        self._join(gate.queue_for(work), work)

    def _join(self, queue: WorkQueue, work: float) -> None:
        queue.join(work)
        self.queue, self.work, self.is_in = queue, work, True
        self.began: float | None = None
        self.spent = 0.0

    async def turn(self) -> None:
        """Wait for this caller's turn."""
        await self.queue.turn()
        self.began = time.monotonic()

    async def correct(self, work: float) -> None:
        """Weigh the work anew, now that it is known; heavy work leaves the light queue and waits."""
        work = max(work, LEAST)
        queue = self.gate.queue_for(work)
        if queue is self.gate.heavy and self.queue is self.gate.light:
            # Reading the body was all the work here, as its length said.
            self.done()
            self.leave()
            self._join(queue, work)
            await self.turn()
        else:
            self.queue.expected += work - self.work
            self.work = work

    def pause(self) -> None:
        """Let others work meanwhile: this caller is slow to read what it was given."""
        if self.began is not None:
            self.spent += time.monotonic() - self.began
            self.leave()

    async def resume(self) -> None:
        """Go on after a pause: what has begun is not refused, but waits for its turn."""
        self.queue.join_again(self.work)
        self.is_in = True
        await self.turn()

    def done(self) -> None:
        """Say that the work was done as it was weighed, from which the queue learns its pace."""
        if self.began is not None:
            self.queue.learn(self.work, self.spent + time.monotonic() - self.began)

    def leave(self) -> None:
        """Give the place back; who has left already leaves nothing behind."""
        if self.began is not None:
            self.queue.release()
        if self.is_in:
            self.queue.quit(self.work)
        self.began, self.is_in = None, False


def gate_of(request: Request) -> Gate:
    """Return the gate of the application that a request came to."""
    return cast("Gate", cast("Starlette", request.app).state.gate)


@asynccontextmanager
async def place_for(request: Request, work: float) -> AsyncIterator[None]:
    """Hold a place for work of so many seconds while the endpoint works; refuse who would wait too long."""
    request.scope["state"]["work"] = work
    place = Place(gate_of(request), work)
    try:
        await place.turn()
        yield
        place.done()
    finally:
        place.leave()


async def admitted(request: Request) -> AsyncIterator[None]:
    """Hold a place for light work while the endpoint works."""
    async with place_for(request, CELL):
        yield


# scope="function": the place is given back when the work is done, not when the answer has left.
ADMITTED = Depends(admitted, scope="function")
