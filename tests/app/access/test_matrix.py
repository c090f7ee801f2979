"""Every route for every role, and for another organisation: what is answered is what the table beside this file says.

A new route fails here until ``matrix.csv`` says what it needs.
"""

import csv
import json
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.access import RIGHTS, Asker, Role
from app.access.secrets_of_keys import KeyKind, read_key
from app.access.service import create_key
from app.main import create_app
from app.reviews.service import begin_from_text
from app.rule_sets.publish import publish
from app.scenarios.schemas import ScenarioRequest
from app.scenarios.service import save
from app.settings import Settings
from app.what_ifs.examples import WHAT_IFS
from engine.rules import load_rule_set
from engine.vocabulary import FIXTURES
from tests.app.access.matrix_routes import Address, addresses_of

TABLE = Path(__file__).with_name("matrix.csv")
TOY = (FIXTURES / "rules" / "toy" / "toy-2025-26.yaml").read_text(encoding="utf-8")
OWN = "own-2025-26"
OWN_DRAFT = "own-draft-2025-26"
US, THEM = (Asker(f"admin of {code}", code, frozenset(Role)) for code in ("929", "208"))
NOWHERE = {
    "rule_set": "toy-2025-26", "identifier": "toy-2025-26", "version": "1", "kind": "not-found",
    "prefix": "aaaaaaaaaa", "digest": "0" * 64, "other": "0" * 64,
}  # fmt: skip
BODIES: dict[str, Any] = {
    "PUT /v1/drafts/{identifier}/{version}": {"document": TOY.replace("toy-2025-26", OWN_DRAFT)},
    "POST /v1/drafts/{identifier}/{version}/comments": {"words": "A remark."},
    "POST /v1/drafts/{identifier}/{version}/return": {"words": "A reason."},
    "POST /v1/drafts/{identifier}/{version}/approval": {"digest": "0" * 64},
}
QUERIES: dict[str, dict[str, str]] = {
    "notional-sen": {"phase": "primary"},
    "factor": {"line": "x"},
    "tariff": {"band": "1"},
    "band-pays": {"band": "1", "start": "2025-04-01", "end": "2026-03-31"},
}
OF_A_TENANT = "{identifier}", "{rule_set}", "{prefix}", "{digest}"


