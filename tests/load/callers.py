"""Callers in processes of their own, so that what is timed is the service and not who asks it."""

import asyncio
import json
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from typing import NamedTuple, TypeVar

T = TypeVar("T")

OK, BUSY = 200, 503
TRIES = 60
PROBE_SECONDS = 0.02
SLOWEST = 300
PART = 1 << 18
SPAWN = get_context("spawn")
Address = tuple[str, int]


class Answer(NamedTuple):
    """A status, 0 where the answer broke off; seconds to its last byte; seconds to wait; bytes."""

    status: int
    seconds: float
    wait: int
    length: int


class Request(NamedTuple):
    """What is sent, whole or cut after so many bytes, and after how many bytes of the answer it is dropped."""

    sent: bytes
    cut: int | None = None
    dropped: int | None = None


def request(path: str, body: object = None, *, media: str = "application/json") -> Request:
    """Return a request as its bytes: GET, or POST where there is a body (bytes, or what is sent as JSON)."""
    content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    head = f"{'GET' if content is None else 'POST'} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    if content is not None:
        head += f"Content-Type: {media}\r\nContent-Length: {len(content)}\r\n"
    return Request(f"{head}\r\n".encode() + (content or b""))


async def ask(address: Address, asked: Request) -> Answer:
    """Ask once, on a connection of its own."""
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection(*address)
    try:
        writer.write(asked.sent[: asked.cut])
        await writer.drain()
        if asked.cut is not None:
            return Answer(0, time.perf_counter() - began, 0, 0)
        head = await reader.readuntil(b"\r\n\r\n")
        length, end = 0, b""
        while part := await reader.read(PART):
            length, end = length + len(part), (end + part)[-5:]
            if asked.dropped is not None and length > asked.dropped:
                break
        seconds = time.perf_counter() - began
    finally:
        writer.close()
    fields = {
        name.lower(): value.strip()
        for name, _, value in (line.partition(":") for line in head.decode("latin-1").splitlines())
    }
    whole = int(fields.get("content-length", -1)) == length or end.endswith(b"0\r\n\r\n")
    status = int(head.split(maxsplit=2)[1]) if whole or asked.dropped is not None else 0
    return Answer(status, seconds, int(fields.get("retry-after", 0)), length)


async def insist(address: Address, asked: Request) -> list[Answer]:
    """Ask until the answer comes, waiting as long as is said each time."""
    answers = [await ask(address, asked)]
    while answers[-1].status == BUSY and len(answers) < TRIES:
        await asyncio.sleep(answers[-1].wait)
        answers.append(await ask(address, asked))
    return answers


async def at_once(address: Address, asked: Request, callers: int) -> list[list[Answer]]:
    """Return what so many callers see, who all ask at once and insist."""
    async with asyncio.timeout(SLOWEST):
        return list(await asyncio.gather(*(insist(address, asked) for _ in range(callers))))


async def in_turn(address: Address, asked: Iterable[Request], callers: int) -> list[Answer]:
    """Return the answers to requests that so many callers take one by one."""
    waiting = iter(asked)

    async def caller() -> list[Answer]:
        return [(await insist(address, one))[-1] for one in waiting]

    return [
        one for each in await asyncio.gather(*(caller() for _ in range(callers))) for one in each
    ]


def completed(asking: Coroutine[object, object, T]) -> T:
    """Return what is asked for, from an event loop in a thread of its own.

    A browser that an earlier test drove keeps a loop running in the thread of the tests.
    """
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, asking).result()


def crowd(address: Address, asked: Request, callers: int) -> list[list[Answer]]:
    """Return what a crowd sees, from a process of its own."""
    return completed(at_once(address, asked, callers))


def queue(address: Address, asked: Sequence[Request], callers: int) -> list[Answer]:
    """Return the answers to a mixture, from a process of its own."""
    return completed(in_turn(address, asked, callers))


def probe(address: Address, asked: Request, done: Event) -> list[Answer]:
    """Ask again and again until told that it is done, from a process of its own."""

    async def again() -> list[Answer]:
        answers = []
        while not done.is_set():
            answers.append(await ask(address, asked))
            await asyncio.sleep(PROBE_SECONDS)
        return answers

    return completed(again())


def beside(
    probes: Sequence[Address], live: Request, work: Callable[..., list], *given: object
) -> tuple[list, list[list[Answer]]]:
    """Return what work in a process of its own comes to, and what probes saw meanwhile."""
    with SPAWN.Manager() as manager, SPAWN.Pool(len(probes) + 1) as pool:
        done = manager.Event()
        probing = [pool.apply_async(probe, (one, live, done)) for one in probes]
        told = pool.apply(work, given)
        done.set()
        return told, [one.get() for one in probing]


def p99(answers: Sequence[Answer]) -> float:
    """Return the seconds within which 99 of 100 were answered; 0 for none."""
    ordered = sorted(one.seconds for one in answers)
    return ordered[int(len(ordered) * 0.99)] if ordered else 0.0
