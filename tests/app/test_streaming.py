"""Large answers leave in pieces: the same bytes, in a bounded part of memory, while the caller reads."""

import asyncio
import json
from contextlib import ExitStack

import orjson
import pytest

from app.admission import LIGHT, MOST_HEAVY_BODIES, Busy, Gate, Place
from app.http import streaming
from app.http.streaming import StreamedResponse, json_answer, json_parts
from app.settings import Settings
from app.what_ifs.answers import EngineUsed
from app.what_ifs.examples import NOTIONAL_SEN

NOTIONAL = "/v1/what-ifs/notional-sen"
SCOPE = {"type": "http", "method": "POST", "path": "/", "headers": []}


def listed(records):
    """Return an answer with a list between two other parts."""
    return {"before": EngineUsed("1", 1), "records": records, "after": ("end",)}


@pytest.mark.parametrize("number", [0, 1, 3])
def test_pieces_spell_the_same_bytes_as_the_whole(number):
    records = tuple({"row": at, "label": "Lump sum £"} for at in range(number))
    assert b"".join(json_parts(listed(iter(records)))) == orjson.dumps(listed(records))


def test_a_short_answer_leaves_whole_and_a_long_one_in_pieces():
    short, long = (json_answer(listed(iter(["x" * 1000] * number))) for number in (10, 2000))
    assert short.headers["content-length"] == str(len(short.body))
    assert isinstance(long, StreamedResponse)
    assert "content-length" not in long.headers
    assert {short.media_type, long.media_type} == {"application/json"}


def test_whatever_goes_wrong_in_the_first_megabyte_is_no_answer_at_all():
    def failing():
        yield "x"
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        json_answer(listed(failing()))


def test_a_long_answer_gives_its_place_back_when_it_has_left(client, service):
    example = NOTIONAL_SEN["one_school"]["value"]
    (school,) = example["schools"]
    records = [{**school, "urn": str(900_001 + at)} for at in range(80)]
    answer = client.post(NOTIONAL, json={**example, "schools": records, "working": "whole"})
    assert answer.status_code == 200
    assert "content-length" not in answer.headers
    told = json.loads(answer.content)
    assert [one["row"] for one in told["schools"]] == list(range(1, 81))
    gate = service.state.gate
    assert [(one.joined, one.running, one.expected) for one in (gate.heavy, gate.light)] == [
        (0, 0, 0.0)
    ] * 2


class Reader:
    """A caller who takes pieces, the one at ``slow`` only when told to go on."""

    def __init__(self, slow=None):
        self.taken, self.slow, self.stop_if_caller_gone, self.gone = (
            [],
            slow,
            asyncio.Event(),
            asyncio.Event(),
        )

    async def receive(self):
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        if len(self.taken) == self.slow:
            await self.stop_if_caller_gone.wait()
        self.taken.append(message)

    @property
    def is_answered(self):
        *_, last = self.taken
        return last["type"] == "http.response.body" and not last.get("more_body", False)


async def place_at_work(gate, work=1.0):
    place = Place(gate, work)
    await place.turn()
    return place


def response(made, number=6):
    def parts():
        for at in range(number):
            made.append(at)
            yield b"x" * streaming.PIECE

    return StreamedResponse(parts())


async def until(is_so):
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - what is waited for is another's state
            await asyncio.sleep(0.01)


@pytest.fixture
def gate():
    return Gate(Settings(calculations_at_once=1))


def test_a_caller_who_is_slow_to_read_gives_the_slot_to_others_meanwhile(gate, monkeypatch):
    monkeypatch.setattr(streaming, "PROMPT", 0.01)

    async def tell():
        reader, made = Reader(slow=3), []
        answer = response(made)
        answer.hold(await place_at_work(gate))
        answering = asyncio.create_task(answer(SCOPE, reader.receive, reader.send))
        await until(lambda: len(reader.taken) == 3 and gate.heavy.running == 0)
        assert gate.heavy.joined == 0
        assert len(made) == 3
        other = await place_at_work(gate)
        reader.stop_if_caller_gone.set()
        await until(lambda: gate.heavy.waiting)
        assert not reader.is_answered
        other.leave()
        await answering
        assert reader.is_answered
        assert (gate.heavy.running, gate.heavy.joined) == (0, 0)

    asyncio.run(tell())


def test_a_caller_who_takes_no_more_is_given_up_without_an_end(gate, monkeypatch):
    monkeypatch.setattr(streaming, "PROMPT", 0.01)
    monkeypatch.setattr(streaming, "STALLED", 0.02)

    async def tell():
        reader, made = Reader(slow=2), []
        answer = response(made)
        answer.hold(await place_at_work(gate))
        await answer(SCOPE, reader.receive, reader.send)
        assert not reader.is_answered
        assert (gate.heavy.running, gate.heavy.joined) == (0, 0)

    asyncio.run(tell())


def test_no_more_pieces_are_made_for_a_caller_who_has_gone(gate):
    async def tell():
        reader, made = Reader(slow=2), []
        answer = response(made)
        answer.hold(await place_at_work(gate))
        answering = asyncio.create_task(answer(SCOPE, reader.receive, reader.send))
        await until(lambda: len(reader.taken) == 2)
        reader.gone.set()
        await asyncio.sleep(0)
        reader.stop_if_caller_gone.set()
        await answering
        assert len(made) < 6
        assert not reader.is_answered
        assert (gate.heavy.running, gate.heavy.joined) == (0, 0)

    asyncio.run(tell())


def test_bodies_on_their_way_in_take_no_place_and_are_bounded_by_number(gate):
    heavy, light = 10 * LIGHT, LIGHT / 10
    with ExitStack() as arriving:
        for _ in range(MOST_HEAVY_BODIES):
            arriving.enter_context(gate.arrival(heavy))
        assert (gate.heavy.joined, gate.heavy.expected) == (0, 0.0)
        with pytest.raises(Busy):
            arriving.enter_context(gate.arrival(heavy))
        arriving.enter_context(gate.arrival(light))
    assert set(gate.arriving.values()) == {0}
