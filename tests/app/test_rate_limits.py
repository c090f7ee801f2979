"""An asker may use so much work in a while; one officer's spreadsheet is never in the way of it."""

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app.admission import CELL
from app.errors import TooManyRequests
from app.main import create_app
from app.rate_limits import MOST_ASKERS, RateLimits, limits_of
from app.settings import Settings
from app.what_ifs.examples import TOP_UPS

CELLS_OF_A_SHEET = 2_000
TARIFF = "/v1/cells/toy-2025-26/tariff?band=A"


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def public():
    return limits_of(Settings(allow_public=True))


def test_who_has_nothing_left_waits_until_there_is_something_again(clock):
    limits = RateLimits(2, 60, clock)
    limits.burst = 2.0
    limits.take("kent", 1.5)
    limits.take("kent", 1.5)
    with pytest.raises(TooManyRequests) as refused:
        limits.take("kent", 0.001)
    assert refused.value.headers["Retry-After"] == "2"
    clock.now += 1.1
    limits.take("kent", 0.001)


def test_the_seconds_to_wait_are_enough(clock):
    limits = RateLimits(10, 6, clock)
    limits.take("kent", 12)
    with pytest.raises(TooManyRequests) as refused:
        limits.take("kent", 1)
    clock.now += int(refused.value.headers["Retry-After"])
    limits.take("kent", 1)


def test_one_asker_takes_nothing_from_another(clock):
    limits = RateLimits(60, 60, clock)
    limits.take("kent", 1_000)
    limits.take("essex", 1)
    with pytest.raises(TooManyRequests):
        limits.take("kent", 1)


@given(st.lists(st.tuples(st.floats(0, 30), st.floats(0, 20)), max_size=40))
def test_no_asker_gets_more_than_the_bucket_the_rate_and_one_request_more(steps):
    clock, used, largest = Clock(), 0.0, 0.0
    limits = RateLimits(60, 60, clock)
    for wait, work in steps:
        clock.now += wait
        try:
            limits.take("kent", work)
        except TooManyRequests:
            continue
        used, largest = used + work, max(largest, work)
    assert used <= 60 + clock.now + largest + 1e-6


def test_a_spreadsheet_of_2000_cells_is_never_refused_even_if_all_are_worked_out_at_once(clock):
    limits = limits_of(Settings(allow_public=True))
    limits.clock = clock
    for _ in range(3):  # it is opened, changed and changed again within a minute
        for _ in range(CELLS_OF_A_SHEET):
            limits.take(("Kent", "an officer"), CELL)
        clock.now += 20


def test_there_is_no_limit_on_one_machine_alone_unless_it_is_set():
    alone = limits_of(Settings())
    for _ in range(100):
        alone.take("owner", 1_000)
    chosen = limits_of(Settings(rate_seconds_a_minute=1, rate_burst_seconds=1))
    chosen.take("owner", 2)
    with pytest.raises(TooManyRequests):
        chosen.take("owner", 1)
    none = limits_of(Settings(allow_public=True, rate_seconds_a_minute=0))
    none.take("x", 1e9)
    none.take("x", 1)


def test_askers_in_memory_are_bounded_and_those_who_wait_are_remembered(clock):
    limits = RateLimits(60, 60, clock)
    limits.take("waits", 1_000)
    for at in range(MOST_ASKERS + 50):
        limits.take(at, 1)
        clock.now += 0.001
    assert len(limits._levels) <= MOST_ASKERS
    with pytest.raises(TooManyRequests):
        limits.take("waits", 1)


def test_a_service_refuses_who_has_used_the_limit_and_says_when_to_ask_again(settings, clock):
    service = create_app(
        settings.model_copy(update={"rate_seconds_a_minute": 6.0, "rate_burst_seconds": 0.5})
    )
    limits = service.state.limits
    limits.clock, limits.burst = clock, 0.5
    (body, *_) = (one["value"] for one in TOP_UPS.values())
    many = {**body, "pupils": body["pupils"][:1] * 200, "working": "whole"}
    with TestClient(service) as caller:
        first = caller.post("/v1/what-ifs/top-ups", json=many)
        second = caller.post("/v1/what-ifs/top-ups", json=many)
        third = caller.post("/v1/what-ifs/top-ups", json=many)
        cell = caller.get(TARIFF)
        assert caller.get("/health/live").status_code == 200
        clock.now += 10
        after = caller.get(TARIFF)
    assert first.status_code != 429
    assert second.status_code != 429
    for answer in (third, cell):
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) >= 1
    assert third.json()["type"] == "/problems/too-many-requests"
    assert after.status_code != 429


def test_a_body_that_is_looked_at_several_times_is_charged_once(settings):
    service = create_app(
        settings.model_copy(update={"rate_seconds_a_minute": 60.0, "rate_burst_seconds": 60.0})
    )
    with TestClient(service) as caller:
        caller.post(
            "/v1/what-ifs/top-ups", json={"rule_set": "nowhere-2025-26", "pupils": [{"x": "y"}]}
        )
    ((level, _),) = service.state.limits._levels.values()
    assert level > 59.9
