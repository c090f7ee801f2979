"""What-ifs over HTTP: each uses POST, so that no record is in an address, and none is kept."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from app.access import AskerDep
from app.admission import Busy
from app.bodies.route import MOST_BYTES, BodyRoute
from app.calculations import examples, service
from app.calculations.answers import NotionalSenAnswer, TopUpsAnswer
from app.calculations.compared import ComparisonAnswer
from app.calculations.schemas import ComparisonWanted, NotionalSenWanted, TopUpsWanted
from app.database import ReadSessionDep
from app.errors import NotFound, TooSlow, Unreadable, refusals
from app.pieces import json_answer

router = APIRouter(
    prefix="/what-ifs",
    tags=["what-ifs"],
    route_class=BodyRoute,
    responses=refusals(NotFound, TooSlow, Unreadable, Busy),
    max_body_size=MOST_BYTES,
)


@router.post(
    "/notional-sen",
    response_model=NotionalSenAnswer,
    operation_id="what_if_notional_sen",
    summary="Value the notional SEN budgets of up to 1,000 schools",
)
def value_notional_sen(
    wanted: Annotated[NotionalSenWanted, Body(openapi_examples=examples.NOTIONAL_SEN)],
    asker: AskerDep,
    session: ReadSessionDep,
) -> Response:
    """Value schools under a published rule set, with other values tried in place.

    Totals say how many of their parts are not known. `working` asks for each line too, with its
    units, unit value, amount and notional part, or for whole workings. Nothing is kept.
    """
    return json_answer(service.notional_sen(asker, session, wanted))


@router.post(
    "/top-ups",
    response_model=TopUpsAnswer,
    operation_id="what_if_top_ups",
    summary="Value the bands and top-ups of up to 1,000 pupils",
)
def value_top_ups(
    wanted: Annotated[TopUpsWanted, Body(openapi_examples=examples.TOP_UPS)],
    asker: AskerDep,
    session: ReadSessionDep,
) -> Response:
    """Value pupils under a published rule set, with other values tried in place.

    Each pupil is answered, in the order sent, with the band, the top-up and the clause that
    decided it. Nothing is kept, and a refusal names rows and columns, never what they hold.
    """
    return json_answer(service.top_ups(asker, session, wanted))


@router.post(
    "/comparison",
    response_model=ComparisonAnswer,
    operation_id="what_if_comparison",
    summary="Compare a candidate with a baseline over the same schools or pupils",
)
def compare_rules(
    wanted: Annotated[ComparisonWanted, Body(openapi_examples=examples.COMPARISON)],
    asker: AskerDep,
    session: ReadSessionDep,
) -> Response:
    """Value the same records under two rule sets and say who gains and who loses.

    National constants are held as the two documents state them. Nothing is kept.
    """
    return json_answer(service.comparison(asker, session, wanted))
