"""A comparison of drawn records, with values tried, is answered as described and as the engine values both sides."""

from collections import Counter

import pytest
import schemathesis
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from engine.errors import Refusal
from engine.modules.school_formula.parts import budget_known
from engine.money import pounds
from engine.rules.formula import LinePhase
from tests.app.bodies import WHAT_IFS
from tests.app.cells.questions import askable
from tests.app.engine_answers import pupils_of, rules_for, schools_of
from tests.rule_library import compiled, document, with_part
from tests.storm_size import is_whole

COMPARISON = "/v1/what-ifs/comparison"
LEAST = 0.5
"""The share of comparisons that must be answered, or none is tried."""

POUNDS = st.decimals(0, 20_000, places=2).map(str)


def tried_in(kind, name):
    """Return the places of a rule set whose pounds may be tried, as far as a first price or factor has any."""
    rules = document(name)
    if kind == "pupils":
        prices = rules.band_profile.tariff.prices
        return [f"band_profile.tariff.prices.{at}.pounds" for at, one in enumerate(prices) if one.pounds]  # fmt: skip
    return [
        f"schools_formula.factors.{factor}.{phase.name}.unit_value"
        for factor, lines in rules.schools_formula.factors.items()
        for phase in LinePhase
        if (line := getattr(lines, phase.name, None)) is not None and line.unit_value
    ]


@st.composite
def comparisons(draw, kind, name):
    """Draw one rule set against itself with some values tried, and records that it can value."""
    what_if = WHAT_IFS[kind]
    body = draw(what_if.bodies(compiled(name)))
    places = tried_in(kind, name)
    further = st.lists(st.sampled_from(places), max_size=2, unique=True) if places else st.just([])
    # The first price or factor is the one that most records have.
    changed = draw(st.just(places[:1]) | further)
    baseline = {"rule_set": body["rule_set"]}
    candidate = {
        **baseline,
        "on": body["on"],
        "overrides": [{"place": place, "value": draw(POUNDS)} for place in changed],
    }
    meaning = {} if kind == "pupils" else {"absent_lines": body["absent_lines"]}
    sides = {"baseline": baseline, "candidate": candidate}
    return sides | meaning | {what_if.records: body[what_if.records]}


def amounts(kind, name, body, side):
    """Return each row's pence by the engine; None where it is not known."""
    rules = rules_for(document(name), body[side])
    if kind == "pupils":
        outcome = pupils_of(rules, body["pupils"])
        rows, held = outcome.pupils.rows, outcome.amount
        known = outcome.known.tolist()
    else:
        outcome = schools_of(rules, body["schools"], body["absent_lines"])
        rows, held = outcome.schools.rows, outcome.notional_total
        known = budget_known(outcome).tolist()
    return {
        int(row): int(one) if is_known else None
        for row, one, is_known in zip(rows, held, known, strict=True)
    }


def rows_of(before, after):
    """Return what each row is answered with, and how many win and lose."""
    changes = {
        row: None if None in {one, after[row]} else after[row] - one for row, one in before.items()
    }
    each = [
        tuple(None if one is None else pounds(one) for one in (before[row], after[row], changes[row]))
        for row in sorted(before)
    ]  # fmt: skip
    known = [one for one in changes.values() if one is not None]
    counts = (sum(one > 0 for one in known), sum(one < 0 for one in known), known.count(0))
    return each, counts, sum(known)


@pytest.mark.parametrize("kind", ["pupils", "whole schools"])
def test_a_comparison_that_fits_its_rules_is_answered_as_described_and_as_the_engine_values_both(
    asking, kind
):
    described = schemathesis.openapi.from_asgi("/openapi.json", asking.app)
    operation, statuses, changed = described[COMPARISON]["POST"], Counter(), Counter()
    names = with_part("band_profile") if kind == "pupils" else askable("notional-sen")

    @given(data=st.data(), name=st.sampled_from(names))
    @examples(max_examples=len(names) * 30 if is_whole() else 100)
    def check(data, name):
        body = data.draw(comparisons(kind, name))
        answer = asking.post(COMPARISON, json=body)
        assert operation.validate_response(answer) is None
        statuses[answer.status_code] += 1
        try:
            before, after = (amounts(kind, name, body, side) for side in ("baseline", "candidate"))
        except Refusal:
            assert answer.status_code == 422, answer.text
            return
        assert answer.status_code == 200, answer.text
        each, counts, change = rows_of(before, after)
        found = answer.json()[WHAT_IFS[kind].records]
        assert [(one["before"], one["after"], one["change"]) for one in found["each"]] == each
        total = found["total"]
        assert (total["winners"], total["losers"], total["unchanged"]) == counts
        assert total["change"] in {None, pounds(change)}
        changed[change != 0] += 1

    check()
    assert statuses[200] >= LEAST * statuses.total() > 0, statuses
    assert changed[True] > 0, "no value that was tried changed anything"
