"""The address of the feed of releases."""

from fastapi import APIRouter, Response

from app.access import AskerDep
from app.database import ReadSessionDep
from app.http.queries import EACH_NAME_ONCE
from app.rule_sets import service
from app.rule_sets.feed import MEDIA, atom

router = APIRouter(include_in_schema=False, dependencies=[EACH_NAME_ONCE])

MOST_ENTRIES = 100


@router.get("/rule-sets.atom")
def read_feed(asker: AskerDep, session: ReadSessionDep) -> Response:
    """Answer with the newest hundred publications, supersessions and withdrawals that the asker may see."""
    return Response(atom(service.releases(asker, session, MOST_ENTRIES)), media_type=MEDIA)
