"""A cell is one number, or a refusal that a sheet can tell from a number."""

import re

import pytest

from tests.app.what_ifs.test_cases import NOTIONAL, TOP_UPS

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
NORTHUMBERLAND, TELFORD = "northumberland-2025-26", "telford-and-wrekin-2025-26"
WORKED = [
    (TELFORD, "tariff", {"band": "9"}, "1044.85"),
    (TELFORD, "band-pays", {"band": "12", "setting": "mainstream", "start": "2025-09-01", "end": "2025-12-19"}, "1259.55"),
    (TELFORD, "band-pays", {"band": "12", "setting": "special", "start": "2025-04-01", "end": "2026-03-31"}, "0.00"),
    ("waltham-forest-2018-19", "band-pays", {"band": "F mid", "parts_on_roll": "18"}, "1461.34"),
    ("herefordshire-2025-26", "band-pays", {"band": "B1", "parts_on_roll": "2", "hours": "15"}, "860.00"),
    ("toy-2025-26", "tariff", {"band": "C", "setting": "special"}, "11220.00"),
    ("toy-2025-26", "tariff", {"band": "C", "setting": "mainstream", "on": "2026-04-01"}, "13750.00"),
    ("toy-2025-26", "band-pays", {"band": "B", "setting": "mainstream", "hours": "12.5", "start": "2025-09-01", "end": "2026-08-31"}, "500.00"),
    ("toy-table-2025-26", "tariff", {"band": "Hours", "phase": "primary", "support_hours": "10"}, "4000.00"),
    ("toy-table-2025-26", "band-pays", {"band": "Ladder", "phase": "primary", "level": "3", "parts_on_roll": "13"}, "833.33"),
    ("national-profile-candidate", "tariff", {"band": "Specialist 1", "setting": "special"}, "6000.00"),
    ("west-sussex-2021-22", "factor", {"line": "lump_sum", "units": "1", "part": "amount"}, "117800.00"),
    ("west-sussex-2021-22", "factor", {"line": "lump_sum", "units": "1"}, "5890.00"),
    ("west-sussex-2021-22", "factor", {"line": "fsm6_secondary", "part": "percent"}, "100"),
    ("west-sussex-2021-22", "factor", {"line": "basic_entitlement_ks3", "part": "unit-value"}, "4404.00"),
    ("west-sussex-2021-22", "factor", {"line": "basic_entitlement_ks3", "units": "650"}, "286260.00"),
    ("west-sussex-2021-22", "factor", {"line": "rates", "amount": "500.50", "part": "amount"}, "500.50"),
]  # fmt: skip
REFUSED = [
    ("nobody-2025-26", "tariff", {"band": "1"}, 404, "No published rule set has this identifier"),
    (TELFORD, "tariff", {}, 422, "band: is missing"),
    (TELFORD, "tariff", {"band": "99"}, 422, "band: must be one of 1, 2, 3"),
    (TELFORD, "tariff", {"band": "9", "on": "2020-01-01"}, 422, "on: must be a day of the rule set, from"),
    (TELFORD, "tariff", {"band": "9", "pupil_key": "a"}, 422, "unknown field"),
    (TELFORD, "band-pays", {"band": "12", "setting": "mainstream"}, 422, "give start and end"),
    (TELFORD, "band-pays", {"band": "12", "setting": "mainstream", "start": "2025-09-01", "end": "2026-09-01"}, 422, "must be days of the year"),
    (TELFORD, "band-pays", {"band": "12", "setting": "mainstream", "start": "2025-09-02", "end": "2025-09-01"}, 422, "end: must not be before the start"),
    (TELFORD, "band-pays", {"band": "12", "start": "2025-09-01", "end": "2025-09-02"}, 422, "setting: is missing"),
    ("toy-table-2025-26", "band-pays", {"band": "Hours", "phase": "primary", "support_hours": "3", "start": "2025-09-01", "end": "2025-09-30"}, 422, "parts_on_roll: give parts_on_roll"),
    ("toy-table-2025-26", "tariff", {"band": "Exceptional", "phase": "primary"}, 422, "not complete"),
    ("nff-2025-26", "tariff", {"band": "1"}, 422, "no band profile"),
    ("nff-2025-26", "factor", {"line": "fsm6_primary", "units": "3"}, 422, "no notional SEN percentages"),
    (NORTHUMBERLAND, "factor", {"line": "nothing", "units": "3"}, 422, "line: unknown line"),
    (NORTHUMBERLAND, "factor", {"line": "fsm6_primary"}, 422, "units: give either units or amount"),
    (NORTHUMBERLAND, "factor", {"line": "fsm6_primary", "units": "three"}, 422, "units: must be a plain number"),
    (NORTHUMBERLAND, "notional-sen", {"phase": "primary", "fsm6_primary": "3"}, 422, "others: give others=0"),
    (NORTHUMBERLAND, "notional-sen", {"phase": "primary", "fsm6_primary": "", "others": "0"}, 422, "fsm6_primary: is missing"),
    (NORTHUMBERLAND, "notional-sen", {"phase": "infant", "others": "0"}, 422, "phase: must be one of primary"),
    (NORTHUMBERLAND, "notional-sen", {"phase": "primary", "fsm6_primry": "3", "others": "0"}, 422, "did you mean"),
]  # fmt: skip


