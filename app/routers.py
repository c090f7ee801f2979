"""The routers of all packages: a new package adds its router to one of these lists.

``ROUTERS``        the API, under ``/v1``
``ROOT_ROUTERS``   routers at the root: health, and pages for people
``MOUNTS``         applications of their own under a path, such as static files
"""

from fastapi import APIRouter
from starlette.routing import Mount

from app import health
from app.access import endpoints as access
from app.atlas import endpoints as atlas
from app.audit import endpoints as audit
from app.cells import endpoints as cells
from app.information import endpoints as information
from app.pages import check_endpoints as checks
from app.pages import endpoints as pages
from app.pages import last_year_endpoints as last_year
from app.pages import letter_endpoints as letter
from app.pages import paste_endpoints as paste
from app.pages import plan_endpoints as plans
from app.pages import result_endpoints as results
from app.pages import rule_changes_endpoints as rule_changes
from app.pages import side_by_side_endpoints as side_by_side
from app.problems import endpoints as problems
from app.reviews import endpoints as reviews
from app.reviews import pages as draft_pages
from app.rule_sets import endpoints as rule_sets
from app.rule_sets import feed_endpoints as feed
from app.scenarios import endpoints as scenarios
from app.what_ifs import endpoints as what_ifs

ROUTERS: list[APIRouter] = [
    audit.router,
    rule_sets.router,
    reviews.router,
    scenarios.router,
    what_ifs.router,
    cells.router,
    cells.allowed,
    atlas.router,
    access.router,
]

ROOT_ROUTERS: list[APIRouter] = [
    health.router,
    audit.pages,
    feed.router,
    pages.router,
    checks.router,
    plans.router,
    information.router,
    last_year.router,
    letter.router,
    paste.router,
    side_by_side.router,
    results.router,
    rule_changes.router,
    draft_pages.router,
    problems.router,
]

MOUNTS: list[Mount] = [
    pages.STATIC,
]
