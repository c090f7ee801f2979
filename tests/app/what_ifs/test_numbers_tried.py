"""What-ifs of the API: what an answer says of a number that was tried, and refusals of what cannot be."""

TOY, TELFORD = "toy-2025-26", "telford-and-wrekin-2025-26"
PRICE = "band_profile.tariff.prices.{}.pounds"
PUPIL = {"pupil_key": "a", "la": "894", "sen_provision": "E", "setting": "mainstream", "band": "9"}


def priced(client, *overrides):
    body = {"rule_set": TELFORD, "pupils": [PUPIL]}
    pairs = (one.split("=") for one in overrides)
    body["overrides"] = [{"place": place, "value": value} for place, value in pairs]
    return client.post("/v1/what-ifs/top-ups", json=body)


def test_an_answer_of_the_api_says_what_was_tried_in_place_of_what(client):
    rules = priced(client, PRICE.format("band:9") + "=2000").json()["rules"]
    path = PRICE.format("band:9")
    assert rules["overrides"] == [{"place": path, "value": "2000"}]
    replaced = {"path": path, "published": "1044.85", "since": "2025-04-01", "value": "2000"}
    assert rules["tried"] == [
        {"place": path, "standing": "proposed", "replaces": [replaced], "note": None}
    ]
    assert priced(client).json()["rules"]["tried"] == []


def test_a_row_by_its_number_says_that_it_is_one_where_a_band_has_that_name(client):
    [tried] = priced(client, PRICE.format("row:8") + "=2000").json()["rules"]["tried"]
    assert tried["replaces"][0]["path"] == PRICE.format("band:9")
    assert tried["note"] is None
    [problem] = priced(client, PRICE.format("8") + "=2000").json()["problems"]
    assert problem["sentence"].startswith(f"has two readings: give {PRICE.format('band:8')}")


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
