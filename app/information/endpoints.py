"""The addresses of the pages about the service."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.access import AskerDep
from app.database import ReadSessionDep
from app.information.accessibility import accessibility_run
from app.information.glossary import TERMS
from app.information.sources import source_uses
from app.pages.rendering import page
from app.register import service as register
from app.rule_sets import service as rule_sets

router = APIRouter(include_in_schema=False)


@router.get("/accessibility")
async def show_accessibility(request: Request) -> Response:
    """Show the accessibility statement, from the last run of its tests."""
    return page(request, "accessibility.html", run=accessibility_run())


@router.get("/glossary")
async def show_glossary(request: Request) -> Response:
    """Show what the words of the field mean."""
    return page(request, "glossary.html", terms=TERMS)


@router.get("/privacy")
async def show_privacy(request: Request) -> Response:
    """Say what is kept of what a school enters."""
    return page(request, "privacy.html")


@router.get("/cookies")
async def show_cookies(request: Request) -> Response:
    """Say that there are no cookies."""
    return page(request, "cookies.html")


@router.get("/data")
def show_data(request: Request, asker: AskerDep, session: ReadSessionDep) -> Response:
    """Show where the data come from, and of which day they are."""
    published = [*rule_sets.every_published(asker, session)]
    return page(
        request, "data.html", uses=source_uses(one.document for one in published),
        number=len(published), newest=max((one.published_at for one in published), default=None),
        edition=register.edition(asker, session),
    )  # fmt: skip
