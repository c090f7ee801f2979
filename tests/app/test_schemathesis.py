"""What the API's description promises of what-ifs and cells holds for any request."""

import re

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.main import create_app
from app.settings import Settings
from engine.columns import PUPIL_COLUMNS, SCHOOL_COLUMNS
from engine.evaluate.absent import AbsentLines

ROOMS = "^/v1/(what-ifs|cells|atlas)"
# A well-formed record may still name a rule set that is not there, or a line that it lacks.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
PUBLISHED = st.sampled_from(
    [
        "nff-2025-26",
        "northumberland-2025-26",
        "telford-and-wrekin-2025-26",
        "toy-2025-26",
        "toy-table-2025-26",
        "dedicated-schools-grant-2023-24",
        "windsor-and-maidenhead-2018-19",
    ]
)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_request_gets_an_answer_that_is_not_described(client, service, mode):
    described = schemathesis.openapi.from_asgi("/openapi.json", service)
    seen = set()
    for found in described.include(path_regex=ROOMS).get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy(generation_mode=mode), rule_set=PUBLISHED)
        @examples(max_examples=40)
        def check(case, rule_set):
            seen.add(case.operation.path)
            if mode is GenerationMode.POSITIVE:
                name_rules(case, rule_set)
            case.call_and_validate(session=client, checks=CHECKS)

        check()
    asked = {path for path in service.openapi()["paths"] if re.match(ROOMS, path)}
    assert len(asked) > len(ROOMS.split("|"))
    assert seen == asked


def name_rules(case, rule_set):
    """Let a case ask for rules that are published, or nothing behind the door would be reached."""
    if "rule_set" in case.path_parameters:
        case.path_parameters["rule_set"] = rule_set
    elif not isinstance(case.body, dict):
        case.query = {**(case.query or {}), "rule_set": [rule_set]}
    elif "rule_sets" in case.body:
        case.body["rule_sets"] = [{"rule_set": rule_set}]
    elif "rule_set" in case.body:
        case.body |= {"rule_set": rule_set, "version": None, "on": None, "overrides": []}
    else:
        for side in ("baseline", "candidate"):
            case.body[side] = {"rule_set": rule_set}


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.text(max_size=12),
    st.sampled_from(
        ["", "c", "x", "z", "0", "-0", "1e9", "1.5", "2025-09-01", "primary", "E", "9"]
    ),
)
SCHOOL_NAMES = [*SCHOOL_COLUMNS, "units_fsm_primary", "proportion_fsm6_primary", "amount_rates"]


def records(names):
    return st.lists(
        st.dictionaries(st.sampled_from(names) | st.text(max_size=8), CELLS, min_size=1),
        min_size=1,
        max_size=3,
    )


@examples(max_examples=150)
@given(
    rule_set=PUBLISHED,
    pupils=records(list(PUPIL_COLUMNS)),
    schools=records(SCHOOL_NAMES),
    absent=st.sampled_from(list(AbsentLines)),
)
def test_no_record_makes_the_service_fail(asked, rule_set, pupils, schools, absent):
    for path, body in (
        ("top-ups", {"rule_set": rule_set, "pupils": pupils}),
        ("notional-sen", {"rule_set": rule_set, "schools": schools, "absent_lines": absent}),
    ):
        answer = asked.post(f"/v1/what-ifs/{path}", json=body)
        assert answer.status_code in {200, 422}, answer.text


@pytest.fixture(scope="module")
def asked(published_file, tmp_path_factory):
    """Give one caller for many examples."""
    nothing = tmp_path_factory.mktemp("no_rules")
    settings = Settings(
        database_url=f"sqlite:///{published_file}", warm_at_start=False, rules_folder=nothing
    )
    with TestClient(create_app(settings)) as caller:
        yield caller
