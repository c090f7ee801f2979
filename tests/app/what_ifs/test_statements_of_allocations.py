"""Places, blocks and targeted funding state how their records are written; places of others are set apart and counted."""

from tests.app.what_ifs.test_statements_of_records import (
    GRANT,
    PLACES,
    SCHOOLS,
    TARGETED,
    answered,
    refused,
)


def test_places_of_others_are_set_apart_and_counted_and_codes_that_ended_mapped(client):
    rows = [
        {"la": "202", "place_type": "pre16_ap", "places_1": "3", "places_2": "2"},
        {"la": "660", "place_type": "of their own"},
        {"la": "705"},
        {"la": "909", "place_type": "pre16_ap", "places_1": "1", "places_2": "1"},
    ]
    answer = answered(client, PLACES, {"rule_set": GRANT, "places": rows})
    assert (answer["rows"]["read"], answer["rows"]["valued"]) == (4, 2)
    assert [one["why"] for one in answer["rows"]["set_apart"]] == ["outside England"] * 2
    assert [one["row"] for one in answer["places"]] == [1, 4]
    assert {one["rule"] for one in answer["notices"]} == {"rows-set-apart", "authority-not-in-use"}
    mapped = answered(client, PLACES, {"rule_set": GRANT, "places": rows, "la_map": {"909": "942"}})
    assert [one["la"] for one in mapped["places"]] == ["202", "942"]
    assert mapped["total"] == answer["total"]


def test_schools_places_blocks_and_targeted_funding_take_the_same_statements(client):
    school = {"urn": "900001", "phase": "primary", "units_basic_entitlement_primary": "210"}
    body = {"rule_set": "northumberland-2025-26", "absent_lines": "zero"}
    figure = {"sen_support_figure": "1000.004", "sen_support_pupils": "", "ehc_plans": None}
    stated = {
        "round_to_pence": ["sen_support_figure"],
        "blank_means_none": ["sen_support_pupils", "ehc_plans"],
    }
    valued = answered(client, SCHOOLS, body | stated | {"schools": [school | figure]})
    assert valued["schools"][0]["expected_calls"]["total"] == "1000.00"
    places = {"rule_set": GRANT, "places": [{"la": "202", "place_type": "pre16_ap", "places_1": "3"}]}  # fmt: skip
    (problem,) = refused(client, PLACES, places)
    assert problem["column"] == "places_2"
    places["places"][0]["places_2"] = None
    paid = answered(client, PLACES, places | {"blank_means_none": ["places_2"]})
    assert paid["total"] == "12501.00"
    wrong, empty = refused(client, PLACES, places | {"round_to_pence": ["places_2"]})
    assert empty["column"] == "places_2"
    assert wrong["sentence"] == "places_2 has no pounds; the columns are none"
    targeted = {
        "rule_set": "northumberland-2025-26",
        "schools": [{"urn": "900001", "notional_sen": "60000.001", "ehc_plans": 12}],
    }
    assert refused(client, TARGETED, targeted)
    assert answered(client, TARGETED, targeted | {"round_to_pence": ["notional_sen"]})
