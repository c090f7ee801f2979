"""More callers than the service has cores: everybody is answered in the end, and told meanwhile when to ask again."""

import pytest

from tests.clients.served import served
from tests.load.callers import BUSY, OK, crowd, queue, request
from tests.load.mixture import mixture, schools

NOTIONAL = "/v1/what-ifs/notional-sen"
CALLERS = 12
SERVER_FAULT = 500


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    settings = {"EVENBAND_CALCULATIONS_AT_ONCE": "1", "EVENBAND_CALCULATION_WAIT_SECONDS": "0.05"}
    with served(tmp_path_factory.mktemp("served"), **settings) as service:
        yield "127.0.0.1", int(service.address.rpartition(":")[2])


def test_nobody_starves_where_the_queue_is_full_and_each_503_says_when_to_come_again(address):
    asked = request(NOTIONAL, schools(40, working="whole"))
    told = crowd(address, asked, CALLERS)
    assert [tries[-1].status for tries in told] == [OK] * CALLERS
    refused = [one for tries in told for one in tries if one.status == BUSY]
    assert refused
    assert all(one.wait >= 1 for one in refused)
    whole = {tries[-1].length for tries in told}
    assert len(whole) == 1


def test_a_mixture_of_requests_some_of_whose_callers_go_away_breaks_nothing(address):
    answers = queue(address, [one for _, one in mixture(150)], 8)
    assert len(answers) == 150
    assert not [one for one in answers if one.status >= SERVER_FAULT and one.status != BUSY]
    ((last,),) = crowd(address, request(NOTIONAL, schools(1)), 1)
    assert last.status == OK


@pytest.mark.usefixtures("browser")
def test_callers_can_be_called_where_a_browser_keeps_an_event_loop_running(address):
    ((last,),) = crowd(address, request(NOTIONAL, schools(1)), 1)
    assert last.status == OK
