"""Bodies that would eat the machine, or be read in two ways, are refused in a few words."""

import json

import pytest
from fastapi.routing import APIRoute

from app.bodies.json_text import DEEPEST, MOST_CONTAINERS, MOST_NAMES
from app.bodies.route import BodyRoute
from app.errors import MOST_PROBLEMS
from app.what_ifs.examples import NOTIONAL_SEN, TOP_UPS

NOTIONAL, PUPILS, ATLAS = "/v1/what-ifs/notional-sen", "/v1/what-ifs/top-ups", "/v1/atlas"
SCHOOLS = {**NOTIONAL_SEN["one_school"]["value"], "working": "lines"}
SCHOOL = SCHOOLS["schools"][0]
PUPIL = TOP_UPS["autumn_term"]["value"]["pupils"][0]
TELFORD = "telford-and-wrekin-2025-26"
JSON = {"Content-Type": "application/json"}


def sent(client, path, content, headers=JSON):
    if not isinstance(content, bytes):
        content = json.dumps(content, separators=(",", ":")).encode()
    return client.post(path, content=content, headers=headers)


def refused(client, path, content, status=422):
    answer = sent(client, path, content)
    assert answer.status_code == status, answer.text[:400]
    assert len(answer.content) < 100_000
    return answer.json()


def valued(client, cell):
    """Return the units of a line whose cell is written so in the body."""
    body = json.dumps({**SCHOOLS, "schools": [{**SCHOOL, "units_fsm_primary": "CELL"}]})
    answer = sent(client, NOTIONAL, body.replace('"CELL"', cell).encode())
    assert answer.status_code == 200, answer.text[:400]
    [school] = answer.json()["schools"]
    return next(one["units"] for one in school["lines"] if one["line"] == "fsm_primary")


def test_pupils_of_whom_no_two_share_a_name_are_refused_before_a_table_is_made(client):
    names = [{"pupil_key": str(at)} | {f"n{at}_{name}": "1" for name in range(98)} for at in range(1000)]  # fmt: skip
    body = refused(client, PUPILS, {"rule_set": TELFORD, "pupils": names})
    [problem] = body["problems"]
    assert problem["rule"] == "too-many-columns"
    assert problem["place"] == "body.pupils"


def test_hundreds_of_thousands_of_unknown_keys_are_one_problem(client):
    keys = {f"k{at}": 1 for at in range(300_000)}
    body = refused(client, PUPILS, {"rule_set": TELFORD, "pupils": [PUPIL], **keys})
    [problem] = body["problems"]
    assert (problem["rule"], problem["place"]) == ("too-many-names", "body")


def test_a_school_with_too_many_names_is_named_by_its_place(client):
    wide = {f"c{at}": 1 for at in range(MOST_NAMES + 1)}
    body = refused(client, NOTIONAL, {**SCHOOLS, "schools": [SCHOOL, wide]})
    assert [one["place"] for one in body["problems"]] == ["body.schools.1"]


def test_hundreds_of_thousands_of_wrong_cells_are_counted_and_the_first_worded(client):
    text = json.dumps({**SCHOOLS, "schools": ["ROW"] * 1000})
    row = ",".join(f'"u{at:03}":1e9' for at in range(360))
    text = text.replace('"ROW"', f"{{{row}}}")
    body = refused(client, NOTIONAL, text.encode())
    # Besides, none of the names is a column.
    assert body["total"] == 360_001
    assert len(body["problems"]) == MOST_PROBLEMS


def test_many_unknown_names_of_many_values_to_try_are_counted_and_the_first_worded(client):
    tried = [{f"k{name}": 1 for name in range(400)} for _ in range(200)]
    body = refused(client, NOTIONAL, {**SCHOOLS, "overrides": tried})
    assert body["total"] == 200 * 402
    assert len(body["problems"]) == MOST_PROBLEMS


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_text_that_nests_too_deep_is_refused(client, opening):
    for depth in (DEEPEST + 1, 100_000):
        body = refused(client, PUPILS, (opening * depth).encode())
        assert [one["rule"] for one in body["problems"]] == ["too-deep"]


def test_brackets_within_text_do_not_count(client):
    name = r'"[[[[[[[[[[[[[[[[[[[[ \" {{{{{{{ \\"'
    text = json.dumps({**SCHOOLS, "schools": [{**SCHOOL, "school_name": "NAME"}]})
    assert sent(client, NOTIONAL, text.replace('"NAME"', name).encode()).status_code == 200


def test_more_objects_than_any_body_needs_are_refused(client):
    body = refused(client, ATLAS, b"[" + b"[]," * MOST_CONTAINERS + b"[]]")
    assert [one["rule"] for one in body["problems"]] == ["too-many"]


