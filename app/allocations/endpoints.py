"""What-ifs of an authority over HTTP: sent by POST like those of pupils and schools, none kept."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from app.access import AskerDep
from app.admission import Busy
from app.allocations import examples, service
from app.allocations.answers import BlockAnswer, PlacesAnswer, TargetedAnswer
from app.allocations.schemas import BlockWanted, PlacesWanted, TargetedWanted
from app.bodies.route import MOST_BYTES, BodyRoute
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
    "/places",
    response_model=PlacesAnswer,
    operation_id="what_if_places",
    summary="Work out the money for up to 1,000 rows of places",
)
def work_out_places(
    wanted: Annotated[PlacesWanted, Body(openapi_examples=examples.PLACES)],
    asker: AskerDep,
    session: ReadSessionDep,
) -> Response:
    """Work out places under a published rule set, with other values tried in place.

    Each period's rate is rounded to the penny, each row's amount up to a whole pound. Nothing
    is kept.
    """
    return json_answer(service.places(asker, session, wanted))


@router.post(
    "/high-needs-block",
    response_model=BlockAnswer,
    operation_id="what_if_high_needs_block",
    summary="Add up the high needs blocks of authorities from their terms",
)
def work_out_block(
    wanted: Annotated[BlockWanted, Body(openapi_examples=examples.HIGH_NEEDS_BLOCK)],
    asker: AskerDep,
    session: ReadSessionDep,
) -> Response:
    """Add up blocks under a published rule set, with other values tried in place.

    Each total goes up to a whole pound. A term that is not given is refused by name, never taken
    for nothing, unless the rules work it out. Nothing is kept.
    """
    return json_answer(service.high_needs_block(asker, session, wanted))


@router.post(
    "/targeted-funding",
    response_model=TargetedAnswer,
    operation_id="what_if_targeted_funding",
    summary="Work out extra funding for up to 1,000 schools with many plans",
)
def work_out_targeted(
    wanted: Annotated[TargetedWanted, Body(openapi_examples=examples.TARGETED_FUNDING)],
    asker: AskerDep,
    session: ReadSessionDep,
) -> Response:
    """Work out targeted funding under a published rule set, with other values tried in place.

    With a cost of SEN support, each school's budget is compared with its expected costs, before and
    after the extra funding. Nothing is kept.
    """
    return json_answer(service.targeted_funding(asker, session, wanted))
