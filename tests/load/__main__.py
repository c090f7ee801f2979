"""``python -m tests.load``: the real service under more callers than it has cores; prints figures, fails where a bound is not held."""

import argparse
import http.client
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from app.calculations.examples import NOTIONAL_SEN
from app.calculations.schemas import MOST_WORKINGS
from tests.clients.served import serving

REFUSED, LIVE, TRIES = 0.3, 0.1, 60
BUSY, OK = 503, 200
EXAMPLE = NOTIONAL_SEN["one_school"]["value"]


class Answer(NamedTuple):
    """A status, the seconds that it took, and those to wait."""

    status: int
    seconds: float
    wait: int


def body(number: int, **asked: object) -> bytes:
    """Return a what-if of so many schools."""
    school = EXAMPLE["schools"][0]
    records = [{**school, "urn": str(900_001 + at)} for at in range(number)]
    rules = {"rule_set": EXAMPLE["rule_set"], "absent_lines": "zero"}
    return json.dumps({**rules, "schools": records, **asked}).encode()


def ask(place: str, path: str, sent: bytes | None = None) -> Answer:
    """Ask once, on a connection of its own."""
    caller = http.client.HTTPConnection(place, timeout=120)
    began = time.perf_counter()
    headers = {"Content-Type": "application/json"} if sent else {}
    caller.request("POST" if sent else "GET", path, sent, headers)
    answer = caller.getresponse()
    answer.read()
    seconds = time.perf_counter() - began
    caller.close()
    return Answer(answer.status, seconds, int(answer.headers.get("Retry-After", 0)))


def insist(place: str, sent: bytes) -> list[Answer]:
    """Ask until the answer comes, waiting as long as is said each time."""
    answers = [ask(place, "/v1/what-ifs/notional-sen", sent)]
    while answers[-1].status == BUSY and len(answers) < TRIES:
        time.sleep(answers[-1].wait)
        answers.append(ask(place, "/v1/what-ifs/notional-sen", sent))
    return answers


def p99(answers: list[Answer]) -> float:
    """Return the seconds within which 99 of 100 were answered; 0 for none."""
    ordered = sorted(one.seconds for one in answers)
    return ordered[int(len(ordered) * 0.99)] if ordered else 0.0


def crowd(place: str, callers: int, sent: bytes) -> Iterator[tuple[str, float, bool]]:
    """Yield what callers at once see, who each insist on an answer, and a probe beside them."""
    live: list[Answer] = []
    done = threading.Event()

    def probe() -> None:
        while not done.is_set():
            live.append(ask(place, "/health/live"))
            time.sleep(0.02)

    probing = threading.Thread(target=probe)
    probing.start()
    with ThreadPoolExecutor(callers) as pool:
        told = list(pool.map(lambda _: insist(place, sent), range(callers)))
    done.set()
    probing.join()
    busy = [one for tries in told for one in tries if one.status == BUSY]
    served = sum(tries[-1].status == OK for tries in told)
    yield f"answered of {callers}", served, served == callers
    yield f"most tries of {TRIES}", max(map(len, told)), True
    yield f"503s: {len(busy)}, p99 seconds", p99(busy), p99(busy) <= REFUSED
    yield f"live: {len(live)}, p99 seconds", p99(live), p99(live) <= LIVE
    yield "503s without Retry-After", sum(not one.wait for one in busy), all(o.wait for o in busy)


def main() -> int:
    """Run each crowd and return how many bounds were not held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--callers", type=int, default=60)
    callers = parser.parse_args().callers
    missed = 0
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as address:
        place = address.removeprefix("http://")
        insist(place, body(1))
        for many, sent, name in (
            (callers, body(300), "300 schools, totals"),
            (24, body(MOST_WORKINGS, working="whole"), f"{MOST_WORKINGS} schools, whole workings"),
        ):
            sys.stdout.write(f"{many} callers, {name}\n")
            for what, figure, held in crowd(place, many, sent):
                sys.stdout.write(f"  {what:<32} {figure:8.3f} {'' if held else 'NOT HELD'}\n")
                missed += not held
    return missed


if __name__ == "__main__":
    sys.exit(main())
