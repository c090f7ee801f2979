"""The type of every refusal leads to a page that explains it, and every name of a rule is explained there."""

import ast
from pathlib import Path

import pytest

from app.problems.responses import titles
from app.problems.rules import OWN, READ_BY_TYPE, RULES
from app.problems.texts import TEXTS
from engine.vocabulary import Reason
from tests.app.test_openapi import description

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {
    path: ast.parse(path.read_text(encoding="utf-8"))
    for room in ("app", "engine")
    for path in (ROOT / room).rglob("*.py")
}
WORKED_OUT = {
    "no-places",
    "no-high-needs-block",
    "no-row-of-authority",
    "no-rule-set",
    "no-version",
    "no-targeted-funding",
    "schema",
    "rules",
    "kernels",
}
PAGE, PROGRAM = {"Accept": "text/html"}, {"Accept": "application/json"}


def calls(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def name_of(call):
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def takers():
    """Return, for each function or class of a file that takes a rule's name, which argument it is."""
    found = {}
    for path, tree in SOURCES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                taken = [(one.arg, one.annotation) for one in node.args.args]
            elif isinstance(node, ast.ClassDef):
                fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
                taken = [(one.target.id, one.annotation) for one in fields]
            else:
                continue
            kinds = {name: kind for name, kind in taken if name not in {"self", "cls"}}
            # Others take a rule of a document by the same word, and not its name.
            if "rule" in kinds and ast.unparse(kinds["rule"]) == "str":
                found[path, node.name] = list(kinds).index("rule")
    return found


def named_rules():
    """Return every name of a rule that the code writes, with the file that writes it."""
    own = takers()
    anywhere = {name: place for (_, name), place in own.items()}
    for path, tree in SOURCES.items():
        for call in calls(tree):
            name = name_of(call)
            place = own.get((path, name), anywhere.get(name) if not name.startswith("_") else None)
            if place is None:
                continue
            given = [
                *call.args[place : place + 1],
                *(one.value for one in call.keywords if one.arg == "rule"),
            ]
            for one in given:
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.value, path.relative_to(ROOT)


def test_every_kind_of_refusal_has_a_page(client):
    description()
    missing = set(titles()) - set(TEXTS)
    assert not missing, f"app/problems/texts.py explains no such kind of refusal: {sorted(missing)}"
    assert set(TEXTS) == set(titles()), "a page explains what is never refused"
    for kind, title in titles().items():
        answer = client.get(f"/problems/{kind}", headers=PAGE)
        assert answer.status_code == 200
        assert title in answer.text.replace("&#39;", "'")
        told = client.get(f"/problems/{kind}", headers=PROGRAM).json()
        assert told["type"] == f"/problems/{kind}"
        assert all(told[part].endswith(".") for part in ("meaning", "example", "mend"))


def test_the_type_of_a_refusal_is_the_address_of_its_page(client):
    refused = client.get("/v1/rule-sets/none-such").json()
    assert client.get(refused["type"], headers=PROGRAM).json()["title"] == refused["title"]


def test_every_name_of_a_rule_is_explained_and_none_is_left_over():
    written = dict(named_rules())
    assert len(written) > 80
    missing = sorted(f"{name} ({written[name]})" for name in written if name not in RULES)
    assert not missing, f"app/problems/rules.py explains no such rule: {missing}"
    unused = set(OWN) - set(written) - WORKED_OUT - {reason.name for reason in Reason}
    assert not unused, f"app/problems/rules.py explains what is never named: {sorted(unused)}"
    assert not set(OWN) & set(READ_BY_TYPE), "a rule is explained twice"


def test_rules_that_the_code_puts_together_are_explained():
    assert set(RULES) >= WORKED_OUT


@pytest.mark.parametrize("kind", ["none-such", "UNREADABLE", "a/b"])
def test_a_kind_that_there_is_not_is_not_found(client, kind):
    assert client.get(f"/problems/{kind}", headers=PAGE).status_code == 404


def test_the_kinds_are_listed(client):
    page = client.get("/problems", headers=PAGE).text
    listed = client.get("/problems", headers=PROGRAM).json()
    assert set(listed) == {f"/problems/{kind}" for kind in TEXTS}
    assert all(f'href="{kind}"' in page for kind in listed)
