"""Keys: shown once, proved by a digest, expiring, revocable, each in its place; and a dump of the database holds none."""

import re
import sqlite3
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import IntegrityError

from app.access import OWNER, Asker, Role
from app.access.secrets_of_keys import KeyKind, digest_of, read_key
from app.access.service import KeyUnknown, create_key, keys_of, revoke_key
from app.audit.service import check_chain, newest
from app.main import create_app
from app.models import AccessKey
from app.rule_sets.publish import publish
from app.settings import Settings
from engine.rules import load_rule_file
from engine.vocabulary import FIXTURES
from tests.programs import need

TOY = FIXTURES / "rules" / "toy" / "toy-2025-26.yaml"
ADMIN = Asker("an admin", "929", frozenset({Role.admin}))
OTHER = Asker("another admin", "208", frozenset({Role.admin}))
LIST = "/v1/rule-sets"
CELL = "/v1/cells/northumberland-2015-16/tariff"
WHAT_IF = "/v1/what-ifs/notional-sen"


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture
def service(database, tmp_path):
    """Give a service on each engine that needs keys."""
    nothing = tmp_path / "no_rules"
    nothing.mkdir(exist_ok=True)
    return create_app(
        Settings(
            database_url=database.engine.url.render_as_string(hide_password=False),
            warm_at_start=False,
            rules_folder=nothing,
            require_keys=True,
        )
    )


@pytest.fixture
def caller(service):
    with TestClient(service) as caller:
        yield caller


def made(database, *roles: Role, asker: Asker = ADMIN, kind=KeyKind.service) -> str:
    with database.writing() as session:
        _, text = create_key(asker, session, "a test", roles, 30, kind)
    return text


def events(database, most: int) -> list[tuple[str, str, str]]:
    with database.reading() as session:
        return [(one.actor, one.action, one.subject) for one in newest(OWNER, session, most)]


def spoil(database, **changes) -> None:
    with database.writing() as session:
        for key in session.query(AccessKey):
            for name, value in changes.items():
                setattr(key, name, value)


def test_a_key_has_a_public_prefix_and_256_bits(database):
    text = made(database, Role.viewer)
    assert re.fullmatch(r"ev_[a-z0-9]{10}_[A-Za-z0-9_-]{43}", text)
    assert made(database, Role.viewer) != text
    assert read_key(text).digest == digest_of(text)


def test_nothing_is_answered_without_a_key_but_health_and_words(caller):
    for address in (LIST, "/", CELL):
        answer = caller.get(address)
        assert (answer.status_code, answer.json()["type"]) == (401, "/problems/sign-in-needed")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert caller.get("/health/live").status_code == 200
    assert caller.get("/problems/sign-in-needed").status_code == 200


def test_a_key_opens_what_its_roles_allow_and_its_use_is_kept_by_day(caller, database):
    viewer, modeller = made(database, Role.viewer), made(database, Role.modeller)
    assert caller.get(LIST, headers=bearer(viewer)).status_code == 200
    assert caller.post(WHAT_IF, json={}, headers=bearer(viewer)).status_code == 403
    assert caller.post(WHAT_IF, json={}, headers=bearer(modeller)).status_code == 422
    prefix = read_key(viewer).prefix
    assert events(database, 1) == [(f"key {prefix}", "access denied", f"POST {WHAT_IF}")]
    with database.reading() as session:
        assert {one.last_used for one in keys_of(ADMIN, session)} == {datetime.now(UTC).date()}


@pytest.mark.parametrize(
    "wrong", ["ev_", "ev_aaaaaaaaaa_" + "a" * 43, "ev_x", "evil", "evc_aaaaaaaaaa_" + "a" * 43]
)
def test_a_key_that_is_not_known_is_refused_and_recorded_without_what_was_sent(
    caller, database, wrong
):
    answer = caller.get(LIST, headers=bearer(wrong))
    assert answer.status_code == 401
    assert wrong not in answer.text
    assert events(database, 1) == [("unknown", "access denied", f"GET {LIST}")]


def test_a_key_with_a_right_prefix_and_a_wrong_secret_is_not_known(caller, database):
    text = made(database, Role.viewer)
    wrong = text[:-1] + ("a" if text[-1] != "a" else "b")
    assert caller.get(LIST, headers=bearer(wrong)).status_code == 401
    assert events(database, 1)[0][0] == "unknown"


def test_an_expired_key_is_refused(caller, database):
    text = made(database, Role.viewer)
    long_ago = datetime.now(UTC) - timedelta(9)
    spoil(database, created_at=long_ago, expires_at=long_ago + timedelta(1))
    assert caller.get(LIST, headers=bearer(text)).status_code == 401
    assert events(database, 1)[0][:2] == (f"key {read_key(text).prefix}", "access denied")


def test_a_revoked_key_is_refused_at_once_by_a_running_service(caller, database):
    text = made(database, Role.viewer)
    assert caller.get(LIST, headers=bearer(text)).status_code == 200
    with database.writing() as session:
        _, was = revoke_key(ADMIN, session, read_key(text).prefix)
        _, again = revoke_key(ADMIN, session, read_key(text).prefix)
    assert (was, again) == (True, False)
    assert caller.get(LIST, headers=bearer(text)).status_code == 401


