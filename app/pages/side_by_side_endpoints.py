"""The page with two results side by side."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.access import AskerDep
from app.database import ReadSessionDep
from app.http.queries import refuse_names_twice
from app.pages.endpoints import MOST_BYTES, UNUSABLE
from app.pages.rendering import page
from app.pages.side_by_side import NAMES, pair_page

router = APIRouter(include_in_schema=False, max_body_size=MOST_BYTES)


@router.get("/side-by-side")
def show_side_by_side(request: Request, asker: AskerDep, session: ReadSessionDep) -> Response:
    """Show the results at two addresses side by side, or ask for the one that is missing."""
    entries = request.query_params.multi_items()
    refuse_names_twice(name for name, _ in entries)
    found = pair_page(asker, session, dict(entries))
    status = UNUSABLE if found.mistakes else 200
    return page(
        request, "side_by_side.html", status, found=found, names=NAMES, mistakes=found.mistakes
    )