def needs() -> dict[Address, frozenset[str]]:
    """Return what the table says: the rights of which one is needed, none for an open route."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        Address(row["method"], row["path"]): frozenset()
        if row["needs"] == "open"
        else frozenset(row["needs"].split(" or "))
        for row in rows
    }


@pytest.fixture(scope="module")
def service(published_file, tmp_path_factory):
    """Give a service that needs keys, with a rule set, a draft and a key of one organisation."""
    folder = tmp_path_factory.mktemp("matrix")
    copyfile(published_file, folder / "evenband.db")
    (folder / "none").mkdir()
    app = create_app(
        Settings(
            database_url=f"sqlite:///{folder / 'evenband.db'}", rules_folder=folder / "none",
            warm_at_start=False, require_keys=True, metrics=True, hosts="testserver",
        )
    )  # fmt: skip
    with TestClient(app) as caller:
        yield caller


@pytest.fixture(scope="module")
def keys(service) -> dict[str, str]:
    """Give a key of one organisation for each role and for cells, and of another with every role."""
    made: dict[str, str] = {}
    with service.app.state.database.writing() as session:
        for role in Role:
            made[role.value] = create_key(US, session, role.value, [role], 1)[1]
        made["cell"] = create_key(US, session, "cell", [], 1, KeyKind.cell)[1]
        made["us"] = create_key(US, session, "us", Role, 1)[1]
        made["them"] = create_key(THEM, session, "them", Role, 1)[1]
        made["spare"] = create_key(US, session, OWN, [Role.viewer], 1)[1]
        publish(US, session, load_rule_set(TOY.replace("toy-2025-26", OWN)))
        begin_from_text(US, session, TOY.replace("toy-2025-26", OWN_DRAFT))
        numbers = [{"place": "top_up_rule.cap", "value": "40000"}]
        scenario = save(US, session, ScenarioRequest(rule_set=OWN, overrides=numbers, title=OWN))
        made["scenario"] = scenario.row.digest
    return made


def ask(service, address: Address, key: str | None, held=NOWHERE, body: Any = None, query=None):
    """Send a request that reaches its endpoint: JSON to the API, a form to a page."""
    headers = {"If-Match": '"x"'} | ({"Authorization": f"Bearer {key}"} if key else {})
    sends = address.method in {"POST", "PUT", "PATCH"}
    is_api = address.path.startswith("/v1/")
    content = (
        ({"json": {} if body is None else body} if is_api else {"data": {"x": "1"}})
        if sends
        else {}
    )
    query = QUERIES.get(address.path.rpartition("/")[2], {}) if query is None else query
    return service.request(
        address.method, address.filled(held), headers=headers, params=query,
        follow_redirects=False, **content,
    )  # fmt: skip


def test_the_table_has_every_route_of_the_service_and_no_other(service):
    assert set(addresses_of(service.app)) == set(needs())
    assert {right for one in needs().values() for right in one} == {
        right.value for rights in RIGHTS.values() for right in rights
    }


def test_without_a_key_the_open_routes_are_answered_and_no_other(service):
    wrong = {}
    for address, rights in needs().items():
        status = ask(service, address, None).status_code
        if (status == 401) != bool(rights) or status == 500:
            wrong[address] = status
    assert not wrong


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_the_table_says_and_nothing_else(service, keys, role):
    wrong = {}
    mine = {right.value for right in RIGHTS[role]}
    for address, rights in needs().items():
        status = ask(service, address, keys[role.value]).status_code
        is_open = not rights or bool(rights & mine)
        if status in {401, 500} or (status == 403) == is_open:
            wrong[address] = status
    assert not wrong


def test_a_key_of_cells_opens_cells_in_their_address_alone(service, keys):
    wrong = {}
    for address, rights in needs().items():
        status = ask(service, address, None, query={"key": keys["cell"]}).status_code
        is_open = not rights or address.path.startswith("/v1/cells/")
        if (status == 401) == is_open or status == 500:
            wrong[address] = status
    assert not wrong


def test_what_is_of_another_organisation_is_not_found_on_any_route(service, keys):
    held = NOWHERE | {"identifier": OWN, "rule_set": OWN, "prefix": read_key(keys["spare"]).prefix}
    held |= dict.fromkeys(("digest", "other"), keys["scenario"])
    drafts = held | {"identifier": OWN_DRAFT}
    wrong, reached = {}, 0
    for address, rights in needs().items():
        if not rights or not any(one in address.path for one in OF_A_TENANT):
            continue
        of = drafts if "/drafts/" in address.path else held
        body = BODIES.get(" ".join(address))
        theirs = ask(service, address, keys["them"], of, body)
        ours = ask(service, address, keys["us"], of, body)
        reached += ours.status_code != 404
        if theirs.status_code != 404:
            wrong[address] = theirs.status_code, ours.status_code
        assert OWN not in theirs.text.replace(address.filled(of), "")
    assert not wrong
    assert reached > 20


def test_no_list_and_no_page_names_what_is_of_another_organisation(service, keys):
    pages = [one for one in needs() if one.method == "GET" and "{" not in one.path]
    for address in pages:
        theirs = ask(service, address, keys["them"])
        assert OWN not in theirs.text, address
        assert OWN_DRAFT not in theirs.text, address
    assert OWN in ask(service, Address("GET", "/v1/rule-sets"), keys["us"]).text
    assert OWN_DRAFT in ask(service, Address("GET", "/v1/drafts"), keys["us"]).text
    assert OWN in ask(service, Address("GET", "/v1/scenarios"), keys["us"]).text


@pytest.mark.parametrize("name", sorted(WHAT_IFS))
def test_a_what_if_finds_no_rule_set_of_another_organisation(service, keys, name):
    address = Address("POST", f"/v1/what-ifs/{name.replace('_', '-')}")
    for example in WHAT_IFS[name].values():
        text = json.dumps(example["value"])
        for identifier in set(named_in(example["value"])):
            text = text.replace(f'"{identifier}"', f'"{OWN}"')
        answer = ask(service, address, keys["them"], body=json.loads(text))
        assert answer.status_code in {404, 422}
        assert "rule-set-unknown" in answer.text or "No published rule set" in answer.text


def named_in(value: Any) -> list[str]:
    """Return the rule sets that a body names."""
    if isinstance(value, dict):
        own = [one for name, one in value.items() if name == "rule_set" and isinstance(one, str)]
        return own + [found for one in value.values() for found in named_in(one)]
    return [found for one in value for found in named_in(one)] if isinstance(value, list) else []