def cell(rule_set, name):
    return f"/v1/cells/{rule_set}/{name}"


@pytest.mark.parametrize(("rule_set", "name", "asked", "expected"), WORKED)
def test_a_cell_is_one_number_as_plain_text(client, rule_set, name, asked, expected):
    answer = client.get(cell(rule_set, name), params={**asked, "v": "anything"})
    assert (answer.status_code, answer.text) == (200, expected)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert NUMBER.fullmatch(answer.content.decode("ascii"))


@pytest.mark.parametrize(("rule_set", "name", "asked", "status", "sentence"), REFUSED)
def test_what_cannot_be_answered_is_refused_with_its_status(
    client, rule_set, name, asked, status, sentence
):
    answer = client.get(cell(rule_set, name), params=asked)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.head(cell(rule_set, name), params=asked).status_code == status
    asked_as_text = client.get(cell(rule_set, name), params={**asked, "errors": "text"})
    assert asked_as_text.status_code == 200
    assert asked_as_text.text.startswith("ERROR: ")
    assert sentence in asked_as_text.text
    assert "\n" not in asked_as_text.text
    assert len(asked_as_text.text) < 32_767


@pytest.mark.parametrize("name", ["w1-west-sussex-academy", "w6-northumberland-bede-academy"])
def test_a_whole_statement_fits_in_an_address(client, name):
    case = NOTIONAL[name]
    asked = {
        column.removeprefix("units_"): value
        for column, value in case["school"].items()
        if column not in {"urn", "la", "school_name"}
    }
    answer = client.get(cell(case["rule_set"], "notional-sen"), params={**asked, "others": "0"})
    assert answer.text == case["expected"]["notional_sen"]
    assert len(str(answer.request.url)) < 2_000


@pytest.mark.parametrize("name", [name for name in TOP_UPS if "telford" in name])
def test_a_published_band_costs_what_its_table_says(client, name):
    case = TOP_UPS[name]
    answer = client.get(cell(case["rule_set"], "tariff"), params={"band": case["pupil"]["band"]})
    assert answer.text == case["expected"]["top_up"]


def test_a_name_given_twice_is_refused(client):
    path = cell(NORTHUMBERLAND, "notional-sen")
    answer = client.get(f"{path}?phase=primary&fsm6_primary=1&fsm6_primary=2&others=0")
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["place"] == "fsm6_primary"


def test_head_is_answered_as_get_without_its_body(client):
    path, asked = cell(TELFORD, "tariff"), {"band": "9"}
    read, looked = client.get(path, params=asked), client.head(path, params=asked)
    assert looked.status_code == read.status_code == 200
    assert looked.content == b""
    assert looked.headers["content-length"] == read.headers["content-length"]


def test_options_say_what_a_cell_takes(client):
    answer = client.options(cell(TELFORD, "tariff"))
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert client.post(cell(TELFORD, "tariff")).status_code == 405


def test_a_cell_is_kept_by_nobody_and_tells_nobody_where_it_came_from(client):
    headers = client.get(cell(TELFORD, "tariff"), params={"band": "9"}).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"


def test_a_cell_that_there_is_not_is_not_found(client):
    assert client.get(f"/v1/cells/{TELFORD}/tarif", params={"band": "9"}).status_code == 404
    assert client.options(f"/v1/cells/{TELFORD}/tarif").status_code == 404
