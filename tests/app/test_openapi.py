"""The description of the API is a published document, and its examples are true."""

import json
import re
from collections import Counter
from functools import cache

import jsonschema_rs
import pytest

from app.main import create_app
from app.settings import Settings
from engine.vocabulary import FIXTURES

SNAPSHOT = FIXTURES / "schema" / "openapi.json"
METHODS = {"get", "post", "put", "patch", "delete", "head", "options"}
AGAIN = "python -m tests.app.test_openapi"


@pytest.fixture(scope="module")
def described():
    return description()


@cache
def description():
    """Return the description of a service that is not started."""
    return create_app(Settings()).openapi()


def operations(described):
    return [
        (path, method, operation)
        for path, item in described["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def rooms(described):
    return [
        (path, operation)
        for path, _, operation in operations(described)
        if path.startswith(("/v1/what-ifs", "/v1/cells"))
    ]


def examples():
    return [
        pytest.param(path, example["value"], id=f"{operation['operationId']} {name}")
        for path, operation in rooms(description())
        for name, example in body_of(operation).get("examples", {}).items()
    ]


def body_of(operation):
    return operation.get("requestBody", {}).get("content", {}).get("application/json", {})


def test_the_description_is_the_one_that_was_published(described):
    published = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    assert described == published, f"the API changed: look at the difference, then run {AGAIN}"


def test_every_operation_has_a_name_of_its_own_and_a_tag(described):
    names = [operation["operationId"] for _, _, operation in operations(described)]
    assert len(set(names)) == len(names)
    assert all(operation["tags"] for _, _, operation in operations(described))


def test_operations_have_short_names_that_a_generated_client_can_call(described):
    names = [operation["operationId"] for _, _, operation in operations(described)]
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+){1,4}", name) for name in names), names
    assert all(operation["summary"] for _, _, operation in operations(described))


def test_every_tag_is_described_and_the_server_is_named(described):
    told = {tag["name"]: tag["description"] for tag in described["tags"]}
    used = {tag for _, _, operation in operations(described) for tag in operation["tags"]}
    assert used == set(told)
    assert all(told.values())
    assert [server["url"] for server in described["servers"]] == ["/"]


def test_no_two_models_or_enums_share_a_title(described):
    schemas = described["components"]["schemas"]
    named = {name: schema["title"] for name, schema in schemas.items()}
    assert all(re.fullmatch(r"[A-Z][A-Za-z]+", title) for title in named.values()), named
    enums = [schema for schema in parts(described) if "enum" in schema and "title" in schema]
    own = {id(schema): schema["title"] for schema in [*enums, *schemas.values()]}
    assert [title for title, number in Counter(own.values()).items() if number > 1] == []


def test_every_answer_is_typed(described):
    """An object without named fields reaches a generated client as a bare dictionary."""
    answers = [
        (operation["operationId"], code, content["schema"])
        for _, _, operation in operations(described)
        for code, answer in operation["responses"].items()
        for content in answer.get("content", {}).values()
    ]
    assert len(answers) > 100
    for name, code, schema in answers:
        for part in reached(described, schema):
            untyped = part.get("type") == "object" and "properties" not in part
            assert not untyped or isinstance(part.get("additionalProperties"), dict), (name, code)
            assert part, (name, code)


def test_published_documents_are_what_the_description_says(client, described):
    schema = {"$ref": "#/components/schemas/RuleDocument", "components": described["components"]}
    validator = jsonschema_rs.validator_for(schema)
    listed = client.get("/v1/rule-sets", params={"limit": 100}).json()["items"]
    assert len(listed) > 30
    for one in listed:
        found = client.get(f"/v1/rule-sets/{one['identifier']}/document").json()
        wrong = [error.message for error in validator.iter_errors(found)]
        assert wrong == [], one["identifier"]


def test_every_what_if_and_cell_says_what_it_is_and_what_it_may_answer(described):
    for _, operation in rooms(described):
        assert operation["summary"]
        assert operation["description"]
        assert {"200", "404", "413", "415", "422", "503"} <= set(operation["responses"])
        assert ("400" in operation["responses"]) == ("requestBody" in operation)


def test_every_body_has_an_example(described):
    bodies = [body_of(operation) for _, operation in rooms(described) if body_of(operation)]
    assert len(bodies) == 10
    assert all(body["examples"] for body in bodies)


@pytest.mark.parametrize(("path", "body"), examples())
def test_every_example_is_answered(client, path, body):
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text


def test_no_amount_is_a_floating_point_number(described):
    schemas = described["components"]["schemas"]
    assert "number" in kinds(schemas)
    # A cell of a record that is sent may be a number, and is read as it is written.
    sent = {"NotionalSenRequest", "TopUpsRequest", "ComparisonRequest", "AtlasRequest"}
    sent |= {
        "YearChangeRequest",
        "LetterRequest",
        "RuleChangesRequest",
        "PlacesRequest",
        "BlockRequest",
        "TargetedRequest",
        "CasesRequest",
        "ApprovalRequest",
    }
    assert "number" not in kinds({name: one for name, one in schemas.items() if name not in sent})


def parts(schema):
    """Yield a schema and everything in it."""
    if isinstance(schema, dict):
        yield schema
    below = schema.values() if isinstance(schema, dict) else schema
    for part in below if isinstance(schema, (dict, list)) else ():
        yield from parts(part)


def reached(described, schema):
    """Return the schemas that an answer is made of, each once."""
    found, queue = {}, [schema]
    while queue:
        one = queue.pop()
        name = one.get("$ref")
        if name is not None and name not in found:
            one = found[name] = described["components"]["schemas"][name.rpartition("/")[2]]
            queue.append(one)
            continue
        found[id(one)] = one
        for key in ("items", "additionalProperties"):
            queue += [one[key]] if isinstance(one.get(key), dict) else []
        for key in ("anyOf", "allOf", "oneOf", "prefixItems"):
            queue += one.get(key, [])
        queue += one.get("properties", {}).values()
    return [one for one in found.values() if "$ref" not in one]


def kinds(schema):
    """Return every type that a schema names."""
    if isinstance(schema, dict):
        own = {schema["type"]} if isinstance(schema.get("type"), str) else set()
        return own.union(*(kinds(part) for part in schema.values()))
    if isinstance(schema, list):
        return set().union(*(kinds(part) for part in schema))
    return set()


if __name__ == "__main__":
    text = json.dumps(description(), indent=1, ensure_ascii=False, sort_keys=True)
    SNAPSHOT.parent.mkdir(exist_ok=True)
    SNAPSHOT.write_text(text + "\n", encoding="utf-8")
