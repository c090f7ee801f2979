"""What the rules do not read changes no cell, but nonsense in it is refused by its name."""

import pytest

TELFORD, NORTHUMBERLAND = "telford-and-wrekin-2025-26", "northumberland-2025-26"
TERM = {"start": "2025-09-01", "end": "2025-12-19"}
CANARY = "canary 7"
TARIFF = (TELFORD, "tariff", {"band": "9"}, "1044.85")
BAND_PAYS = (TELFORD, "band-pays", {"band": "12", "setting": "mainstream", **TERM}, "1259.55")
OF_RULES = [
    (NORTHUMBERLAND, "factor", {"line": "fsm6_primary", "part": "unit-value"}, "1060.00"),
    (NORTHUMBERLAND, "factor", {"line": "fsm6_primary", "part": "percent"}, "100"),
]
UNREAD = [
    *((TARIFF, name) for name in ("setting", "year_group", "support_hours", "level", "group_size", "urn")),
    *((BAND_PAYS, name) for name in ("year_group", "support_hours", "level", "group_size", "urn", "hours")),
    *((cell, name) for cell in OF_RULES for name in ("units", "amount")),
]  # fmt: skip
FITTING = {
    "setting": "special", "year_group": "R", "support_hours": "12.5", "level": "3", "group_size": "2",
    "urn": "900001", "hours": "15", "units": "3", "amount": "5000.00",
}  # fmt: skip
NONSENSE = (CANARY, "--5", "\u0663", "9" * 30, "1e3")


def answer_of(client, cell, **more):
    rule_set, name, asked, _ = cell
    return client.get(f"/v1/cells/{rule_set}/{name}", params={**asked, **more})


@pytest.mark.parametrize(("cell", "name"), UNREAD)
def test_what_the_rules_do_not_read_changes_nothing(client, cell, name):
    answer = answer_of(client, cell, **{name: FITTING[name]})
    assert (answer.status_code, answer.text) == (200, cell[-1])


@pytest.mark.parametrize(("cell", "name"), UNREAD)
def test_nonsense_that_the_rules_do_not_read_is_refused_by_its_name(client, cell, name):
    for nonsense in NONSENSE:
        answer = answer_of(client, cell, **{name: nonsense})
        assert answer.status_code == 422, (nonsense, answer.text)
        assert [one["place"] for one in answer.json()["problems"]] == [name]
        assert CANARY not in answer.text


@pytest.mark.parametrize("cell", OF_RULES)
def test_units_and_an_amount_are_never_given_together(client, cell):
    answer = answer_of(client, cell, units="3", amount="5")
    assert [one["rule"] for one in answer.json()["problems"]] == ["units-or-amount"]


def test_a_year_group_of_another_phase_is_refused(client):
    assert answer_of(client, TARIFF, phase="ks4", year_group="11").text == "1044.85"
    answer = answer_of(client, TARIFF, phase="primary", year_group="11")
    assert [(one["place"], one["rule"]) for one in answer.json()["problems"]] == [("phase", "other-phase")]  # fmt: skip
