"""A real spreadsheet reads cells of a real service, as docs/call-it-from-a-spreadsheet.md says."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.programs import need

pytestmark = pytest.mark.spreadsheet

READER = Path(__file__).with_name("calc_reader.py")
DEBIAN_PYTHON = "/usr/bin/python3"
STATEMENT = (
    "west-sussex-2021-22/notional-sen?phase=secondary&units_basic_entitlement_ks3=650"
    "&units_basic_entitlement_ks4=376&proportion_idaci_d_secondary=0.0019569472"
    "&proportion_idaci_f_secondary=0.1232876712&proportion_fsm_secondary=0.0828460039"
    "&proportion_fsm6_secondary=0.1338100102"
    "&proportion_low_prior_attainment_secondary=0.27516387665447295"
    "&proportion_eal_secondary=0.0038986355&prior_budget=5175278.74&prior_pupils=983&others=0"
)
TARIFF = "waltham-forest-2018-19/tariff?band=F%20mid"
PAYS = "telford-and-wrekin-2025-26/band-pays?band=12&setting=mainstream&start=2025-09-01&end=2025-12-19"
UNKNOWN = "telford-and-wrekin-2025-26/tariff?band=99"


def in_calc(folder, formulas):
    """Return what Calc makes of formulas."""
    need("libreoffice")
    need("uno")
    done = subprocess.run(
        [DEBIAN_PYTHON, READER, folder],
        input=json.dumps(formulas),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_sheet_reads_a_budget_a_tariff_and_a_refusal(service, tmp_path):
    def web(asked, more=""):
        return f'WEBSERVICE("{service}/v1/cells/{asked}{more}")'

    budget, tariff, pays, text, refused, guarded = in_calc(
        tmp_path,
        [
            f'=NUMBERVALUE({web(STATEMENT)};".";",")',
            f'=NUMBERVALUE({web(TARIFF)};".";",")',
            f"={web(PAYS)}*2",
            f"={web(UNKNOWN, '&errors=text')}",
            f"={web(UNKNOWN)}",
            f'=IF(LEFT({web(UNKNOWN, "&errors=text&v=2")};5)="ERROR";0;1)',
        ],
    )
    assert (budget["number"], budget["error"]) == (1152138.52, 0)
    assert (tariff["number"], tariff["error"]) == (15750, 0)
    assert pays["number"] == 2519.10
    assert text["text"].startswith("ERROR: band: must be one of 1, 2, 3")
    assert refused["error"] != 0
    assert (guarded["number"], guarded["error"]) == (0, 0)
