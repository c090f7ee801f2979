"""Cells for spreadsheets: one number a GET, as plain text that a sheet reads as a number.

HEAD is answered as GET without its body, which the outermost layer does; a spreadsheet
asks OPTIONS and HEAD before it reads. These addresses hold nothing about a pupil.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse

from app.access import AskerDep
from app.admission import ADMITTED, Busy
from app.cells import bands, schools, service
from app.cells.refusals import CellRoute
from app.cells.schemas import (
    DESCRIBED_HEADERS,
    BandPaysQuery,
    FactorQuery,
    NotionalSenQuery,
    TariffQuery,
    headers_of,
)
from app.database import ReadSessionDep
from app.errors import AddressUnknown, refusals
from app.schemas import RuleSetIdentifier
from engine.modules import SCHOOL_FORMULA, TOP_UPS

MOST_BYTES = 1024

router = APIRouter(
    prefix="/cells/{rule_set}",
    tags=["cells"],
    default_response_class=PlainTextResponse,
    dependencies=[ADMITTED],
    responses=refusals(AddressUnknown, Busy),
    route_class=CellRoute,
    max_body_size=MOST_BYTES,
)
allowed = APIRouter(prefix="/cells/{rule_set}", tags=["cells"])

LINES = {
    "parameters": [
        {
            "name": "lines",
            "in": "query",
            "style": "form",
            "explode": True,
            "description": (
                "a line of the formula with its units (fsm6_primary=30), or amount_LINE with "
                "pounds, or proportion_LINE with a share of the phase's pupils"
            ),
            "schema": {"type": "object", "additionalProperties": {"type": "string"}},
            "example": {"basic_entitlement_primary": "210", "fsm6_primary": "30"},
        }
    ]
}


def number(example: str) -> dict[int | str, dict[str, object]]:
    """Return what an endpoint declares of its answer."""
    schema = {"type": "string"}
    return {
        200: {
            "description": (
                "One number, or with errors=text a text that starts with ERROR; with warnings=text "
                "what may be wrong with the figures, with notes=text what is to be known of the rules"
            ),
            "headers": DESCRIBED_HEADERS,
            "content": {"text/plain": {"schema": schema, "example": example}},
        }
    }


def _answer(cell: service.Cell) -> PlainTextResponse:
    headers = headers_of(cell.rules, cell.warnings, cell.notes, cell.known, cell.later)
    return PlainTextResponse(cell.text, headers=headers)


@router.get(
    "/notional-sen",
    operation_id="cell_notional_sen",
    summary="A school's notional SEN budget in pounds",
    responses=number("1152138.52"),
    openapi_extra=LINES,
)
def read_notional_sen(
    rule_set: RuleSetIdentifier,
    query: Annotated[NotionalSenQuery, Query()],
    asker: AskerDep,
    session: ReadSessionDep,
) -> PlainTextResponse:
    """Read the notional SEN budget of a school whose lines are in the address."""
    return _answer(
        service.cell(asker, session, rule_set, query, schools.notional_sen, SCHOOL_FORMULA)
    )


@router.get(
    "/factor",
    operation_id="cell_factor",
    summary="One number of one line of the formula",
    responses=number("24900.00"),
)
def read_factor(
    rule_set: RuleSetIdentifier,
    query: Annotated[FactorQuery, Query()],
    asker: AskerDep,
    session: ReadSessionDep,
) -> PlainTextResponse:
    """Read a line's amount, its notional part, its unit value or its percentage."""
    return _answer(service.cell(asker, session, rule_set, query, schools.factor, SCHOOL_FORMULA))


@router.get(
    "/tariff",
    operation_id="cell_tariff",
    summary="What a band costs a year in pounds",
    responses=number("4179.40"),
)
def read_tariff(
    rule_set: RuleSetIdentifier,
    query: Annotated[TariffQuery, Query()],
    asker: AskerDep,
    session: ReadSessionDep,
) -> PlainTextResponse:
    """Read the price of a band for a whole year and full time, uprated and area-adjusted."""
    return _answer(service.cell(asker, session, rule_set, query, bands.tariff, TOP_UPS))


@router.get(
    "/band-pays",
    operation_id="cell_band_pays",
    summary="What a band pays between two days in pounds",
    responses=number("1259.55"),
)
def read_band_pays(
    rule_set: RuleSetIdentifier,
    query: Annotated[BandPaysQuery, Query()],
    asker: AskerDep,
    session: ReadSessionDep,
) -> PlainTextResponse:
    """Read what a band pays in a hypothetical case, with every clause of the top-up rule."""
    return _answer(service.cell(asker, session, rule_set, query, bands.band_pays, TOP_UPS))


@allowed.options("/notional-sen", status_code=204, include_in_schema=False)
@allowed.options("/factor", status_code=204, include_in_schema=False)
@allowed.options("/tariff", status_code=204, include_in_schema=False)
@allowed.options("/band-pays", status_code=204, include_in_schema=False)
def read_allowed() -> Response:
    """Say which methods a cell takes."""
    return Response(status_code=204, headers={"Allow": "GET, HEAD, OPTIONS"})
