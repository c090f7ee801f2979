"""``python -m tests.load``: the real service under more callers than it has cores; prints figures, fails where a bound is not held."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from app.what_ifs.schemas import MOST_RECORDS
from tests.clients.served import Served, free_port, served
from tests.load.callers import (
    BUSY,
    OK,
    TRIES,
    Address,
    Answer,
    Request,
    beside,
    crowd,
    p99,
    queue,
    request,
)
from tests.load.mixture import kinds, mixture, schools

REFUSED, LIVE = 0.3, 0.1
"""Seconds in which 99 of 100 are refused or told that the service lives."""

MOST_GROWTH = 10.0
"""Megabytes by which the memory of the service may differ at the end of the mixture."""

AT_ONCE = 8
SERVER_FAULT = 500
NOTIONAL = "/v1/what-ifs/notional-sen"
LIVENESS = request("/health/live")


class Figure(NamedTuple):
    """What was measured, how much it is, and whether it is within its bound."""

    name: str
    amount: float
    is_held: bool = True


def crowded(
    places: list[Address], asked: Request, callers: int, *, refusals_may_wait: bool = False
) -> Iterator[Figure]:
    """Yield what callers at once see, who each insist on an answer, and probes beside them.

    ``refusals_may_wait`` where each body takes a while to arrive before it is refused.
    """
    told, (live, own) = beside(places, LIVENESS, crowd, places[1], asked, callers)
    busy = [one for tries in told for one in tries if one.status == BUSY]
    served_last = [tries[-1] for tries in told if tries[-1].status == OK]
    yield Figure(f"answered of {callers}", len(served_last), len(served_last) == callers)
    yield Figure("megabytes each", max(one.length for one in served_last) / 1e6)
    yield Figure(f"most tries of {TRIES}", max(map(len, told)))
    yield Figure("longest answer, seconds", max(one.seconds for one in served_last))
    is_soon = p99(busy) <= REFUSED or refusals_may_wait
    yield Figure(f"503s: {len(busy)}, p99 seconds", p99(busy), is_soon)
    yield Figure(
        "503s without Retry-After", sum(not one.wait for one in busy), all(o.wait for o in busy)
    )
    yield Figure(f"live beside: {len(live)}, p99 seconds", p99(live), p99(live) <= LIVE)
    yield Figure(f"live of the service: {len(own)}, p99", p99(own))


def megabytes(service: Served) -> float:
    """Return the memory that a service holds."""
    lines = Path(f"/proc/{service.process.pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def mixed(service: Served, places: list[Address], number: int) -> Iterator[Figure]:
    """Yield what a mixture of requests sees, and how the memory of the service grows meanwhile.

    The first quarter fills its caches; each later one is held to that.
    """
    asked = list(mixture(number))
    quarters = [asked[at::4] for at in range(4)]
    held, answers = [], list[Answer]()
    for quarter in quarters:
        told, _ = beside(
            places[:1], LIVENESS, queue, places[1], [one for _, one in quarter], AT_ONCE
        )
        answers += told
        held.append(megabytes(service))
    for kind in kinds():
        yield Figure(kind, sum(name == kind for name, _ in asked))
    faults = sum(one.status >= SERVER_FAULT for one in answers)
    yield Figure("5xx", faults, not faults)
    yield Figure("answered 200", sum(one.status == OK for one in answers))
    yield Figure("p99 seconds", p99(answers))
    yield Figure("megabytes after a quarter", held[0])
    for name, amount in zip(("half", "three quarters", "all"), held[1:], strict=True):
        growth = amount - held[0]
        yield Figure(f"more megabytes after {name}", growth, growth <= MOST_GROWTH)


def main() -> int:
    """Run each crowd and the mixture, and return how many bounds were not held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--callers", type=int, default=60)
    parser.add_argument("--requests", type=int, default=20_000)
    wanted = parser.parse_args()
    missed, beside_port = 0, free_port()
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), EVENBAND_LIVE_PORT=str(beside_port)) as service,
    ):
        port = int(service.address.rpartition(":")[2])
        places = [("127.0.0.1", beside_port), ("127.0.0.1", port)]
        beside(places, LIVENESS, crowd, places[1], request(NOTIONAL, schools(1)), 1)
        notional = partial(request, NOTIONAL)
        crowds = (
            (wanted.callers, 300, "none"),
            (wanted.callers, 300, "lines"),
            (24, MOST_RECORDS, "whole"),
        )
        tries = {
            f"{callers} callers, {number:,} schools, {working}": crowded(
                places,
                notional(schools(number, working=working)),
                callers,
                refusals_may_wait=working == "whole",
            )
            for callers, number, working in crowds
        }
        mixture_name = f"{wanted.requests:,} requests, {AT_ONCE} at once"
        tries[mixture_name] = mixed(service, places, wanted.requests)
        for name, figures in tries.items():
            sys.stdout.write(f"{name}\n")
            for figure in figures:
                said = "" if figure.is_held else "NOT HELD"
                sys.stdout.write(f"  {figure.name:<36} {figure.amount:12,.3f} {said}\n")
                sys.stdout.flush()
                missed += not figure.is_held
    return missed


if __name__ == "__main__":
    sys.exit(main())
