"""Lanes of work: some at once, the rest in the order in which it came, and a full lane says so at once."""

import asyncio
import math
import time
from collections import deque

from app.errors import Unavailable

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


class Lane:
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
        self._spoken_for = 0.0

    def check(self, work: float) -> None:
        """Raise ``Busy`` where the turn of work that came now would come too late."""
        ahead = self.expected * self.pace / self.cores
        patience = max(self.wait, PATIENCE * work * self.pace) if self.wait else 0
        full = self.joined >= self.slots
        if full and (ahead > patience or len(self.waiting) >= MOST_WAITING):
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
        self.pace += 0.1 * (measured - self.pace)
