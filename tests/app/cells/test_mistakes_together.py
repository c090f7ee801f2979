"""All that is wrong with one address of a cell is said at once, and nothing twice."""

import pytest

TELFORD, TABLE = "telford-and-wrekin-2025-26", "toy-table-2025-26"
CASES = [
    (TELFORD, "band-pays", {"band": "99", "setting": "moon"}, {"band", "setting", "start", "end"}),
    (TELFORD, "band-pays", {"band": "99", "start": "2025-09-01"}, {"band", "setting", "end"}),
    (TELFORD, "band-pays", {"band": "12", "setting": "moon", "start": "2020-01-01", "end": "2020-02-01"}, {"setting", "start"}),
    (TELFORD, "band-pays", {"band": "99", "setting": "c", "phase": "middling", "start": "2025-09-01", "end": "2025-10-01"},
     {"band", "setting", "phase"}),
    (TELFORD, "tariff", {"band": "99", "setting": "moon", "phase": "middling"}, {"band", "setting", "phase"}),
    (TABLE, "band-pays", {"band": "Nothing", "phase": "middling", "level": "x"}, {"band", "phase", "level", "parts_on_roll"}),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "cell", "query", "wrong"), CASES)
def test_every_wrong_or_missing_part_of_an_address_is_named_once(client, rules, cell, query, wrong):
    """Days that are missing hid a wrong setting, a wrong phase everything else."""
    answer = client.get(f"/v1/cells/{rules}/{cell}", params=query)
    assert answer.status_code == 422
    places = [one.get("place") for one in answer.json()["problems"]]
    assert sorted(places) == sorted(wrong), answer.json()
    text = client.get(f"/v1/cells/{rules}/{cell}", params={**query, "errors": "text"}).text
    assert [one for one in wrong if one not in text] == []
