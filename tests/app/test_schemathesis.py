"""What the API's description promises of what-ifs and cells holds for any request."""

import re
from collections import Counter

import pytest
import schemathesis
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

from engine.columns import PUPIL_COLUMNS, SCHOOL_COLUMNS
from tests.app.bodies import WHAT_IFS
from tests.app.cells.questions import QUESTIONS, askable
from tests.rule_library import RULE_FILES, compiled, document, with_part
from tests.storm_size import repetitions

ROOMS = "^/v1/(what-ifs|cells|atlas)"
# A well-formed record may still name a rule set that is not there, or a line that it lacks.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
DRAWS = len(repetitions(6, 20))
LEAST = 0.5
"""The share of well-formed requests that each operation must answer."""

COLUMNS_KNOWN = ("/notional-sen", "/top-ups", "/comparison")
"""Ends of the addresses of what-ifs whose tables have the same columns under all rules."""


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_request_gets_an_answer_that_is_not_described(asking, mode):
    described = schemathesis.openapi.from_asgi("/openapi.json", asking.app)
    seen: dict[str, Counter[int]] = {}
    for found in described.include(path_regex=ROOMS).get_all_operations():
        operation = found.ok()
        statuses = seen.setdefault(operation.label, Counter())

        @given(
            case=operation.as_strategy(generation_mode=mode),
            data=st.data(),
            statuses=st.just(statuses),
        )
        @examples(max_examples=DRAWS)
        def check(case, data, statuses):
            if mode is GenerationMode.POSITIVE:
                let_in(case, data.draw)
            statuses[case.call_and_validate(session=asking, checks=CHECKS).status_code] += 1

        check()
    assert set(seen) == {
        f"{method.upper()} {path}"
        for path, methods in asking.app.openapi()["paths"].items()
        if re.match(ROOMS, path)
        for method in methods
    }
    if mode is GenerationMode.POSITIVE:
        shares = {label: held[200] / held.total() for label, held in seen.items()}
        assert min(shares.values()) >= LEAST, shares


def let_in(case, draw):
    """Give a well-formed case what the service requires: published rules and fitting records."""
    path = case.operation.path
    if "/what-ifs/" in path:
        # Which codes are in use, and the columns of most tables, depend on the rules.
        unsaid = {"la_map": {}}
        if not path.endswith(COLUMNS_KNOWN):
            unsaid |= {"blank_means_none": [], "round_to_pence": []}
        case.body |= {name: none for name, none in unsaid.items() if name in case.body}
    what_if = next((one for one in WHAT_IFS.values() if one.path == path), None)
    if what_if is not None:
        name = draw(st.sampled_from(with_part(what_if.part)))
        body = draw(what_if.bodies(compiled(name)))
        case.body = {**case.body, **body, "overrides": []}
    elif path.endswith("/what-ifs/cases"):
        shipped = {"rule_set": "bedford-2022-23", "version": None, "on": None, "cases": None}
        case.body = {**case.body, **shipped, "overrides": []}
    elif path.endswith("/what-ifs/year-change"):
        case.body |= draw(two_years())
    elif path.endswith("/what-ifs/letter"):
        case.body |= draw(letters())
    elif path.startswith("/v1/cells/"):
        cell = path.rpartition("/")[2]
        name = draw(st.sampled_from(askable(cell)))
        case.path_parameters["rule_set"] = document(name).identifier
        case.query = draw(QUESTIONS[cell](compiled(name)))
    elif path.startswith("/v1/atlas"):
        rule_sets = draw(st.lists(st.sampled_from(list(RULE_FILES)), min_size=1, max_size=3))
        identifiers = [document(name).identifier for name in rule_sets]
        if case.operation.method.upper() == "GET":
            case.query = {"rule_set": identifiers}
        else:
            case.body["rule_sets"] = [{"rule_set": one} for one in identifiers]
            case.body["schools"] = None
    else:
        case.body |= draw(comparisons())


@st.composite
def comparisons(draw):
    """Draw one rule set on two of its days, and records that it can value."""
    kind = draw(st.sampled_from(["pupils", "whole schools"]))
    what_if = WHAT_IFS[kind]
    names = with_part(what_if.part) if kind == "pupils" else askable("notional-sen")
    name = draw(st.sampled_from(names))
    body = draw(what_if.bodies(compiled(name)))
    sides = {side: {"rule_set": body["rule_set"]} for side in ("baseline", "candidate")}
    sides["candidate"]["on"] = body["on"]
    records = {"pupils": None, "schools": None, what_if.records: body[what_if.records]}
    return sides | records | {"absent_lines": body.get("absent_lines", "refused")}


@st.composite
def two_years(draw):
    """Draw one rule set with two tables of schools that it can value, as two years of the same rules."""
    name = draw(st.sampled_from(askable("notional-sen")))
    bodies = WHAT_IFS["whole schools"].bodies(compiled(name))
    one, other = draw(bodies), draw(bodies)
    asked = {"rule_set": one["rule_set"], "version": None, "on": None, "overrides": []}
    return {
        "before": asked, "after": asked, "schools_before": one["schools"],
        "schools_after": other["schools"], "absent_lines": one["absent_lines"],
    }  # fmt: skip


@st.composite
def letters(draw):
    """Draw one rule set with a school that it can value; what the letter prints is drawn from the description."""
    name = draw(st.sampled_from(askable("notional-sen")))
    body = draw(WHAT_IFS["whole schools"].bodies(compiled(name)))
    asked = {"rule_set": body["rule_set"], "version": None, "on": None, "overrides": []}
    return asked | {"school": body["schools"][0], "absent_lines": body["absent_lines"]}


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.text(max_size=12),
    st.sampled_from(
        ["", "c", "x", "z", "0", "-0", "1e9", "1.5", "2025-09-01", "primary", "E", "9"]
    ),
)
FURTHER = {
    "pupils": [*PUPIL_COLUMNS],
    "whole schools": [
        *SCHOOL_COLUMNS, "units_fsm_primary", "proportion_fsm6_primary", "amount_rates",
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", FURTHER)
def test_no_odd_cell_among_good_ones_makes_the_service_fail(asking, kind):
    what_if, statuses = WHAT_IFS[kind], Counter()
    names = st.sampled_from(with_part(what_if.part)).flatmap(
        lambda name: what_if.bodies(compiled(name))
    )
    columns = st.sampled_from(FURTHER[kind]) | st.text(max_size=8)
    odd = st.dictionaries(columns, ODD, min_size=1, max_size=2)

    @given(body=names, changes=odd)
    def check(body, changes):
        first, *others = body[what_if.records]
        records = [{**first, **changes}, *others]
        answer = asking.post(what_if.path, json={**body, what_if.records: records})
        assert answer.status_code in {200, 422}, answer.text
        statuses[answer.status_code] += 1

    check()
    assert min(statuses[200], statuses[422]) >= statuses.total() / 10, statuses
