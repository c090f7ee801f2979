"""A cell that fits its rules is the engine's own number; with one part spoilt, that part is refused."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from app.cells.bands import banded
from engine.band_prices import whole_year as whole_year_of
from engine.modules import phase_paid
from engine.money import PERCENT_TO_MILLIONTHS, number, pounds
from tests.app.bodies import CANARY
from tests.app.cells.questions import QUESTIONS, askable
from tests.app.engine_answers import pupils_of, schools_of
from tests.rule_library import compiled

LEAST = 0.5
FREE = {"errors", "others"}


def few(among):
    return max(3, examples().max_examples // len(among))


def address(name, cell):
    return f"/v1/cells/{compiled(name).document.identifier}/{cell}"


def price(rules, question, *, whole_year):
    """Return what a pupil with the columns of a question is due, pounds."""
    held = banded(rules, whole_year=whole_year)
    further = whole_year_of(held.top_ups) if whole_year else {"sen_provision": "E"}
    outcome = pupils_of(held, [{"pupil_key": "cell", "la": "202", **question, **further}])
    return pounds(int(outcome.amount[0]))


def budget(rules, question):
    """Return the notional SEN budget of a school with the lines of a question, pounds."""
    lines = {line.name for line in rules.formula.lines}
    record = {
        f"units_{name}" if name in lines else name: text
        for name, text in question.items()
        if name not in FREE
    }
    outcome = schools_of(rules, [{**record, "urn": "1"}], "zero")
    return pounds(int(outcome.notional_total[0]))


def part_of_line(rules, question):
    """Return one number of one line, as text."""
    [line] = [line for line in rules.formula.lines if line.name == question["line"]]
    if question["part"] == "unit-value":
        return pounds(line.rate)
    if question["part"] == "percent":
        return number(line.percent, PERCENT_TO_MILLIONTHS)
    phase = phase_paid(line).name
    form = "units" if "units" in question else "amount"
    record = {"urn": "1", "phase": phase, f"{form}_{line.name}": question[form]}
    outcome = schools_of(rules, [record], "not_supplied")
    held = outcome.amount if question["part"] == "amount" else outcome.notional
    return pounds(int(held[0, outcome.lines.index(line)]))


ENGINE = {
    "tariff": lambda rules, question: price(rules, question, whole_year=True),
    "band-pays": lambda rules, question: price(rules, question, whole_year=False),
    "notional-sen": budget,
    "factor": part_of_line,
}


@pytest.mark.parametrize("cell", QUESTIONS)
def test_a_question_that_fits_its_rules_is_answered_with_the_number_of_the_engine(asking, cell):
    names, sent = askable(cell), Counter()
    for name in names:

        @given(question=QUESTIONS[cell](compiled(name)), name=st.just(name))
        @examples(max_examples=few(names))
        def check(question, name):
            answer = asking.get(address(name, cell), params=question)
            sent[name, answer.status_code] += 1
            if answer.status_code == 422:
                assert {one["rule"] for one in answer.json()["problems"]} == {"not-complete"}
                return
            assert answer.status_code == 200, answer.text
            assert answer.headers["content-type"].startswith("text/plain")
            assert answer.text == ENGINE[cell](compiled(name), question)

        check()
        answered = sent[name, 200]
        assert answered >= LEAST * (answered + sent[name, 422]) > 0, name


@pytest.mark.parametrize("cell", QUESTIONS)
def test_one_spoilt_part_of_a_question_is_refused_by_its_name_and_never_repeated(asking, cell):
    names, refused = askable(cell), set()
    for name in names:

        @given(data=st.data(), name=st.just(name))
        @examples(max_examples=few(names))
        def check(data, name):
            question = data.draw(QUESTIONS[cell](compiled(name)))
            part = data.draw(st.sampled_from(sorted(question.keys() - FREE)))
            answer = asking.get(address(name, cell), params={**question, part: CANARY})
            assert answer.status_code == 422, answer.text
            places = {one["place"] for one in answer.json()["problems"]}
            assert places <= {part, f"query.{part}"}, answer.text
            assert CANARY not in answer.text
            text = {**question, part: CANARY, "errors": "text"}
            told = asking.get(address(name, cell), params=text)
            assert (told.status_code, told.text[:7]) == (200, "ERROR: ")
            assert CANARY not in told.text
            refused.add(part)

        check()
    assert len(refused) > 1
