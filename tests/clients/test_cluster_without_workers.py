"""What ``--cluster`` does when every worker is lost while blocks are out: it waits for another one, but not without end."""

from operator import neg
from threading import Timer
from time import sleep

import pytest
from distributed import Client, LocalCluster
from typer import BadParameter

from app.commands import cluster
from app.commands.cluster import results

# Tests may not reach beyond this machine, which dask looks up its own address by.
pytestmark = pytest.mark.filterwarnings("ignore:Couldn't detect a suitable IP address")
WORKER = {
    "n_workers": 0, "threads_per_worker": 1, "processes": False, "dashboard_address": "127.0.0.1:0",
    "worker_dashboard_address": None,
}  # fmt: skip


@pytest.fixture
def scheduler():
    with LocalCluster(**WORKER, silence_logs="CRITICAL") as one:
        yield one


@pytest.fixture
def client(scheduler):
    with Client(scheduler, set_as_default=False) as one:
        yield one


@pytest.fixture
def looks_often(monkeypatch):
    monkeypatch.setattr(cluster, "SECONDS_BETWEEN_LOOKS", 0.05)


def half_asleep(number):
    sleep(0.05)
    return -number


def test_a_scheduler_that_never_has_a_worker_is_refused_in_words(client, looks_often, monkeypatch):
    monkeypatch.setattr(cluster, "SECONDS_FOR_A_WORKER", 0.3)
    with pytest.raises(BadParameter, match=r"no worker for 0\.3 seconds; start workers and run"):
        list(results(client, neg, range(3), (), "never"))


def test_a_scheduler_that_loses_its_last_worker_is_refused_in_words(
    scheduler, client, looks_often, monkeypatch
):
    monkeypatch.setattr(cluster, "SECONDS_FOR_A_WORKER", 1)
    scheduler.scale(1)
    client.wait_for_workers(1, timeout=60)
    found = results(client, half_asleep, range(500), (), "lost")
    assert next(found) <= 0
    scheduler.scale(0)
    with pytest.raises(BadParameter, match="no worker for 1 seconds"):
        list(found)


def test_a_worker_that_joins_in_time_does_every_block_once(scheduler, client, looks_often):
    joins = Timer(0.3, scheduler.scale, (1,))
    joins.start()
    found = list(results(client, neg, range(200), (), "joins"))
    joins.join()
    assert sorted(found) == sorted(-number for number in range(200))


def test_a_scheduler_that_ends_is_named(scheduler, client, looks_often):
    scheduler.scale(1)
    client.wait_for_workers(1, timeout=60)
    found = results(client, half_asleep, range(500), (), "ends")
    assert next(found) <= 0
    scheduler.close()
    with pytest.raises(BadParameter, match="the scheduler is gone"):
        list(found)
