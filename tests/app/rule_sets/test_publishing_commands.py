"""``evenband rules publish`` and ``withdraw``: an officer keeps her own rules beside the shipped ones, without a restart."""

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from app.cli import app
from app.main import create_app
from engine.vocabulary import FIXTURES

TOY = (FIXTURES / "rules" / "toy" / "toy-2025-26.yaml").read_text(encoding="utf-8")
OWN = TOY.replace("toy-2025-26", "own-2025-26", 1)


@pytest.fixture
def served(settings, monkeypatch):
    """Give a running service, and how a command is asked on its database."""
    monkeypatch.setenv("EVENBAND_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("EVENBAND_RULES_FOLDER", str(settings.rules_folder))
    with TestClient(create_app(settings)) as caller:
        yield caller, lambda *words: CliRunner().invoke(app, [str(one) for one in words])


def test_a_running_service_has_a_published_file_at_once_and_its_correction_after_it(
    served, tmp_path
):
    caller, asked = served
    file = tmp_path / "own.yaml"
    file.write_text(OWN, encoding="utf-8")
    assert caller.get("/v1/rule-sets/own-2025-26").status_code == 404
    assert asked("rules", "publish", file).stdout == "own-2025-26 version 1 is published.\n"
    assert asked("rules", "publish", file).stdout == "own-2025-26 version 1 was published before.\n"
    assert caller.get("/v1/rule-sets/own-2025-26").json()["state"] == "published"
    assert caller.get("/rules/own-2025-26").status_code == 200
    file.write_text(OWN.replace("Toy authority", "Another", 1), encoding="utf-8")
    refused = asked("rules", "publish", file)
    assert refused.exit_code == 1
    assert "a published version never changes" in refused.stderr
    file.write_text(OWN.replace("version: 1", "version: 2", 1), encoding="utf-8")
    assert asked("rules", "publish", file).exit_code == 0
    whole = caller.get("/v1/rule-sets/own-2025-26").json()
    assert (whole["version"], whole["versions"], whole["ended_at"]) == (2, [1, 2], None)
    first = caller.get("/v1/rule-sets/own-2025-26", params={"version": 1}).json()
    assert (first["state"], first["ended_at"]) == ("superseded", whole["published_at"])
    page = caller.get("/rules/own-2025-26", params={"version": 1}).text
    assert "A later version took the place of this one on" in page
    assert "took the place" not in caller.get("/rules/own-2025-26").text
    assert asked("audit", "verify").exit_code == 0


def test_a_withdrawn_version_is_said_to_be(served, tmp_path):
    caller, asked = served
    file = tmp_path / "own.yaml"
    file.write_text(OWN, encoding="utf-8")
    assert asked("rules", "publish", file).exit_code == 0
    done = asked("rules", "withdraw", "own-2025-26", "1", "--because", "a wrong price")
    assert done.stdout == "own-2025-26 version 1 is withdrawn.\n"
    assert caller.get("/v1/rule-sets/own-2025-26").status_code == 404
    assert caller.get("/v1/rule-sets/own-2025-26?version=1").json()["state"] == "withdrawn"
    assert "This version was withdrawn on" in caller.get("/rules/own-2025-26?version=1").text
    again = asked("rules", "withdraw", "own-2025-26", "1", "--because", "again")
    assert again.stdout == "own-2025-26 version 1 was not in use any more.\n"
    never = asked("rules", "withdraw", "own-2025-26", "2", "--because", "x")
    assert (never.exit_code, never.stderr) == (
        1, "version 2 of own-2025-26 was never published here.\n"
    )  # fmt: skip


def test_a_rule_set_is_read_as_it_was_known_on_a_day(served):
    caller, _ = served
    here = "/v1/rule-sets/northumberland-2015-16"
    whole = caller.get(here).json()
    day = whole["published_at"][:10]
    same = caller.get(here, params={"on": "2015-09-01", "known": day}).json()
    assert same["digest"] == whole["digest"]
    assert caller.get(here, params={"known": "2020-01-01"}).status_code == 404
    assert caller.get(here, params={"on": "2026-09-01"}).status_code == 404
    both = caller.get(here, params={"version": 1, "known": day})
    assert both.status_code == 422
    assert "give version, or on and known" in both.text


def test_a_file_that_is_no_rule_document_is_refused_and_nothing_is_published(served, tmp_path):
    _, asked = served
    file = tmp_path / "own.yaml"
    file.write_text("a: [\n", encoding="utf-8")
    assert asked("rules", "publish", file).exit_code == 1
    assert asked("rules", "publish", tmp_path / "none.yaml").exit_code in {2, 3}


def test_a_version_that_comes_after_a_later_one_is_said_to_be_superseded_already(served, tmp_path):
    _, asked = served
    file = tmp_path / "own.yaml"
    file.write_text(OWN.replace("version: 1", "version: 2", 1), encoding="utf-8")
    assert asked("rules", "publish", file).stdout == "own-2025-26 version 2 is published.\n"
    file.write_text(OWN, encoding="utf-8")
    said = asked("rules", "publish", file).stdout
    assert said == "own-2025-26 version 1 is published, and is superseded now.\n"
