"""A body that fits its rules is answered as described; with one cell spoilt, that cell is refused."""

from collections import Counter

import pytest
import schemathesis
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from engine.errors import Refusal
from tests.app.bodies import BROKEN, WHAT_IFS, described_options, faults
from tests.app.engine_answers import ENGINE_ANSWERS, rules_for
from tests.rule_library import compiled, document, with_part

LEAST = 0.5
"""The share of requests that must be answered, or nothing behind the door is tried."""


def few(among):
    """Return how many examples each of some rule sets is tried with."""
    return max(4, examples().max_examples // len(among))


@pytest.fixture(scope="module")
def described(asking):
    return schemathesis.openapi.from_asgi("/openapi.json", asking.app)


def engine_says(kind, name, body):
    """Return what the engine makes of a body, or the rules that it breaks."""
    work_out, _ = ENGINE_ANSWERS[kind]
    try:
        return work_out(rules_for(document(name), body), body), None
    except Refusal as refusal:
        return None, {problem.rule for problem in refusal.problems}


@pytest.mark.parametrize("kind", WHAT_IFS)
def test_a_body_that_fits_its_rules_is_answered_as_described_and_as_the_engine_values_it(
    asking, described, kind
):
    what_if, sent = WHAT_IFS[kind], Counter()
    operation = described[what_if.path]["POST"]
    options = described_options(asking.app.openapi(), what_if)
    names = with_part(what_if.part)
    for name in names:

        @given(body=what_if.bodies(compiled(name)), further=options, name=st.just(name))
        @examples(max_examples=few(names))
        def check(body, further, name):
            answer = asking.post(what_if.path, json={**body, **further})
            expected, broken = engine_says(kind, name, body)
            sent[name, answer.status_code] += 1
            assert operation.validate_response(answer) is None
            if expected is None:
                assert answer.status_code == 422, answer.text
                assert {one["rule"] for one in answer.json()["problems"]} == broken
                return
            assert answer.status_code == 200, answer.text
            assert answer.json()["rules"]["rule_set"] == body["rule_set"]
            assert ENGINE_ANSWERS[kind][1](answer.json()) == expected

        check()
        answered = sent[name, 200]
        assert answered >= LEAST * (answered + sent[name, 422]) > 0, name


@pytest.mark.parametrize("kind", WHAT_IFS)
def test_one_spoilt_cell_is_refused_by_its_row_and_column_and_never_repeated(
    asking, described, kind
):
    what_if, tried = WHAT_IFS[kind], set()
    operation = described[what_if.path]["POST"]
    names = with_part(what_if.part)
    for name in names:

        @given(data=st.data(), name=st.just(name))
        @examples(max_examples=few(names))
        def check(data, name):
            one = data.draw(faults(what_if, data.draw(what_if.bodies(compiled(name)))))
            answer = asking.post(what_if.path, json=one.body)
            assert answer.status_code == 422, answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert operation.validate_response(answer) is None
            problem = answer.json()
            assert (problem["type"], problem["status"], problem["total"]) == (
                "/problems/table-refused", 422, 1,
            )  # fmt: skip
            [found] = problem["problems"]
            assert (found["row"], found["column"]) == (one.row, one.column)
            assert found["rule"] in BROKEN
            assert not one.cell or one.cell not in answer.text
            tried.add(one.column)

        check()
    assert len(tried) > 2
