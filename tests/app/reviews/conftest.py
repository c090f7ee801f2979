"""A service without rule sets but one, and people of an organisation who ask it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import make_url

from app.access import SHARED, Asker, Role, asker_of
from app.database import Database, open_database
from app.main import create_app
from app.rule_sets.publish import publish
from app.settings import Settings
from engine.rules import load_rule_set
from engine.vocabulary import FIXTURES

TOY = (FIXTURES / "rules" / "toy" / "toy-2025-26.yaml").read_text(encoding="utf-8")
IDENTIFIER = "toy-2025-26"
EVERY_ROLE = frozenset(Role)


def person(name: str, *roles: Role, tenant: str = SHARED) -> Asker:
    """Return a person of an organisation, by default with every role."""
    return Asker(name, tenant, frozenset(roles) or EVERY_ROLE)


@dataclass
class Office:
    """A service, its database, and the person who asks it now."""

    caller: TestClient
    database: Database
    ask_as: Callable[[Asker], None]

    def begin(self, **body) -> dict:
        answer = self.caller.post("/v1/drafts", json=body or {"successor_of": IDENTIFIER})
        assert answer.status_code == 201, answer.text
        return {**answer.json(), "etag": answer.headers["etag"]}

    def read(self, number: int, identifier: str = IDENTIFIER) -> dict:
        answer = self.caller.get(f"/v1/drafts/{identifier}/{number}")
        assert answer.status_code == 200, answer.text
        return {**answer.json(), "etag": answer.headers["etag"]}

    def tag(self, number: int) -> dict[str, str]:
        return {"If-Match": self.read(number)["etag"]}

    def post(self, number: int, step: str, body: dict | None = None, *, tag: bool = True):
        headers = self.tag(number) if tag else {}
        address = f"/v1/drafts/{IDENTIFIER}/{number}/{step}"
        return self.caller.post(address, json=body, headers=headers)

    def save(self, number: int, text: str, headers: dict[str, str] | None = None):
        found = self.tag(number) if headers is None else headers
        address = f"/v1/drafts/{IDENTIFIER}/{number}"
        return self.caller.put(address, json={"document": text}, headers=found)

    def approve(self, number: int, **more):
        found = self.read(number)
        named = [one["name"] for one in found["detectors"] if one["findings"]]
        body = {"digest": found["digest"], "acknowledged": named, **more}
        return self.post(number, "approval", body, tag=False)


@pytest.fixture
def office(migrated_url, tmp_path) -> Iterator[Office]:
    """Give a service of either engine with the toy rules published, asked by its owner at first."""
    nothing = tmp_path / "no_rules"
    nothing.mkdir()
    settings = Settings(database_url=migrated_url, warm_at_start=False, rules_folder=nothing)
    database = open_database(make_url(migrated_url))
    with database.writing() as session:
        publish(person("owner"), session, load_rule_set(TOY))
    service = create_app(settings)

    def ask_as(asker: Asker) -> None:
        service.dependency_overrides[asker_of] = lambda: asker

    # As a browser says of a page of the service itself: a page of elsewhere changes nothing.
    with TestClient(service, headers={"Sec-Fetch-Site": "same-origin"}) as caller:
        yield Office(caller, database, ask_as)
    database.close()
