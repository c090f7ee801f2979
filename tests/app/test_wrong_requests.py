"""Every field of every body, every parameter and every box of a form, given something wrong: plain words only."""

import html
import json
import re

import pytest

from app.main import create_app
from app.settings import Settings
from engine.vocabulary import FIXTURES
from tests.plain_words import OTHER_DIGITS, WRONG, certainly_wrong, fault_of, fields, with_value
from tests.storm_size import in_turn

DESCRIBED = json.loads((FIXTURES / "schema" / "openapi.json").read_text(encoding="utf-8"))
DEFS = DESCRIBED["components"]["schemas"]
OPERATIONS = [
    (method, path, operation)
    for path, item in DESCRIBED["paths"].items()
    for method, operation in item.items()
]
BODIES = [
    (path, operation["requestBody"]["content"]["application/json"])
    for method, path, operation in OPERATIONS
    if "requestBody" in operation and not path.startswith("/v1/drafts")
]
ASKED = [
    (path, operation)
    for method, path, operation in OPERATIONS
    if method == "get" and path.startswith("/v1/")
]
PARAMETERS = {
    "text": "\u00a7 wrong", "long": "x" * 3_000, "empty": "", "number": "-1", "huge": "9" * 30,
    "other digits": "\u0663\u0666", "full-width": "\uff13\uff16", "superscript": "\u00b3", "control": "a\x01b", "percent": "5%", "list": "[1]",
}  # fmt: skip
CELL = [{"type": "string"}, {"type": "integer"}, {"type": "boolean"}]
NUMBER = re.compile(r"-?[0-9]+([.-][0-9]+)*")
"""A number or a day, as the examples of bodies have them."""
WHOLE_TABLE = {"no-header", "no-rows"}
"""Rules whose problem is of a table and of no one place in it."""
TYPED = {
    kind: PARAMETERS[kind]
    for kind in ("text", "long", "number", "other digits", "full-width", "superscript", "percent")
}
DAILY = 3
"""How many of the wrong values a field is given each day; the storm gives it all."""
HELD = {
    "rule_set": "toy-2025-26", "identifier": "toy-2025-26", "version": "1", "prefix": "k7m2pq9xwz",
    "digest": "0" * 64, "other": "0" * 64,
}  # fmt: skip
BROWSER = {"Accept": "text/html"}
PAGES = [
    "/notional-sen/bedford-2022-23?phase=primary",
    "/notional-sen/west-sussex-2021-22?phase=middle",
    "/budget-check/toy-targeted-rate-2025-26",
]


def problems_in(answer):
    """Return what is wrong with a request, every sentence of it plain."""
    problem = answer.json()
    for sentence in (problem["title"], problem["detail"]):
        assert fault_of(sentence) is None, sentence
    for one in problem["problems"]:
        assert fault_of(one["sentence"]) is None, one
        has_place = one["place"] or one["column"] or one["row"] is not None
        assert has_place or one["rule"] in WHOLE_TABLE, one
    return problem["problems"]


def body_fields(content):
    """Return the fields of a body, with the columns that its examples have for records."""
    example = next(iter(content["examples"].values()))["value"]
    found = list(fields(content["schema"], DEFS))
    columns = [
        ((name, 0, column), CELL)
        for name, records in example.items()
        if isinstance(records, list) and isinstance(records[0], dict)
        for column in records[0]
    ]
    return example, [*found, *columns]


@pytest.mark.parametrize(("path", "content"), BODIES, ids=[path for path, _ in BODIES])
def test_a_wrong_field_of_a_body_is_refused_in_plain_words_at_its_place(client, path, content):
    example, found = body_fields(content)
    assert len(found) >= 5
    for (where, forms), name in in_turn(found, list(WRONG), DAILY):
        if forms is CELL and name not in {"string", "long", "array", "object"}:
            continue
        answer = client.post(path, json=with_value(example, where, WRONG[name]))
        if answer.status_code in {200, 201}:
            assert not certainly_wrong(name, forms), (where, name)
            continue
        assert answer.status_code in {404, 422}, (where, name, answer.text)
        problems = problems_in(answer)
        if certainly_wrong(name, forms):
            assert [
                one
                for one in problems
                if str(where[0]) in str(one["place"]) or one["column"] == str(where[-1])
            ], (where, name, problems)


@pytest.mark.parametrize(("path", "content"), BODIES, ids=[path for path, _ in BODIES])
def test_a_number_in_digits_of_another_script_is_refused_in_every_column(client, path, content):
    example, found = body_fields(content)
    for (table, row, column), _ in ((where, forms) for where, forms in found if forms is CELL):
        value = str(example[table][row][column])
        for others in OTHER_DIGITS.values():
            spelt = value.translate(others)
            if not NUMBER.fullmatch(value):
                continue
            answer = client.post(path, json=with_value(example, (table, row, column), spelt))
            assert answer.status_code == 422, (column, spelt, answer.text)
            problems = problems_in(answer)
            # A value to try is named by its place in the rule document.
            names = {column, example[table][row].get("place", column)}
            assert [
                one
                for one in problems
                if names & {one["column"], one["place"], str(one["place"]).rpartition(".")[2]}
            ], (column, spelt, problems)


