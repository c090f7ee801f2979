"""A folder of rule documents: a bad one is named and left out, the rest are published."""

import logging
import os

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.access import OWNER
from app.errors import AddressUnknown
from app.main import create_app
from app.rule_sets import publish as publishing
from app.rule_sets import service as rule_sets
from engine.rules.load import digest, load_rule_set
from engine.vocabulary import FIXTURES

TOY = (FIXTURES / "rules" / "toy" / "toy-2025-26.yaml").read_text(encoding="utf-8")
OTHER = TOY.replace("toy-2025-26", "other-2025-26", 1)
EDITED = TOY.replace("Toy authority", "Another toy", 1)

SPOILT = {
    "no rule document": lambda path: path.write_text("format: evenband-rules/1\n"),
    "no YAML": lambda path: path.write_text("a: [\n"),
    "no text": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "control characters": lambda path: path.write_bytes(b"a: \x00\x01"),
    "nested without end": lambda path: path.write_text("a: " + "[" * 3_000),
    "empty": lambda path: path.write_text(""),
    "a folder": lambda path: path.mkdir(),
    "a named pipe": os.mkfifo,
    "a link to nothing": lambda path: path.symlink_to("nothing.yaml"),
    "a link to itself": lambda path: path.symlink_to(path),
    "edited": lambda path: path.write_text(EDITED, encoding="utf-8"),
    "too large": lambda path: path.write_text("#" * (9 << 20)),
}


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "rules"
    made.mkdir()
    (made / "a.yaml").write_text(TOY, encoding="utf-8")
    (made / "z.yaml").write_text(OTHER, encoding="utf-8")
    return made


def publish(database, folder):
    with database.writing() as session:
        return publishing.publish_folder(OWNER, session, folder)


def document(database, identifier="toy-2025-26"):
    with database.reading() as session:
        return rule_sets.published(OWNER, session, identifier).document


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_file_that_cannot_be_published_is_named_and_the_others_are(
    database, folder, spoil, caplog
):
    spoil(folder / "m.yaml")
    with caplog.at_level(logging.WARNING, "evenband"):
        done = publish(database, folder)
    assert done.added == 2
    [left] = done.left_out
    assert left.file == folder / "m.yaml"
    assert [record.getMessage() for record in caplog.records] == [str(left)]
    assert str(left).startswith(f"{folder / 'm.yaml'} is left out: ")
    assert "\n" not in str(left)
    assert digest(document(database)) == digest(load_rule_set(TOY))
    assert document(database, "other-2025-26")


def test_a_published_document_that_was_edited_is_left_out_and_the_stored_one_stays(
    database, folder
):
    publish(database, folder)
    (folder / "a.yaml").write_text(EDITED, encoding="utf-8")
    [left] = publish(database, folder).left_out
    assert "version 1 of toy-2025-26 is already published with other content" in left.reason
    assert "Give the changed document the version 2" in left.reason
    assert digest(document(database)) == digest(load_rule_set(TOY))


def test_a_service_with_a_bad_file_in_its_folder_is_ready(settings, folder, caplog):
    (folder / "m.yaml").write_text("a: [\n")
    with TestClient(create_app(settings.model_copy(update={"rules_folder": folder}))) as caller:
        lacking = [one["rule"] for one in caller.get("/health/ready").json()["problems"]]
        assert lacking == ["kernels"]
        assert caller.get("/v1/rule-sets/other-2025-26").status_code == 200
    assert any("m.yaml is left out" in record.getMessage() for record in caplog.records)


def test_a_damaged_text_takes_down_its_own_rule_set_alone(database, folder, caplog):
    # A document that no other test has read in this process.
    once = TOY.replace("toy-2025-26", "damaged-2025-26", 1)
    (folder / "z.yaml").write_text(once, encoding="utf-8")
    publish(database, folder)
    on = " ON rule_text" if database.engine.dialect.name == "postgresql" else ""
    with database.writing() as session:
        session.execute(text(f"DROP TRIGGER rule_text_unchanged{on}"))
        session.execute(
            text("UPDATE rule_text SET canonical = '{}' WHERE digest = :digest"),
            {"digest": digest(load_rule_set(once))},
        )
    with database.reading() as session:
        rule_sets.compile_every(OWNER, session)
        found = [one.identifier for one in rule_sets.every_published(OWNER, session)]
    assert found == ["toy-2025-26"]
    assert "rule set damaged-2025-26 is left out" in caplog.text
    with database.reading() as session, pytest.raises(rule_sets.RuleTextDamaged):
        rule_sets.published(OWNER, session, "damaged-2025-26")


def test_an_unknown_rule_set_is_not_found(database, folder):
    publish(database, folder)
    with pytest.raises(AddressUnknown):
        document(database, "none")
