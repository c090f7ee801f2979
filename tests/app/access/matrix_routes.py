"""Every route of the service, and requests that reach it."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from starlette.routing import Mount

ANSWERS = ("/openapi.json",)
"""Addresses that the framework itself answers."""


class Address(NamedTuple):
    """A method and the template of an address."""

    method: str
    path: str

    def filled(self, held: dict[str, str]) -> str:
        """Return the address with something in place of each part that varies."""
        return re.sub(r"\{(\w+)(?::\w+)?\}", lambda one: held[one[1]], self.path)


def routes_of(routes: Any) -> Iterator[Any]:
    """Yield every route of an application, with its whole path, and its mounts."""
    for route in routes:
        inner = getattr(route, "effective_route_contexts", None)
        if inner is None:
            yield route
        else:
            yield from inner()


def addresses_of(app: Any) -> list[Address]:
    """Return every method of every address, in order; HEAD is answered as GET."""
    found = set()
    for route in routes_of(app.routes):
        if isinstance(route, Mount):
            found.add(Address("GET", f"{route.path}/evenband.css"))
        else:
            found |= {Address(method, route.path) for method in set(route.methods) - {"HEAD"}}
    return sorted(found, key=lambda one: (one.path, one.method))
