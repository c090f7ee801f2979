"""What-ifs in a cell: numbers tried in the address, and refusals in the words of a cell."""

import pytest
from typer.testing import CliRunner

import evenband as eb
from app.cli import app

TELFORD = "telford-and-wrekin-2025-26"
PRICE = "band_profile.tariff.prices.{}.pounds"


def cell(client, *overrides):
    asked = {"band": "9", "override": list(overrides), "errors": "text"}
    return client.get(f"/v1/cells/{TELFORD}/tariff", params=asked)


def tariff(client, *overrides):
    return cell(client, *overrides).text


def test_the_published_number_tried_in_a_cell_gives_the_published_answer(client):
    assert tariff(client) == tariff(client, PRICE.format("band:9") + "=1044.85") == "1044.85"
    assert tariff(client, PRICE.format("band:9") + "=2000") == "2000.00"


def test_a_cell_says_in_its_headers_how_many_numbers_it_tries(client):
    answer = cell(client, PRICE.format("band:9") + "=2000")
    assert answer.headers["Evenband-Values-Tried"] == "1"
    assert "Evenband-Values-Tried" not in cell(client).headers


def test_several_numbers_may_be_tried_in_one_address(client):
    both = [PRICE.format("band:9") + "=2000", PRICE.format("band:10") + "=3000"]
    assert tariff(client, *both) == "2000.00"


@pytest.mark.parametrize(
    ("override", "said"),
    [
        (PRICE.format("9") + "=1", "has two readings: give band_profile.tariff.prices.band:9.pounds by its name"),
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


def test_a_number_of_two_readings_is_refused_alike_by_every_entry_point(client, tmp_path):
    """Command, API and Python read the row; a cell refused."""
    name = PRICE.format("9")
    said = (
        f"has two readings: give {PRICE.format('band:9')} by its name, or by the number of the row, from 0,"
        f" {PRICE.format('row:9')}, which is {PRICE.format('band:10')}"
    )
    pupil = {"pupil_key": "a", "la": "894", "urn": "900001", "band": "9", "sen_provision": "E"}
    body = {"rule_set": TELFORD, "pupils": [pupil], "overrides": [{"place": name, "value": "1"}]}
    answer = client.post("/v1/what-ifs/top-ups", json=body)
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("override-refused")
    pupils = tmp_path / "pupils.csv"
    pupils.write_text("pupil_key,la,urn,band,sen_provision\na,894,900001,9,E\n")
    command = CliRunner().invoke(
        app, ["value", "--rules", TELFORD, "--pupils", str(pupils), "--override", f"{name}=1"]
    )
    with pytest.raises(eb.RuleRefused) as refused:
        eb.read_rules(TELFORD).override({name: "1"})
    sentences = [
        tariff(client, f"{name}=1"), answer.text, " ".join(command.stderr.split()), str(refused.value)
    ]  # fmt: skip
    assert [said in one for one in sentences] == [True] * 4, sentences


FSM = "schools_formula.factors.fsm.primary"


@pytest.mark.parametrize(
    ("path", "part", "units", "shown"),
    [
        ("notional_percent", "notional", "20", "not printed"),
        ("notional_percent", "amount", "20", "9400.00"),
        ("notional_percent", "notional", "0", "0.00"),
        ("unit_value", "amount", "20", "not printed"),
        ("unit_value", "notional", "20", "not printed"),
        ("unit_value", "amount", "0", "0.00"),
    ],
)
def test_a_cell_never_shows_0_for_what_depends_on_a_figure_that_is_not_printed(
    client, path, part, units, shown
):
    asked = {
        "line": "fsm_primary", "part": part, "units": units, "errors": "text",
        "override": f"{FSM}.{path}=not printed",
    }  # fmt: skip
    answer = client.get("/v1/cells/bedford-2022-23/factor", params=asked).text
    assert shown in answer
    assert shown.endswith("printed") or answer == shown
