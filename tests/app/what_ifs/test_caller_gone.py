"""Work whose caller has gone stops at its next record or its next rule set."""

import asyncio

import pytest

from app.http import disconnection
from app.rule_sets.service import rules_in_force
from app.what_ifs import service, valuation
from app.what_ifs.examples import NOTIONAL_SEN, TOP_UPS
from engine.modules.school_formula.missing_lines import AbsentLines
from tests.rule_library import compiled

BANDS, NOTIONAL = "telford-and-wrekin-2025-26", "northumberland-2025-26"
PUPILS = TOP_UPS["autumn_term"]["value"]["pupils"]
SCHOOLS = NOTIONAL_SEN["one_school"]["value"]["schools"]


@pytest.fixture
def leave():
    """Give what makes the caller of this thread's work go, until the test ends."""
    tokens = []

    async def gone():
        one = disconnection.Caller()
        one.gone()
        return one

    def go():
        tokens.append(disconnection._CALLER.set(asyncio.run(gone())))

    yield go
    for token in tokens:
        disconnection._CALLER.reset(token)


def valued_schools():
    return valuation.value_schools(compiled(NOTIONAL), SCHOOLS, AbsentLines.zero)


def test_no_more_workings_of_pupils_are_written_for_a_caller_who_has_gone(leave):
    outcome = valuation.value_pupils(compiled(BANDS), PUPILS)
    assert list(service.pupils_valued(outcome, explain=True))
    leave()
    with pytest.raises(disconnection.CallerGone):
        next(service.pupils_valued(outcome, explain=True))


def test_no_more_schools_are_answered_for_a_caller_who_has_gone(leave):
    outcome = valued_schools()
    leave()
    with pytest.raises(disconnection.CallerGone):
        next(service.schools_valued(outcome, None, explain=False))
    with pytest.raises(disconnection.CallerGone):
        next(service.school_totals(outcome, None))


def test_no_other_rule_set_values_the_records_of_a_caller_who_has_gone(leave):
    leave()
    with pytest.raises(disconnection.CallerGone):
        valuation.value_pupils(compiled(BANDS), PUPILS)
    with pytest.raises(disconnection.CallerGone):
        valued_schools()


def test_no_rule_set_is_looked_up_for_a_caller_who_has_gone(leave):
    leave()
    with pytest.raises(disconnection.CallerGone):
        rules_in_force(None, None, NOTIONAL)