def test_a_name_that_is_given_twice_is_refused_with_its_place_and_without_its_value(client):
    school = '{"urn": "900001", "phase": "primary", "urn": "canary"}'
    text = f'{{"rule_set": "a", "rule_set": "b", "schools": [{school}]}}'
    answer = sent(client, NOTIONAL, text.encode())
    assert answer.status_code == 422
    assert "canary" not in answer.text
    places = [(one["place"], one["rule"]) for one in answer.json()["problems"]]
    assert places == [("body.rule_set", "duplicate"), ("body.schools.0.urn", "duplicate")]


def test_a_name_of_a_callers_own_that_is_given_twice_is_not_repeated(client):
    answer = sent(client, PUPILS, b'{"pupils": [{"Canary 7": 1, "Canary 7": 2}]}')
    assert [one["place"] for one in answer.json()["problems"]] == ["body.pupils.0.(not shown)"]


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", '"utf-16le"', "utf-32"])
def test_text_in_another_character_set_is_not_read(client, charset):
    name = charset.strip('"')
    content = json.dumps(SCHOOLS).encode(name)
    for headers in ({"Content-Type": f"application/json; charset={charset}"},):
        answer = sent(client, NOTIONAL, content, headers)
        assert answer.status_code == 415
        assert answer.json()["type"] == "/problems/media-unknown"


@pytest.mark.parametrize("character_set", ["utf-16", "utf-32-le"])
def test_text_in_another_character_set_that_does_not_say_so_is_not_read(client, character_set):
    assert sent(client, NOTIONAL, json.dumps(SCHOOLS).encode(character_set)).status_code in {400, 422}  # fmt: skip


@pytest.mark.parametrize("media", ["application/json; charset=UTF-8", 'application/json;charset="utf-8"'])  # fmt: skip
def test_text_that_says_it_is_utf_8_is_read(client, media):
    assert sent(client, NOTIONAL, SCHOOLS, {"Content-Type": media}).status_code == 200


@pytest.mark.parametrize(
    ("written", "read"),
    [("0.1", "0.1"), ("38", "38"), ("38.0", "38"), ("0.123456", "0.123456"), ("12345.999999", "12345.999999")],
)  # fmt: skip
def test_a_number_is_read_as_it_is_written(client, written, read):
    assert valued(client, written) == valued(client, f'"{written}"') == read


@pytest.mark.parametrize("number", ["1e2", "1.5E1", "0.1234567", "NaN", "Infinity", "-Infinity", "1e400"])  # fmt: skip
def test_a_number_with_an_exponent_or_too_many_decimals_is_refused_in_plain_words(client, number):
    text = json.dumps({**SCHOOLS, "schools": [{**SCHOOL, "units_fsm_primary": "CELL"}]})
    [problem] = refused(client, NOTIONAL, text.replace('"CELL"', number).encode())["problems"]
    assert problem["place"] == "body.schools.0.units_fsm_primary"
    assert "at most six decimals: no exponent, no NaN and no Infinity" in problem["sentence"]


def test_a_whole_number_of_thousands_of_digits_is_refused(client):
    text = json.dumps({**SCHOOLS, "schools": [{**SCHOOL, "urn": "CELL"}]})
    body = refused(client, NOTIONAL, text.replace('"CELL"', "9" * 5_000).encode())
    assert [one["rule"] for one in body["problems"]] == ["number"]


def test_a_body_that_is_not_json_says_where_to_look(client):
    body = refused(client, NOTIONAL, b'{\n "rule_set": canary}')
    [problem] = body["problems"]
    assert problem["sentence"] == "is not JSON: look at line 2, character 14"


def test_problems_of_cells_and_of_other_fields_are_said_together(client):
    body = refused(
        client, NOTIONAL, {**SCHOOLS, "schools": [{**SCHOOL, "urn": []}], "version": "1"}
    )
    assert {one["place"] for one in body["problems"]} == {"body.version", "body.schools.0.urn"}


def test_every_route_that_takes_json_reads_it_so(service):
    routes = [one for one in service.routes if isinstance(one, APIRoute)]
    taking = [one for one in routes if one.body_field is not None]
    assert {one.path for one in taking if not isinstance(one, BodyRoute)} == set()


CELL, PAGE = "/v1/cells/northumberland-2025-26/notional-sen", "/notional-sen/northumberland-2025-26"


@pytest.mark.parametrize("path", [CELL, PAGE, "/v1/rule-sets", "/v1/atlas"])
def test_an_address_with_thousands_of_parameters_is_one_problem(client, path):
    asked = "&".join(f"a{at}=1" for at in range(4_000))
    answer = client.get(f"{path}?{asked}", headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert [one["rule"] for one in answer.json()["problems"]] == ["too-many-parameters"]


def test_a_form_with_hundreds_of_unknown_fields_or_a_large_one_is_refused(client):
    many = {f"a{at}": "1" for at in range(600)}
    assert client.post(PAGE, data={"phase": "primary", **many}).status_code == 400
    assert client.post(PAGE, data={"phase": "primary", "a": "1" * 300_000}).status_code == 413
