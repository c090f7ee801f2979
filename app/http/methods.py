"""The methods that an address accepts: those of every route that matches it."""

from starlette.requests import Request
from starlette.routing import Match, Mount

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
"""Methods that an endpoint may have; HEAD is answered wherever GET is."""

OF_FILES = ("GET",)


def allowed(request: Request) -> str:
    """Return the header ``Allow`` of an address, such as ``GET, HEAD, POST``."""
    accepted = [method for method in METHODS if _is_accepted(request, method)]
    return ", ".join("GET, HEAD" if method == "GET" else method for method in accepted)


def _is_accepted(request: Request, method: str) -> bool:
    scope = request.scope
    # A route that was tried has left its own words in the scope of the request.
    asked = {name: scope[name] for name in ("type", "path", "headers")}
    asked |= {"method": method, "root_path": scope.get("app_root_path", scope.get("root_path", ""))}
    return any(
        route.matches(dict(asked))[0] is Match.FULL
        and (method in OF_FILES or not isinstance(route, Mount))
        for route in request.app.routes
    )
