"""What may be recorded of a request: its route and how it went, and nothing that was sent."""

from dataclasses import dataclass
from typing import Any

from starlette.types import Scope

from app.problems.responses import METHODS

NO_ROUTE = "none"
"""The route of a request to an address that is not there."""

OTHER = "other"
STATIC = "/static"
KNOWN_METHODS = frozenset({*METHODS, "HEAD"})


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """How a request went.

    ``route`` is the template of the address, such as ``/v1/rule-sets/{identifier}``, never the address;
    ``rows`` are the records that a what-if was sent; ``kind`` is the kind of a refusal, empty for others.
    ``tenant`` and ``actor_kind`` are empty where it was not asked who asks.
    """

    request_id: str
    route: str
    method: str
    status: int
    seconds: float
    tenant: str
    actor_kind: str
    rows: int
    kind: str


def route_of(scope: Scope) -> str:
    """Return the template of the route that a request came to, ``none`` where there is none."""
    context = scope.get("fastapi", {}).get("effective_route_context")
    found: Any = scope.get("route") if context is None else context
    template = getattr(found, "path", None)
    if isinstance(template, str):
        return template
    return STATIC if scope.get("root_path", "") == STATIC else NO_ROUTE


def facts_of(scope: Scope, method: str, status: int, seconds: float) -> RequestFacts:
    """Return what may be recorded of a request that was answered with a status."""
    state = scope["state"]
    asker = state.get("asker")
    return RequestFacts(
        request_id=state["request_id"],
        route=route_of(scope),
        method=method if method in KNOWN_METHODS else OTHER,
        status=status,
        seconds=seconds,
        tenant="" if asker is None else asker.tenant,
        actor_kind="" if asker is None else actor_kind(asker.actor),
        rows=state.get("rows", 0),
        kind=state.get("refusal", ""),
    )


def actor_kind(actor: str) -> str:
    """Return what kind of asker it was: the one owner, a key, or a person; who it was is not recorded."""
    if actor == "owner":
        return "owner"
    return "key" if actor.startswith("key ") else "person"