@pytest.mark.parametrize(("path", "content"), BODIES, ids=[path for path, _ in BODIES])
def test_an_unknown_and_a_missing_field_of_a_body_are_named(client, path, content):
    example, found = body_fields(content)
    for where, forms in [((), [content["schema"]]), *found]:
        for form in [DEFS.get(one.get("$ref", "").rpartition("/")[2], one) for one in forms]:
            place = ".".join(map(str, ("body", *where)))
            if "properties" in form:
                wrong = with_value(example, (*where, "surprise"), 1)
                (only,) = [
                    one["sentence"]
                    for one in problems_in(client.post(path, json=wrong))
                    if one["place"] == f"{place}.surprise"
                ]
                assert only.startswith("unknown field")
            if required := form.get("required"):
                problems = problems_in(client.post(path, json=with_value(example, where, {})))
                missed = {one["place"] for one in problems}
                assert {f"{place}.{name}" for name in required} <= missed


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1,", b"nul", b'{"a": 01}', b"3", b'"x"', b"[]", b"{} {}", b"\x00"]
)
def test_a_body_that_is_not_json_or_no_object_is_refused_in_plain_words(client, body):
    for path, _ in BODIES:
        answer = client.post(path, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in {400, 422}
        problems_in(answer)


@pytest.mark.parametrize("kind", PARAMETERS)
def test_a_wrong_parameter_is_refused_in_plain_words_by_its_name(client, kind):
    value = PARAMETERS[kind]
    for path, operation in ASKED:
        for one in operation.get("parameters", []):
            held = {**HELD, one["name"]: value} if one["in"] == "path" else HELD
            if "" in held.values():
                continue
            address = path.format(
                **{name: text.replace("\x01", "%01") for name, text in held.items()}
            )
            asked = {one["name"]: value} if one["in"] == "query" else {}
            answer = client.get(address, params=asked)
            assert answer.status_code in {200, 404, 422}, (address, one["name"], answer.text)
            if answer.status_code != 200:
                problems_in(answer)
            if "/cells/" in path:
                said = client.get(address, params={**asked, "errors": "text"}).text
                assert (
                    not said.startswith("ERROR") or fault_of(said.removeprefix("ERROR: ")) is None
                )


def boxes(page):
    """Return the names of the boxes of a form, and of its choices."""
    return sorted(set(re.findall(r'<(?:input|select)[^>]* name="([^"]+)"', page)) - {"version"})


def errors_of(page):
    """Return the sentences of the summary of what is wrong."""
    summary = page.partition("govuk-error-summary__list")[2].partition("</ul>")[0]
    return [
        html.unescape(re.sub(r"<[^>]+>", " ", one)).strip()
        for one in re.findall(r"<li>(.*?)</li>", summary, re.DOTALL)
    ]


@pytest.mark.parametrize("address", PAGES)
def test_a_wrong_answer_in_any_box_of_a_page_is_refused_in_plain_words(client, address):
    page, _, _ = address.partition("?")
    names = boxes(client.get(address).text)
    assert len(names) > 3
    for name, kind in in_turn(names, list(TYPED), DAILY):
        value = TYPED[kind]
        phase = {"phase": address.rpartition("=")[2]} if "phase=" in address else {}
        answer = client.post(page, data={**phase, name: value}, follow_redirects=True)
        assert answer.status_code in {200, 422}, (name, kind)
        said = errors_of(answer.text)
        assert said or answer.status_code == 200, (name, kind)
        for sentence in said:
            assert fault_of(sentence.replace(value or "\u00a7", "")) is None, (name, sentence)
            assert name not in sentence.split() or name in {"pupils", "phase"}, sentence


@pytest.mark.parametrize(
    "address",
    [
        "/?rules=x&phase=y",
        "/notional-sen/x",
        "/rules/x",
        "/none",
        "/budget-check/x",
        "/rules/nff-2025-26?version=x",
        "/notional-sen/" + "X" * 300,
    ],
)
def test_a_wrong_address_is_a_page_in_plain_words(client, address):
    page = client.get(address, headers=BROWSER)
    text = html.unescape(
        re.sub(r"<script.*?</script>|<style.*?</style>|<[^>]+>", " ", page.text, flags=re.DOTALL)
    )
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    assert page.status_code in {200, 404, 422}
    assert not [line for line in lines if " " in line and fault_of(line)]


def test_the_description_that_is_walked_is_the_services_own():
    assert create_app(Settings()).openapi()["paths"].keys() == DESCRIBED["paths"].keys()
    assert len(BODIES) >= 6
    assert len(ASKED) >= 8