def test_a_key_of_cells_opens_cells_in_their_address_and_nothing_else(caller, database):
    text = made(database, Role.admin, kind=KeyKind.cell)
    assert caller.get(CELL, params={"key": text, "band": "1"}).status_code == 404
    assert caller.get(CELL, headers=bearer(text), params={"band": "1"}).status_code == 401
    for address in (LIST, "/", "/v1/keys", "/v1/atlas"):
        assert caller.get(address, params={"key": text}).status_code == 401
        assert caller.get(address, headers=bearer(text)).status_code == 401
    assert caller.post(WHAT_IF, params={"key": text}, json={}).status_code == 401


def test_a_key_of_programs_does_not_stand_in_an_address(caller, database):
    text = made(database, Role.admin)
    assert caller.get(CELL, params={"key": text, "band": "1"}).status_code == 401
    assert caller.get(CELL, headers=bearer(text), params={"band": "1"}).status_code == 404


def test_two_keys_in_an_address_are_none_and_a_refusal_repeats_neither(caller, database):
    text = made(database, kind=KeyKind.cell)
    answer = caller.get(f"{CELL}?key={text}&key={text}&band=1")
    assert answer.status_code == 401
    as_text = caller.get(f"{CELL}?band=1&errors=text&key={text}x")
    assert as_text.text.startswith("ERROR: ")
    assert text not in answer.text + as_text.text


def test_no_line_of_the_log_holds_a_key(caller, database, caplog):
    text = made(database, kind=KeyKind.cell)
    with caplog.at_level(0):
        for address in (CELL, LIST, "/v1/cells/x/unknown"):
            caller.get(address, params={"key": text, "band": "1", "wrong": "1"})
    secret = text.rpartition("_")[2]
    assert not [
        one for one in caplog.records if secret in one.getMessage() and one.name != "httpx2"
    ]
    assert "evenband.requests" in {one.name for one in caplog.records}


def test_an_administrator_makes_lists_and_revokes_keys_and_sees_no_secret_again(caller, database):
    admin = bearer(made(database, Role.admin))
    wanted = {"name": "nightly run", "roles": ["modeller"], "days": 7}
    answer = caller.post("/v1/keys", json=wanted, headers=admin)
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    key, prefix = answer.json()["key"], answer.json()["prefix"]
    assert caller.get(LIST, headers=bearer(key)).status_code == 200
    listed = caller.get("/v1/keys", headers=admin)
    assert key.rpartition("_")[2] not in listed.text
    assert [one["name"] for one in listed.json()["items"]] == ["a test", "nightly run"]
    assert caller.delete(f"/v1/keys/{prefix}", headers=admin).json()["state"] == "revoked"
    assert caller.get(LIST, headers=bearer(key)).status_code == 401
    assert [one[1] for one in events(database, 3)] == [
        "access denied", "key revoked", "key created"
    ]  # fmt: skip
    with database.reading() as session:
        assert check_chain(OWNER, session).fault is None


def test_another_organisations_key_is_not_found(caller, database):
    theirs = read_key(made(database, Role.viewer, asker=OTHER)).prefix
    admin = bearer(made(database, Role.admin))
    answer = caller.delete(f"/v1/keys/{theirs}", headers=admin)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/key-unknown")
    assert theirs not in caller.get("/v1/keys", headers=admin).text
    with database.writing() as session, pytest.raises(KeyUnknown):
        revoke_key(ADMIN, session, theirs)


def test_who_is_no_administrator_makes_no_key(caller, database):
    for role in set(Role) - {Role.admin}:
        answer = caller.post("/v1/keys", json={"name": "x"}, headers=bearer(made(database, role)))
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-allowed")


def test_the_database_itself_keeps_a_key_of_cells_from_any_other_role(database):
    made(database, kind=KeyKind.cell)
    with pytest.raises(IntegrityError):
        spoil(database, roles="admin")


def test_a_dump_of_the_database_holds_no_secret(database):
    texts = [made(database, Role.admin), made(database, kind=KeyKind.cell)]
    url = database.engine.url
    if url.get_backend_name() == "sqlite":
        dump = "\n".join(sqlite3.connect(url.database).iterdump())
    else:
        program = need("postgresql") / "pg_dump"
        command = [program, "-h", url.query["host"], "-U", url.username, url.database]
        dump = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for text in texts:
        _, prefix, secret = text.split("_", 2)
        assert prefix in dump
        assert secret not in dump
        assert text not in dump


def test_no_answer_that_depends_on_who_asks_is_for_a_cache_that_several_people_share(
    caller, database
):
    text = made(database, Role.publisher)
    with database.writing() as session:
        publish(ADMIN, session, load_rule_file(TOY))
    for address in ("", "/document", "/document?version=1", "/values"):
        answer = caller.get(f"{LIST}/{TOY.stem}{address}", headers=bearer(text))
        assert answer.status_code == 200
        assert "public" not in answer.headers["Cache-Control"]
