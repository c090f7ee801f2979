"""How much of each record a what-if answers: totals, lines, or whole workings of a bounded number."""

import json

import pytest
from pydantic import TypeAdapter

from app.what_ifs.answers import NotionalSenAnswer
from app.what_ifs.examples import NOTIONAL_SEN, TOP_UPS
from app.what_ifs.schemas import (
    MOST_LINES_UNASKED,
    MOST_RECORDS,
    NotionalSenRequest,
    TopUpsRequest,
)

NOTIONAL, PUPILS = "/v1/what-ifs/notional-sen", "/v1/what-ifs/top-ups"
SCHOOL = NOTIONAL_SEN["one_school"]["value"]["schools"][0]
PUPIL = TOP_UPS["autumn_term"]["value"]["pupils"][0]
DETAIL = {"lines", "fringe", "minimum_per_pupil", "protection", "targeted_funding", "explanation"}


def schools(number, **asked):
    records = [{**SCHOOL, "urn": str(900_001 + at)} for at in range(number)]
    rules = {"rule_set": "northumberland-2025-26", "absent_lines": "zero"}
    return {**rules, "schools": records, **asked}


def pupils(number, **asked):
    records = [{**PUPIL, "pupil_key": f"pupil-{at}"} for at in range(number)]
    return {"rule_set": "telford-and-wrekin-2025-26", "pupils": records, **asked}


KINDS = pytest.mark.parametrize(
    ("path", "body", "name"), [(NOTIONAL, schools, "schools"), (PUPILS, pupils, "pupils")]
)


def answered(client, path, body):
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text[:400]
    return answer.json()


def refused(client, path, body):
    answer = client.post(path, json=body)
    assert answer.status_code == 422, answer.text[:400]
    [problem] = answer.json()["problems"]
    assert problem["place"] == "body.working"
    return problem["sentence"]


def test_ten_schools_have_lines_unasked_and_eleven_do_not(client):
    few = answered(client, NOTIONAL, schools(MOST_LINES_UNASKED))["schools"]
    many = answered(client, NOTIONAL, schools(MOST_LINES_UNASKED + 1))["schools"]
    assert all(one["lines"] and one["explanation"] is None for one in few)
    assert not any(DETAIL & set(one) for one in many)


def test_each_more_of_a_school_holds_what_less_says_of_it(client):
    none, lines, whole = (
        answered(client, NOTIONAL, schools(2, working=working))["schools"]
        for working in ("none", "lines", "whole")
    )
    for least, more, most in zip(none, lines, whole, strict=True):
        assert least.items() <= more.items()
        assert most.pop("explanation")["workings"]
        assert more.pop("explanation") is None
        assert more == most


def test_totals_without_lines_fit_the_form_of_the_answer(client):
    answer = client.post(NOTIONAL, json=schools(3, working="none", sen_support_cost="1500"))
    read = TypeAdapter(NotionalSenAnswer).validate_json(answer.content)
    assert all(one.expected_calls is not None and one.lines == () for one in read.schools)


def test_totals_of_three_hundred_schools_are_at_most_60_kilobytes(client):
    answer = client.post(NOTIONAL, json=schools(300))
    assert len(json.loads(answer.content)["schools"]) == 300
    assert len(answer.content) <= 60_000


@KINDS
def test_the_former_explain_is_read_as_whole_workings(client, path, body, name):
    for asked in ({"explain": True}, {"explain": True, "working": "whole"}, {"working": "whole"}):
        assert answered(client, path, body(1, **asked))[name][0]["explanation"]
    assert answered(client, path, body(1, explain=False))[name][0]["explanation"] is None


@KINDS
@pytest.mark.parametrize(
    ("explain", "working"), [(True, "none"), (True, "lines"), (False, "whole")]
)
def test_two_wishes_that_contradict_each_other_are_refused(
    client, path, body, name, explain, working
):
    sentence = refused(client, path, body(1, explain=explain, working=working))
    assert sentence == f"contradicts explain: {str(explain).lower()}; leave explain out"


@KINDS
def test_whole_workings_of_as_many_records_as_a_body_holds_are_answered(client, path, body, name):
    told = answered(client, path, body(MOST_RECORDS, working="whole"))[name]
    assert [one["row"] for one in told] == list(range(1, MOST_RECORDS + 1))
    assert all(one["explanation"]["workings"] for one in told)


@KINDS
def test_another_word_is_refused_by_naming_those_there_are(client, path, body, name):
    assert refused(client, path, body(1, working="all")) == "must be one of none, lines or whole"


@pytest.mark.parametrize(
    ("wanted", "body"), [(NotionalSenRequest, schools), (TopUpsRequest, pupils)]
)
def test_work_is_weighed_by_what_is_asked_for(wanted, body):
    none, lines, whole = (
        wanted.model_validate(body(20, working=working)).work
        for working in ("none", "lines", "whole")
    )
    assert none < lines < whole
    assert wanted.model_validate(body(20)).work == none
    assert wanted.model_validate(body(20, explain=True)).work == whole
