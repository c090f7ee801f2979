"""A what-if is tried the same way by API, cell and page: paths, refusals, and what an answer says of it."""

import html

import pytest

NORTHUMBERLAND, TOY, TELFORD = "northumberland-2025-26", "toy-2025-26", "telford-and-wrekin-2025-26"
PERCENT = "schools_formula.factors.fsm6.primary.notional_percent"
PRICE = "band_profile.tariff.prices.{}.pounds"
PUPIL = {"pupil_key": "a", "la": "894", "sen_provision": "E", "setting": "mainstream", "band": "9"}


def cell(client, rule_set, what, *overrides, **asked):
    asked |= {"override": list(overrides), "errors": "text"}
    return client.get(f"/v1/cells/{rule_set}/{what}", params=asked)


def tariff(client, *overrides):
    return cell(client, TELFORD, "tariff", *overrides, band="9").text


def priced(client, *overrides):
    body = {"rule_set": TELFORD, "pupils": [PUPIL]}
    body["overrides"] = [
        dict(zip(("place", "value"), one.split("="), strict=True)) for one in overrides
    ]
    return client.post("/v1/what-ifs/top-ups", json=body)


def test_the_published_number_tried_in_a_cell_gives_the_published_answer(client):
    assert tariff(client) == tariff(client, PRICE.format("band:9") + "=1044.85") == "1044.85"
    assert tariff(client, PRICE.format("band:9") + "=2000") == "2000.00"


def test_a_cell_says_in_its_headers_how_many_numbers_it_tries(client):
    answer = cell(client, TELFORD, "tariff", PRICE.format("band:9") + "=2000", band="9")
    assert answer.headers["Evenband-Values-Tried"] == "1"
    assert "Evenband-Values-Tried" not in cell(client, TELFORD, "tariff", band="9").headers


def test_several_numbers_may_be_tried_in_one_address(client):
    both = [PRICE.format("band:9") + "=2000", PRICE.format("band:10") + "=3000"]
    assert tariff(client, *both) == "2000.00"


@pytest.mark.parametrize(
    ("override", "said"),
    [
        (PRICE.format("9") + "=1", "has two readings: band_profile.tariff.prices.band:10.pounds or band_profile.tariff.prices.band:9.pounds"),
        ("no.such=1", "no.such: not found in the rule set"),
        ("no-equals", "override: must be PATH=VALUE"),
        (PRICE.format("band:9") + "=5%", "must be a plain number such as 5 or 1234.50"),
        (PRICE.format("band:9") + "@2025-06-01=5", "no value begins on 2025-06-01"),
    ],
)  # fmt: skip
def test_what_a_cell_cannot_try_is_refused_in_its_own_words(client, override, said):
    answer = tariff(client, override)
    assert answer.startswith("ERROR: ")
    assert said in answer


def test_an_answer_of_the_api_says_what_was_tried_in_place_of_what(client):
    rules = priced(client, PRICE.format("band:9") + "=2000").json()["rules"]
    path = PRICE.format("band:9")
    assert rules["overrides"] == [{"place": path, "value": "2000"}]
    replaced = {"path": path, "published": "1044.85", "since": "2025-04-01", "value": "2000"}
    assert rules["tried"] == [
        {"place": path, "standing": "proposed", "replaces": [replaced], "note": None}
    ]
    assert priced(client).json()["rules"]["tried"] == []


def test_a_row_by_its_number_is_noted_where_a_band_has_that_name(client):
    [tried] = priced(client, PRICE.format("8") + "=2000").json()["rules"]["tried"]
    assert tried["replaces"][0]["path"] == PRICE.format("band:9")
    assert f"{PRICE.format('band:8')} is the one that has this name" in tried["note"]


def test_a_value_that_cannot_be_tried_is_refused_as_such_and_not_as_a_rule_document(client):
    answer = priced(client, PRICE.format("band:99") + "=1")
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/override-refused"
    assert client.get("/problems/override-refused").status_code == 200


def test_numbers_in_place_of_text_are_refused_with_the_field(client):
    body = {"rule_set": TELFORD, "pupils": [PUPIL]}
    body["overrides"] = [{"place": PRICE.format("band:9"), "value": 2000}]
    [problem] = client.post("/v1/what-ifs/top-ups", json=body).json()["problems"]
    assert problem["place"] == "body.overrides.0.value"
    assert problem["sentence"] == "must be text; put numbers in quotes"


def test_every_path_is_listed_with_its_values_and_dates(client):
    body = client.get(f"/v1/rule-sets/{TOY}/paths").json()
    listed = [(one["path"], one["kind"], one["since"]) for one in body["paths"]]
    path = PRICE.format("band:C")
    assert [one for one in listed if one[0] == path] == [
        (path, "value", "2025-09-01"),
        (path, "value", "2026-04-01"),
    ]


def asked(client, *overrides):
    """Return the page of a budget of a school with 30 pupils, with numbers tried in the rules."""
    answers = [("phase", "primary"), ("units_fsm6_primary", "30"), ("blanks", "none")]
    tried = [("override", one) for one in overrides]
    return client.get(f"/notional-sen/{NORTHUMBERLAND}", params=[*answers, *tried])


def figure(page):
    return page.text.split('app-answer__figure">')[1].split("<")[0]


def percent(client):
    values = client.get(f"/v1/rule-sets/{NORTHUMBERLAND}/paths").json()["paths"]
    return next(one["value"] for one in values if one["path"] == PERCENT)


def test_a_page_takes_a_what_if_in_its_address_and_says_so(client):
    published, same = asked(client), asked(client, f"{PERCENT}={percent(client)}")
    assert figure(same) == figure(published)
    assert "This is a what-if" not in published.text
    other = asked(client, f"{PERCENT}=1")
    assert figure(other) != figure(published)
    text = html.unescape(other.text)
    assert f"{PERCENT} from 2025-04-01: 1 in place of {percent(client)} (proposed)" in text
    assert f'<input type="hidden" name="override" value="{PERCENT}=1">' in text


def test_a_download_names_what_was_tried(client):
    answers = {"phase": "primary", "units_fsm6_primary": "30", "override": f"{PERCENT}=1"}
    address = f"/notional-sen/{NORTHUMBERLAND}/working.csv"
    rows = client.get(address, params=answers).text
    assert "Value tried in a what-if,proposed" in rows


def test_a_page_refuses_what_cannot_be_tried(client):
    answer = asked(client, "no.such=1")
    assert answer.status_code == 422
    assert "not found in the rule set" in html.unescape(answer.text)
