"""A code of an authority that is replaced and that no record has is noted: it is usually a slip."""

PUPIL = {"pupil_key": "a", "la": "909", "band": "A", "sen_provision": "E", "setting": "special", "hours": "5"}  # fmt: skip
SENTENCE = '"la_map": {{"{old}": "301"}} changes nothing: no row has this code of an authority'


def test_a_mapping_that_no_record_uses_is_noted(client):
    body = {"rule_set": "toy-2025-26", "pupils": [PUPIL], "la_map": {"909": "301", "990": "301"}}
    answer = client.post("/v1/what-ifs/top-ups", json=body).json()
    unused = [one["sentence"] for one in answer["notices"] if one["rule"] == "mapping-unused"]
    assert unused == [SENTENCE.format(old="990")]


def test_a_mapping_that_records_of_one_kind_use_is_not_noted_of_the_others(client):
    body = {
        "baseline": {"rule_set": "toy-2025-26"},
        "candidate": {"rule_set": "toy-2025-26"},
        "pupils": [PUPIL],
        "schools": [{"urn": "900001", "phase": "primary", "la": "301"}],
        "absent_lines": "zero",
        "la_map": {"909": "301", "990": "301"},
    }
    answer = client.post("/v1/what-ifs/comparison", json=body).json()
    unused = [one["sentence"] for one in answer["notices"] if one["rule"] == "mapping-unused"]
    assert unused == [SENTENCE.format(old="990")]


def test_a_mapping_of_cases_that_have_no_authority_is_noted(client):
    body = {
        "rule_set": "toy-2025-26",
        "cases": [{"band": "A", "paid": "unknown"}],
        "la_map": {"909": "301"},
    }
    answer = client.post("/v1/what-ifs/cases", json=body).json()
    assert SENTENCE.format(old="909") in answer["tables"][0]["notices"]
