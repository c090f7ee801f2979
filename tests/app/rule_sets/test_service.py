"""Published versions as other packages use them: immutable, proved, compiled once."""

from datetime import date

import pytest
from sqlalchemy import text

from app.access import OWNER
from app.rule_sets import publish as publishing
from app.rule_sets import service as rule_sets
from app.rule_sets.schemas import Kind
from engine.errors import RuleRefused
from engine.export import values_on
from engine.rules.load import digest, load_rule_set
from engine.vocabulary import FIXTURES

TOY = (FIXTURES / "rules" / "toy" / "toy-2025-26.yaml").read_text(encoding="utf-8")
SECOND = TOY.replace("version: 1", "version: 2", 1).replace("Toy authority", "Second toy", 1)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "rules"
    made.mkdir()
    (made / "toy.yaml").write_text(TOY, encoding="utf-8")
    return made


def publish(database, folder):
    return attempt(database, folder).added


def attempt(database, folder):
    with database.writing() as session:
        return publishing.publish_folder(OWNER, session, folder)


def toy(database, version=None):
    with database.reading() as session:
        return rule_sets.published(OWNER, session, "toy-2025-26", version)


def test_a_document_is_published_once(database, folder):
    assert publish(database, folder) == 1
    assert publish(database, folder) == 0
    assert toy(database).digest == digest(toy(database).document) == digest(load_rule_set(TOY))


def test_a_later_start_reads_the_files_that_are_new_to_it_alone(database, folder, monkeypatch):
    publish(database, folder)
    read = []
    plain = publishing.load_rule_file
    monkeypatch.setattr(publishing, "load_rule_file", lambda path: read.append(path) or plain(path))
    assert publish(database, folder) == 0
    assert read == []
    (known,) = folder.rglob("*.yaml")
    known.write_text(TOY + "# the same rules, with a remark\n", encoding="utf-8")
    assert publish(database, folder) == 0
    assert len(read) == 1


def test_a_later_version_stands_and_the_earlier_one_can_still_be_read(database, folder):
    publish(database, folder)
    (folder / "second.yaml").write_text(SECOND, encoding="utf-8")
    assert publish(database, folder) == 1
    assert toy(database).version == 2
    assert digest(toy(database, 1).document) == digest(load_rule_set(TOY))
    with database.reading() as session:
        [row] = rule_sets.latest_versions(OWNER, session)
        assert (row.number, row.title.startswith("Second")) == (2, True)
        assert rule_sets.versions_of(OWNER, session, "toy-2025-26") == [1, 2]


def test_a_text_that_is_not_its_digest_s_is_not_used(database, folder):
    # Only who owns the database can take a guard away.
    publish(database, folder)
    on = " ON rule_text" if database.engine.dialect.name == "postgresql" else ""
    with database.writing() as session:
        session.execute(text(f"DROP TRIGGER rule_text_unchanged{on}"))
        session.execute(text("UPDATE rule_text SET canonical = '{}'"))
    with database.reading() as session, pytest.raises(rule_sets.RuleTextDamaged):
        rule_sets.text_of(OWNER, session, digest(load_rule_set(TOY)))


def test_a_version_says_what_it_works_out(database, folder):
    publish(database, folder)
    with database.reading() as session:
        [row] = rule_sets.latest_versions(OWNER, session, kind=Kind.notional)
        document, kinds = load_rule_set(TOY), rule_sets.kinds_of(row)
        parts = [
            document.schools_formula,
            document.band_profile,
            document.places,
            document.high_needs_block,
            document.targeted_funding,
        ]
        assert kinds == [kind for kind, part in zip(Kind, parts, strict=True) if part is not None]
        for kind in Kind:
            assert bool(rule_sets.latest_versions(OWNER, session, kind=kind)) == (kind in kinds)


def test_rules_are_compiled_once_for_a_day(database, folder):
    publish(database, folder)
    with database.reading() as session:
        first = rule_sets.rules_in_force(OWNER, session, "toy-2025-26")
        assert rule_sets.rules_in_force(OWNER, session, "toy-2025-26") is first
        assert first.day is None
        later = rule_sets.rules_in_force(OWNER, session, "toy-2025-26", date(2026, 1, 5))
        assert (later is first, later.day) == (False, date(2026, 1, 5))


def test_an_override_changes_the_digest_and_not_what_is_published(database, folder):
    publish(database, folder)
    document = toy(database).document
    place = next(one.place for one in values_on(document, document.at(date(2025, 9, 1))))
    with database.reading() as session:
        tried = rule_sets.rules_in_force(OWNER, session, "toy-2025-26", overrides=[(place, "1")])
        plain = rule_sets.rules_in_force(OWNER, session, "toy-2025-26")
        assert tried.digest != plain.digest == toy(database).digest
        with pytest.raises(RuleRefused):
            rule_sets.rules_in_force(OWNER, session, "toy-2025-26", overrides=[("no.place", "1")])


@pytest.mark.parametrize("page", [1, 2, 3, 200])
def test_every_rule_set_is_given_once_in_its_latest_published_version(
    database, folder, monkeypatch, page
):
    monkeypatch.setattr(rule_sets, "PAGE", page)
    names = [f"toy-{at}-2025-26" for at in range(4)]
    for name in names:
        renamed = TOY.replace("toy-2025-26", name, 1)
        (folder / f"{name}.yaml").write_text(renamed, encoding="utf-8")
    second = SECOND.replace("toy-2025-26", names[1], 1)
    (folder / "second.yaml").write_text(second, encoding="utf-8")
    publish(database, folder)
    with database.reading() as session:
        found = [(one.identifier, one.version) for one in rule_sets.every_published(OWNER, session)]
        targeted = list(rule_sets.every_published(OWNER, session, Kind.targeted))
    assert found == sorted([*zip(names, [1, 2, 1, 1], strict=True), ("toy-2025-26", 1)])
    assert not targeted


@pytest.mark.parametrize(("earlier", "later"), [(1, 2), (9, 10)])
def test_the_latest_of_two_versions_is_the_second_alone_or_in_a_list(
    database, folder, earlier, later
):
    for number in (later, earlier):
        held = TOY.replace("version: 1", f"version: {number}", 1)
        (folder / "toy.yaml").write_text(held, encoding="utf-8")
        publish(database, folder)
    with database.reading() as session:
        listed = rule_sets.latest_versions(OWNER, session, after="", limit=10)
        assert [one.number for one in listed] == [later]
        assert rule_sets.version_of(OWNER, session, "toy-2025-26").number == later
        assert rule_sets.versions_of(OWNER, session, "toy-2025-26") == [earlier, later]
    assert toy(database).document.version == later
