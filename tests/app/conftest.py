"""A service with its own database: published rules, real migrations, no shared state."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import make_url

from app.access import OWNER
from app.database import Database, open_database
from app.main import create_app
from app.observability.log import Strictness
from app.openapi import Service
from app.rule_sets.publish import publish_folder
from app.settings import Settings

ENGINES = ["sqlite", "postgresql"]
ASKING_ALONE = {
    *("allocations", "atlas", "calculations", "cells", "pages"),
    *("test_every_answer_says_its_rules", "test_methods", "test_one_name_an_input"),
    *("test_openapi", "test_problem_pages", "test_wrong_requests"),
}
"""Folders and files whose tests change nothing of a service: one is started for all of them."""


HOST = "testserver"
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
"""What a browser sends with what a page of the service does."""


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch, tmp_path) -> None:
    """Keep the environment variables of the person who runs the tests out of them."""
    for name in list(os.environ):
        if name.startswith("EVENBAND_") and name != "EVENBAND_CACHE_DIR":
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    # The name under which a caller of these tests asks.
    monkeypatch.setenv("EVENBAND_HOSTS", HOST)


@pytest.fixture(autouse=True)
def no_unknown_key_in_the_log(monkeypatch) -> None:
    """Refuse a line of the log with a key that is not in the list, which a service leaves out."""
    monkeypatch.setattr(Strictness, "refuses_unknown", True)


@pytest.fixture(params=ENGINES)
def database_url(request, tmp_path) -> str:
    """Give the address of an empty database, on each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'evenband.db'}"
    return request.getfixturevalue("postgres_url")


def migrate(url: str) -> None:
    """Bring the database at an address to the newest schema."""
    opened = open_database(make_url(url))
    opened.migrate()
    opened.close()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory) -> Path:
    """Give an SQLite file at the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "evenband.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=ENGINES)
def migrated_url(request, tmp_path) -> Iterator[str]:
    """Give the address of a database at the newest schema, migrated once for all of them."""
    if request.param == "sqlite":
        copy = tmp_path / "migrated.db"
        shutil.copyfile(request.getfixturevalue("migrated_file"), copy)
        yield f"sqlite:///{copy}"
    else:
        server = request.getfixturevalue("postgres_server")
        name = server.create(server.template("migrated", migrate))
        yield server.url(name)
        server.drop(name)


@pytest.fixture
def database(migrated_url) -> Iterator[Database]:
    """Give an open database at the newest schema, without a rule set."""
    opened = open_database(make_url(migrated_url))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def published_file(migrated_file, tmp_path_factory) -> Path:
    """Give an SQLite file with the published rule sets, migrated and filled once."""
    path = tmp_path_factory.mktemp("published") / "evenband.db"
    shutil.copyfile(migrated_file, path)
    opened = open_database(make_url(f"sqlite:///{path}"))
    with opened.writing() as session:
        publish_folder(OWNER, session, Settings().rules_folder)
    opened.close()
    return path


@pytest.fixture
def settings(published_file, tmp_path) -> Settings:
    """Give settings for a copy of the published rule sets; the kernels are left cold."""
    copy, nothing = tmp_path / "published.db", tmp_path / "no_rules"
    shutil.copyfile(published_file, copy)
    nothing.mkdir()
    # The rule sets are in the file already; reading them again would test nothing new.
    return Settings(database_url=f"sqlite:///{copy}", warm_at_start=False, rules_folder=nothing)


@pytest.fixture(scope="session")
def asking(published_file, tmp_path_factory) -> Iterator[TestClient]:
    """Give one caller for many drawn requests, none of which changes what is kept."""
    settings = Settings(
        database_url=f"sqlite:///{published_file}",
        warm_at_start=False,
        rules_folder=tmp_path_factory.mktemp("no_rules"),
        hosts=HOST,
    )
    with TestClient(create_app(settings), headers=OWN_PAGE) as caller:
        yield caller


@pytest.fixture
def service(settings) -> Service:
    """Give a service that is not started; a test may add an endpoint to it."""
    return create_app(settings)


@pytest.fixture
def client(request) -> Iterator[TestClient]:
    """Give a caller of a started service: of the test's own, where it may change the service."""
    places = {request.path.parent.name, request.path.stem}
    if places & ASKING_ALONE and "service" not in request.fixturenames:
        yield request.getfixturevalue("asking")
    else:
        with TestClient(request.getfixturevalue("service"), headers=OWN_PAGE) as caller:
            yield caller
