"""The bill of materials says what the lock says, in the form of its standard, and names no registry."""

import json
from importlib.resources import files

import jsonschema_rs
import pytest

from tests.bill_of_materials import LOCK, PROJECT, main, pins, text_of
from tests.house.sources import ROOT
from tests.house.test_addresses import REGISTRIES

SCHEMAS = files("cyclonedx.schema") / "_res"


@pytest.fixture(scope="module")
def lock() -> str:
    return LOCK.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found(lock) -> dict:
    return json.loads(text_of(lock))


def schema(name: str) -> dict:
    return json.loads((SCHEMAS / name).read_text(encoding="utf-8"))


def test_it_is_of_the_published_form(found):
    known = {
        f"http://cyclonedx.org/schema/{name}.SNAPSHOT.schema.json": schema(
            f"{name}.SNAPSHOT.schema.json"
        )
        for name in ("spdx", "jsf-0.82", "cryptography-defs")
    }
    validator = jsonschema_rs.validator_for(
        schema("bom-1.6.SNAPSHOT.schema.json"),
        registry=jsonschema_rs.Registry(list(known.items())),
    )
    validator.validate(found)
    with pytest.raises(jsonschema_rs.ValidationError):
        validator.validate({**found, "bomFormat": "Another"})


def test_it_lists_every_distribution_of_the_lock_with_the_digests_of_its_files(found, lock):
    listed = {
        (one["name"], one["version"], frozenset(digest["content"] for digest in one["hashes"]))
        for one in found["components"]
    }
    assert listed == {(one.name, one.version, frozenset(one.hashes)) for one in pins(lock)}
    assert len(listed) == lock.count("==") - lock.count(" == ") > 20


def test_it_says_what_needs_what(found):
    needs = {one["ref"]: set(one.get("dependsOn", ())) for one in found["dependencies"]}
    direct = {one.partition("==")[0] for one in needs[PROJECT]}
    assert {"fastapi", "sqlalchemy", "numba"} <= direct
    (numba,) = (one for one in needs if one.startswith("numba=="))
    assert any(one.startswith("llvmlite==") for one in needs[numba])
    reached, ahead = set(), [PROJECT]
    while ahead:
        one = ahead.pop()
        if one not in reached:
            reached.add(one)
            ahead += needs[one]
    assert reached == set(needs), "what nothing needs is in the lock"


def test_no_address_of_a_registry_is_in_it_and_the_same_lock_gives_the_same_bytes(lock, tmp_path):
    text = text_of(lock)
    assert REGISTRIES.search(text) is None
    assert str(ROOT) not in text
    main(str(tmp_path / "bill.json"))
    assert (tmp_path / "bill.json").read_text(encoding="utf-8") == text
