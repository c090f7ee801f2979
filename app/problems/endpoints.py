"""The page behind the ``type`` of every refusal: what it means, an example, how to correct it."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from app.errors import AddressUnknown
from app.pages.problem_pages import wants_page
from app.pages.rendering import page
from app.problems.responses import titles
from app.problems.rules import RULES
from app.problems.texts import TEXTS

router = APIRouter(prefix="/problems", include_in_schema=False)


@router.get("")
def list_kinds(request: Request) -> Response:
    """List the kinds of refusals, for people or for programs."""
    named = {kind: title for kind, title in titles().items() if kind in TEXTS}
    if wants_page(request.scope):
        return page(request, "problem_kinds.html", kinds=named)
    return JSONResponse({f"/problems/{kind}": title for kind, title in named.items()})


@router.get("/{kind}")
def explain_kind(request: Request, kind: str) -> Response:
    """Explain a kind of refusal: a page for people, JSON for programs."""
    text, title = TEXTS.get(kind), titles().get(kind)
    if text is None or title is None:
        raise AddressUnknown
    rules = dict(sorted(RULES.items())) if text.lists_rules else {}
    if wants_page(request.scope):
        return page(request, "problem_kind.html", kind=kind, title=title, text=text, rules=rules)
    return JSONResponse(
        {
            "type": f"/problems/{kind}",
            "title": title,
            "meaning": text.meaning,
            "example": text.example,
            "mend": text.mend,
            "rules": rules,
        }
    )
