"""What-ifs over HTTP: each uses POST, so that no record is in an address, and none is kept."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from app.access.permission import CalculatorDep
from app.admission import Busy
from app.bodies.route import MOST_BYTES, BodyRoute
from app.database import ReadSessionDep
from app.errors import AddressUnknown, TooSlow, Unreadable, refusals
from app.http.streaming import json_answer
from app.rule_sets.folder import FoldersDep
from app.what_ifs import examples, service
from app.what_ifs.allocation_answers import BlockAnswer, PlacesAnswer, TargetedAnswer
from app.what_ifs.answers import (
    NotionalSenAnswer,
    TopUpsAnswer,
)
from app.what_ifs.cases import CasesAnswer, try_cases
from app.what_ifs.comparison import ComparisonAnswer
from app.what_ifs.letter import LetterAnswer, letter_beside
from app.what_ifs.rule_changes import RuleChangesAnswer, changes_of_rules
from app.what_ifs.schemas import (
    BlockRequest,
    CasesRequest,
    ComparisonRequest,
    LetterRequest,
    NotionalSenRequest,
    PlacesRequest,
    RuleChangesRequest,
    TargetedRequest,
    TopUpsRequest,
    YearChangeRequest,
)
from app.what_ifs.year_change import YearChangeAnswer, change_of_years

router = APIRouter(
    prefix="/what-ifs",
    tags=["what-ifs"],
    route_class=BodyRoute,
    responses=refusals(AddressUnknown, TooSlow, Unreadable, Busy),
    max_body_size=MOST_BYTES,
)


@router.post(
    "/notional-sen",
    response_model=NotionalSenAnswer,
    operation_id="what_if_notional_sen",
    summary="Value the notional SEN budgets of up to 1,000 schools",
)
def value_notional_sen(
    request: Annotated[NotionalSenRequest, Body(openapi_examples=examples.NOTIONAL_SEN)],
    asker: CalculatorDep,
    session: ReadSessionDep,
) -> Response:
    """Value schools under a published rule set, with other values tried in place.

    Totals say how many of their parts are not known. `working` asks for each line too, with its
    units, unit value, amount and notional part, or for whole workings. Nothing is kept.
    """
    return json_answer(service.notional_sen(asker, session, request))


@router.post(
    "/top-ups",
    response_model=TopUpsAnswer,
    operation_id="what_if_top_ups",
    summary="Value the bands and top-ups of up to 1,000 pupils",
)
def value_top_ups(
    request: Annotated[TopUpsRequest, Body(openapi_examples=examples.TOP_UPS)],
    asker: CalculatorDep,
    session: ReadSessionDep,
) -> Response:
    """Value pupils under a published rule set, with other values tried in place.

    Each pupil is answered, in the order sent, with the band, the top-up and the clause that
    decided it. Nothing is kept, and a refusal names rows and columns, never what they hold.
    """
    return json_answer(service.top_ups(asker, session, request))


@router.post(
    "/comparison",
    response_model=ComparisonAnswer,
    operation_id="what_if_comparison",
    summary="Compare a candidate with a baseline over the same schools or pupils",
)
def compare_rules(
    request: Annotated[ComparisonRequest, Body(openapi_examples=examples.COMPARISON)],
    asker: CalculatorDep,
    session: ReadSessionDep,
) -> Response:
    """Value the same records under two rule sets and say who gains and who loses.

    National constants are held as the two documents state them. Nothing is kept.
    """
    return json_answer(service.comparison(asker, session, request))


@router.post(
    "/year-change",
    response_model=YearChangeAnswer,
    operation_id="what_if_year_change",
    summary="Say what changes schools' notional SEN budgets from one year to the next",
)
def change_between_years(
    request: Annotated[YearChangeRequest, Body(openapi_examples=examples.YEAR_CHANGE)],
    asker: CalculatorDep,
    session: ReadSessionDep,
) -> Response:
    """Value the same schools in two years and divide each change among its causes.

    Causes are pupils, unit values, factors, percentages and protection. What a cause brings is its mean over every
    order in which the causes may change, line by line, to the penny. Nothing is kept.
    """
    return json_answer(change_of_years(asker, session, request))


@router.post(
    "/letter",
    response_model=LetterAnswer,
    operation_id="what_if_letter",
    summary="Compare a school's budget with what a letter says, and say what would explain the difference",
)
def compare_with_a_letter(
    request: Annotated[LetterRequest, Body(openapi_examples=examples.LETTER)],
    asker: CalculatorDep,
    session: ReadSessionDep,
) -> Response:
    """Compare a school with the figures of a letter, line by line.

    Where they differ, one input at a time is changed and worked out through the whole formula: a number, a unit value,
    a percentage, two lines exchanged, a line or an adjustment left out. Causes are listed with the simplest first, and
    those of one rank are as simple as each other. Nothing is kept.
    """
    return json_answer(letter_beside(asker, session, request))


@router.post(
    "/rule-changes",
    response_model=RuleChangesAnswer,
    operation_id="what_if_rule_changes",
    summary="Say what each difference between two rule sets brings in pounds",
)
def work_out_rule_changes(
    request: Annotated[RuleChangesRequest, Body(openapi_examples=examples.RULE_CHANGES)],
    asker: CalculatorDep,
    session: ReadSessionDep,
) -> Response:
    """Work out a change of rules clause by clause, over the same schools or pupils.

    Each clause brings what it does alone, and what it does as the last; what clauses do to each other is the
    interaction, so that all adds to the change. Records that are not known throughout are counted and left out.
    """
    return json_answer(changes_of_rules(asker, session, request))


@router.post(
    "/places",
    response_model=PlacesAnswer,
    operation_id="what_if_places",
    summary="Work out the money for up to 1,000 rows of places",
)
def work_out_places(
    request: Annotated[PlacesRequest, Body(openapi_examples=examples.PLACES)],
    asker: CalculatorDep,
    session: ReadSessionDep,
) -> Response:
    """Work out places under a published rule set, with other values tried in place.

    Each period's rate is rounded to the penny, each row's amount up to a whole pound. Nothing
    is kept.
    """
    return json_answer(service.places(asker, session, request))


@router.post(
    "/high-needs-block",
    response_model=BlockAnswer,
    operation_id="what_if_high_needs_block",
    summary="Add up the high needs blocks of authorities from their terms",
)
def work_out_block(
    request: Annotated[BlockRequest, Body(openapi_examples=examples.HIGH_NEEDS_BLOCK)],
    asker: CalculatorDep,
    session: ReadSessionDep,
) -> Response:
    """Add up blocks under a published rule set, with other values tried in place.

    Each total goes up to a whole pound. A term that is not given is refused by name, never taken
    for nothing, unless the rules work it out. Nothing is kept.
    """
    return json_answer(service.high_needs_block(asker, session, request))


@router.post(
    "/targeted-funding",
    response_model=TargetedAnswer,
    operation_id="what_if_targeted_funding",
    summary="Work out extra funding for up to 1,000 schools with many plans",
)
def work_out_targeted(
    request: Annotated[TargetedRequest, Body(openapi_examples=examples.TARGETED_FUNDING)],
    asker: CalculatorDep,
    session: ReadSessionDep,
) -> Response:
    """Work out targeted funding under a published rule set, with other values tried in place.

    With a cost of SEN support, each school's budget is compared with its expected costs, before and
    after the extra funding. Nothing is kept.
    """
    return json_answer(service.targeted_funding(asker, session, request))


@router.post(
    "/cases",
    response_model=CasesAnswer,
    operation_id="what_if_cases",
    summary="Try a rule set on up to 1,000 cases whose results are known",
)
def compare_cases(
    request: Annotated[CasesRequest, Body(openapi_examples=examples.CASES)],
    asker: CalculatorDep,
    session: ReadSessionDep,
    folders: FoldersDep,
) -> Response:
    """Compare what rules give with what each case expects, to the penny.

    A record that cannot be valued is a result, refused. What differs comes with its working. Nothing is kept.
    """
    return json_answer(try_cases(asker, session, request, folders))
