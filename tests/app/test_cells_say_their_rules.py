"""A cell's answer says in its headers which rules it follows from, and listed origins may read them."""

import pytest

from app.cells.schemas import HEADERS as NAMES
from tests.rule_library import compiled

TOY = "toy-2025-26"
ASKED = [
    f"/v1/cells/{TOY}/tariff?band=C&setting=special",
    f"/v1/cells/{TOY}/tariff?band=C&setting=special&version=1",
]


@pytest.mark.parametrize("asked", ASKED)
def test_a_cell_names_year_rule_set_version_and_digest(client, asked):
    answer = client.get(asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Evenband-Funding-Year"] == "2025-26 academic"
    assert answer.headers["Evenband-Rule-Set"] == f"{TOY} 1"
    assert answer.headers["Evenband-Digest"] == compiled(TOY).digest


def test_the_description_names_the_headers_of_every_cell(client):
    paths = client.get("/openapi.json").json()["paths"]
    cells = [one["get"] for path, one in paths.items() if path.startswith("/v1/cells/")]
    assert len(cells) == 4
    for cell in cells:
        assert set(cell["responses"]["200"]["headers"]) == set(NAMES)
