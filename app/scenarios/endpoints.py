"""Saved what-ifs over HTTP: save one, list them, read one, set two beside each other."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from app.access import Asker, NotAllowed, Right, SignInNeeded
from app.access.permission import require
from app.admission import Busy
from app.bodies.route import MOST_BYTES, WritingRoute
from app.database import ReadSessionDep, SessionDep
from app.errors import TooSlow, Unreadable, refusals
from app.http.queries import EACH_NAME_ONCE
from app.scenarios import service
from app.scenarios.schemas import (
    NumberBesideOut,
    ScenarioOut,
    ScenarioPage,
    ScenarioRequest,
    ScenariosBeside,
    ScenariosSought,
    TriedOut,
)
from app.schemas import Digest, page_of

router = APIRouter(
    prefix="/scenarios",
    tags=["scenarios"],
    route_class=WritingRoute,
    dependencies=[EACH_NAME_ONCE],
    responses=refusals(
        SignInNeeded, NotAllowed, service.ScenarioUnknown, TooSlow, Unreadable, Busy
    ),
    max_body_size=MOST_BYTES,
)
EXAMPLE = {
    "another percentage": {
        "value": {
            "rule_set": "toy-2025-26",
            "title": "FSM6 at 60 percent",
            "overrides": [
                {"place": "schools_formula.factors.fsm6.primary.notional_percent", "value": "60"}
            ],
        }
    }
}
Calculates = Annotated[Asker, require(Right.calculate)]


@router.post(
    "",
    status_code=201,
    summary="Save a what-if under its digest",
    responses={200: {"description": "It was saved before", "model": ScenarioOut}},
)
def save_scenario(
    request: Annotated[ScenarioRequest, Body(openapi_examples=EXAMPLE)],
    asker: Calculates,
    session: SessionDep,
    response: Response,
) -> ScenarioOut:
    """Save numbers to try in a published rule set; saving the same again gives the same digest and nothing new."""
    saved = service.save(asker, session, request)
    if not saved.is_new:
        response.status_code = 200
    return _out(saved)


@router.get("", summary="List saved what-ifs")
def list_scenarios(
    sought: Annotated[ScenariosSought, Query()], asker: Calculates, session: ReadSessionDep
) -> ScenarioPage:
    """List the organisation's scenarios, the last saved first."""
    rows = service.newest(asker, session, sought.rule_set, sought.after, sought.limit)
    items, following = page_of(rows, sought.limit, lambda one: one.row.digest)
    return ScenarioPage(items=list(map(_out, items)), next=following)


@router.get("/{digest}", summary="Read a saved what-if")
def read_scenario(digest: Digest, asker: Calculates, session: ReadSessionDep) -> ScenarioOut:
    """Read a scenario with every number that it tries."""
    return _out(service.found(asker, session, digest))


@router.get("/{digest}/beside/{other}", summary="Set two saved what-ifs beside each other")
def compare_scenarios(
    digest: Digest, other: Digest, asker: Calculates, session: ReadSessionDep
) -> ScenariosBeside:
    """Read every number that either scenario tries, with its value in both and as published."""
    first, second = (service.found(asker, session, one) for one in (digest, other))
    return ScenariosBeside(
        first=_out(first),
        second=_out(second),
        numbers=[
            NumberBesideOut(
                place=one.path, published_first=one.published[0],
                published_second=one.published[1], first=one.first, second=one.second,
            )
            for one in service.beside(asker, session, first, second)
        ],
    )  # fmt: skip


def _out(saved: service.Saved) -> ScenarioOut:
    row = saved.row
    return ScenarioOut(
        digest=row.digest, rule_set=row.rule_set, version=row.version, base=row.base,
        parent=row.parent, title=row.title, saved_by=row.actor, saved_at=row.saved_at,
        overrides=[TriedOut(place=place, value=value) for place, value in saved.overlay.items()],
    )  # fmt: skip
