"""How much an asker may ask for in a while, weighed by the work it takes and not by the number of requests.

Each asker has a bucket of seconds of one core, which fills at a steady rate up to its size. A request takes
its work out; who has nothing left is refused (429) until there is something again. One large request may
take more than is left: it is the next one that waits.
"""

import time
from collections.abc import Callable, Hashable
from typing import cast

from fastapi import Request

from app.admission import LEAST
from app.errors import TooManyRequests
from app.settings import Settings

MOST_ASKERS = 10_000
"""Buckets in memory; beyond them those that are full again are forgotten."""

MINUTE = 60.0


class RateLimits:
    """The buckets of all askers of one service."""

    def __init__(
        self, burst: float, a_minute: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Hold ``burst`` seconds of one core for each asker, and add ``a_minute`` of them each minute; 0 for no limit."""
        self.burst, self.rate, self.clock = max(burst, a_minute), a_minute / MINUTE, clock
        self._levels: dict[Hashable, tuple[float, float]] = {}

    def take(self, asker: Hashable, work: float) -> None:
        """Take the work of a request out of an asker's bucket; raise ``TooManyRequests`` where nothing is left."""
        if not self.rate:
            return
        now = self.clock()
        level = self._level(asker, now)
        if level <= 0:
            raise TooManyRequests((LEAST - level) / self.rate)
        if asker not in self._levels and len(self._levels) >= MOST_ASKERS:
            self._forget(now)
        self._levels[asker] = (level - work, now)

    def _level(self, asker: Hashable, now: float) -> float:
        level, since = self._levels.get(asker, (self.burst, now))
        return min(level + (now - since) * self.rate, self.burst)

    def _forget(self, now: float) -> None:
        """Forget full buckets, and the fullest where none is full."""
        levels = {one: self._level(one, now) for one in self._levels}
        full = [one for one, level in levels.items() if level >= self.burst]
        for one in full or [max(levels, key=levels.__getitem__)]:
            del self._levels[one]


def limits_of(settings: Settings) -> RateLimits:
    """Return the limits of a service: by default none on one machine alone."""
    chosen = settings.rate_seconds_a_minute
    a_minute = (MINUTE if settings.allow_public else 0.0) if chosen is None else chosen
    return RateLimits(settings.rate_burst_seconds, a_minute)


def take_once(request: Request, asker: Hashable) -> None:
    """Take the work of a request out of its asker's bucket, once however often it is looked at."""
    state = request.scope["state"]
    if not state.get("is_charged", False):
        state["is_charged"] = True
        limits = cast("RateLimits", request.app.state.limits)
        limits.take(asker, state.get("work", LEAST))
