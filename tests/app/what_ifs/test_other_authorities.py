"""Records of other authorities, and codes that ended, over HTTP: counted apart, and never dropped silently."""

import pytest

TOP_UPS, NOTIONAL, COMPARISON = (
    f"/v1/what-ifs/{name}" for name in ("top-ups", "notional-sen", "comparison")
)
BANDS = "telford-and-wrekin-2025-26"


def pupil(la, key="p"):
    return {"pupil_key": key, "la": la, "sen_provision": "E", "setting": "mainstream", "band": "9"}


def answered(client, path, body):
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_pupils_of_another_authority_are_counted_apart_by_name(client):
    body = {"rule_set": BANDS, "pupils": [pupil("894"), pupil("893", "q"), pupil("660", "r")]}
    answer = answered(client, TOP_UPS, body)
    assert [one["row"] for one in answer["pupils"]] == [1]
    assert answer["rows"] == {
        "read": 3,
        "valued": 1,
        "set_apart": [
            {"why": "another authority's", "la": "893", "name": "Shropshire", "number": 1},
            {"why": "outside England", "la": "", "name": "Wales", "number": 1},
        ],
    }
    assert answer["notices"][0]["rule"] == "rows-set-apart"
    valued = answered(client, TOP_UPS, body | {"other_authorities": "valued"})
    assert (valued["rows"]["valued"], len(valued["pupils"])) == (2, 2)


def test_a_code_that_ended_is_refused_with_the_way_out_and_read_where_it_is_mapped(client):
    body = {"rule_set": BANDS, "pupils": [pupil("894"), pupil("909", "q")]}
    refused = client.post(TOP_UPS, json=body)
    assert refused.status_code == 422
    [problem] = refused.json()["problems"]
    assert problem["sentence"].endswith('"la_map": {"909": "942"}')
    answer = answered(client, TOP_UPS, body | {"la_map": {"909": "943"}})
    assert answer["rows"]["set_apart"][0]["la"] == "943"


def test_schools_and_comparisons_alike(client):
    schools = [
        {"urn": urn, "la": la, "phase": "primary", "units_basic_entitlement_primary": "100"}
        for urn, la in (("900001", "929"), ("900002", "201"))
    ]
    body = {"rule_set": "northumberland-2025-26", "schools": schools, "absent_lines": "zero"}
    answer = answered(client, NOTIONAL, body)
    assert (answer["rows"]["read"], answer["rows"]["valued"]) == (2, 1)
    sides = {"baseline": {"rule_set": BANDS}, "candidate": {"rule_set": BANDS}}
    compared = answered(client, COMPARISON, sides | {"pupils": [pupil("894"), pupil("201", "q")]})
    assert compared["rows"]["pupils"]["valued"] == 1
    assert compared["rows"]["schools"] is None


def of_others(path, **more):
    """Return a body whose records are all of other authorities than the rules', and the name of what is valued."""
    if path == "top-ups":
        rows = [
            {
                "pupil_key": f"p{at}",
                "la": la,
                "band": "9",
                "setting": "mainstream",
                "sen_provision": "E",
            }
            for at, la in enumerate(("893", "W06000001", "893"))
        ]
        return {"rule_set": "telford-and-wrekin-2025-26", "pupils": rows, **more}, "pupils"
    rows = [{"urn": "100001", "la": "330", "phase": "primary"}]
    return {"rule_set": "northumberland-2025-26", "schools": rows, "absent_lines": "zero", **more}, "schools"  # fmt: skip


@pytest.mark.parametrize("path", ["top-ups", "notional-sen"])
def test_a_batch_of_others_alone_is_an_empty_valuation_with_each_set_apart(client, path):
    body, name = of_others(path)
    answer = client.post(f"/v1/what-ifs/{path}", json=body)
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert said[name] == []
    rows = said["rows"]
    assert (rows["valued"], sum(one["number"] for one in rows["set_apart"])) == (0, rows["read"])
    assert {"no-row-of-authority", "rows-set-apart"} <= {one["rule"] for one in said["notices"]}


def test_a_comparison_of_others_alone_is_empty_too(client):
    body, _ = of_others("top-ups")
    side = {"rule_set": body.pop("rule_set")}
    answer = client.post(
        "/v1/what-ifs/comparison", json={"baseline": side, "candidate": side, **body}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["rows"]["pupils"]["valued"] == 0
