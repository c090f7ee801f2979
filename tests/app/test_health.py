"""The service says that it lives, and that it can answer, only when it does."""

import asyncio
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError
from sqlalchemy import text

from app.main import application, create_app
from app.settings import Settings
from app.warm_up import QUESTIONS, ask_first_questions


def test_a_warm_service_is_ready(settings):
    warm = settings.model_copy(update={"warm_at_start": True})
    with TestClient(create_app(warm)) as caller:
        answer = caller.get("/health/ready")
        assert (answer.status_code, answer.json()) == (200, {"ready": True})


def test_a_cold_service_lives_and_says_what_it_lacks(client):
    assert client.get("/health/live").json() == {"alive": True}
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/not-ready"
    assert [one["rule"] for one in answer.json()["problems"]] == ["kernels"]
    assert answer.headers["Retry-After"] == "5"


def test_a_schema_that_is_not_at_head_is_not_ready(client, service):
    with service.state.database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'elsewhere'"))
    lacking = [one["rule"] for one in client.get("/health/ready").json()["problems"]]
    assert "schema" in lacking


def test_a_database_that_is_gone_is_not_ready(client, service):
    service.state.database.engine.dispose()
    Path(service.state.settings.address.database).write_bytes(b"no database" * 400)
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200


@pytest.mark.parametrize("host", ["::", "192.0.2.7", "example.org"])
def test_the_service_listens_to_this_machine_alone_unless_told(host):
    with pytest.raises(ValidationError, match="EVENBAND_ALLOW_PUBLIC=true"):
        Settings(host=host)
    assert Settings(host=host, allow_public=True).host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_loopback_needs_no_leave(host):
    assert Settings(host=host).host == host


@pytest.mark.parametrize(
    "url", ["mysql://reader:canary@here/x", "canary", "sqlite://", "sqlite:///:memory:"]
)
def test_a_database_that_cannot_keep_anything_is_refused_without_its_address(url):
    with pytest.raises(ValidationError) as caught:
        Settings(database_url=url)
    assert "canary" not in repr([one["msg"] for one in caught.value.errors()])


def test_settings_come_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("EVENBAND_DATABASE_URL", "postgresql://reader:secret@here/evenband")
    monkeypatch.setenv("EVENBAND_PORT", "8100")
    chosen = Settings()
    assert chosen.address.drivername == "postgresql+psycopg"
    assert chosen.port == 8100
    assert "secret" not in repr(chosen)


def test_the_data_folder_holds_the_database_by_default(tmp_path, monkeypatch):
    monkeypatch.setenv("EVENBAND_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("EVENBAND_WARM_AT_START", "false")
    with TestClient(application()) as caller:
        assert caller.get("/v1/rule-sets").status_code == 200
    assert (tmp_path / "data" / "evenband.db").exists()


def test_a_warm_service_has_asked_itself_each_kind_of_question_and_answered_it(settings):
    warm = settings.model_copy(update={"warm_at_start": True})
    app = create_app(warm)
    with TestClient(app):
        statuses = asyncio.run(ask_first_questions(app))
        assert set(statuses) == {200}
        assert len(statuses) > len(QUESTIONS) > 0
