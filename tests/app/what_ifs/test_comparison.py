"""A comparison says of each pupil and school what it is on both sides, and what the change comes to."""

COMPARISON = "/v1/what-ifs/comparison"
POINTS, HEREFORDSHIRE = "toy-points-2025-26", "herefordshire-2025-26"
FIRST_PRICE = "band_profile.tariff.prices.0.pounds"


def compared(client, baseline, candidate, pupils):
    body = {"baseline": baseline, "candidate": candidate, "pupils": pupils}
    answer = client.post(COMPARISON, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["pupils"]


def pupils(*points):
    return [
        {"pupil_key": f"pupil-{at}", "la": "884", "points": one, "hours": "25"}
        for at, one in enumerate(points)
    ]


def test_each_pupil_has_its_band_of_before_and_of_after_the_first_of_a_profile_too(client):
    sent = pupils(10, 22, 50)
    sides = {"rule_set": POINTS}, {"rule_set": HEREFORDSHIRE}
    each = compared(client, *sides, sent)["each"]
    assert [one["before_band"] for one in each] == ["1", "2", "4"]
    after = [one["after_band"] for one in each]
    assert (after[0], after[1]) == ("A1", "B1")
    [least] = compared(client, sides[1], sides[1], pupils(0))["each"]
    assert (least["before_band"], least["after_band"]) == ("Local Offer", "Local Offer")


def test_each_pupil_is_answered_with_the_pounds_of_both_sides_and_their_difference(client):
    candidate = {"rule_set": POINTS, "overrides": [{"place": FIRST_PRICE, "value": "12345.00"}]}
    baseline = {"rule_set": POINTS}
    answer = compared(client, baseline, candidate, pupils(10, 22, None))
    first, second, third = answer["each"]
    assert first["after"] == "12345.00"
    assert float(first["change"]) == float(first["after"]) - float(first["before"]) != 0
    assert (second["before"], second["change"]) == (second["after"], "0.00")
    nothing = ("before", "after", "change", "before_band", "after_band")
    assert [third[name] for name in nothing] == [None] * len(nothing)
    assert (answer["total"]["number"], answer["total"]["not_known"]) == (3, 1)
    assert answer["deciles"] == ["0.00"] * 5 + [first["change"]] * 4
