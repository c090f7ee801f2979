"""The tests' own surroundings: a real database, no network, faults that raise."""

import socket

import numpy as np
import psycopg
import pytest
from _pytest.outcomes import Failed, Skipped
from hypothesis import settings

from tests.programs import PROGRAMS, need


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"))


def test_a_database_is_real_and_empty(postgres_url):
    with connect(postgres_url) as connection:
        tables = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()
        assert tables == (0,)
        assert "PostgreSQL" in connection.execute("SELECT version()").fetchone()[0]


def test_a_template_is_prepared_once_and_copied(postgres_server):
    prepared = []

    def prepare(url):
        prepared.append(url)
        with connect(url) as connection:
            connection.execute("CREATE TABLE school (urn integer)")

    for _ in range(2):
        name = postgres_server.create(postgres_server.template("with_a_school", prepare))
        with connect(postgres_server.url(name)) as connection:
            assert connection.execute("SELECT count(*) FROM school").fetchone() == (0,)
        postgres_server.drop(name)
    assert len(prepared) == 1


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "example.org"])
def test_no_test_reaches_beyond_this_machine(address):
    with pytest.raises(PermissionError, match="beyond this machine"):
        socket.create_connection((address, 80), timeout=1)


def test_loopback_is_open():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_a_numpy_overflow_raises():
    with pytest.raises(FloatingPointError):
        np.float64(1e308) * np.float64(10)


def test_examples_are_untimed():
    assert settings.default.deadline is None


def test_a_missing_program_fails_where_nothing_may_be_left_out(monkeypatch):
    monkeypatch.setitem(PROGRAMS, "abacus", type(PROGRAMS["uno"])("abacus", lambda: None))
    monkeypatch.setenv("CI", "true")
    with pytest.raises(Failed, match="abacus is not installed"):
        need("abacus")
    monkeypatch.setenv("CI", "")
    with pytest.raises(Skipped, match="Debian package abacus"):
        need("abacus")
