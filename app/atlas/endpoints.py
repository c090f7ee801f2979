"""Rule sets side by side over HTTP: GET lists their values, POST values schools under each."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Body, Query, Response

from app.access import AskerDep
from app.admission import ADMITTED, Busy
from app.atlas import service
from app.atlas.schemas import AtlasOut, AtlasQuery, AtlasRequest, RuleSetRequest
from app.bodies.route import MOST_BYTES, BodyRoute
from app.database import ReadSessionDep
from app.errors import AddressUnknown, TooSlow, Unreadable, refusals
from app.http.queries import EACH_NAME_BUT_RULE_SETS_ONCE

router = APIRouter(
    prefix="/atlas",
    tags=["atlas"],
    route_class=BodyRoute,
    responses=refusals(AddressUnknown, TooSlow, Unreadable, Busy),
    max_body_size=MOST_BYTES,
    dependencies=[EACH_NAME_BUT_RULE_SETS_ONCE],
)
EXAMPLE = {
    "two methods side by side": {
        "value": {
            "rule_sets": [
                {"rule_set": "toy-2025-26"},
                {"rule_set": "toy-points-2025-26"},
            ],
        }
    }
}


def _json(answer: object) -> Response:
    return Response(orjson.dumps(answer), media_type="application/json")


@router.get(
    "",
    response_model=AtlasOut,
    dependencies=[ADMITTED],
    operation_id="read_atlas",
    summary="Show published rule sets side by side",
)
def read_atlas(
    query: Annotated[AtlasQuery, Query()], asker: AskerDep, session: ReadSessionDep
) -> Response:
    """Read whole methods in one table: formula, bands, prices, top-ups, places, block, targeted funding.

    Where a rule set lacks a value that another has, its cell says so and is never zero.
    """
    requests = [
        RuleSetRequest(rule_set=one, known=query.known, on=query.on) for one in query.rule_set
    ]
    return _json(service.side_by_side(asker, session, requests))


@router.post(
    "",
    response_model=AtlasOut,
    operation_id="try_atlas",
    summary="Show rule sets side by side and try them on up to 1,000 schools",
)
def try_atlas(
    request: Annotated[AtlasRequest, Body(openapi_examples=EXAMPLE)],
    asker: AskerDep,
    session: ReadSessionDep,
) -> Response:
    """Compare rule sets side by side; for the schools sent, give the notional part of the formula.

    Shares of the formula and pounds a pupil are given by factor and in total. Nothing is kept.
    """
    answer = service.side_by_side(
        asker, session, request.rule_sets, request.schools, request.absent_lines
    )
    return _json(answer)
