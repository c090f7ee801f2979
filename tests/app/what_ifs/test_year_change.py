"""What changes budgets from one year to the next, over HTTP."""

from copy import deepcopy
from decimal import Decimal

from app.what_ifs.examples import YEAR_CHANGE

BODY = YEAR_CHANGE["more_pupils"]["value"]


def sent(client, **other):
    """Return the answer to the example with other fields."""
    return client.post("/v1/what-ifs/year-change", json=deepcopy(BODY) | other)


def budget(client, side: str) -> Decimal:
    """Return what the budget of a year is by itself."""
    body = {**BODY[side], "schools": BODY[f"schools_{side}"], "absent_lines": "zero"}
    [found] = client.post("/v1/what-ifs/notional-sen", json=body).json()["schools"]
    return Decimal(found["notional_sen"])


def test_causes_and_parts_add_to_the_change_of_the_budget(client):
    answer = sent(client)
    assert answer.status_code == 200, answer.text
    [school] = answer.json()["schools"]
    change = budget(client, "after") - budget(client, "before")
    assert Decimal(school["change"]) == change != 0
    assert sum(Decimal(one["change"]) for one in school["causes"]) == change
    assert sum(Decimal(one["change"]) for one in school["parts"]) == change
    for part in school["parts"]:
        assert sum(map(Decimal, part["by_cause"])) == Decimal(part["change"])
    brought = {one["causes"][0]: Decimal(one["change"]) for one in school["causes"]}
    assert brought["pupils"] > 0
    assert brought["percentages"] != 0
    assert brought["unit_values"] == brought["factors"] == brought["protection"] == 0


def test_the_years_exchanged_are_the_contrary(client):
    there = sent(client).json()["schools"][0]
    back = sent(
        client, before=BODY["after"], after=BODY["before"],
        schools_before=BODY["schools_after"], schools_after=BODY["schools_before"],
    ).json()["schools"][0]  # fmt: skip
    for one, other in zip(there["causes"], back["causes"], strict=True):
        assert Decimal(one["change"]) == -Decimal(other["change"])


def test_a_wrong_cell_says_of_which_year_it_is(client):
    wrong = [BODY["schools_after"][0] | {"units_fsm6_primary": "many"}]
    answer = sent(client, schools_after=wrong)
    assert answer.status_code == 422
    [problem] = answer.json()["problems"]
    assert problem["place"] == "body.schools_after.units_fsm6_primary"


def test_schools_of_one_year_are_named_and_a_figure_that_is_not_known_is_null(client):
    [after] = BODY["schools_after"]
    unknown = after | {"units_fsm6_primary": None}
    answer = sent(client, schools_after=[unknown, after | {"urn": "900002"}]).json()
    [school] = answer["schools"]
    assert answer["only_after"] == ["900002"]
    assert school["after"] is school["change"] is None
    [pupils] = [one for one in school["causes"] if one["causes"] == ["pupils"]]
    assert pupils["change"] is None
    assert "the figure is not given" in pupils["why_not_known"][0]
