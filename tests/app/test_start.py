"""A database that cannot be used is one sentence at the start, and 503 while serving."""

import logging
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, text

from app.database import make_engine
from app.main import create_app
from app.start import StartRefused

ROOT = Path(__file__).resolve().parents[2]


def file_of(settings) -> Path:
    return Path(settings.address.database)


def not_a_database(path):
    path.write_bytes(b"no database" * 1_000)


def damaged(path):
    content = bytearray(path.read_bytes())
    content[100:8_000] = b"\xff" * 7_900
    path.write_bytes(content)


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


def a_folder(path):
    path.unlink()
    path.mkdir()


def of_a_later_release(path):
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("UPDATE alembic_version SET version_num = 'from_the_future'")
        opened.commit()


def of_another_program(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("CREATE TABLE rule_set (id INTEGER)")
        opened.commit()


SPOILT = {
    "no database": not_a_database,
    "damaged": damaged,
    "cut": cut,
    "a folder": a_folder,
    "of a later release": of_a_later_release,
    "of another program": of_another_program,
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_database_that_cannot_be_used_is_one_sentence(settings, spoil):
    spoil(file_of(settings))
    with pytest.raises(StartRefused) as caught, TestClient(create_app(settings)):
        pass
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert str(file_of(settings)) in sentence or "schema" in sentence
    assert not any(word in sentence for word in ("sqlite3", "Error", "alembic", "SELECT"))


def test_a_database_that_is_held_is_one_sentence(settings, monkeypatch):
    monkeypatch.setattr("app.database.BUSY_MILLISECONDS", 50)
    with closing(sqlite3.connect(file_of(settings))) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        held = pytest.raises(StartRefused, match="held by another program")
        with held, TestClient(create_app(settings)):
            pass


def test_a_full_disk_is_one_sentence(settings, monkeypatch):
    file_of(settings).unlink()
    monkeypatch.setattr("app.database.make_engine", full())
    with pytest.raises(StartRefused, match="disk is full"), TestClient(create_app(settings)):
        pass


def full():
    """Return what makes engines of a database that cannot grow by a page."""

    def made(address, **options):
        engine = make_engine(address, **options)
        event.listen(engine, "connect", lambda one, _: one.execute("PRAGMA max_page_count = 1"))
        return engine

    return made


def test_a_folder_that_cannot_be_made_is_one_sentence(settings, tmp_path):
    (tmp_path / "file").write_text("")
    address = f"sqlite:///{tmp_path / 'file' / 'below' / 'evenband.db'}"
    moved = settings.model_copy(update={"database_url": address})
    with pytest.raises(StartRefused, match="file"), TestClient(create_app(moved)):
        pass


def test_a_server_prints_the_sentence_and_no_traceback(settings):
    not_a_database(file_of(settings))
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "EVENBAND_DATABASE_URL": settings.database_url,
        "EVENBAND_WARM_AT_START": "false",
    }
    program = Path(sys.executable).with_name("evenband")
    ran = subprocess.run(
        [program, "serve", "--port", str(port)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 3
    assert "is not a database" in ran.stderr
    assert "Traceback" not in ran.stderr + ran.stdout
    assert "sqlite3" not in ran.stderr + ran.stdout


@pytest.mark.parametrize("spoil", [not_a_database, damaged, cut], ids=["none", "damaged", "cut"])
def test_a_database_that_is_spoilt_while_serving_is_503(settings, spoil, caplog):
    with TestClient(create_app(settings), raise_server_exceptions=False) as caller:
        caller.app.state.database.engine.dispose()
        for more in file_of(settings).parent.glob("published.db-*"):
            more.unlink()
        spoil(file_of(settings))
        answer = caller.get("/v1/rule-sets")
        assert answer.status_code == 503
        assert answer.json()["type"] == "/problems/unavailable"
        assert answer.headers["Retry-After"]
        assert caller.get("/health/ready").status_code == 503
        assert caller.get("/health/live").status_code == 200


def test_what_we_ask_wrongly_is_a_failure_of_ours(service, caplog):
    @service.get("/wrong")
    def ask() -> None:
        with service.state.database.reading() as session:
            session.execute(text("SELECT :a"), {})

    with (
        caplog.at_level(logging.ERROR),
        TestClient(service, raise_server_exceptions=False) as caller,
    ):
        assert caller.get("/wrong").status_code == 500


def test_a_later_schema_is_refused_on_each_engine(database):
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    for ask in (database.refuse_unknown, database.migrate):
        with pytest.raises(Exception, match="not one that this release knows"):
            ask()
    assert not database.is_at_head()
