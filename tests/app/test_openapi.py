"""The description of the API is a published document, and its examples are true."""

import json

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


def test_every_what_if_and_cell_says_what_it_is_and_what_it_may_answer(described):
    for _, operation in rooms(described):
        assert operation["summary"]
        assert operation["description"]
        assert {"200", "404", "413", "415", "422", "503"} <= set(operation["responses"])
        assert ("400" in operation["responses"]) == ("requestBody" in operation)


def test_every_body_has_an_example(described):
    bodies = [body_of(operation) for _, operation in rooms(described) if body_of(operation)]
    assert len(bodies) == 6
    assert all(body["examples"] for body in bodies)


@pytest.mark.parametrize(("path", "body"), examples())
def test_every_example_is_answered(client, path, body):
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text


def test_no_amount_is_a_floating_point_number(described):
    assert "number" not in kinds(described["components"]["schemas"])


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
